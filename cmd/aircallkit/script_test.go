package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

// TestMain makes the test binary run aircallkit when a script calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"aircallkit": checkedMain, "visited": visitedMain})
}

// visitedMain is main for serve, with a few requests to the fake, after which it is interrupted. With TTY it prints to the
// terminal.
func visitedMain() {
	ctx, interrupt := context.WithCancel(context.Background())
	var fake http.Handler
	visit := func() {
		send := func(user, method, path, body string) {
			req := httptest.NewRequest(method, path, strings.NewReader(body))
			id, token, _ := strings.Cut(user, ":")
			req.SetBasicAuth(id, token)
			fake.ServeHTTP(httptest.NewRecorder(), req)
		}
		const user = "fake-default-id:fake-default-token"
		send(user, "GET", "/v1/ping", "")
		send(user, "GET", "/v1/ping?hue=1", "")
		send(user, "GET", "/v1/contact", "")
		send("nobody:nothing", "GET", "/v1/ping", "")
		send("", "GET", "/favicon.ico", "")
		send(user, "POST", "/v1/webhooks", `{"url":"http://127.0.0.1:1/hook","events":["contact.created"]}`)
		send(user, "POST", "/v1/contacts", `{"first_name":"Ann","phone_numbers":[{"label":"Work","value":"+4520000001"}]}`)
		interrupt() // the delivery has two seconds
	}
	wrap := func(h http.Handler) http.Handler {
		fake = h
		return h
	}
	out, errs := os.Stdout, os.Stderr
	if os.Getenv("TTY") != "" { // that of ttyin
		var err error
		if out, err = os.OpenFile("/dev/tty", os.O_WRONLY, 0); err != nil {
			panic(err)
		}
		errs = out
	}
	p := &process{env: os.Environ(), stdin: os.Stdin, stdout: &firstWrite{Writer: out, do: visit}, stderr: errs, wrap: wrap}
	os.Exit(p.run(ctx, os.Args[1:]))
}

// firstWrite runs do before the first write, which is the line that says that the fake listens.
type firstWrite struct {
	io.Writer
	once sync.Once
	do   func()
}

func (w *firstWrite) Write(data []byte) (int, error) {
	w.once.Do(w.do)
	return w.Writer.Write(data)
}

// Unwrap returns the terminal.
func (w *firstWrite) Unwrap() io.Writer { return w.Writer }

// TestScripts runs testdata/script, which shows the behavior of the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":     startServe,
			"proxy":     startProxy,
			"start":     start,
			"receive":   receive,
			"interrupt": interrupt,
			"says":      says,
			"get":       get,
			"post":      post,
			"exits":     exits,
			"foreign":   foreign,
		},
		Setup: func(e *testscript.Env) error {
			e.Values[serversKey{}] = map[string]*server{}
			run := filepath.Join(e.WorkDir, "run")
			e.Setenv("XDG_RUNTIME_DIR", run)
			e.Defer(func() { // a fake in the background that the script did not stop
				b := background{filepath.Join(run, "aircallkit")}
				if fake, _ := b.running(); fake != nil {
					t.Errorf("a fake still runs in the background: %v", b.stop(context.Background(), fake))
				}
			})
			return nil
		},
	})
}

// exits CODE PROGRAM [argument...] runs a program that must end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [argument...]")
	}
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); err == nil || !errors.As(err, &ended) || strconv.Itoa(ended.ExitCode()) != args[0] {
		ts.Fatalf("want exit code %s, got %v", args[0], err)
	}
}

// server is an aircallkit serve that a script has started.
type server struct {
	cmd            *exec.Cmd
	stdout, stderr output
	drained        chan struct{}
}

// output collects the output of a server. Readers can wait for more.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed by the next write
}

func (s *output) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.more != nil {
		close(s.more)
		s.more = nil
	}
	return s.text.Write(b)
}

// Bytes returns the output so far.
func (s *output) Bytes() []byte {
	text, _ := s.soFar()
	return text
}

func (s *output) soFar() (text []byte, more <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.more == nil {
		s.more = make(chan struct{})
	}
	return bytes.Clone(s.text.Bytes()), s.more
}

// serversKey is the key of a script's servers, by the variable that holds the address.
type serversKey struct{}

func servers(ts *testscript.TestScript) map[string]*server {
	return ts.Value(serversKey{}).(map[string]*server)
}

// start starts the command of a server. It ends with the script at the latest.
func (s *server) start(ts *testscript.TestScript, name string) {
	ts.Check(s.cmd.Start())
	servers(ts)[name] = s
	ts.Defer(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill()
			s.cmd.Wait()
		}
	})
}

// serve VAR [flag...] starts aircallkit serve on a free port, reads the address from the first line, as programs do, and
// sets VAR to it and VAR_ADDR to its host and port.
func startServe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: serve VAR [flag...]")
	}
	var env []string
	serveCommand(&process{}).Flags().VisitAll(func(f *pflag.Flag) { // the script's variables for flags
		if value := ts.Getenv(variable(f.Name)); value != "" {
			env = append(env, variable(f.Name)+"="+value)
		}
	})
	listen(ts, args[0], append([]string{"serve", "--addr", "127.0.0.1:0"}, args[1:]...), env, regexp.MustCompile("^aircallkit: fake Aircall on (.*)\n$"))
}

// proxy VAR [flag...] is like serve for aircallkit proxy.
func startProxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: proxy VAR [flag...]")
	}
	var env []string
	if file := ts.Getenv("SSL_CERT_FILE"); file != "" {
		env = append(env, "SSL_CERT_FILE="+file)
	}
	listen(ts, args[0], append([]string{"proxy", "--addr", "127.0.0.1:0"}, args[1:]...), env, regexp.MustCompile("^aircallkit: proxy on (http://[^;]*); set it as the base URL of your program in place of .*\n$"))
}

// listen starts a command that prints its address in the first line.
func listen(ts *testscript.TestScript, name string, args, env []string, firstLine *regexp.Regexp) {
	exe, err := exec.LookPath("aircallkit")
	ts.Check(err)
	s := &server{cmd: exec.Command(exe, args...), drained: make(chan struct{})}
	s.cmd.Dir, s.cmd.Env = ts.MkAbs("."), append(os.Environ(), env...)
	s.cmd.Stderr = &s.stderr
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	s.start(ts, name)
	lines := bufio.NewReader(io.TeeReader(out, &s.stdout))
	first, err := lines.ReadString('\n')
	go func() {
		defer close(s.drained)
		io.Copy(io.Discard, lines)
	}()
	found := firstLine.FindStringSubmatch(first)
	if err != nil || found == nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		ts.Fatalf("%s: the first line is %q (%v)\n%s", args[0], first, err, s.stderr.Bytes())
	}
	ts.Setenv(name, found[1])
	ts.Setenv(name+"_ADDR", strings.TrimPrefix(found[1], "http://"))
}

// start VAR COMMAND [argument...] starts another command that runs until it is interrupted.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start VAR COMMAND [argument...]")
	}
	exe, err := exec.LookPath("aircallkit")
	ts.Check(err)
	s := &server{cmd: exec.Command(exe, args[1:]...), drained: make(chan struct{})}
	s.cmd.Stdout, s.cmd.Stderr = &s.stdout, &s.stderr
	close(s.drained)
	s.start(ts, args[0])
}

// receive VAR starts a receiver of webhooks, which is this program of a few lines. VAR has its address, and says reads the
// names of the events that it received.
func receive(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: receive VAR")
	}
	s := new(server)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var e struct{ Event string }
		if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&e); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
		fmt.Fprintln(&s.stdout, e.Event)
	}))
	ts.Defer(hook.Close)
	ts.Setenv(args[0], hook.URL)
	servers(ts)[args[0]] = s
}

// interrupt VAR [TERM] stops a server with SIGINT or SIGTERM, checks that the exit code is 0, and writes its output to the
// files VAR.stdout and VAR.stderr.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 2 || servers(ts)[args[0]] == nil {
		ts.Fatalf("usage: interrupt VAR [TERM]")
	}
	s, sig := servers(ts)[args[0]], os.Interrupt
	if len(args) == 2 {
		sig = syscall.SIGTERM
	}
	ts.Check(s.cmd.Process.Signal(sig))
	<-s.drained
	if err := s.cmd.Wait(); err != nil {
		ts.Fatalf("interrupt: %v\n%s", err, s.stderr.Bytes())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".stdout"), s.stdout.Bytes(), 0o666))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".stderr"), s.stderr.Bytes(), 0o666))
}

// says VAR stdout|stderr REGEXP waits until a server prints a matching line.
func says(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || servers(ts)[args[0]] == nil {
		ts.Fatalf("usage: says VAR stdout|stderr REGEXP")
	}
	out := &servers(ts)[args[0]].stdout
	if args[1] == "stderr" {
		out = &servers(ts)[args[0]].stderr
	}
	line, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	for late := time.After(20 * time.Second); ; {
		text, more := out.soFar()
		if line.Match(text) {
			return
		}
		select {
		case <-more:
		case <-late:
			ts.Fatalf("says: no line %s in\n%s", args[2], text)
		}
	}
}

// get USER:PASSWORD URL FILE writes the body of a reply to a file. The status must be 200, or with ! any other.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: get USER:PASSWORD URL FILE")
	}
	req, err := http.NewRequest(http.MethodGet, args[1], nil)
	ts.Check(err)
	id, token, _ := strings.Cut(args[0], ":")
	req.SetBasicAuth(id, token)
	ask(ts, neg, req, args[2])
}

// post [USER:PASSWORD@]URL FORM FILE sends a form, and is like get otherwise.
func post(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: post URL FORM FILE")
	}
	user, url, ok := strings.Cut(args[0], "@")
	if !ok {
		user, url = "", args[0]
	}
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(args[1]))
	ts.Check(err)
	if id, token, ok := strings.Cut(user, ":"); ok {
		req.SetBasicAuth(id, token)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ask(ts, neg, req, args[2])
}

func ask(ts *testscript.TestScript, neg bool, req *http.Request, file string) {
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if ok := res.StatusCode == http.StatusOK; ok == neg {
		ts.Fatalf("%s %s: %s\n%s", req.Method, req.URL, res.Status, body)
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), body, 0o666))
}

// foreign VAR starts a server that is not Aircall. It answers the ping, and anything else with a page; below /down and
// /nothing with an error; below /echo with a 403 that repeats the credentials; below /named/FORM with a company whose name is the
// token in another form; below /closed it closes the connection, and below /pinged after a ping; below /slow it answers not until the script ends.
func foreign(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: foreign VAR")
	}
	end := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/ping", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"ping":"pong"}`) })
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<title>It works</title>") })
	mux.HandleFunc("/down/", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "down", http.StatusServiceUnavailable) })
	mux.HandleFunc("/nothing/", http.NotFound)
	mux.HandleFunc("/portal/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "<title>Zanzibar's portal</title>")
	})
	mux.HandleFunc("/elsewhere/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://zanzibar.example/?for=Zanzibar", http.StatusFound)
	})
	mux.HandleFunc("/broken/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"ping":"po`) })
	mux.HandleFunc("/noise/", func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			io.WriteString(conn, "Zanzibar says hello\r\n")
			conn.Close()
		}
	})
	mux.HandleFunc("/echo/", func(w http.ResponseWriter, r *http.Request) {
		id, token, _ := r.BasicAuth()
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"message":"no %s, %s %s"}`, r.Header.Get("Authorization"), id, token)
	})
	mux.HandleFunc("/named/{form}/v1/{path...}", func(w http.ResponseWriter, r *http.Request) {
		_, token, _ := r.BasicAuth()
		form := map[string]string{
			"plain": token, "hex": hex.EncodeToString([]byte(token)), "base64": base64.RawURLEncoding.EncodeToString([]byte("id:" + token)),
			"spaces": strings.Join(strings.Split(token, ""), " "), "query": strings.ReplaceAll(token, "-", "%2D"), "HTML": strings.ReplaceAll(token, "-", "&#45;"),
		}[r.PathValue("form")]
		w.Header().Set("X-Token", form)
		if r.PathValue("path") == "ping" {
			io.WriteString(w, `{"ping":"pong"}`)
			return
		}
		fmt.Fprintf(w, `{"company":{"name":"Acme %s","users_count":1,"numbers_count":1}}`, form)
	})
	mux.HandleFunc("/pinged/v1/ping", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"ping":"pong"}`) })
	mux.HandleFunc("/pinged/", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/closed/", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/slow/", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-end:
		case <-r.Context().Done():
		}
	})
	srv := httptest.NewServer(mux)
	ts.Defer(func() {
		close(end)
		srv.Close()
	})
	ts.Setenv(args[0], srv.URL)
}
