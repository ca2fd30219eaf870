package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/aircallkit/aircallkit/binding"
)

const (
	// slotTime is how long a script waits until another one has ended. After that time one that waits for the person's
	// answer must make room: the client may have given up.
	slotTime = 10 * time.Second

	// consentTime is how long a script waits for the person's answer.
	consentTime = 5 * time.Minute
)

// A scriptRunner runs the scripts of all sessions.
type scriptRunner struct {
	m        *agentServer
	runner   *binding.Runner
	timeout  time.Duration // of a script; 0 or less: none
	slots    chan struct{}
	requests sync.Map // the contexts of HTTP requests in progress, by the value of requestHeader

	base context.Context // of all scripts
	stop context.CancelFunc
	all  sync.WaitGroup

	mu      sync.Mutex
	running map[*scriptRun]struct{}
	waiting map[string]*scriptRun // for an answer, by the state of the call that brings it
}

// newScriptRunner returns a scriptRunner whose scripts end with ctx. It keeps the time of scripts itself, since the time
// that a person takes for an answer does not count.
func newScriptRunner(ctx context.Context, m *agentServer) (*scriptRunner, error) {
	s := &scriptRunner{m: m, timeout: m.o.limits.Timeout, slots: make(chan struct{}, m.o.maxScripts), running: map[*scriptRun]struct{}{}, waiting: map[string]*scriptRun{}}
	s.base, s.stop = context.WithCancel(ctx)
	limits := m.o.limits
	if s.timeout == 0 {
		s.timeout = defaultTimeout
	}
	if limits.RequestTimeout == 0 && s.timeout > 0 {
		limits.RequestTimeout = min(30*time.Second, s.timeout)
	}
	limits.Timeout = -1
	var err error
	s.runner, err = binding.New(binding.Config{
		Accounts: m.target.accounts, DefaultAccount: m.defaultAccount(), Limits: limits, RawAPI: m.o.rawAPI,
		ReadOnly: m.o.readOnly, DryRun: m.o.dryRun, Permission: s.permission, Ask: s.ask, OnCall: s.progress,
	})
	return s, err
}

// A scriptRun is one script. Each call of run_lua that waits for it is one of its calls: protocols from 2026 on have no requests
// from server to client, so that a call ends with a question, and the client calls again with the answer.
type scriptRun struct {
	call   atomic.Pointer[mcp.CallToolRequest] // the newest
	dryRun bool
	clock  *scriptClock
	cancel context.CancelFunc
	count  atomic.Int64 // of calls of functions

	questions chan *mcp.ElicitParams // for the newest call to end with
	answers   chan *mcp.ElicitResult // nil: the client failed to ask
	asked     time.Time              // when the newest call ended with a question

	answered, allowed bool // the person's answer; only the script's goroutine uses it

	done   chan struct{} // closed when result and err are set
	result *binding.Result
	err    error
}

type scriptRunKey struct{}

func runOf(ctx context.Context) *scriptRun {
	return ctx.Value(scriptRunKey{}).(*scriptRun) // every script of a scriptRunner has one
}

// endSession ends the scripts of an HTTP session.
func (s *scriptRunner) endSession(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for run := range s.running {
		if run.call.Load().Session.ID() == id {
			run.cancel()
		}
	}
}

// attach makes a run end with a call: with its context, and with the HTTP request that it came with. The returned function
// detaches it.
func (s *scriptRunner) attach(ctx context.Context, run *scriptRun, req *mcp.CallToolRequest) (detach func()) {
	run.call.Store(req)
	stops := []func() bool{context.AfterFunc(ctx, run.cancel)}
	if extra := req.GetExtra(); extra != nil && extra.Header.Get(requestHeader) != "" {
		if of, ok := s.requests.Load(extra.Header.Get(requestHeader)); ok {
			stops = append(stops, context.AfterFunc(of.(context.Context), run.cancel))
		} else {
			run.cancel() // the client is already gone
		}
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// start starts a script in a new goroutine. It ends with the server, or with a call that it is attached to.
func (s *scriptRunner) start(ctx context.Context, req *mcp.CallToolRequest, in scriptInput) *scriptRun {
	run := &scriptRun{
		dryRun: in.DryRun || s.m.o.dryRun, result: &binding.Result{}, done: make(chan struct{}),
		questions: make(chan *mcp.ElicitParams), answers: make(chan *mcp.ElicitResult),
	}
	run.call.Store(req)
	ctx, run.cancel = context.WithCancel(context.WithValue(context.WithoutCancel(ctx), scriptRunKey{}, run))
	stop := context.AfterFunc(s.base, run.cancel)
	s.mu.Lock()
	s.running[run] = struct{}{}
	s.mu.Unlock()
	s.all.Go(func() {
		defer close(run.done)
		defer func() {
			run.cancel()
			stop()
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(s.running, run)
			maps.DeleteFunc(s.waiting, func(_ string, r *scriptRun) bool { return r == run })
		}()
		if s.takeSlot(ctx, run) {
			defer func() { <-s.slots }()
			s.perform(ctx, run, in)
		}
	})
	return run
}

// wait waits until all scripts have ended.
func (s *scriptRunner) wait() {
	s.stop()
	s.all.Wait()
}

// takeSlot waits for a free slot, and reports whether the script got one.
func (s *scriptRunner) takeSlot(ctx context.Context, run *scriptRun) bool {
	late := time.NewTimer(slotTime)
	defer late.Stop()
	for {
		select {
		case s.slots <- struct{}{}:
			return true
		case <-ctx.Done():
			e := &binding.ScriptError{Type: binding.TypeCanceled, Message: "The script was canceled before it began."}
			if s.m.input.Err() != nil {
				e.Message, e.Hint = "The input ended before the script began.", inputHint
			}
			run.err = e
			return false
		case <-late.C:
			if s.endQuestion() {
				late.Reset(slotTime)
				continue
			}
			run.err = &binding.ScriptError{
				Type: "busy", Message: fmt.Sprintf("%d scripts are running, the most that this server runs at once.", cap(s.slots)),
				Hint: "try again when one has ended", Retryable: true,
			}
			return false
		}
	}
}

// endQuestion ends the script that has waited longest for a call with the answer, and reports whether there was one.
func (s *scriptRunner) endQuestion() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest *scriptRun
	for _, run := range s.waiting {
		if oldest == nil || run.asked.Before(oldest.asked) {
			oldest = run
		}
	}
	if oldest != nil {
		oldest.cancel()
	}
	return oldest != nil
}

// perform runs the script.
func (s *scriptRunner) perform(ctx context.Context, run *scriptRun, in scriptInput) {
	limit := s.timeout
	if asked := time.Duration(in.TimeoutSeconds * float64(time.Second)); asked > 0 && (limit <= 0 || asked < limit) {
		limit = asked
	}
	run.clock = newScriptClock(ctx, limit)
	defer run.clock.end()
	run.result, run.err = s.runner.Run(run.clock, "", in.Script, binding.RunOptions{Account: cmp.Or(in.Account, s.m.o.account), ReadOnly: in.ReadOnly, DryRun: in.DryRun})
	if failed, ok := errors.AsType[*binding.ScriptError](run.err); ok {
		s.explain(failed, in, limit)
	}
}

// follow waits until a script ends or asks a question. A question is returned as a result, with a state for the call that
// answers it.
func (s *scriptRunner) follow(ctx context.Context, run *scriptRun, req *mcp.CallToolRequest) (question *mcp.CallToolResult) {
	defer s.attach(ctx, run, req)()
	select {
	case <-run.done:
		return nil
	case params := <-run.questions:
		state := rand.Text()
		s.mu.Lock()
		_, runs := s.running[run]
		if runs { // the time for an answer may be over
			s.waiting[state], run.asked = run, time.Now()
		}
		s.mu.Unlock()
		if !runs {
			<-run.done
			return nil
		}
		return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{consentKey: params}, RequestState: state}
	}
}

// consentKey is the name of the question in a result.
const consentKey = "consent"

// answer gives the answer in a call to the script that asked. It returns nil if there is none.
func (s *scriptRunner) answer(ctx context.Context, req *mcp.CallToolRequest) *scriptRun {
	s.mu.Lock()
	run := s.waiting[req.Params.RequestState]
	if run != nil && run.call.Load().Session != req.Session {
		run = nil
	}
	if run != nil {
		delete(s.waiting, req.Params.RequestState)
	}
	s.mu.Unlock()
	if run == nil {
		return nil
	}
	given, _ := req.Params.InputResponses[consentKey].(*mcp.ElicitResult)
	select {
	case run.answers <- given:
	case <-run.done:
	case <-ctx.Done():
		run.cancel()
	}
	return run
}

// inputHint is for calls that the end of standard input has stopped.
const inputHint = "keep standard input open until the reply comes"

// explain says in an error what only this server knows.
func (s *scriptRunner) explain(e *binding.ScriptError, in scriptInput, limit time.Duration) {
	switch {
	case e.Type == binding.TypeTimeout && e.Message == "The script ran past its deadline.":
		e.Message = fmt.Sprintf("The script ran longer than %v.", limit)
	case e.Type == binding.TypeCanceled && s.m.input.Err() != nil:
		e.Message, e.Hint = "The input ended before the script did.", inputHint
	case e.Type != binding.TypePermissionDenied || e.Hint != "":
	case in.ReadOnly:
		e.Hint = "run it without read_only"
	case s.m.o.readOnly:
		e.Hint = "this server was started with --read-only"
	}
}

// permission decides on a call before it is sent.
func (s *scriptRunner) permission(ctx context.Context, a binding.Access) binding.Decision {
	run := runOf(ctx)
	switch {
	case a.Effect == binding.EffectRead || run.dryRun || !s.m.target.remote:
		return binding.Allow
	case s.m.mayWrite(a.Account) && !canAsk(run.call.Load()):
		return binding.Allow // --allow-writes is the consent
	}
	return binding.Ask
}

// canAsk reports whether the client can show the person a question.
func canAsk(req *mcp.CallToolRequest) bool {
	c := req.ClientCapabilities()
	return c != nil && c.Elicitation != nil && (c.Elicitation.Form != nil || c.Elicitation.URL == nil)
}

// ask asks the person before the first write of a script. The answer holds for the rest of the script. Where scripts may only
// read it says so, and asks nobody.
func (s *scriptRunner) ask(ctx context.Context, a binding.Access) (bool, error) {
	run := runOf(ctx)
	switch {
	case slices.Contains(s.m.target.inProduction, cmp.Or(a.Account, s.m.defaultAccount())):
		return false, &binding.ScriptError{
			Type:    binding.TypePermissionDenied,
			Message: fmt.Sprintf("app.%s is not permitted: the account %s is for production, which is never written to. No request was made.", a.Path, a.Account),
			Hint:    "use an account of a sandbox; with dry_run the script shows what it would send",
		}
	case !s.m.mayWrite(a.Account):
		return false, &binding.ScriptError{
			Type:    binding.TypePermissionDenied,
			Message: fmt.Sprintf("app.%s is not permitted: scripts can only read from the account %s. No request was made.", a.Path, a.Account),
			Hint:    fmt.Sprintf("only the person who runs this server can allow it: aircallkit mcp --allow-writes=%s; with dry_run the script shows what it would send", a.Account),
		}
	}
	if run.answered {
		return run.allowed, nil
	}
	resume := run.clock.pause()
	defer resume()
	ctx, cancel := context.WithTimeout(ctx, consentTime)
	defer cancel()
	answer, err := run.elicit(ctx, &mcp.ElicitParams{
		Message:         s.m.p.secrets.Text(question(a)),
		RequestedSchema: map[string]any{"type": "object", "properties": map[string]any{}},
	})
	run.answered = true
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return false, fmt.Errorf("nobody answered within %v", consentTime)
	case err != nil || answer == nil:
		return false, errors.New("the client failed to ask") // its text is not ours
	}
	run.allowed = answer.Action == "accept"
	return run.allowed, nil
}

// elicit asks the person, in the way of the client's protocol.
func (r *scriptRun) elicit(ctx context.Context, params *mcp.ElicitParams) (answer *mcp.ElicitResult, err error) {
	call := r.call.Load()
	if call.ProtocolVersion() < "2026" {
		return call.Session.Elicit(ctx, params)
	}
	select {
	case r.questions <- params:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case answer = <-r.answers:
		return answer, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

const (
	shownArguments = 12
	shownValue     = 120
)

// hiddenArgument matches the names of arguments whose values may be credentials.
var hiddenArgument = regexp.MustCompile(`(?i)token|secret|password|credential|authorization|api_?key`)

// question is what the person reads before a script writes.
func question(a binding.Access) string {
	var b strings.Builder
	fmt.Fprintf(&b, "A script wants to write to the account %s at Aircall: %s(", cmp.Or(a.Account, "default"), a.Function)
	for i, name := range slices.Sorted(maps.Keys(a.Arguments)) {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == shownArguments {
			fmt.Fprintf(&b, "and %d more", len(a.Arguments)-i)
			break
		}
		value := "(hidden)"
		if data, err := marshal(a.Arguments[name]); err == nil && !hiddenArgument.MatchString(name) {
			if value = string(data); len(value) > shownValue {
				value = strings.ToValidUTF8(value[:shownValue], "") + "…"
			}
		}
		b.WriteString(printable(name) + " = " + printable(value))
	}
	b.WriteString("). Accept to allow this and all further writes of this script.")
	return b.String()
}

// progress tells the client about a call of a script, if it asked for that.
func (s *scriptRunner) progress(ctx context.Context, c binding.CallRecord) {
	run := runOf(ctx)
	n, call := run.count.Add(1), run.call.Load()
	token := call.Params.GetProgressToken()
	if token == nil {
		return
	}
	text := c.Function
	if c.Account != "" {
		text += " on " + c.Account
	}
	if c.ErrorType != "" {
		text += ": " + c.ErrorType
	}
	// A client that disconnects ends the script by itself.
	_ = call.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: token, Progress: float64(n), Message: text})
}

// A scriptInput has the arguments of run_lua.
type scriptInput struct {
	Script         string  `json:"script"`
	Account        string  `json:"account"`
	ReadOnly       bool    `json:"read_only"`
	DryRun         bool    `json:"dry_run"`
	TimeoutSeconds float64 `json:"timeout_seconds"`
}

// A scriptResult is the structured content of run_lua.
type scriptResult struct {
	OK         bool           `json:"ok" jsonschema:"whether the script ended without an error"`
	Output     string         `json:"output" jsonschema:"what the script printed"`
	Values     []any          `json:"values" jsonschema:"what the script returned"`
	Calls      []scriptCall   `json:"calls" jsonschema:"the calls of app.integrations, in order"`
	DurationMS float64        `json:"duration_ms" jsonschema:"how long the script ran, in milliseconds"`
	Error      *scriptFailure `json:"error,omitempty" jsonschema:"why the script failed"`
}

type scriptCall struct {
	Function     string  `json:"function" jsonschema:"the function, such as get_call"`
	Path         string  `json:"path" jsonschema:"the function as the script wrote it"`
	Account      string  `json:"account,omitempty" jsonschema:"the account that was called"`
	Effect       string  `json:"effect" jsonschema:"read or write"`
	EffectStatus string  `json:"effect_status" jsonschema:"whether it changed something: none, succeeded, partial or unknown"`
	Requests     int     `json:"requests" jsonschema:"the HTTP requests that it sent"`
	DurationMS   float64 `json:"duration_ms" jsonschema:"how long it took, in milliseconds"`
	ErrorType    string  `json:"error_type,omitempty" jsonschema:"the type of its error"`
	Status       int     `json:"status,omitempty" jsonschema:"the HTTP status of its failure"`
	DryRun       bool    `json:"dry_run,omitempty" jsonschema:"whether it sent nothing and returned the request"`
}

type scriptFailure struct {
	Type         string         `json:"type" jsonschema:"such as syntax_error, not_found or permission_denied"`
	Message      string         `json:"message" jsonschema:"what happened"`
	Line         int            `json:"line,omitempty" jsonschema:"the line of the script"`
	Hint         string         `json:"hint,omitempty" jsonschema:"what to do"`
	Function     string         `json:"function,omitempty" jsonschema:"the function that failed"`
	Account      string         `json:"account,omitempty" jsonschema:"the account that was called"`
	Status       int            `json:"status,omitempty" jsonschema:"the HTTP status of the reply"`
	Retryable    bool           `json:"retryable" jsonschema:"whether the same call may be made again"`
	RetryAfter   float64        `json:"retry_after,omitempty" jsonschema:"how many seconds to wait before the next request"`
	EffectStatus string         `json:"effect_status,omitempty" jsonschema:"whether the failed call changed something: none, partial or unknown"`
	Details      map[string]any `json:"details,omitempty" jsonschema:"such as missing, invalid, unknown and suggestions of arguments"`
}

func (m *agentServer) addScriptTool() {
	limits := m.o.limits
	account := map[string]any{"type": "string", "description": "The account that app.integrations.aircall and its .default use. app.integrations.aircall.NAME is the account NAME in any case."}
	if all := names(m.target.accounts); len(all) > 0 {
		account["enum"] = all
	}
	timeout := map[string]any{"type": "number", "exclusiveMinimum": 0, "description": "Stop the script after this many seconds. The time that the person takes to approve a write does not count."}
	if m.scripts.timeout > 0 {
		timeout["maximum"] = m.scripts.timeout.Seconds()
	}
	readOnly := m.o.readOnly || m.o.dryRun || m.target.remote && len(m.o.allowWrites) == 0
	addTool(m, &mcp.Tool{
		Name: "run_lua", Title: "Run a Lua script", Annotations: m.annotations("Run a Lua script", readOnly, !readOnly),
		Description: "Run a Lua 5.1 script that can call app.integrations.aircall.*, against " + m.where() + ". " + m.writeRules() + " " +
			"Call functions with one table of named arguments: app.integrations.aircall.list_calls({ direction = \"inbound\", per_page = 5 }). " +
			"print shows tables; the result has the output, the returned values, the calls made and, after a failure, the error with its line and a hint. " +
			"Each script starts anew, without files, modules or network. Read a function's page with read_reference before you call it.",
		InputSchema: toolSchema(map[string]any{
			"script":          map[string]any{"type": "string", "minLength": 1, "maxLength": cmp.Or(limits.Source, 256<<10), "description": "The source of the script."},
			"account":         account,
			"read_only":       map[string]any{"type": "boolean", "description": "Refuse calls of functions that write."},
			"dry_run":         map[string]any{"type": "boolean", "description": "Functions that write send nothing and return the request that they would send."},
			"timeout_seconds": timeout,
		}, "script"),
	}, m.runScript)
}

// toolSchema returns the JSON Schema of an object with these properties and no others.
func toolSchema(properties map[string]any, required ...string) map[string]any {
	return map[string]any{"type": "object", "properties": properties, "required": append([]string{}, required...), "additionalProperties": false}
}

// runScript is the tool run_lua. An error of the script is a result.
func (m *agentServer) runScript(ctx context.Context, req *mcp.CallToolRequest, in scriptInput) (*mcp.CallToolResult, scriptResult, error) {
	var run *scriptRun
	if req.Params.RequestState == "" {
		run = m.scripts.start(ctx, req, in)
	} else if run = m.scripts.answer(ctx, req); run == nil {
		return nil, scriptResult{}, errors.New("the script that asked has ended; run it again")
	}
	if question := m.scripts.follow(ctx, run, req); question != nil {
		return question, scriptResult{}, nil
	}
	result, err := run.result, run.err
	out := scriptResult{OK: err == nil, Output: result.Output, Values: append([]any{}, result.Values...), Calls: []scriptCall{}, DurationMS: milliseconds(result.Duration)}
	for _, c := range result.Calls {
		out.Calls = append(out.Calls, scriptCall{
			Function: c.Function, Path: "app." + c.Path, Account: c.Account, Effect: string(c.Effect), EffectStatus: string(c.EffectStatus),
			Requests: c.Requests, DurationMS: milliseconds(c.Duration), ErrorType: c.ErrorType, Status: c.Status, DryRun: c.DryRun,
		})
	}
	if failed, ok := errors.AsType[*binding.ScriptError](err); ok {
		out.Error = failureOfScript(failed)
	} else if err != nil {
		return nil, out, err
	}
	return &mcp.CallToolResult{IsError: err != nil, Content: []mcp.Content{&mcp.TextContent{Text: out.text()}}}, out, nil
}

func failureOfScript(e *binding.ScriptError) *scriptFailure {
	f := &scriptFailure{
		Type: e.Type, Message: e.Message, Hint: e.Hint, Account: e.Account, Status: e.Status, Retryable: e.Retryable,
		RetryAfter: e.RetryAfter.Seconds(), EffectStatus: string(e.EffectStatus), Details: e.Details,
	}
	if e.Path != "" {
		f.Function = "app." + e.Path
	}
	_, line, _ := strings.Cut(e.Where, ":")
	f.Line, _ = strconv.Atoi(line) // 0 without a position
	return f
}

// text returns the result for readers: the output, the returned values, and the error.
func (r scriptResult) text() string {
	var b strings.Builder
	b.WriteString(r.Output)
	if r.Output != "" && !strings.HasSuffix(r.Output, "\n") {
		b.WriteByte('\n')
	}
	for _, v := range r.Values {
		text, isText := v.(string)
		if data, err := marshal(v); err == nil && !isText {
			text = string(data)
		}
		b.WriteString("returned: " + text + "\n")
	}
	if e := r.Error; e != nil {
		b.WriteString("error")
		if e.Line > 0 {
			fmt.Fprintf(&b, " in line %d", e.Line)
		}
		fmt.Fprintf(&b, ": %s (%s)\n", e.Message, e.Type)
		for _, detail := range []struct{ name, text string }{
			{"function", e.Function}, {"account", e.Account}, {"status", strings.TrimSpace(strconv.Itoa(e.Status) + " " + http.StatusText(e.Status))},
			{"effect", strings.TrimPrefix(e.EffectStatus, string(binding.EffectStatusNone))}, {"hint", e.Hint},
		} {
			if detail.text != "" && detail.text != "0" {
				b.WriteString(detail.name + ": " + detail.text + "\n")
			}
		}
	}
	if b.Len() == 0 {
		return "The script printed and returned nothing.\n"
	}
	return b.String()
}

// rawJSON is JSON that is written as it is.
type rawJSON = json.RawMessage

// marshal returns JSON without escapes for <, > and &.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
