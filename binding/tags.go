package binding

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/internal/luabox"
	"github.com/aircallkit/aircallkit/internal/suggest"
)

// A tag is an argument: the id or the name of a tag.
type tag struct {
	id   int64
	name string
}

// tagIDs returns the ids of tags, because Aircall filters by id. It looks up names in all tags of the account. Letter case
// matters only if two names differ in nothing else, and a name of digits may be an id.
func (c *call) tagIDs(tags []tag) ([]string, error) {
	var ids, unknown []string
	var known []tag
	if slices.ContainsFunc(tags, func(t tag) bool { return t.name != "" }) {
		var err error
		if known, err = c.allTags(); err != nil {
			return nil, err
		}
	}
	for _, t := range tags {
		if t.name != "" {
			found, ok := findTag(known, t.name)
			if !ok {
				unknown = append(unknown, t.name)
				continue
			}
			t = found
		}
		if id := strconv.FormatInt(t.id, 10); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(unknown) > 0 {
		return nil, c.unknownTags(unknown, known)
	}
	return ids, nil
}

func (c *call) allTags() ([]tag, error) {
	var tags []tag
	w, err := c.walk("list-all-tags", "tags", url.Values{}, func(v *value) bool {
		if id, ok := v.get("id").int(); ok {
			tags = append(tags, tag{id, v.get("name").str()})
		}
		return true
	})
	if err == nil && w.truncated {
		return nil, limitExceeded("The account has more tags than %d pages hold; give tag ids instead of names. %s", c.limits.MaxPages, c.nothingDone())
	}
	return tags, err
}

func findTag(known []tag, name string) (tag, bool) {
	var close []tag
	for _, t := range known {
		if t.name == name {
			return t, true
		}
		if strings.EqualFold(strings.TrimSpace(t.name), strings.TrimSpace(name)) {
			close = append(close, t)
		}
	}
	if len(close) == 1 {
		return close[0], true
	}
	for _, t := range known {
		if strconv.FormatInt(t.id, 10) == name {
			return t, true
		}
	}
	return tag{}, false
}

func (c *call) unknownTags(unknown []string, known []tag) error {
	var names, wrong, all []string
	for _, t := range known {
		names = append(names, t.name)
	}
	for _, name := range unknown {
		text := "no tag is named " + luabox.Quote(name)
		if near := suggest.For(name, names); len(near) > 0 {
			all = append(all, near...)
			for i := range near {
				near[i] = luabox.Quote(near[i])
			}
			text += " (did you mean " + strings.Join(near, ", ") + "?)"
		}
		wrong = append(wrong, text)
	}
	return &ScriptError{
		Type: TypeInvalidArguments,
		Message: fmt.Sprintf("Invalid arguments for app.%s (wrong: tags: %s). %s",
			c.path, strings.Join(wrong, "; "), c.nothingDone()),
		Details: map[string]any{"invalid": []string{"tags"}, "unknown": unknown, "suggestions": all},
	}
}

func tagFunctions() []Function {
	return []Function{{
		Name: "list_tags", Effect: EffectRead, Ops: []string{"list-all-tags"}, Key: "tags",
		Description: "List the tags of the company.",
		Params:      plainPageParams(),
		each:        iteration{name: "each_tag", item: "tag"},
	}, {
		Name: "get_tag", Effect: EffectRead, Ops: []string{"retrieve-a-tag"}, Key: "tag",
		Description: "Retrieve a tag.",
	}, {
		Name: "create_tag", Effect: EffectWrite, Ops: []string{"create-a-tag"}, Key: "tag",
		Description: "Create a tag.",
		Params: []Param{
			{Name: "name", Kind: KindText, Required: true, Description: "Name, unique in the company"},
			{Name: "color", Kind: KindText, Required: true, Description: "Color as #RRGGBB"},
		},
		Errors: []string{"api_error if another tag has the name, or the color is invalid"},
	}, {
		Name: "update_tag", Effect: EffectWrite, Ops: []string{"update-a-tag"}, Key: "tag",
		Description: "Change a tag, on every call that has it.",
		Params: []Param{
			{Name: "name", Kind: KindText, Description: "New name, unique in the company"},
			{Name: "color", Kind: KindText, Description: "New color as #RRGGBB"},
		},
		check: atLeastOne("update", "tag_id"),
	}, {
		Name: "delete_tag", Effect: EffectWrite, Ops: []string{"delete-a-tag"},
		Description: "Delete a tag, from every call that has it.",
	}}
}

// nothingDone returns the last sentence for a call that only looked up tags.
func (c *call) nothingDone() string {
	if c.fn.Effect == EffectWrite {
		return "Nothing was changed."
	}
	return "Calls were not requested."
}
