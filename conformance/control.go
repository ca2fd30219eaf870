package conformance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
	controlapi "github.com/aircallkit/aircallkit/fakeaircall/control"
)

// fakeControl drives a fake over its control API, which is one API for a fake in this process and for one that is served.
type fakeControl struct {
	base string
	send func(*http.Request) (*http.Response, error)
}

// controlOf calls the handler of a fake in this process, whether or not the fake answers its control API to others.
func controlOf(s *fakeaircall.Server) *fakeControl {
	api, err := controlapi.New(s)
	if err != nil {
		panic(err) // only options can be wrong
	}
	return &fakeControl{base: "http://localhost", send: func(req *http.Request) (*http.Response, error) {
		req.RemoteAddr, req.Host = "127.0.0.1:0", req.URL.Host
		if req.Body == nil { // a client may leave it out, a server never does
			req.Body = http.NoBody
		}
		w := httptest.NewRecorder()
		api.ServeHTTP(w, req)
		return w.Result(), nil
	}}
}

func controlAt(base string) *fakeControl {
	client := &http.Client{Timeout: 30 * time.Second}
	return &fakeControl{base: base, send: client.Do}
}

// A controlRefusal is what the control API answers instead of doing what it was asked.
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

// ask sends in as JSON, if it is not nil, and reads the reply into out, if that is not nil.
func (c *fakeControl) ask(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
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
		var failed struct {
			Problem string `json:"error"`
		}
		_ = json.Unmarshal(data, &failed) // what is no refusal of the control API has only a status
		return &controlRefusal{resp.StatusCode, method + " " + path, report.Clip(failed.Problem, 200)}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("the control API of the fake: %s %s answers what is no JSON", method, path)
	}
	return nil
}

// advance moves the clock on, and lets all that is due by then happen.
func (c *fakeControl) advance(ctx context.Context, d time.Duration) error {
	return c.ask(ctx, http.MethodPost, "/_fake/clock", map[string]string{"advance": d.String()}, nil)
}

// bearer is the access token of an account; "" if the fake does not tell.
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

// health is what a fake tells of itself.
type health struct {
	Status  string
	URL     string
	Sandbox bool
}

const (
	sandboxPath = "/_fake/sandbox"
	sandboxIdle = "10m" // then that of a run which was killed ends by itself
)

// sandbox lets a fresh fake of these options answer at the address, in place of an earlier one.
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

// noSandbox begins the reason of every scenario that needs a fake of its own and cannot have one.
const noSandbox = "it knows the data, the clock or each byte of a reply, so that it needs a fake of its own: "

// openSandbox finds out whether the target is a fake that can be driven, and then lets a copy of it answer in its place
// until end is called: what the run changes, it changes in the copy, and scenarios that need a fake of their own get
// one at the same address. Otherwise those scenarios are told why they cannot run.
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
			return exits(ExitLeft, fmt.Errorf("a sandbox still answers in place of the fake: %w; take it away with curl -X DELETE %s", err, c.base+sandboxPath))
		}
		return nil
	}
}

// whyUnserved is why no sandbox can answer in place of the target; "": one does.
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
		return fmt.Sprintf("a sandbox answers in place of the target already; take it away with curl -X DELETE %s", c.base+sandboxPath)
	case is.URL != "" && portOf(is.URL) != portOf(c.base):
		return fmt.Sprintf("something between the kit and the fake, which listens at %s, may change what they say to each other", is.URL)
	}
	if err := c.copy(ctx); err != nil {
		return "the control API of the target has no sandbox: " + err.Error()
	}
	return ""
}

// portOf tells servers of this machine apart, whatever name it goes by.
func portOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

// newSandbox is a fake of a scenario's own at the address of a served one. What it holds is as private as what the
// target holds, of which the same could be copies.
func newSandbox(ctx context.Context, c *fakeControl, o fakeaircall.Options) (*target, error) {
	if err := c.sandbox(ctx, o); err != nil {
		return nil, err
	}
	t := &target{kind: kindFake, url: c.base, control: c, served: true, accounts: FakeAccounts(fakeaircall.StandardAccounts(), c.base)}
	return t, t.connect()
}

// executeSandboxed lets the scenarios step that need a fake of their own at the address of a served one, one after the
// other, and then puts a copy of the fake in its place for the others.
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
