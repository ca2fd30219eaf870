package aircall

import (
	"context"
)

// Tag is a label for calls.
type Tag struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"`
	DirectLink  string `json:"direct_link"` // documented; no recorded tag has one
	Color       string `json:"color"`       // #RRGGBB
	Description string `json:"description"` // only Aircall's own tags have one; it cannot be written
}

// TagParams makes a tag, which takes both fields, or changes one, where "" leaves a field as it is.
type TagParams struct {
	Name  string `json:"name,omitempty"`  // unlike any other of the company
	Color string `json:"color,omitempty"` // #RRGGBB
}

// Tags lists the company's tags. Source: https://developer.aircall.io/api-references/#list-all-tags
func (c *Client) Tags(p PageParams) List[Tag] {
	return List[Tag]{c, "list-all-tags", "tags", Request{Query: values(p)}}
}

// Tag returns the tag with an id. Source: https://developer.aircall.io/api-references/#retrieve-a-tag
func (c *Client) Tag(ctx context.Context, id int64) (*Tag, error) {
	return one[Tag](ctx, c, "retrieve-a-tag", "tag", Request{Path: at(id)})
}

// CreateTag makes a tag. Source: https://developer.aircall.io/api-references/#create-a-tag
func (c *Client) CreateTag(ctx context.Context, p TagParams) (*Tag, error) {
	return one[Tag](ctx, c, "create-a-tag", "tag", Request{Body: p})
}

// UpdateTag changes a tag, on every call that has it. Source: https://developer.aircall.io/api-references/#update-a-tag
func (c *Client) UpdateTag(ctx context.Context, id int64, p TagParams) (*Tag, error) {
	return one[Tag](ctx, c, "update-a-tag", "tag", Request{Path: at(id), Body: p})
}

// DeleteTag removes a tag, from every call that has it.
// Source: https://developer.aircall.io/api-references/#delete-a-tag
func (c *Client) DeleteTag(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-tag", Request{Path: at(id)})
}
