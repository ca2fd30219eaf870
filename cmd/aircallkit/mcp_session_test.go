package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"go.uber.org/goleak"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// liveAccounts returns a fake, and the variables of the accounts default and sales that pass it off as Aircall.
func liveAccounts(t *testing.T) (*fakeaircall.Server, []string) {
	t.Helper()
	srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit}))
	return srv, []string{
		"AIRCALL_API_URL=" + srv.URL(), "AIRCALL_API_ID=fake-default-id", "AIRCALL_API_TOKEN=fake-default-token",
		"AIRCALL_SALES_API_URL=" + srv.URL(), "AIRCALL_SALES_API_ID=fake-sales-id", "AIRCALL_SALES_API_TOKEN=fake-sales-token",
	}
}

// writes returns the number of requests that change something.
func writes(srv *fakeaircall.Server) (n int) {
	for _, r := range srv.Requests(fakeaircall.RequestFilter{}) {
		if r.Method != http.MethodGet {
			n++
		}
	}
	return n
}

const twoTags = `
local aircall = app.integrations.aircall
print(#aircall.list_users().users > 0)
aircall.create_tag({ name = "One", color = "#FF7D03" })
aircall.create_tag({ name = "Two", color = "#FF7D03" })
return "done"`

// On live accounts scripts only read, unless a flag names the account; then the person is asked before the first write.
func TestMCPWritesOnLiveAccounts(t *testing.T) {
	elicit := func(action string) func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		return func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: action}, nil
		}
	}
	for _, c := range []struct {
		name   string
		flags  []string
		answer func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)
		script string
		more   map[string]any
		asked  int
		writes int
		fails  string // part of the message and the hint
	}{
		{name: "without the flag", answer: elicit("accept"), fails: "aircallkit mcp --allow-writes=default"},
		{name: "without the flag, caught", script: `local ok, e = pcall(app.integrations.aircall.create_tag, { name = "A", color = "#FF7D03" }) error(e.message .. e.hint)`, fails: "--allow-writes=default"},
		{name: "without the flag, a dry run", more: map[string]any{"dry_run": true}},
		{name: "for another account", flags: []string{"--allow-writes=sales"}, answer: elicit("accept"), fails: "--allow-writes=default"},
		{name: "accepted", flags: []string{"--allow-writes=default"}, answer: elicit("accept"), asked: 1, writes: 2},
		{name: "a dry run asks nobody", flags: []string{"--allow-writes=default"}, answer: elicit("accept"), more: map[string]any{"dry_run": true}},
		{name: "declined", flags: []string{"--allow-writes=default"}, answer: elicit("decline"), asked: 1, fails: "it was not approved"},
		{name: "canceled", flags: []string{"--allow-writes=default"}, answer: elicit("cancel"), asked: 1, fails: "do not try it again without asking the user"},
		{name: "declined for the rest of the script", flags: []string{"--allow-writes=default"}, answer: elicit("decline"), script: "pcall(function() app.integrations.aircall.create_tag({ name = 'A', color = '#FF7D03' }) end)" + twoTags, asked: 1, fails: "it was not approved"},
		{name: "the client fails", flags: []string{"--allow-writes=default"}, asked: 1, fails: "the client failed to ask", answer: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return nil, errors.New("no window")
		}},
		{name: "the client cannot ask", flags: []string{"--allow-writes=default"}, writes: 2},
		{name: "read only", flags: []string{"--read-only"}, fails: "this server was started with --read-only"},
	} {
		for over, connect := range transports {
			t.Run(c.name+"/"+over, func(t *testing.T) {
				t.Parallel()
				srv, env := liveAccounts(t)
				var asked atomic.Int32
				o := &mcp.ClientOptions{}
				if c.answer != nil {
					o.ElicitationHandler = func(ctx context.Context, req *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
						asked.Add(1)
						for _, want := range []string{"create_tag", "account default", `name = "`, "color"} {
							if !strings.Contains(req.Params.Message, want) || strings.Contains(req.Params.Message, "token") {
								t.Errorf("the question is %q, it lacks %q", req.Params.Message, want)
							}
						}
						return c.answer(ctx, req)
					}
				}
				session := connect(t, o, env, append([]string{"--target", "live"}, c.flags...)...)
				source := twoTags
				if c.script != "" {
					source = c.script
				}
				arguments := map[string]any{"script": source}
				for k, v := range c.more {
					arguments[k] = v
				}
				var out scriptResult
				fails := c.fails
				if c.name == "the client fails" && over == "stdio" { // in its protocol the client has the question, and never calls again
					if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "run_lua", Arguments: arguments}); err == nil || !strings.Contains(err.Error(), "no window") {
						t.Errorf("%v", err)
					}
					fails, out.OK, out.Output = "", true, "true\n"
				} else {
					out = script(t, session, arguments)
				}
				if int(asked.Load()) != c.asked || writes(srv) != c.writes {
					t.Errorf("asked %d times, want %d; %d writes, want %d", asked.Load(), c.asked, writes(srv), c.writes)
				}
				if fails == "" {
					if !out.OK || out.Output != "true\n" {
						t.Errorf("%+v, %+v", out, out.Error)
					}
				} else if e := out.Error; e == nil || e.Type != binding.TypePermissionDenied && c.script == "" || !strings.Contains(e.Message+e.Hint, fails) {
					t.Errorf("%+v, want %s", e, fails)
				}
			})
		}
	}
}

// The hint for an account of production does not name a flag that the server refuses.
func TestMCPWritesInProduction(t *testing.T) {
	srv, _ := liveAccounts(t)
	file := filepath.Join(t.TempDir(), "live.yaml")
	text := "accounts:\n  - name: default\n    api_id: fake-default-id\n    api_token: fake-default-token\n    purpose: production\n    url: " + srv.URL() + "\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e := script(t, overHTTP(t, nil, nil, "--target", "live", "--accounts", file), map[string]any{"script": twoTags}).Error
	if e == nil || e.Type != binding.TypePermissionDenied || !strings.Contains(e.Message, "the account default is for production, which is never written to. No request was made.") ||
		strings.Contains(e.Hint, "--allow-writes") || !strings.Contains(e.Hint, "use an account of a sandbox") || !strings.Contains(e.Hint, "dry_run") {
		t.Errorf("%+v", e)
	}
}

// A script whose client never brings the answer makes room for others. An answer to no question is an error.
func TestMCPLostQuestion(t *testing.T) {
	t.Parallel()
	_, env := liveAccounts(t)
	o := &mcp.ClientOptions{ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		return nil, errors.New("no window")
	}}
	session := overStdio(t, o, env, "--target", "live", "--allow-writes=default", "--max-scripts", "1")
	if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "run_lua", Arguments: map[string]any{"script": twoTags}}); err == nil {
		t.Error("the script did not ask")
	}
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "run_lua", Arguments: map[string]any{"script": twoTags}, RequestState: "zanzibar"})
	if err != nil || !result.IsError || !strings.Contains(textOf(result), "the script that asked has ended") {
		t.Errorf("%v, %+v", err, result)
	}
	if out := script(t, session, map[string]any{"script": "return 1"}); !out.OK {
		t.Errorf("%+v", out.Error)
	}
}

// The tools and list_accounts say what is allowed.
func TestMCPSaysWhatIsAllowed(t *testing.T) {
	_, env := liveAccounts(t)
	for _, c := range []struct {
		name     string
		flags    []string
		readOnly bool
		writable string
	}{
		{"live", []string{"--target", "live"}, true, "[]"},
		{"live, writing", []string{"--target", "live", "--allow-writes=sales"}, false, "[sales]"},
		{"fake", nil, false, "[default sales support]"},
		{"fake, read only", []string{"--read-only"}, true, "[]"},
		{"fake, dry run", []string{"--dry-run"}, true, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			session := overHTTP(t, nil, env, c.flags...)
			for tool, err := range session.Tools(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				if a := tool.Annotations; tool.Name == "run_lua" && (a.ReadOnlyHint != c.readOnly || *a.DestructiveHint == c.readOnly || *a.OpenWorldHint != strings.HasPrefix(c.name, "live")) {
					t.Errorf("run_lua: %+v", a)
				}
			}
			var writable []string
			accounts := call(t, session, "list_accounts", nil).StructuredContent.(map[string]any)["accounts"].([]any)
			for _, a := range accounts {
				if a := a.(map[string]any); a["write"] == true {
					writable = append(writable, a["name"].(string))
				}
			}
			if fmt.Sprint(writable) != c.writable {
				t.Errorf("scripts may write to %v, want %s", writable, c.writable)
			}
		})
	}
}

// The time that the person takes does not count as time of the script.
func TestMCPConsentTakesTime(t *testing.T) {
	t.Parallel()
	const limit = 2 * time.Second
	_, env := liveAccounts(t)
	o := &mcp.ClientOptions{ElicitationHandler: func(ctx context.Context, _ *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		<-time.After(limit + limit/4)
		return &mcp.ElicitResult{Action: "accept"}, nil
	}}
	session := overHTTP(t, o, env, "--target", "live", "--allow-writes=default", "--timeout", limit.String())
	if out := script(t, session, map[string]any{"script": twoTags}); !out.OK {
		t.Errorf("%+v", out.Error)
	}
	out := script(t, session, map[string]any{"script": strings.NewReplacer("One", "Three", "Two", "Four").Replace(twoTags) + ", (function() while true do end end)()"})
	if out.Error == nil || out.Error.Type != binding.TypeTimeout || out.DurationMS < 2*float64(limit.Milliseconds()) {
		t.Errorf("%v ms, %+v", out.DurationMS, out.Error)
	}
}

// Each call of a script is reported to a client that asked for progress.
func TestMCPProgress(t *testing.T) {
	for name, connect := range transports {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var got []string
			all := make(chan struct{})
			o := &mcp.ClientOptions{ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, fmt.Sprintf("%v %v %s", req.Params.ProgressToken, req.Params.Progress, req.Params.Message))
				if len(got) == 2 {
					close(all)
				}
			}}
			session := connect(t, o, nil)
			params := &mcp.CallToolParams{Name: "run_lua", Meta: mcp.Meta{"progressToken": "p"}, Arguments: map[string]any{
				"script": "app.integrations.aircall.sales.get_call(12345) pcall(app.integrations.aircall.get_call, 1)",
			}}
			if _, err := session.CallTool(t.Context(), params); err != nil {
				t.Fatal(err)
			}
			<-all
			if want := []string{"p 1 get_call on sales", "p 2 get_call on default: not_found"}; !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// endless calls a function and never ends.
const endless = "app.integrations.aircall.get_call(12345) while true do end"

// running starts an endless script, and returns when it runs.
func running(t *testing.T, connect func(*mcp.ClientOptions) *mcp.ClientSession) (session *mcp.ClientSession, cancel context.CancelFunc, ended <-chan error) {
	t.Helper()
	begun := make(chan struct{})
	session = connect(&mcp.ClientOptions{ProgressNotificationHandler: func(context.Context, *mcp.ProgressNotificationClientRequest) { close(begun) }})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "run_lua", Meta: mcp.Meta{"progressToken": 1}, Arguments: map[string]any{"script": endless}})
		done <- err
	}()
	select {
	case <-begun:
	case err := <-done:
		t.Fatalf("the script ended: %v", err)
	}
	return session, cancel, done
}

// A canceled call ends its script: the only slot is free for the next one.
func TestMCPCancel(t *testing.T) {
	for name, connect := range transports {
		t.Run(name, func(t *testing.T) {
			session, cancel, ended := running(t, func(o *mcp.ClientOptions) *mcp.ClientSession {
				return connect(t, o, nil, "--max-scripts", "1", "--timeout", "10m")
			})
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			if out := script(t, session, map[string]any{"script": "return 1"}); !out.OK {
				t.Errorf("%+v", out.Error)
			}
		})
	}
}

// A client that ends its session ends its script, at once.
func TestMCPDeletedSession(t *testing.T) {
	url, _ := serveMCP(t, nil, "--max-scripts", "1", "--timeout", "10m")
	session, cancel, ended := running(t, func(o *mcp.ClientOptions) *mcp.ClientSession {
		session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, o).Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, MaxRetries: -1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return session
	})
	defer cancel()
	if status := postMCP(t, url, "", func(r *http.Request) {
		r.Method = http.MethodDelete
		r.Header.Set(sessionHeader, session.ID())
	}); status != http.StatusNoContent {
		t.Errorf("status %d", status)
	}
	<-ended
	next := connect(t, nil, nil, &mcp.StreamableClientTransport{Endpoint: url})
	if out := script(t, next, map[string]any{"script": "return 1"}); !out.OK {
		t.Errorf("the slot is not free: %+v", out.Error)
	}
}

// A client over HTTP that is killed leaves no script and, after the session's time, no session.
func TestMCPKilledClient(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	url, stop := serveMCP(t, nil, "--max-scripts", "1", "--max-sessions", "2", "--timeout", "10m", "--session-timeout", "300ms")
	dialer := &cuttableDialer{}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.dial}, CheckRedirect: noRedirect}
	_, cancel, ended := running(t, func(o *mcp.ClientOptions) *mcp.ClientSession {
		session, err := mcp.NewClient(&mcp.Implementation{Name: "killed", Version: "1"}, o).Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: client, MaxRetries: -1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return session
	})
	dialer.cut()
	if err := <-ended; err == nil {
		t.Error("the call succeeded")
	}
	cancel()
	fresh := &http.Client{Transport: &http.Transport{}, CheckRedirect: noRedirect}
	defer fresh.CloseIdleConnections()
	next, err := mcp.NewClient(&mcp.Implementation{Name: "next", Version: "1"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: fresh}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if out := script(t, next, map[string]any{"script": "return 1"}); !out.OK {
		t.Errorf("the slot is not free: %+v", out.Error)
	}
	waitFor(t, "the session of the killed client to end", func() bool {
		resp := postMCP(t, url, initializeMessage, nil)
		return resp == http.StatusOK
	})
	_ = next.Close() // its session may have ended
	stop()
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// waitFor waits until a condition holds, for at most ten seconds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(10 * time.Second); !holds(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited too long for %s", what)
		}
	}
}

// A cuttableDialer cuts its connections, as the end of a process does.
type cuttableDialer struct {
	mu    sync.Mutex
	conns []net.Conn
	isCut bool
}

func (d *cuttableDialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.isCut {
		return nil, errors.New("cut")
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err == nil {
		d.conns = append(d.conns, conn)
	}
	return conn, err
}

func (d *cuttableDialer) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.isCut = true
	for _, c := range d.conns {
		c.Close()
	}
}

// The end of standard input ends the server and its scripts soon; each call gets its reply first.
func TestMCPEndOfInput(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	tool := func(id int, source string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"run_lua","arguments":{"script":%q}}}`+"\n", id, source)
	}
	begin := initializeMessage + "\n" + `{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n"
	for _, c := range []struct {
		name, input string
		replies     []string
	}{
		{"nothing", "", nil},
		{"a call", begin + tool(2, "print(app.integrations.aircall.get_call(12345).call.id)"), []string{`"id":1,`, `"output":"12345\n"`}},
		{"an endless script", begin + tool(2, "print('begun') "+endless), []string{`"id":1,`, `"id":2,`, `"output":"begun\n"`, `"message":"The input ended before the script did."`, "keep standard input open"}},
		{"a script that waits for another", begin + tool(2, endless) + tool(3, endless), []string{`"id":2,`, `"id":3,`, "The input ended before the script began."}},
		{"lines that are no messages", "hello\n\n[]\n{}\n" + strings.Repeat("x", 5<<20) + "\n" + begin + tool(2, "return 5"), []string{`"code":-32700`, `"code":-32600`, "longer than this server accepts", `"values":[5]`}},
		{"no line break at the end", strings.TrimSuffix(begin+tool(2, "return 5"), "\n"), []string{`"values":[5]`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := checkedProcess(t, strings.NewReader(c.input), &stdout, &stderr).run(t.Context(), []string{"mcp", "--timeout", "10m", "--max-scripts", "1"})
			if code != 0 || stderr.Len() > 0 {
				t.Errorf("exit code %d: %s", code, stderr.String())
			}
			for _, want := range c.replies {
				if !strings.Contains(stdout.String(), want) {
					t.Errorf("no %q in\n%s", want, stdout.String())
				}
			}
			for line := range strings.Lines(stdout.String()) {
				if !strings.HasPrefix(line, "{") {
					t.Errorf("standard output has %q, which is no message", line)
				}
			}
		})
	}
}

// A server whose client was killed ends, also while a script runs.
func TestMCPKilledStdioClient(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("aircallkit", "mcp", "--timeout", "10m")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill() // after Wait it does nothing
	fmt.Fprintf(in, "%s\n"+`{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n", initializeMessage)
	fmt.Fprintf(in, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"_meta":{"progressToken":1},"name":"run_lua","arguments":{"script":%q}}}`+"\n", endless)
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "notifications/progress"); {
	}
	in.Close()
	out.Close()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 { // a write to nobody may have killed it
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server still runs")
	}
}

// A signal ends the server with 0, over both transports, also while a script runs.
func TestMCPSignals(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			cmd := exec.Command("aircallkit", "mcp", "--timeout", "10m")
			stderr := &output{}
			cmd.Stderr = stderr
			session, cancel, ended := running(t, func(o *mcp.ClientOptions) *mcp.ClientSession {
				session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, o).Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
				if err != nil {
					t.Fatal(err)
				}
				return session
			})
			defer cancel()
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			<-ended
			if err := session.Close(); err != nil || len(stderr.Bytes()) > 0 { // the error has the exit code
				t.Errorf("%v: %s", err, stderr.Bytes())
			}
		})
	}
	t.Run("HTTP", func(t *testing.T) {
		var stop func()
		_, cancel, ended := running(t, func(o *mcp.ClientOptions) *mcp.ClientSession {
			var url string
			url, stop = serveMCP(t, nil, "--timeout", "10m")
			session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, o).Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, MaxRetries: -1}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return session
		})
		defer cancel()
		stop() // checks the exit code
		<-ended
	})
}

// Fifty sessions at once run scripts, and each sees its own results.
func TestMCPManySessions(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	const sessions = 50
	url, stop := serveMCP(t, nil, "--control")
	defer stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: sessions}, CheckRedirect: noRedirect}
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	for i := range sessions {
		all.Go(func() {
			session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: url, HTTPClient: client}, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer session.Close()
			for round := range 3 {
				result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "run_lua", Arguments: map[string]any{
					"script": fmt.Sprintf("app.integrations.aircall.get_call(12345) print(%d)", 1000*i+round),
				}})
				if err != nil || textOf(result) != fmt.Sprintf("%d\n", 1000*i+round) {
					t.Errorf("session %d: %v, %+v", i, err, result)
				}
			}
			if result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "read_clock"}); err != nil || result.IsError {
				t.Errorf("session %d: %v", i, err)
			}
		})
	}
	all.Wait()
}

// More scripts than slots wait; more sessions than allowed are refused until one ends.
func TestMCPBounds(t *testing.T) {
	url, _ := serveMCP(t, nil, "--max-sessions", "2", "--max-scripts", "1")
	first := connect(t, nil, nil, &mcp.StreamableClientTransport{Endpoint: url})
	second := connect(t, nil, nil, &mcp.StreamableClientTransport{Endpoint: url})
	if status, text := askMCP(t, url, initializeMessage, nil); status != http.StatusServiceUnavailable || !strings.Contains(text, "2 sessions are open, the most") {
		t.Errorf("a third session: %d %s", status, text)
	}
	one, _ := serveMCP(t, nil, "--max-sessions", "1")
	connect(t, nil, nil, &mcp.StreamableClientTransport{Endpoint: one})
	if _, text := askMCP(t, one, initializeMessage, nil); !strings.Contains(text, "1 session is open, the most") {
		t.Errorf("a second session: %s", text)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	waitFor(t, "a free session", func() bool { return postMCP(t, url, initializeMessage, nil) == http.StatusOK })
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if result, err := first.CallTool(t.Context(), &mcp.CallToolParams{Name: "run_lua", Arguments: map[string]any{"script": "app.integrations.aircall.list_users()"}}); err != nil || result.IsError {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
}

const initializeMessage = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`

// postMCP posts a message and returns the status.
func postMCP(t *testing.T, url, message string, change func(*http.Request)) int {
	t.Helper()
	status, _ := askMCP(t, url, message, change)
	return status
}

// askMCP posts a message and returns the status and the text of the reply.
func askMCP(t *testing.T, url, message string, change func(*http.Request)) (int, string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if change != nil {
		change(req)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: noRedirect}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body) // of a server in this process
	return resp.StatusCode, string(text)
}

// Web pages and other hosts' names do not reach the server, and messages are bounded.
func TestMCPGuardsHTTP(t *testing.T) {
	url, _ := serveMCP(t, nil)
	for _, c := range []struct {
		name    string
		message string
		change  func(*http.Request)
		status  int
	}{
		{"a client", initializeMessage, nil, 200},
		{"a page of another site", initializeMessage, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"a page on another port", initializeMessage, func(r *http.Request) { r.Header.Set("Origin", "http://127.0.0.1:3000") }, 403},
		{"a page that says so", initializeMessage, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"another name of the host", initializeMessage, func(r *http.Request) { r.Host = "evil.example" }, 403},
		{"a form", initializeMessage, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
		{"no JSON", "hello", nil, 400},
		{"a long message", `{"a":"` + strings.Repeat("x", 5<<20) + `"}`, nil, 413},
		{"an unknown session", initializeMessage, func(r *http.Request) { r.Header.Set(sessionHeader, "zanzibar") }, 404},
		{"another path", initializeMessage, func(r *http.Request) { r.URL.Path = "/" }, 404},
		{"a GET without a session", "", func(r *http.Request) { r.Method = http.MethodGet }, 400},
		{"a PUT", "", func(r *http.Request) { r.Method = http.MethodPut }, 405},
	} {
		status, text := askMCP(t, url, c.message, c.change)
		if status != c.status || strings.Contains(c.name, "page") && !strings.Contains(text, "web pages cannot use this server") {
			t.Errorf("%s: %d, want %d: %s", c.name, status, c.status, text)
		}
	}
}

// Credentials reach no result, question or log.
func TestMCPSecrets(t *testing.T) {
	const token = "zanzibar-secret-token-42"
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, sent, _ := r.BasicAuth()
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"company":{"name":"Acme %s","users_count":1,"numbers_count":1}}`, sent)
	}))
	defer echo.Close()
	for name, connect := range transports {
		t.Run(name, func(t *testing.T) {
			session := connect(t, nil, []string{"AIRCALL_API_URL=" + echo.URL, "AIRCALL_API_ID=zanzibar-id-42", "AIRCALL_API_TOKEN=" + token}, "--target", "live")
			result := call(t, session, "run_lua", map[string]any{"script": `
local name = app.integrations.aircall.get_company().company.name
print(name)
if #name < 20 then error("short") end
return name, { name }`})
			structured, _ := marshal(result.StructuredContent)
			if all := textOf(result) + string(structured); result.IsError || strings.Contains(all, token) || !strings.Contains(all, "Acme") {
				t.Errorf("%s", all)
			}
			if all, _ := marshal(call(t, session, "list_accounts", nil)); strings.Contains(string(all), token) || strings.Contains(string(all), "zanzibar-id-42") {
				t.Errorf("%s", all)
			}
		})
	}
}

// A mistake on the command line is an error that says what to do.
func TestMCPMistakes(t *testing.T) {
	accounts := filepath.Join(t.TempDir(), "live.yaml")
	if err := os.WriteFile(accounts, []byte("accounts:\n  - name: main\n    api_id: a-live-id\n    api_token: a-live-token\n    purpose: production\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ line, says string }{
		{"--http :8788", "other machines could reach this address"},
		{"--http 0.0.0.0:0", "give an address that only this machine can reach"},
		{"--http example.com:80", "other machines could reach this address"},
		{"--http 127.0.0.1", "the address has no port"},
		{"--http 127.0.0.1:99999", "--http 127.0.0.1:0 picks a free port"},
		{"--control --target live", "Aircall itself cannot be controlled"},
		{"--control-token-file x", "--control-token-file needs --control"},
		{"--allow-writes=default", "scripts may write to a fake"},
		{"--allow-writes=default --read-only", "exclude each other"},
		{"--target live --accounts " + accounts + " --allow-writes=main", "never written to"},
		{"--target live --accounts " + accounts + " --allow-writes=sales", "there is no account \"sales\""},
		{"--account zanzibar", "there is no account \"zanzibar\""},
		{"--max-scripts 0", "give a number from 1"},
		{"--http 127.0.0.1:0 --max-sessions 0", "give a number from 1"},
		{"--http 127.0.0.1:0 --session-timeout 0s", "give a time such as 30m"},
		{"--max-sessions 5", "--max-sessions has no effect without --http"},
		{"--session-timeout 5m", "--session-timeout has no effect without --http"},
		{"--control --control-token-file missing.txt", "--control-token-file has no effect on a fake in this process"},
		{"--control --target http://127.0.0.1:9 --control-token-file missing.txt", "open missing.txt"},
		{"--max-pages 1000", "--max-pages 1000: give at most 200, where Aircall's lists end"},
		{"--max-calls -3", "--max-calls -3: give 0 or more"},
		{"--request-timeout 1m --timeout 20s", "--request-timeout 1m0s is longer than --timeout, 20s"},
		{"--request-timeout 1m", "--request-timeout 1m0s is longer than --timeout, 30s"},
		{"--request-timeout -1s", "--request-timeout -1s: give a time such as 30s"},
		{"extra", "unexpected argument"},
		{"--target live", "no account is configured"},
	} {
		var stdout, stderr bytes.Buffer
		code := checkedProcess(t, strings.NewReader(""), &stdout, &stderr).run(t.Context(), append([]string{"mcp"}, strings.Fields(c.line)...))
		if code != exitUnable || !strings.Contains(stderr.String(), c.says) || stdout.Len() > 0 {
			t.Errorf("mcp %s: exit code %d, %q, %q; want %q", c.line, code, stdout.String(), stderr.String(), c.says)
		}
	}
}

// Anything that a client sends is answered or ends the session; nothing panics.
func TestMCPHostileMessages(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	call := func(params string) string {
		return `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":` + params + "}"
	}
	for name, message := range map[string]string{
		"no parameters":        `{"jsonrpc":"2.0","id":"x","method":"tools/call"}`,
		"null parameters":      call("null"),
		"a list of parameters": call("[]"),
		"deep arguments":       call(`{"name":"simulate_call","arguments":` + deep + `}`),
		"null arguments":       call(`{"name":"run_lua","arguments":null}`),
		"a list of arguments":  call(`{"name":"act_in_call","arguments":[1]}`),
		"an unknown tool":      call(`{"name":"zanzibar"}`),
		"a strange state":      call(`{"name":"run_lua","arguments":{"script":"x"},"requestState":"zanzibar","inputResponses":{"consent":{"action":"accept"}}}`),
		"a strange token":      call(`{"name":"run_lua","arguments":{"script":"return 1"},"_meta":{"progressToken":{"a":1}}}`),
		"a path in an id":      call(`{"name":"remove_fault","arguments":{"id":"../../v1/calls?x#y"}}`),
		"dots in a name":       call(`{"name":"delete_snapshot","arguments":{"name":".."}}`),
		"an unknown method":    `{"jsonrpc":"2.0","id":"x","method":"zanzibar"}`,
		"a reply to nothing":   `{"jsonrpc":"2.0","id":"y","result":{}}` + "\n" + call(`{"name":"list_accounts"}`),
		"a long prompt":        `{"jsonrpc":"2.0","id":"x","method":"prompts/get","params":{"name":"aircall_in_lua","arguments":{"task":"` + strings.Repeat("x", 1<<20) + `"}}}`,
		"invalid UTF-8":        call(`{"name":"run_lua","arguments":{"script":"return '` + "\xff\xfe" + `'"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			input := initializeMessage + "\n" + `{"jsonrpc":"2.0","method":"notifications/initialized"}` + "\n" + message + "\n"
			code := checkedProcess(t, strings.NewReader(input), &stdout, &stderr).run(t.Context(), []string{"mcp", "--control"})
			if code != 0 || !strings.Contains(stdout.String(), `"id":"x"`) {
				t.Errorf("exit code %d: %s\n%.2000s", code, stderr.String(), stdout.String())
			}
		})
	}
}
