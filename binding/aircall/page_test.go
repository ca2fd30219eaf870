package aircall_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// ids collects the ids a list yields, until an error.
func ids[T any](seq iter.Seq2[T, error], id func(T) int64) (got []int64, err error) {
	for v, err := range seq {
		if err != nil {
			return got, err
		}
		got = append(got, id(v))
	}
	return got, nil
}

func callID(c aircall.Call) int64 { return c.ID }

// walkers has the iterator of every list.
var walkers = map[string]func(context.Context, *aircall.Client) ([]int64, error){
	"list-all-users": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Users(aircall.ListParams{From: from}).All(ctx), func(v aircall.User) int64 { return v.ID })
	},
	"retrieve-list-of-users-availability": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Availabilities(aircall.ListParams{From: from}).All(ctx), func(v aircall.UserAvailability) int64 { return v.ID })
	},
	"list-numbers-of-a-user": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.UserNumbers(7, aircall.PageParams{}).All(ctx), func(v aircall.Number) int64 { return v.ID })
	},
	"list-all-teams": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Teams(aircall.OrderedPageParams{Order: aircall.Desc}).All(ctx), func(v aircall.Team) int64 { return v.ID })
	},
	"list-all-calls": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Calls(aircall.CallListParams{ListParams: aircall.ListParams{From: from}}).All(ctx), callID)
	},
	"search-calls": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.SearchCalls(aircall.CallSearchParams{Tags: []int64{1, 2}}).All(ctx), callID)
	},
	"list-all-numbers": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Numbers(aircall.ListParams{From: from}).All(ctx), func(v aircall.Number) int64 { return v.ID })
	},
	"list-all-users-v1": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.UsersV1(aircall.ListParams{From: from}).All(ctx), func(v aircall.User) int64 { return v.ID })
	},
	"list-sms-templates": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.SMSTemplates(aircall.SMSTemplateParams{Search: "order"}).All(ctx), func(v aircall.SMSTemplate) int64 { return v.ID })
	},
	"retrieve-phone-numbers": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.DialerPhones(7, aircall.PageParams{}).All(ctx), func(v aircall.DialerPhone) int64 { return v.ID })
	},
	"list-campaigns": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Campaigns(aircall.PageParams{}).All(ctx), func(v aircall.Campaign) int64 { return number(v.ID) })
	},
	"list-campaign-call-outcomes": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.CallOutcomes(campaignID, aircall.PageParams{}).All(ctx), func(v aircall.CallOutcome) int64 { return number(v.ID) })
	},
	"list-a2p-campaign-associations": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.A2PAssociations(aircall.PageParams{}).All(ctx), func(v aircall.A2PAssociation) int64 { return v.ID })
	},
	"list-all-contacts": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Contacts(aircall.ContactListParams{OrderBy: "updated_at"}).All(ctx), func(v aircall.Contact) int64 { return v.ID })
	},
	"search-contacts": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.SearchContacts(aircall.ContactSearchParams{Email: "a@b.test"}).All(ctx), func(v aircall.Contact) int64 { return v.ID })
	},
	"list-all-tags": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Tags(aircall.PageParams{}).All(ctx), func(v aircall.Tag) int64 { return v.ID })
	},
	"list-all-webhooks": func(ctx context.Context, c *aircall.Client) ([]int64, error) {
		return ids(c.Webhooks(aircall.OrderedPageParams{Order: aircall.Desc}).All(ctx), func(v aircall.Webhook) int64 { return v.ID })
	},
}

// number reads an id that is text.
func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}

// TestEveryListIsWalked ties the iterators to the lists, known by the meta of their replies.
func TestEveryListIsWalked(t *testing.T) {
	lists := map[string]opCase{}
	for _, tc := range allCases(t) {
		if strings.Contains(tc.reply, `"meta"`) {
			lists[tc.op] = tc
		}
	}
	for op := range walkers {
		if _, ok := lists[op]; !ok {
			t.Errorf("%s: an iterator of what is no list", op)
		}
	}
	for op, tc := range lists {
		t.Run(op, func(t *testing.T) {
			walker, ok := walkers[op]
			if !ok {
				t.Fatal("no iterator")
			}
			key, _, _ := strings.Cut(tc.reply[strings.LastIndex(tc.reply[:strings.Index(tc.reply, "[")], `,"`)+1:], `:`)
			key = strings.Trim(key, `{",`)
			_, target, _ := strings.Cut(tc.request, " ")
			path, _, _ := strings.Cut(target, "?")
			var filter string
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				q := r.URL.Query()
				page, _ := strconv.Atoi(q.Get("page"))
				page = max(page, 1)
				q.Del("page")
				if got := q.Encode(); filter == "" {
					filter = got
				} else if got != filter {
					t.Errorf("page %d was asked with %s, the first with %s", page, got, filter)
				}
				if r.URL.Path != basePath+path || q.Get("per_page") != "50" {
					t.Errorf("asked %s", r.URL)
				}
				form := `{%q:[{"id":%d},{"id":%d}],`
				if strings.Contains(op, "campaigns") || strings.Contains(op, "outcomes") {
					form = `{%q:[{"id":"%d"},{"id":"%d"}],`
				}
				fmt.Fprintf(w, form+`"meta":{"total":6,"per_page":2,"current_page":%d}}`, key, 2*page-1, 2*page, page)
			})
			got, err := walker(t.Context(), c)
			if diff := cmp.Diff([]int64{1, 2, 3, 4, 5, 6}, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// pages serves the same pages for every query; after the last one, the last again.
func pages(asked *[]string, replies ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.RawQuery)
		io.WriteString(w, replies[min(len(*asked), len(replies))-1])
	}
}

// TestWalkEnds looks at the sign each list ends with, and that no page is asked beyond it.
func TestWalkEnds(t *testing.T) {
	const link = `"next_page_link":"https://api.aircall.io/v1/calls?page=2"`
	for name, tc := range map[string]struct {
		replies []string
		want    []int64
		asked   int
	}{
		"no items": {[]string{`{"calls":[],"meta":{"total":99,"per_page":1,` + link + `}}`}, nil, 1},
		"null link": {[]string{
			`{"calls":[{"id":1}],"meta":{"total":99,"per_page":1,` + link + `}}`,
			`{"calls":[{"id":2}],"meta":{"total":99,"per_page":1,"next_page_link":null}}`,
		}, []int64{1, 2}, 2},
		"total with links": {[]string{
			`{"calls":[{"id":1}],"meta":{"total":2,"per_page":1,` + link + `}}`,
			`{"calls":[{"id":2}],"meta":{"total":2,"per_page":1,` + link + `}}`,
		}, []int64{1, 2}, 2},
		"total without links": {[]string{
			`{"calls":[{"id":1}],"meta":{"total":2,"per_page":1}}`, `{"calls":[{"id":2}],"meta":{"total":2,"per_page":1}}`,
		}, []int64{1, 2}, 2},
		"links without total": {[]string{
			`{"calls":[{"id":1}],"meta":{` + link + `}}`, `{"calls":[{"id":2}],"meta":{` + link + `}}`, `{"calls":[],"meta":{` + link + `}}`,
		}, []int64{1, 2}, 3},
		"no meta":        {[]string{`{"calls":[{"id":1}]}`}, []int64{1}, 1},
		"null meta":      {[]string{`{"calls":[{"id":1}],"meta":null}`}, []int64{1}, 1},
		"absurd numbers": {[]string{`{"calls":[{"id":1}],"meta":{"total":9223372036854775807,"per_page":9223372036854775807}}`}, []int64{1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			c := serve(t, pages(&asked, tc.replies...))
			got, err := ids(c.Calls(aircall.CallListParams{}).All(t.Context()), callID)
			if err != nil || !slices.Equal(got, tc.want) || len(asked) != tc.asked {
				t.Errorf("got %v, %v with %d requests; want %v with %d", got, err, len(asked), tc.want, tc.asked)
			}
		})
	}
}

// TestWalkByNumber offers links to another host, which would get the credentials if they were followed.
func TestWalkByNumber(t *testing.T) {
	other := answers(reply(200, `{"calls":[],"meta":{}}`))
	link := serveURL(t, other) + "/v1/calls?page=7"
	var asked []string
	c := serve(t, pages(&asked, `{"calls":[{"id":1}],"meta":{"total":7,"per_page":1,"next_page_link":"`+link+`"}}`))
	seq := c.Calls(aircall.CallListParams{ListParams: aircall.ListParams{Page: 4, PerPage: 1}}).All(t.Context())
	for range 2 { // twice: a walk starts anew each time
		asked = nil
		if got, err := ids(seq, callID); err != nil || len(got) != 4 {
			t.Errorf("got %v, %v", got, err)
		}
		want := []string{"page=4&per_page=1", "page=5&per_page=1", "page=6&per_page=1", "page=7&per_page=1"}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if other.count() != 0 {
		t.Error("the link was followed")
	}
}

func TestWalkBreaksEarly(t *testing.T) {
	var asked []string
	c := serve(t, pages(&asked, `{"calls":[{"id":1},{"id":2}],"meta":{"total":100,"per_page":2}}`))
	n := 0
	for _, err := range c.Calls(aircall.CallListParams{}).All(t.Context()) {
		if n++; err != nil || n == 3 {
			break
		}
	}
	if n != 3 || len(asked) != 2 {
		t.Errorf("saw %d items with %d requests, want 3 and 2", n, len(asked))
	}
}

func TestWalkFailsMidway(t *testing.T) {
	a := answers(
		reply(200, `{"calls":[{"id":1}],"meta":{"total":9,"per_page":1}}`),
		reply(422, `{"error":"Unprocessable Entity"}`),
	)
	c := serve(t, a.ServeHTTP)
	got, err := ids(c.Calls(aircall.CallListParams{}).All(t.Context()), callID)
	if e := wantError(t, err); e.Status != 422 || e.Op != "list-all-calls" || !slices.Equal(got, []int64{1}) {
		t.Errorf("got %v, %v", got, err)
	}
	errs := 0
	for _, err := range c.Calls(aircall.CallListParams{}).All(t.Context()) {
		if err != nil {
			errs++ // and goes on, which must not ask again
		}
	}
	if errs != 1 || a.count() != 3 {
		t.Errorf("%d errors with %d requests", errs, a.count())
	}
}

func TestWalkObeysContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked []string
	c := serve(t, pages(&asked, `{"calls":[{"id":1}],"meta":{"total":9,"per_page":1}}`))
	var last error
	for _, last = range c.Calls(aircall.CallListParams{}).All(ctx) {
		cancel()
	}
	if !errors.Is(last, aircall.KindCanceled) || !errors.Is(last, context.Canceled) || len(asked) != 1 {
		t.Errorf("got %v after %d requests", last, len(asked))
	}
}

// TestWalkIsBounded has a list without an end.
func TestWalkIsBounded(t *testing.T) {
	asked := 0
	c := client(t, aircall.Options{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked++
		body := `{"calls":[{"id":1}],"meta":{"next_page_link":"x"}}`
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})})
	got, err := ids(c.Calls(aircall.CallListParams{}).All(t.Context()), callID)
	if e := wantError(t, err); e.Kind != aircall.KindInvalidResponse || asked != 10_000 || len(got) != asked {
		t.Errorf("got %v after %d pages", err, asked)
	}
}

// TestListEnd is Aircall's 400 beyond 10,000 items: links go on there, so that a walk always runs into it.
func TestListEnd(t *testing.T) {
	const hint = "lists end at 10,000 items; narrow the list with from and to"
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.FormValue("page"))
		if page > 200 {
			reply(400, `{"error":"Bad Request","troubleshoot":"too far"}`)(w, r)
			return
		}
		fmt.Fprintf(w, `{"contacts":[{"id":%d}],"meta":{"total":20000,"per_page":50,"next_page_link":"x"}}`, page)
	})
	params := aircall.ContactListParams{ListParams: aircall.ListParams{Page: 199}}
	got, err := ids(c.Contacts(params).All(t.Context()), func(v aircall.Contact) int64 { return v.ID })
	e := wantError(t, err)
	if e.Status != 400 || e.Hint != hint || e.Troubleshoot != "too far" || !strings.Contains(err.Error(), hint) || !slices.Equal(got, []int64{199, 200}) {
		t.Errorf("got %v, %v", got, err)
	}
	for query, want := range map[aircall.PageParams]bool{
		{Page: 201, PerPage: 50}: true, {Page: 200, PerPage: 50}: false, {Page: 501, PerPage: 20}: true, {Page: 500, PerPage: 20}: false,
		{Page: 201}: true, {Page: 200}: false, {PerPage: 50}: false, {Page: -1, PerPage: 50}: false, {Page: 300, PerPage: -1}: false,
	} {
		c := serve(t, reply(400, `{"error":"Bad Request"}`))
		_, err := c.Tags(query).Page(t.Context())
		if got := wantError(t, err).Hint == hint; got != want {
			t.Errorf("%+v: hint %q", query, wantError(t, err).Hint)
		}
	}
}

func TestPageNext(t *testing.T) {
	c := serve(t, reply(200, `{"tags":[{"id":1}],"meta":{"count":1,"total":5,"current_page":2,"per_page":2,"next_page_link":"n","previous_page_link":"p"}}`))
	for page, want := range map[int]int{1: 2, 2: 3, 3: 0, 9: 0} {
		p, err := c.Tags(aircall.PageParams{Page: page}).Page(t.Context())
		if err != nil || p.Next != want {
			t.Errorf("page %d: next %d, want %d (%v)", page, p.Next, want, err)
		}
		if diff := cmp.Diff(aircall.Meta{Count: 1, Total: 5, CurrentPage: 2, PerPage: 2, NextPageLink: "n", PreviousPageLink: "p"}, p.Meta); diff != "" {
			t.Error(diff)
		}
	}
}
