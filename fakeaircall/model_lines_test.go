package fakeaircall

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Lines: their settings, who has their messages, and the campaigns that ring from them.

type modelLine struct {
	Name, Status, Welcome string
	Open                  bool
	Priority              int  // 0: nobody set it
	configured            bool // for the Public API; else the line is Aircall's own
	callback, token       string
}

// modelDialed is a number of a campaign without its plus, in the order of import.
type modelDialed struct {
	ID     int
	Number string
}

func (m *machine) updateLine() {
	id := draw(m, m.model.lines)
	l, exists := m.model.lines[id]
	body, good := map[string]any{}, true
	for _, field := range []string{"name", "availability_status", "open", "priority", "messages"} {
		if !rapid.Bool().Draw(m.T, "with "+field) {
			continue
		}
		switch field {
		case "name":
			l.Name = m.name()
			body[field], good = l.Name, good && !blank(l.Name)
		case "availability_status":
			l.Status = rapid.SampledFrom([]string{"open", "custom", "closed", "ajar"}).Draw(m.T, "status")
			body[field], good = l.Status, good && l.Status != "ajar"
		case "open":
			l.Open = rapid.Bool().Draw(m.T, "open")
			body[field] = l.Open
		case "priority":
			p := rapid.IntRange(-1, 2).Draw(m.T, "priority")
			body[field], l.Priority = p, p
			if p < 0 {
				body[field], l.Priority = nil, 0
			}
			good = good && p < 2
		case "messages":
			l.Welcome = rapid.SampledFrom([]string{"https://f.test/a.mp3", "https://f.test/b.mp3", "ftp://f.test/a.mp3"}).Draw(m.T, "welcome")
			body[field], good = map[string]any{"welcome": l.Welcome}, good && !strings.HasPrefix(l.Welcome, "ftp")
		}
	}
	status, _ := m.send("PUT", fmt.Sprintf("/v1/numbers/%d", id), body)
	if !exists {
		m.want(status, false, 200, 404)
	} else if m.want(status, good, 200, 400) {
		m.model.lines[id] = l
	}
}

func (m *machine) configureLine() {
	id := draw(m, m.model.lines)
	l, exists := m.model.lines[id]
	callback := rapid.SampledFrom([]string{"https://c.test/a", "https://c.test/b", "c.test", ""}).Draw(m.T, "callback")
	body := map[string]any{"callbackUrl": callback, "type": "whatsapp"}
	if callback == "" {
		delete(body, "callbackUrl")
	}
	status, reply := m.send("POST", fmt.Sprintf("/v1/numbers/%d/messages/configuration", id), body)
	if !exists {
		m.want(status, false, 200, 404)
	} else if m.want(status, callback != "c.test", 200, 400) {
		token := reply.str("token")
		if len(token) != 36 || l.configured != (token == l.token) {
			m.Fatalf("the token %q follows %q, the line was configured: %t", token, l.token, l.configured)
		}
		l.configured, l.callback, l.token = true, callback, token
		m.model.lines[id] = l
	}
}

func (m *machine) releaseLine() {
	id := draw(m, m.model.lines)
	l, exists := m.model.lines[id]
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/numbers/%d/messages/configuration", id), nil)
	if m.want(status, exists && l.configured, 204, 404) {
		l.configured, l.callback = false, ""
		m.model.lines[id] = l
	}
}

// sendMessage: a line serves either its agents or the Public API.
func (m *machine) sendMessage() {
	id, to, text := draw(m, m.model.lines), m.phone(), m.name()
	l, exists := m.model.lines[id]
	native := rapid.Bool().Draw(m.T, "in conversation")
	path := map[bool]string{true: "native/send", false: "send"}[native]
	status, reply := m.send("POST", fmt.Sprintf("/v1/numbers/%d/messages/%s", id, path), map[string]any{"to": to, "body": text})
	switch {
	case !exists:
		m.want(status, false, 200, 404)
	case native == l.configured:
		m.want(status, false, 200, 403)
	case m.want(status, validPhone(to) && !blank(text), 200, 400):
		if got := reply.object("number").str("name"); got != l.Name || reply.str("body") != text || reply.str("status") != "pending" {
			m.Fatalf("sent from line %q: %v", l.Name, reply)
		}
	}
}

// dial imports numbers: what can be is, beside what cannot, which makes a 422.
func (m *machine) dial(create bool) {
	id := draw(m, m.model.users)
	_, exists := m.model.users[id]
	campaign, begun := m.model.campaigns[id]
	numbers := make([]string, rapid.IntRange(0, 3).Draw(m.T, "numbers"))
	good := len(numbers) > 0
	for i := range numbers {
		numbers[i] = m.phone()
	}
	path := fmt.Sprintf("/v1/users/%d/dialer_campaign", id)
	if !create {
		path += "/phone_numbers"
	}
	status, _ := m.send("POST", path, map[string]any{"phone_numbers": numbers})
	if !exists || !begun && !create {
		m.want(status, false, 204, 404)
		return
	}
	for _, n := range numbers {
		shown := strings.NewReplacer("+", "", " ", "", "-", "", ".", "").Replace(n)
		taken := slices.ContainsFunc(campaign, func(d modelDialed) bool { return d.Number == shown })
		if !validPhone(n) || taken {
			good = false
			continue
		}
		campaign = append(campaign, modelDialed{Number: shown})
	}
	m.want(status, good, 204, 422)
	if !begun && len(campaign) == 0 {
		return
	}
	for i, d := range m.all(fmt.Sprintf("/v1/users/%d/dialer_campaign/phone_numbers", id), "numbers") {
		if i < len(campaign) && campaign[i].ID == 0 {
			campaign[i].ID = d.int("id")
		}
	}
	m.model.campaigns[id] = campaign
}

func (m *machine) createCampaign() { m.dial(true) }

func (m *machine) addToCampaign() { m.dial(false) }

func (m *machine) deleteCampaign() {
	id := draw(m, m.model.users)
	_, begun := m.model.campaigns[id]
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/users/%d/dialer_campaign", id), nil)
	m.want(status, begun, 204, 404)
	delete(m.model.campaigns, id)
}

func (m *machine) deleteDialed() {
	id := draw(m, m.model.users)
	campaign := m.model.campaigns[id]
	i, phone := rapid.IntRange(-1, len(campaign)-1).Draw(m.T, "entry"), 999_999_998
	if i >= 0 {
		phone = campaign[i].ID
	}
	status, _ := m.send("DELETE", fmt.Sprintf("/v1/users/%d/dialer_campaign/phone_numbers/%d", id, phone), nil)
	if m.want(status, i >= 0, 204, 404) {
		m.model.campaigns[id] = slices.Delete(campaign, i, i+1)
	}
}

func (m *machine) compareLines() {
	m.Helper()
	got := map[int]modelLine{}
	for _, n := range m.all("/v1/numbers", "numbers") {
		l := modelLine{Name: n.str("name"), Status: n.str("availability_status"), Welcome: n.object("messages").str("welcome"), Open: string(n.raw("open")) == "true"}
		l.Priority = n.int("priority")
		id := n.int("id")
		l.token = m.model.lines[id].token // kept of a line that was released, to see that the next is another
		status, c := m.send("GET", fmt.Sprintf("/v1/numbers/%d/messages/configuration", id), nil)
		if m.want(status, m.model.lines[id].configured, 200, 404) {
			l.configured, l.callback, l.token = true, c.str("callbackUrl"), c.str("token")
		}
		got[id] = l
	}
	if diff := cmp.Diff(m.model.lines, got, cmp.AllowUnexported(modelLine{})); diff != "" {
		m.Fatalf("lines (-model +server):\n%s", diff)
	}
	for id := range m.model.users {
		want, begun := m.model.campaigns[id]
		path := fmt.Sprintf("/v1/users/%d/dialer_campaign", id)
		if status, _ := m.send("GET", path, nil); !m.want(status, begun, 200, 404) {
			continue
		}
		list := []modelDialed{}
		for _, d := range m.all(path+"/phone_numbers", "numbers") {
			list = append(list, modelDialed{d.int("id"), d.str("number")})
		}
		if diff := cmp.Diff(append([]modelDialed{}, want...), list); diff != "" {
			m.Fatalf("campaign of user %d (-model +server):\n%s", id, diff)
		}
	}
}
