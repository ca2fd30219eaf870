package conformance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// receiveSteps stand at the other end of webhooks, on loopback.
var receiveSteps = map[string]func(*world) any{
	`\$(\w+) is a receiver that answers (\d+)`:       func(w *world) any { return w.receiver },
	`\$(\w+) is a receiver that never answers`:       func(w *world) any { return w.hangingReceiver },
	`\$(\w+) answers (\d+) from now on`:              func(w *world) any { return w.turns },
	`\$(\w+) receives (\d+) posts?`:                  func(w *world) any { return w.receives },
	`\$(\w+) receives, in this order:`:               func(w *world) any { return w.receivesEvents },
	`\$(\w+) receives about \$(\w+), in this order:`: func(w *world) any { return w.receivesAbout },
}

// A receiver takes what webhooks post.
type receiver struct {
	server *httptest.Server
	mu     sync.Mutex
	answer int // 0: none
	posts  []any
	news   chan struct{} // closed by the next post
}

const maxPost = 1 << 20

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(req.Body, maxPost)) // what is cut off is no JSON
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

// receiver listens; its name stands for its addresses, a plain one and one with a key in its query.
func (w *world) receiver(name string, answer int) error {
	r := &receiver{answer: answer, news: make(chan struct{})}
	r.server = httptest.NewServer(r)
	if w.receivers == nil {
		w.receivers = map[string]*receiver{}
	}
	w.receivers[name] = r
	w.vars[name] = map[string]any{"url": r.server.URL, "keyed": r.server.URL + "/in?key=a%20b"}
	return nil
}

func (w *world) hangingReceiver(name string) error { return w.receiver(name, 0) }

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
		return nil, fmt.Errorf("$%s is no receiver", name)
	}
	return r, nil
}

// arrival is how long posts may take that the fake itself no longer waits for: those to a receiver that was slow before.
const arrival = 5 * time.Second

// await waits until n posts are there, or no longer.
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

// take is what came since the last look, which the next steps can look into as "posts". What is under way arrives first:
// moving a clock on, be it by nothing, waits for it. n posts are awaited.
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

func (w *world) receivesEvents(ctx context.Context, name string, doc *godog.DocString) error {
	want := strings.TrimSpace(doc.Content)
	posts, err := w.take(ctx, name, len(strings.Split(want, "\n")))
	if err != nil {
		return err
	}
	if got := strings.Join(eventsOf(posts), "\n"); got != want {
		return &finding{fmt.Sprintf("$%s receives other events", name), want, got}
	}
	return nil
}

// receivesAbout leaves aside what is about something else: a company goes on living meanwhile. The name stands for an id or
// for something that has one.
func (w *world) receivesAbout(ctx context.Context, name, about string, doc *godog.DocString) error {
	want := strings.Fields(doc.Content)
	posts, err := w.take(ctx, name, 0) // the fake has waited for a receiver that answers at once
	if err != nil {
		return err
	}
	id := w.vars[about]
	if of, ok := at(id, "id"); ok {
		id = of
	}
	var those []any
	for _, p := range posts {
		for _, key := range []string{"body.data.id", "body.data.call_id"} {
			if have, ok := at(p, key); ok && fmt.Sprint(have) == fmt.Sprint(id) {
				those = append(those, p)
				break
			}
		}
	}
	w.subject = map[string]any{"posts": those}
	if got := eventsOf(those); !slices.Equal(got, want) {
		return &finding{fmt.Sprintf("$%s receives other events about $%s", name, about), strings.Join(want, "\n"), strings.Join(got, "\n")}
	}
	return nil
}

// eventsOf are the names by which webhooks, or callbacks of lines, tell what happened.
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
