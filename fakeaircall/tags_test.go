package fakeaircall

import (
	"strings"
	"testing"
)

func TestSystemTags(t *testing.T) {
	a := empty(t).get("/v1/tags").wantStatus(200)
	for path, want := range map[string]string{
		"tags.0.name":        `"Callback Request"`,
		"tags.3.color":       `"#ff7d03"`,
		"tags.5.description": `"voice_virtual_agent"`,
		"tags.6.name":        `"Outbound Campaign"`,
		"tags.7.description": `"native_to_gsm"`,
		"tags.8.color":       `"#00B388"`,
		"meta.total":         `9`,
	} {
		if got := a.at(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if !strings.HasPrefix(a.body, `{"tags":[{"id":`) {
		t.Errorf("the list does not come first: %.60s", a.body)
	}
}

func TestTagOnTheWire(t *testing.T) {
	w := empty(t)
	a := w.send("POST", "/v1/tags", `{"name":"Refund \ud83d\udcb8","color":"#aA3300","description":"ignored"}`)
	id := a.at("tag.id")
	tag := `{"tag":{"id":` + id + `,"name":"Refund","color":"#aA3300","description":null}}`
	a.want(201, tag)
	w.get("/v1/tags/"+id).want(200, tag)
	w.send("PUT", "/v1/tags/"+id, `{"color":"#000001","description":"still ignored"}`).want(200, strings.Replace(tag, "#aA3300", "#000001", 1))
	w.send("PUT", "/v1/tags/"+id, `{"name":"Refund"}`).wantStatus(200) // its own name is not taken
	w.send("DELETE", "/v1/tags/"+id, "").want(204, "")
	w.get("/v1/tags/" + id).wantStatus(404)
}

func TestTagRefused(t *testing.T) {
	w := empty(t)
	id := w.send("POST", "/v1/tags", `{"name":"Refund","color":"#AA3300"}`).at("tag.id")
	for _, tc := range []struct{ method, path, body, words string }{
		{"POST", "", `{"color":"#000000"}`, "name can't be blank"},
		{"POST", "", `{"name":"  ","color":"#000000"}`, "name can't be blank"},
		{"POST", "", `{"name":"\ud83d\udcb8","color":"#000000"}`, "name can't be blank"},
		{"POST", "", `{"name":"Refund","color":"#000000"}`, "already been taken"},
		{"POST", "", `{"name":"Other"}`, "color"},
		{"POST", "", `{"name":"Other","color":"red"}`, "color"},
		{"POST", "", `{"name":"Other","color":"#12345"}`, "color"},
		{"POST", "", `{"name":7,"color":"#000000"}`, "name must be a string"},
		{"PUT", "/" + id, `{"name":"Conference"}`, "already been taken"},
		{"PUT", "/" + id, `{"name":null}`, "name can't be blank"},
		{"PUT", "/" + id, `{"color":"#GGGGGG"}`, "color"},
	} {
		w.send(tc.method, "/v1/tags"+tc.path, tc.body).wantTroubleshoot(400, tc.words)
	}
	w.get("/v1/tags/"+id).want(200, `{"tag":{"id":`+id+`,"name":"Refund","color":"#AA3300","description":null}}`)
}
