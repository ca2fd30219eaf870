package fakeaircall

import (
	"regexp"
	"slices"
	"strings"
)

// Tags: https://developer.aircall.io/api-references/#tags
func tagRoutes() []route {
	return []route{
		{"list-all-tags", "GET", "/v1/tags", railsTier, tags.list(listSpec{ordered: true})},
		{"retrieve-a-tag", "GET", "/v1/tags/{id}", railsTier, tags.retrieve},
		{"create-a-tag", "POST", "/v1/tags", railsTier, withBody(createTag)},
		{"update-a-tag", "PUT", "/v1/tags/{id}", railsTier, withBody(updateTag)},
		{"delete-a-tag", "DELETE", "/v1/tags/{id}", railsTier, deleteTag},
	}
}

type tag struct {
	ID          int64   `json:"id,omitzero"`
	Created     int64   `json:"created,omitzero"`
	Name        string  `json:"name,omitzero"`
	Color       string  `json:"color,omitzero"`
	Description *string `json:"description,omitzero"` // only system tags have one: Aircall ignores what a client sends (recorded)
}

func (t *tag) identity() (id, created int64) { return t.ID, t.Created }

func (t *tag) clone() *tag { return new(*t) }

// tagView has no direct_link, though the reference documents one (recorded 2026-06-19).
type tagView struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	Color       string  `json:"color"`
	Description *string `json:"description"`
}

var tags = resource[*tag, tagView]{
	"tag", "tags",
	func(t *tx) *table[*tag] { return &t.tags },
	func(_ *tx, g *tag) tagView { return tagView{g.ID, g.Name, g.Color, g.Description} },
}

// systemTags are the tags that every new account has, in this order and with consecutive ids (recorded in three accounts,
// the last time on 2026-09-28).
var systemTags = []struct{ name, color, description string }{
	{"Callback Request", "#29C8FF", "queue_callback"},
	{"Called Back", "#B285D1", "queue_called_back"},
	{"Conference", "#000000", "conference"},
	{"Follow Up", "#ff7d03", "follow_up_self_assign"},
	{"Voicemail Drop", "#FCBB26", "voicemail_drop"},
	{"Voice Virtual Agent", "#00B388", "voice_virtual_agent"},
	{"Outbound Campaign", "#6454F3", "outbound_campaign"},
	{"Native to GSM", "#0091FF", "native_to_gsm"},
	{"Local Presence", "#00B388", "local_presence"},
}

func createTag(r *request, in object) (reply, error) {
	return tags.answer(r, 201, func(t *tx) (*tag, error) {
		g := &tag{Created: t.unix()}
		if err := g.set(t, in, true); err != nil {
			return nil, err
		}
		g.ID = t.random.newID(&t.last.Tag)
		t.tags.insert(g)
		return g, nil
	})
}

func updateTag(r *request, in object) (reply, error) {
	return tags.change(r, 200, func(t *tx, g *tag) error {
		changed := *g
		if err := changed.set(t, in, false); err != nil {
			return err
		}
		t.tags.update(g, func() { *g = changed })
		return nil
	})
}

// deleteTag also removes the tag from every call that has it.
func deleteTag(r *request) (reply, error) {
	return tags.remove(r, func(t *tx, g *tag) { t.calls.dropTag(g.ID) })
}

var hexColor = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// set reads name and color. A new tag needs both.
func (g *tag) set(t *tx, in object, whole bool) error {
	checkName := func(name string) error {
		name = tagName(name)
		switch {
		case name == "":
			return invalid("name can't be blank")
		case slices.ContainsFunc(t.tags.order, func(o *tag) bool { return o.ID != g.ID && o.Name == name }):
			return invalid("name %q has already been taken", name)
		}
		return nil
	}
	checkColor := func(color string) error {
		if !hexColor.MatchString(color) {
			return invalid("color must be hexadecimal, such as #AA3300")
		}
		return nil
	}
	err := in.setTexts(textField{"name", &g.Name, whole, checkName}, textField{"color", &g.Color, whole, checkColor})
	g.Name = tagName(g.Name)
	return err
}

// tagName returns a name as Aircall keeps it.
func tagName(sent string) string { return strings.TrimSpace(withoutEmoji(sent)) }
