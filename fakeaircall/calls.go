package fakeaircall

import (
	"fmt"
	"net/url"
	"slices"
)

// Calls: https://developer.aircall.io/api-references/#calls
func callRoutes() []route {
	return []route{
		{"list-all-calls", "GET", "/v1/calls", railsTier, listCalls},
		{"search-calls", "GET", "/v1/calls/search", railsTier, searchCalls},
		{"retrieve-a-call", "GET", "/v1/calls/{id}", railsTier, retrieveCall},
		{"comment-a-call", "POST", "/v1/calls/{id}/comments", railsTier, commentCall},
		{"tag-a-call", "POST", "/v1/calls/{id}/tags", railsTier, tagCall},
		{"archive-a-call", "PUT", "/v1/calls/{id}/archive", railsTier, archiveCall(true)},
		{"unarchive-a-call", "PUT", "/v1/calls/{id}/unarchive", railsTier, archiveCall(false)},
	}
}

// A call goes from initial over answered to done; a missed call skips answered. Times are in seconds, 0 for an instant
// that has not come.
type call struct {
	ID           int64  `json:"id,omitzero"`
	SID          string `json:"sid,omitzero"`
	Inbound      bool   `json:"inbound,omitzero"`
	Started      int64  `json:"started,omitzero"`
	Answered     int64  `json:"answered,omitzero"`
	Ended        int64  `json:"ended,omitzero"`
	MissedReason string `json:"missed_reason,omitzero"` // "" for answered, outbound and callback requests
	Voicemail    bool   `json:"voicemail,omitzero"`
	Recorded     bool   `json:"recorded,omitzero"`

	Other  string `json:"other,omitzero"`  // the other party as shown; "anonymous" when hidden
	Number int64  `json:"number,omitzero"` // ids, 0 for none
	User   int64  `json:"user,omitzero"`

	AssignedTo    int64     `json:"assigned_to,omitzero"`
	TransferredBy int64     `json:"transferred_by,omitzero"`
	TransferredTo int64     `json:"transferred_to,omitzero"`
	Archived      bool      `json:"archived,omitzero"`
	Cost          string    `json:"cost,omitzero"`        // US cents, deprecated
	Provisional   bool      `json:"provisional,omitzero"` // it ended, and does not have its final values yet
	Comments      []comment `json:"comments,omitzero"`
	Tags          []callTag `json:"tags,omitzero"`
	Teams         []int64   `json:"teams,omitzero"` // inbound only

	Revised revisions `json:"revised,omitzero"`

	Ongoing *ongoing `json:"ongoing,omitzero"` // nil: seeded, and no action since

	encoded cachedJSON // without any fetch_ parameter
}

func (c *call) identity() (id, created int64) { return c.ID, c.Started }

func (c *call) clone() *call {
	v := *c
	v.Comments, v.Tags, v.Teams, v.encoded = slices.Clone(c.Comments), slices.Clone(c.Tags), slices.Clone(c.Teams), cachedJSON{}
	if o := c.Ongoing; o != nil {
		own := *o
		own.Steps, own.Keys = slices.Clone(o.Steps), slices.Clone(o.Keys)
		own.Ringing, own.Asked = slices.Clone(o.Ringing), slices.Clone(o.Asked)
		v.Ongoing = &own
	}
	return &v
}

func (c *call) status() string {
	switch {
	case c.Ended != 0:
		return "done"
	case c.Answered != 0:
		return "answered"
	}
	return "initial"
}

// duration counts ringing too, and is 0 until the call is done.
func (c *call) duration() int64 {
	switch {
	case c.Ended == 0:
		return 0
	case c.lastsTooLong():
		return c.Ended - c.Started + 1
	}
	return c.Ended - c.Started
}

func directionOf(inbound bool) string {
	if inbound {
		return "inbound"
	}
	return "outbound"
}

type comment struct {
	ID      int64  `json:"id,omitzero"`
	Content string `json:"content,omitzero"`
	Posted  int64  `json:"posted,omitzero"`
	By      int64  `json:"by,omitzero"` // 0: through the API
}

type callTag struct {
	TagID int64 `json:"tag_id,omitzero"`
	At    int64 `json:"at,omitzero"`
	By    int64 `json:"by,omitzero"` // 0: through the API, or the system
}

// Lists go back half a year; older calls are still readable by id.
const historyMonths = 6

func listCalls(r *request) (reply, error) {
	return pageOfCalls(r, nil, func(*tx) []inOrder[*call] { return nil })
}

// searchCalls adds filters to the list. All of them must hold.
func searchCalls(r *request) (reply, error) {
	filters := []string{"direction", "user_id", "phone_number", "tags", "tags[]"}
	return pageOfCalls(r, filters, func(t *tx) (found []inOrder[*call]) {
		if direction := r.query.Get("direction"); direction != "" {
			found = append(found, t.calls.byKey[callKey{field: "direction", text: direction}])
		}
		if user := r.query.Get("user_id"); user != "" {
			found = append(found, t.calls.byKey[callKey{field: "user", id: number64(user)}])
		}
		if phone := digits(r.query.Get("phone_number")); phone != "" {
			found = append(found, t.withPhone(phone))
		}
		listed, _ := r.query.all("tags[]")
		plain, _ := r.query.all("tags")
		for _, id := range slices.Concat(listed, plain) { // no call has a tag that is not an id, such as two with a comma
			found = append(found, t.calls.byKey[callKey{field: "tag", id: number64(id)}])
		}
		return found
	})
}

// pageOfCalls lists the calls that are in all of the lists that find returns; without a list, every call. A window of
// calls is (from, to], unlike that of contacts, so that windows one after the other hold each call once (recorded
// 2026-09-28).
func pageOfCalls(r *request, filters []string, find func(*tx) []inOrder[*call]) (reply, error) {
	l, err := r.listing(listSpec{
		windowed: true, fromOpen: true, ordered: true,
		filters: append([]string{"fetch_contact", "fetch_short_urls", "fetch_call_timeline", "fetch_aiva_conv"}, filters...),
	})
	if err != nil {
		return reply{}, err
	}
	l.from = max(l.from, r.now.AddDate(0, -historyMonths, 0).Unix())
	var views []raw
	err = r.do(func(t *tx) error {
		lists := find(t)
		slices.SortFunc(lists, func(a, b inOrder[*call]) int { return len(a) - len(b) })
		all := t.calls.order
		if len(lists) > 0 {
			all = lists[0]
		}
		var isInRest func(*call) bool
		if len(lists) > 1 {
			isInRest = func(c *call) bool {
				return !slices.ContainsFunc(lists[1:], func(list inOrder[*call]) bool { return !list.has(c) })
			}
		}
		views = collect(&l, all.between(l.from, l.to), isInRest, r.callJSON(t))
		return nil
	})
	return r.list("calls", views, l), err
}

func retrieveCall(r *request) (reply, error) {
	return r.withCall(func(*tx, *call) error { return nil })
}

const maxComments = 5

// commentCall adds a comment without an author, as all comments through the API are.
func commentCall(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	content, _, err := in.text("content")
	if err != nil {
		return reply{}, err
	}
	_, err = r.withCall(func(t *tx, c *call) error { return t.comment(c, content, 0) })
	return reply{status: 201}, err
}

// comment adds a comment of a user or, for 0, of the API.
func (t *tx) comment(c *call, content string, by int64) error {
	content = withoutEmoji(content)
	if err := notBlank("content")(content); err != nil {
		return err
	}
	most, words := maxComments, "Maximum of %d notes can be added to a call"
	if t.account.assume.fourComments {
		most, words = 4, "Maximum of %d notes can be added to a call at once" // as an app knew it in 2025
	}
	if len(c.Comments) >= most {
		return invalid(words, most)
	}
	t.calls.update(c, func() {
		c.Comments = append(c.Comments, comment{ID: t.random.newID(&t.last.Comment), Content: content, Posted: t.unix(), By: by})
	})
	t.emitCall("call.commented", c)
	return nil
}

// tagCall adds tags to those the call has.
func tagCall(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var ids []int64
	if _, err := in.decode("tags", "an array of tag ids", &ids); err != nil {
		return reply{}, err
	}
	_, err = r.withCall(func(t *tx, c *call) error {
		if len(ids) == 0 {
			return invalid("tags can't be blank")
		}
		for _, id := range ids {
			if _, ok := t.tags.get(id); !ok {
				return invalid("tag %d is not a tag of the company", id)
			}
		}
		if r.assume.replaceTags {
			for _, ct := range slices.Clone(c.Tags) {
				if !slices.Contains(ids, ct.TagID) {
					t.calls.untag(c, ct.TagID)
				}
			}
		}
		had := len(c.Tags)
		for _, id := range ids {
			if !c.hasTag(id) {
				t.calls.update(c, func() { c.Tags = append(c.Tags, callTag{TagID: id, At: t.unix()}) })
			}
		}
		if len(c.Tags) > had {
			t.emitCall("call.tagged", c)
		}
		return nil
	})
	return reply{status: 201}, err
}

// archiveCall emits an event for archiving only: unarchiving has none.
func archiveCall(archived bool) handler {
	return func(r *request) (reply, error) {
		return r.withCall(func(t *tx, c *call) error {
			was := c.Archived
			t.calls.update(c, func() { c.Archived = archived })
			if archived && !was {
				t.emitCall("call.archived", c)
			}
			return nil
		})
	}
}

// withCall runs f on the call of the path and answers with the call as it is then.
func (r *request) withCall(f func(*tx, *call) error) (reply, error) {
	var view raw
	err := r.do(func(t *tx) error {
		c, ok := t.calls.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		if err := f(t, c); err != nil {
			return err
		}
		view = r.callJSON(t)(c)
		return nil
	})
	return one(200, "call", view), err
}

func (c *call) hasTag(id int64) bool {
	return slices.ContainsFunc(c.Tags, func(ct callTag) bool { return ct.TagID == id })
}

// Insight cards: https://developer.aircall.io/api-references/#insight-cards
//
// An agent sees the cards beside the call; no route reads them.
func callCardRoutes() []route {
	return []route{
		{"create-insight-cards", "POST", "/v1/calls/{id}/insight_cards", railsTier, createCards},
	}
}

// maxCards is the documented limit of a payload, in bytes.
const maxCards = 10_000

func createCards(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	_, err = r.withCall(func(t *tx, c *call) error {
		switch {
		case c.Ended != 0:
			return invalid("the call is over")
		case len(r.body.read) >= maxCards:
			return invalid("the payload must be smaller than 10 kB, got %d bytes", len(r.body.read))
		}
		contents, _, err := in.objects("contents")
		if err == nil && len(contents) == 0 {
			err = invalid("contents can't be blank")
		}
		for i := 0; err == nil && i < len(contents); i++ {
			err = t.checkCard(fmt.Sprintf("contents[%d].", i), contents[i])
		}
		return err
	})
	return reply{status: r.assume.cardsStatus}, err
}

// checkCard accepts a title or a short text, which may be for one user only.
func (t *tx) checkCard(place string, card object) error {
	texts := make(map[string]string)
	for _, name := range []string{"type", "text", "label", "link"} {
		s, _, err := card.text(name)
		if err != nil {
			return invalid("%s%s must be a string", place, name)
		}
		texts[name] = s
	}
	if err := oneOf(place+"type", []string{"title", "shortText"})(texts["type"]); err != nil {
		return err
	}
	if err := notBlank(place + "text")(texts["text"]); err != nil {
		return err
	}
	if link := texts["link"]; link != "" {
		if u, err := url.Parse(link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return invalid("%slink must be a URL", place)
		}
	}
	id, state, err := card.integer("user_id")
	if err != nil {
		return invalid("%suser_id must be an integer", place)
	}
	if _, ok := t.users.get(id); state == isPresent && !ok {
		return invalid("%suser_id %d is not a user of the company", place, id)
	}
	return nil
}

// Recordings and voicemails: https://developer.aircall.io/api-references/#calls
func callRecordingRoutes() []route {
	return []route{
		{"pause-recording", "POST", "/v1/calls/{id}/pause_recording", railsTier, switchRecording},
		{"resume-recording", "POST", "/v1/calls/{id}/resume_recording", railsTier, switchRecording},
		{"delete-a-recording", "DELETE", "/v1/calls/{id}/recording", railsTier, deleteAudio(func(c *call) *bool { return &c.Recorded })},
		{"delete-a-voicemail", "DELETE", "/v1/calls/{id}/voicemail", railsTier, deleteAudio(func(c *call) *bool { return &c.Voicemail })},
	}
}

// switchRecording pauses or resumes. No reply shows whether a recording is paused.
func switchRecording(r *request) (reply, error) {
	_, err := r.withCall(func(t *tx, c *call) error {
		n, ok := t.numbers.get(c.Number)
		switch {
		case c.Ended != 0:
			return invalid("the call is over")
		case !ok || !n.Recording:
			return &apiError{status: 405, troubleshoot: "Recording is not activated on the number"}
		}
		return nil
	})
	return reply{status: 204}, err
}

// deleteAudio also succeeds without audio.
func deleteAudio(of func(*call) *bool) handler {
	return func(r *request) (reply, error) {
		_, err := r.withCall(func(t *tx, c *call) error {
			if c.audio() != "" {
				t.calls.update(c, func() { *of(c) = false })
			}
			return nil
		})
		return reply{status: r.assume.audioDeleted}, err
	}
}

// Transfers: https://developer.aircall.io/api-references/#transfer-a-call
func callTransferRoutes() []route {
	return []route{
		{"transfer-a-call", "POST", "/v1/calls/{id}/transfers", railsTier, transferCall},
	}
}

// dispatchingStrategies say in which order the users of a team ring.
var dispatchingStrategies = []string{"simultaneous", "random", "longest_idle"}

// A transfer is the target of a call: exactly one of the three is set.
type transfer struct {
	user, team int64
	number     string
}

// transferCall transfers a call without asking the target first. Until the target picks up, the call keeps its user;
// transferred_by and transferred_to have the attempt, also after it has failed (captured 2022).
func transferCall(r *request) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	_, err = r.withCall(func(t *tx, c *call) error {
		to, err := in.transfer()
		switch {
		case err != nil:
			return err
		case c.Ended != 0:
			return invalid("the call is over")
		case to.number != "":
			if !c.Inbound || c.Answered != 0 {
				return refused("an inbound call that nobody answered yet can be transferred to a number outside, no other")
			}
			t.transferOutside(c, to.number)
			return nil
		case to.team != 0:
			m, ok := t.teams.get(to.team)
			switch {
			case !ok:
				return errNotFound
			case len(m.Users) == 0:
				return refused("team %d has no users", to.team)
			}
			to.user = m.Users[0] // which transferred_to names (documented)
		}
		if _, ok := t.users.get(to.user); !ok {
			return errNotFound
		}
		t.startTransfer(c, to.user, t.transferTarget(to))
		return nil
	})
	return reply{status: 204}, err
}

// transferTarget returns the user whose app rings: the user, or the first of the team who is free.
func (t *tx) transferTarget(to transfer) int64 {
	if m, ok := t.teams.get(to.team); ok {
		for _, id := range m.Users {
			if u, ok := t.users.get(id); ok && t.isFree(u) {
				return id
			}
		}
	}
	return to.user
}

// transfer reads the one target and, for a team, the strategy.
func (o object) transfer() (to transfer, err error) {
	targets := 0
	for _, f := range []struct {
		name string
		id   *int64
	}{{"user_id", &to.user}, {"team_id", &to.team}} {
		id, state, err := o.integer(f.name)
		if err != nil {
			return to, err
		}
		if state == isPresent {
			*f.id, targets = id, targets+1
		}
	}
	number, state, err := o.text("number")
	if err != nil {
		return to, err
	}
	if state == isPresent {
		to.number, targets = number, targets+1
	}
	strategy, chosen, err := o.text("dispatching_strategy")
	switch {
	case err != nil:
		return to, err
	case targets != 1:
		return to, invalid("give exactly one of user_id, team_id and number, got %d", targets)
	case state == isPresent && !possiblePhone(number):
		return to, invalid("number must be a phone number in E.164, got %.40q", number)
	case chosen == isPresent && to.team == 0:
		return to, invalid("dispatching_strategy goes with a team_id")
	case chosen == isPresent:
		return to, oneOf("dispatching_strategy", dispatchingStrategies)(strategy)
	}
	return to, nil
}
