package conformance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	controlapi "github.com/aircallkit/aircallkit/fakeaircall/control"
)

// fakeControl drives a fake with its control API, which is the same in this process and at an address.
type fakeControl struct {
	base string
	send func(*http.Request) (*http.Response, error)
}

// controlOf calls the control API of a fake in this process, even if the fake does not serve it.
func controlOf(s *fakeaircall.Server) *fakeControl {
	api, err := controlapi.New(s)
	if err != nil {
		panic(err) // only options can be wrong
	}
	return &fakeControl{base: "http://localhost", send: func(req *http.Request) (*http.Response, error) { return answer(api, req), nil }}
}

// answer lets a handler in this process answer a request.
func answer(h http.Handler, req *http.Request) *http.Response {
	req.RemoteAddr, req.Host = "127.0.0.1:0", req.URL.Host
	if req.Body == nil { // a client may leave it out, a server never does
		req.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	resp := w.Result()
	resp.Request = req
	return resp
}

func controlAt(base string) *fakeControl {
	client := &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &fakeControl{base: base, send: client.Do}
}

// controlRefusal is an error that the control API answers.
type controlRefusal struct {
	status int
	asked  string
	says   string
}

func (e *controlRefusal) Error() string {
	return fmt.Sprintf("%s answers %d%s", e.asked, e.status, prefixed(": ", e.says))
}

func prefixed(by, text string) string {
	if text == "" {
		return ""
	}
	return by + text
}

// ask sends in as JSON, unless it is nil, and reads the reply into out, unless that is nil.
func (c *fakeControl) ask(ctx context.Context, method, path string, in, out any) error {
	body := []byte{}
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := c.send(req)
	if err != nil {
		return fmt.Errorf("the control API of the fake: %w", err)
	}
	defer resp.Body.Close()
	data, err := readBody(resp)
	if err != nil {
		return fmt.Errorf("the control API of the fake: %s %s: %w", method, path, err)
	}
	if resp.StatusCode/100 != 2 {
		var failed struct{ Error string }
		_ = json.Unmarshal(data, &failed) // other servers send no such error
		return &controlRefusal{resp.StatusCode, method + " " + path, report.Clip(failed.Error, 200)}
	}
	if out != nil && json.Unmarshal(data, out) != nil {
		return fmt.Errorf("the control API of the fake: %s %s does not answer with JSON", method, path)
	}
	return nil
}

// advance moves the clock forward; everything that is due by then happens.
func (c *fakeControl) advance(ctx context.Context, d time.Duration) error {
	return c.ask(ctx, http.MethodPost, "/_fake/clock", map[string]string{"advance": d.String()}, nil)
}

// bearer returns the access token of an account; "" if the fake has none.
func (c *fakeControl) bearer(ctx context.Context, account string) (string, error) {
	var list struct {
		Accounts []struct{ Name, Bearer string }
	}
	err := c.ask(ctx, http.MethodGet, "/_fake/accounts", nil, &list)
	for _, a := range list.Accounts {
		if a.Name == account {
			return a.Bearer, err
		}
	}
	return "", err
}

// health is what a fake reports about itself.
type health struct {
	Status    string
	URL       string
	Sandbox   bool
	RateLimit int `json:"rate_limit"`
}

const (
	sandboxPath = "/_fake/sandbox"
	sandboxIdle = "10m" // after this time the sandbox of a killed run ends by itself
)

// sandbox lets a new fake with these options answer at the address, in place of an earlier one.
func (c *fakeControl) sandbox(ctx context.Context, o fakeaircall.Options) error {
	in := map[string]any{
		"seed": o.Seed, "scale": o.Scale, "clock": o.Clock, "rate_limit": max(o.RateLimit, 0), "assume": o.Assume,
		"duplicates": o.Deliveries.Duplicates, "shuffle": o.Deliveries.Shuffle.String(), "idle": sandboxIdle,
	}
	return c.ask(ctx, http.MethodPut, sandboxPath, in, nil)
}

// copy lets a copy of the fake answer in its place.
func (c *fakeControl) copy(ctx context.Context) error {
	return c.ask(ctx, http.MethodPut, sandboxPath, map[string]any{"copy": true, "idle": sandboxIdle}, nil)
}

func (c *fakeControl) endSandbox(ctx context.Context) error {
	return c.ask(ctx, http.MethodDelete, sandboxPath, nil, nil)
}

// noSandbox begins the reason of every scenario that needs its own fake and cannot have one.
const noSandbox = "it relies on certain data, on the clock or on each byte of a reply, so that it needs its own fake: "

// openSandbox finds out whether the target is a fake with a control API, and then lets a copy of it answer in its place until end is
// called: the run changes only the copy, and scenarios that need their own fake get one at the same address. Otherwise it stores
// the reason why those scenarios cannot run.
func (r *run) openSandbox(ctx context.Context) (end func() error) {
	nothing := func() error { return nil }
	if r.target.kind == kindFake {
		return nothing
	}
	c := controlAt(r.target.url)
	if r.unserved = r.whyUnserved(ctx, c); r.unserved != "" {
		return nothing
	}
	r.served = c
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if err := c.endSandbox(ctx); err != nil {
			return exits(ExitLeft, fmt.Errorf("a sandbox still answers in place of the fake: %w; remove it with curl -X DELETE %s", err, c.base+sandboxPath))
		}
		return nil
	}
}

// whyUnserved starts the sandbox. It returns why that is not possible, or "".
func (r *run) whyUnserved(ctx context.Context, c *fakeControl) string {
	switch {
	case !r.target.local():
		return "the target is not on this machine"
	case !r.opts.AllowWrites:
		return "it would answer in place of the target; allow that with --allow-writes"
	}
	var is health
	if err := c.ask(ctx, http.MethodGet, "/_fake/health", nil, &is); err != nil {
		return "the target has no control API: " + err.Error()
	}
	switch {
	case is.Status != "ok":
		return "the target has no control API: GET /_fake/health does not say that it is a fake"
	case is.Sandbox:
		return fmt.Sprintf("a sandbox already answers in place of the target; remove it with curl -X DELETE %s", c.base+sandboxPath)
	case is.URL != "" && portOf(is.URL) != portOf(c.base):
		return fmt.Sprintf("something between the kit and the fake, which listens at %s, may change what they say to each other", is.URL)
	}
	if err := c.copy(ctx); err != nil {
		return "the control API of the target has no sandbox: " + err.Error()
	}
	return ""
}

// portOf tells servers on this machine apart, by whatever name it is called.
func portOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

// newSandbox returns a scenario's own fake at the address of a served one. Its values are as private as the target's, because they
// may be copies.
func newSandbox(ctx context.Context, c *fakeControl, madeUp bool, o fakeaircall.Options) (*target, error) {
	if err := c.sandbox(ctx, o); err != nil {
		return nil, err
	}
	t := &target{kind: kindFake, url: c.base, control: c, served: true, madeUp: madeUp, accounts: FakeAccounts(fakeaircall.StandardAccounts(), c.base)}
	return t, t.connect()
}

// executeSandboxed executes the scenarios that need their own fake at the address of a served one, one after the other, and
// then lets a copy of the target answer for the others.
func (r *run) executeSandboxed(ctx context.Context) error {
	if r.served == nil {
		return nil
	}
	_, own := r.split()
	for _, f := range own {
		if err := f.execute(ctx); err != nil {
			return err
		}
	}
	return r.served.copy(context.WithoutCancel(ctx))
}
