package conformance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// receiveSteps receive webhooks, on loopback.
var receiveSteps = map[string]func(*world) any{
	`\$(\w+) is a receiver that (?:answers (\d+)|never answers)`: func(w *world) any { return w.receiver },
	`\$(\w+) answers (\d+) from now on`:                          func(w *world) any { return w.turns },
	`\$(\w+) receives (\d+) posts?`:                              func(w *world) any { return w.receives },
	`\$(\w+) receives(?: about \$(\w+))?, in this order:`:        func(w *world) any { return w.receivesEvents },
}

// A receiver keeps the posts of webhooks.
type receiver struct {
	server *httptest.Server
	mu     sync.Mutex
	answer int // 0: none
	posts  []any
	news   chan struct{} // closed by the next post
}

const maxPost = 1 << 20

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(req.Body, maxPost)) // a body that is cut off is not JSON
	post := map[string]any{"method": req.Method, "query": req.URL.RawQuery, "text": string(body)}
	header := map[string]any{}
	for name := range req.Header {
		header[strings.ToLower(name)] = req.Header.Get(name)
	}
	post["header"] = header
	if v, err := orderedjson.Decode(body); err == nil {
		post["body"] = orderedjson.Plain(v)
	}
	r.mu.Lock()
	r.posts = append(r.posts, post)
	close(r.news)
	r.news = make(chan struct{})
	answer := r.answer
	r.mu.Unlock()
	if answer == 0 {
		<-req.Context().Done()
		return
	}
	w.WriteHeader(answer)
}

func (r *receiver) close() {
	r.server.CloseClientConnections()
	r.server.Close()
}

// receiver starts a receiver. Its name has two addresses, a plain one and one with a key in its query.
func (w *world) receiver(name, status string) error {
	answer, _ := strconv.Atoi(status) // 0 if it never answers
	r := &receiver{answer: answer, news: make(chan struct{})}
	r.server = httptest.NewServer(r)
	if w.receivers == nil {
		w.receivers = map[string]*receiver{}
	}
	w.receivers[name] = r
	w.vars[name] = map[string]any{"url": r.server.URL, "keyed": r.server.URL + "/in?key=a%20b"}
	return nil
}

func (w *world) turns(name string, answer int) error {
	r, err := w.receiverCalled(name)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.answer = answer
	}
	return err
}

func (w *world) receiverCalled(name string) (*receiver, error) {
	r, ok := w.receivers[name]
	if !ok {
		return nil, fmt.Errorf("$%s is not a receiver", name)
	}
	return r, nil
}

// arrival is how long the steps wait for posts that the fake itself does not wait for: those to a receiver that was slow
// before.
const arrival = 5 * time.Second

// await waits until n posts have come, at most for arrival.
func (r *receiver) await(n int) {
	timer := time.NewTimer(arrival)
	defer timer.Stop()
	for {
		r.mu.Lock()
		came, news := len(r.posts), r.news
		r.mu.Unlock()
		if came >= n {
			return
		}
		select {
		case <-news:
		case <-timer.C:
			return
		}
	}
}

// take returns the posts since the last call, which the next steps can read as "posts". Advancing the clock, even by 0, waits
// for posts under way; beyond that, take waits for n posts.
func (w *world) take(ctx context.Context, name string, n int) ([]any, error) {
	r, err := w.receiverCalled(name)
	if err != nil {
		return nil, err
	}
	if err := w.advance(ctx, 0); err != nil {
		return nil, err
	}
	r.await(n)
	r.mu.Lock()
	defer r.mu.Unlock()
	posts := r.posts
	r.posts = nil
	w.subject = map[string]any{"posts": posts}
	return posts, nil
}

func (w *world) receives(ctx context.Context, name string, n int) error {
	posts, err := w.take(ctx, name, n)
	if err == nil && len(posts) != n {
		err = &finding{fmt.Sprintf("$%s receives another number of posts", name), fmt.Sprint(n), fmt.Sprintf("%d: %s", len(posts), strings.Join(eventsOf(posts), ", "))}
	}
	return err
}

// receivesEvents compares the events of the posts, or of those about one thing: the account goes on living meanwhile. The
// name is that of an id or of something that has one.
func (w *world) receivesEvents(ctx context.Context, name, about string, doc *godog.DocString) error {
	want := strings.Fields(doc.Content)
	expected := len(want)
	if about != "" {
		expected = 0 // the fake has waited for a receiver that answers at once
	}
	posts, err := w.take(ctx, name, expected)
	if err != nil {
		return err
	}
	if about != "" {
		id := w.vars[about]
		if of, ok := at(id, "id"); ok {
			id = of
		}
		posts = slices.DeleteFunc(posts, func(p any) bool {
			data, _ := at(p, "body.data.id")
			call, _ := at(p, "body.data.call_id")
			return fmt.Sprint(data) != fmt.Sprint(id) && fmt.Sprint(call) != fmt.Sprint(id)
		})
		w.subject = map[string]any{"posts": posts}
	}
	if got := eventsOf(posts); !slices.Equal(got, want) {
		return &finding{fmt.Sprintf("$%s receives other events", name), strings.Join(want, "\n"), strings.Join(got, "\n")}
	}
	return nil
}

// eventsOf returns the names of the events of webhooks, or of callbacks of lines.
func eventsOf(posts []any) (names []string) {
	for _, p := range posts {
		name, ok := at(p, "body.event")
		if !ok {
			name, _ = at(p, "body.event_name")
		}
		names = append(names, fmt.Sprint(name))
	}
	return names
}
