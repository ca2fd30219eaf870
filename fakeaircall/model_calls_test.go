package fakeaircall

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

func (m *machine) tagCall() {
	id, ids := draw(m, m.model.calls), []int{draw(m, m.model.tags), draw(m, m.model.tags)}
	c, exists := m.model.calls[id]
	status, _ := m.send("POST", fmt.Sprintf("/v1/calls/%d/tags", id), map[string]any{"tags": ids})
	good := true
	for _, tag := range ids {
		_, known := m.model.tags[tag]
		good = good && known
	}
	if !exists {
		m.want(status, false, 201, 404)
	} else if m.want(status, good, 201, 400) {
		for _, tag := range ids {
			if !slices.Contains(c.Tags, tag) {
				c.Tags = append(c.Tags, tag)
			}
		}
	}
}

func (m *machine) commentCall() {
	id := draw(m, m.model.calls)
	c, exists := m.model.calls[id]
	content := m.name()
	status, _ := m.send("POST", fmt.Sprintf("/v1/calls/%d/comments", id), map[string]any{"content": content})
	if !exists {
		m.want(status, false, 201, 404)
	} else if m.want(status, !blank(content) && len(c.Comments) < 5, 201, 400) {
		c.Comments = append(c.Comments, content)
	}
}

func (m *machine) archiveCall() {
	id := draw(m, m.model.calls)
	c, exists := m.model.calls[id]
	archived := rapid.Bool().Draw(m.T, "archived")
	verb := map[bool]string{true: "archive", false: "unarchive"}[archived]
	status, _ := m.send("PUT", fmt.Sprintf("/v1/calls/%d/%s", id, verb), nil)
	if m.want(status, exists, 200, 404) {
		c.Archived = archived
	}
}

// checkValues wants the values of a call to be provisional for two minutes after its end, which is when the model
// begins, and final from twenty minutes on.
func (m *machine) checkValues(c object) {
	id := c.int("id")
	pricing := "null"
	if p := c.pointer("pricing_type"); p != nil {
		pricing = *p
	}
	got := fmt.Sprintf("starts %d, lasts %d, costs %s, %s", int64(c.int("started_at"))-noon.Unix(), c.int("duration"), c.str("cost"), pricing)
	provisional := []string{"starts -100, lasts 100, costs 0.0, null", "starts -100, lasts 100, costs 0.0, null", "starts -100, lasts 101, costs 0.0, null"}[id-1]
	final := []string{"starts -99, lasts 99, costs 0.0, in_bundle", "starts -100, lasts 100, costs 3.0, in_bundle", "starts -100, lasts 100, costs 0.0, in_bundle"}[id-1]
	if got != provisional && got != final || m.elapsed < 2*time.Minute && got == final || m.elapsed >= 20*time.Minute && got == provisional {
		m.Fatalf("call %d %s, %s after its end", id, got, m.elapsed)
	}
}

func (m *machine) call(c object) *modelCall {
	k := &modelCall{Line: c.object("number").int("id")}
	m.checkValues(c)
	if got, want := c.object("number").str("name"), m.model.lines[k.Line].Name; got != want {
		m.Fatalf("line %d is called %q in a call, want %q", k.Line, got, want)
	}
	json.Unmarshal(c.raw("archived"), &k.Archived)
	for _, comment := range c.list("comments") {
		k.Comments = append(k.Comments, comment.str("content"))
	}
	for _, g := range c.list("tags") {
		id := g.int("id")
		k.Tags = append(k.Tags, id)
		if name := g.str("name"); name != strings.TrimSpace(m.model.tags[id].Name) {
			m.Fatalf("tag %d is called %q in a call", id, name)
		}
	}
	return k
}
