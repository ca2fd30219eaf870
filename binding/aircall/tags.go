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
	Description string `json:"description"` // read-only; only system tags have one
}

// TagParams creates a tag, which requires both fields, or changes one: "" leaves a field unchanged.
type TagParams struct {
	Name  string `json:"name,omitempty"`  // unique in the company
	Color string `json:"color,omitempty"` // #RRGGBB
}

// Tags lists the company's tags (list-all-tags).
func (c *Client) Tags(p PageParams) List[Tag] {
	return List[Tag]{c, "list-all-tags", "tags", Request{Query: values(p)}}
}

// Tag returns the tag with an id (retrieve-a-tag).
func (c *Client) Tag(ctx context.Context, id int64) (*Tag, error) {
	return one[Tag](ctx, c, "retrieve-a-tag", "tag", Request{Path: at(id)})
}

// CreateTag creates a tag (create-a-tag).
func (c *Client) CreateTag(ctx context.Context, p TagParams) (*Tag, error) {
	return one[Tag](ctx, c, "create-a-tag", "tag", Request{Body: p})
}

// UpdateTag changes a tag, on every call that has it (update-a-tag).
func (c *Client) UpdateTag(ctx context.Context, id int64, p TagParams) (*Tag, error) {
	return one[Tag](ctx, c, "update-a-tag", "tag", Request{Path: at(id), Body: p})
}

// DeleteTag removes a tag, from every call that has it (delete-a-tag).
func (c *Client) DeleteTag(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-tag", Request{Path: at(id)})
}
