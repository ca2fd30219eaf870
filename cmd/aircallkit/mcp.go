package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
)

type mcpOptions struct {
	target, accounts, account, http string
	limits                          binding.Limits
	checkLimits                     func() error
	readOnly, dryRun, rawAPI        bool
	allowWrites                     []string
	control                         bool
	controlTokenFile                string
	maxScripts, maxSessions         int
	sessionTimeout                  time.Duration
}

func mcpCommand(p *process) *cobra.Command {
	o := mcpOptions{}
	cmd := &cobra.Command{
		Use:   "mcp",
		Short: "Serve the Lua functions to AI agents over MCP",
		Long: `Run a server of the Model Context Protocol (MCP). An agent gets tools to run Lua scripts with
app.integrations.aircall, to search and read the reference, and to list the accounts; the pages of
the reference as resources; and a prompt that teaches the functions. With --control it gets tools to
drive the fake: simulate calls and messages, move the clock, add faults, read the request log, save
and restore snapshots.

The server speaks over standard input and output, and the client starts it. With --http it listens
on a local address instead, for several clients at once.

Without --target, scripts run against a new fake in this process; they may write to it. On Aircall
itself, and on a server on another machine, scripts only read. --allow-writes=NAME lets them write
to one account: before the first write of a script the server asks the person, if the client can
show the question. If the client cannot, the flag is the consent.

` + accountsHelp,
		Example: `  aircallkit mcp
  aircallkit mcp --control
  aircallkit mcp --target live --accounts live.yaml --allow-writes=sandbox
  aircallkit mcp --target http://127.0.0.1:8787 --read-only
  aircallkit mcp --http 127.0.0.1:8789`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(cmd.Flags().Changed); err != nil {
				return err
			}
			return o.run(cmd.Context(), p)
		},
	}
	targetFlags(cmd, &o.target, &o.accounts, targetFake)
	f := cmd.Flags()
	f.StringVar(&o.account, "account", "", "`name` of the account that app.integrations.aircall and its .default use")
	f.StringVar(&o.http, "http", "", "serve streamable HTTP on this local `address` instead of standard input and output")
	f.BoolVar(&o.control, "control", false, "add tools that drive the fake")
	f.StringVar(&o.controlTokenFile, "control-token-file", "", "read the token of the control API from this `file` instead of "+controlTokenEnv)
	_ = cmd.MarkFlagFilename("control-token-file")
	f.StringArrayVar(&o.allowWrites, "allow-writes", nil, "let scripts write to the account with this `name` on Aircall or another machine; may be repeated")
	f.BoolVar(&o.readOnly, "read-only", false, "refuse calls of functions that write")
	f.BoolVar(&o.dryRun, "dry-run", false, "make functions that write return the request they would send, and send nothing")
	f.BoolVar(&o.rawAPI, "raw-api", false, "add api_get, api_post, api_put and api_delete, which send a request to any path of Aircall")
	f.IntVar(&o.maxScripts, "max-scripts", 16, "run at most this `number` of scripts at once; more wait")
	f.IntVar(&o.maxSessions, "max-sessions", 128, "with --http, serve at most this `number` of sessions at once")
	f.DurationVar(&o.sessionTimeout, "session-timeout", 30*time.Minute, "with --http, end a session without a request for this `time`")
	o.checkLimits = limitFlags(f, &o.limits)
	return cmd
}

// check returns an error if flags contradict each other, or have no effect.
func (o *mcpOptions) check(given func(flag string) bool) error {
	for _, flag := range []string{"max-sessions", "session-timeout"} {
		if given(flag) && o.http == "" {
			return unable(fmt.Errorf("--%s has no effect without --http", flag), "a client on standard input and output is one session")
		}
	}
	switch {
	case o.maxScripts < 1:
		return fmt.Errorf("--max-scripts %d: give a number from 1", o.maxScripts)
	case o.maxSessions < 1:
		return fmt.Errorf("--max-sessions %d: give a number from 1", o.maxSessions)
	case o.sessionTimeout <= 0:
		return fmt.Errorf("--session-timeout %v: give a time such as 30m", o.sessionTimeout)
	case o.control && o.target == targetLive:
		return unable(errors.New("--control: Aircall itself cannot be controlled, only a fake can"), "leave out --control, or use --target fake or the address of a fake")
	case o.controlTokenFile != "" && !o.control:
		return errors.New("--control-token-file needs --control")
	case o.controlTokenFile != "" && o.target == targetFake:
		return unable(errors.New("--control-token-file has no effect on a fake in this process"), "leave it out, or give the address of a fake: --target "+defaultURL)
	case len(o.allowWrites) > 0 && o.readOnly:
		return errors.New("--allow-writes and --read-only exclude each other")
	case o.http != "":
		if err := checkLoopback("--http", o.http); err != nil {
			return err
		}
	}
	return o.checkLimits()
}

// checkLoopback returns an error unless only this machine can reach an address, host:port.
func checkLoopback(flag, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	switch {
	case err != nil:
		return unable(fmt.Errorf("%s %q: the address has no port", flag, addr), "give an address such as 127.0.0.1:8789; port 0 picks a free one")
	case host != "localhost" && (ip == nil || !ip.IsLoopback()):
		return unable(fmt.Errorf("%s %q: other machines could reach this address and use the accounts", flag, addr), "give an address that only this machine can reach, such as 127.0.0.1:8789")
	}
	return nil
}

func (o *mcpOptions) run(ctx context.Context, p *process) error {
	client := &controlClient{tokenFile: o.controlTokenFile, timeout: 30 * time.Second}
	if o.controlTokenFile != "" {
		if _, err := controlToken(p, o.controlTokenFile); err != nil { // each request reads it again
			return err
		}
	}
	t, err := p.open(o.target, o.accounts, func(f *fakeaircall.Options) {
		if o.control {
			client.token = rand.Text()
			p.secrets.Add(client.token)
			f.Control = control.Options{Token: client.token}.New
		}
	})
	if err != nil {
		return err
	}
	defer t.close()
	if err := o.checkAccounts(t); err != nil {
		return err
	}
	client.target = t.url
	m, err := newAgentServer(ctx, p, o, t)
	if err != nil {
		return err
	}
	defer m.endInput()
	defer m.scripts.wait() // before the fake closes
	if o.control {
		m.addControlTools(client)
	}
	if o.http != "" {
		return m.serveHTTP(ctx, o.http)
	}
	return m.serveStdio(ctx)
}

// checkAccounts returns an error if a flag names an account that does not exist or must not be written to.
func (o *mcpOptions) checkAccounts(t *target) error {
	if o.account != "" {
		if err := requireAccount(t.accounts, o.account); err != nil {
			return fmt.Errorf("--account: %w", err)
		}
	}
	for _, name := range o.allowWrites {
		switch err := requireAccount(t.accounts, name); {
		case err != nil:
			return fmt.Errorf("--allow-writes: %w", err)
		case !t.remote:
			return unable(errors.New("--allow-writes: scripts may write to a fake and to a server on this machine without it"), "leave it out, or use --target live")
		case slices.Contains(t.inProduction, name):
			return unable(fmt.Errorf("--allow-writes: %s says that account %s is for production, which is never written to", o.accounts, name), "use an account of a sandbox")
		}
	}
	return nil
}

// An agentServer is the MCP server of a target. It is safe for concurrent use, and serves any number of sessions.
type agentServer struct {
	*mcp.Server
	p       *process
	o       *mcpOptions
	target  *target
	scripts *scriptRunner
	pages   []binding.Page
	inputs  map[string]inputSchema // by tool
	calls   chan struct{}          // one entry for each tool call in progress

	input    context.Context // of all tool calls; it ends if standard input has ended for long enough
	endInput context.CancelFunc
}

// maxToolCalls is the most tool calls in progress or waiting, of all sessions together.
const maxToolCalls = 256

// newAgentServer returns a server whose scripts end with ctx.
func newAgentServer(ctx context.Context, p *process, o *mcpOptions, t *target) (*agentServer, error) {
	m := &agentServer{p: p, o: o, target: t, pages: binding.Pages(), inputs: map[string]inputSchema{}, calls: make(chan struct{}, maxToolCalls)}
	m.input, m.endInput = context.WithCancel(context.WithoutCancel(ctx))
	var err error
	if m.scripts, err = newScriptRunner(ctx, m); err != nil {
		return nil, err
	}
	m.Server = mcp.NewServer(
		&mcp.Implementation{Name: "aircallkit", Title: "Aircall in Lua", Version: version(), WebsiteURL: "https://github.com/aircallkit/aircallkit"},
		&mcp.ServerOptions{
			Instructions:      m.instructions(),
			Capabilities:      &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}, Resources: &mcp.ResourceCapabilities{}, Prompts: &mcp.PromptCapabilities{}},
			CompletionHandler: m.completePage,
		})
	m.AddReceivingMiddleware(m.guard)
	m.addScriptTool()
	m.addReferenceTools()
	m.addResources()
	m.addPrompt()
	return m, nil
}

// instructions tells an agent what the server is for, and what scripts may do.
func (m *agentServer) instructions() string {
	text := fmt.Sprintf("Runs Lua scripts that call Aircall's API through app.integrations.aircall, against %s. "+
		"Find a function with search_reference, read its page with read_reference, then call it in run_lua. ", m.where())
	if m.o.rawAPI {
		text += "The page raw-requests describes api_get, api_post, api_put and api_delete, which send a request to any path. "
	}
	return text + m.writeRules()
}

// where describes the target.
func (m *agentServer) where() string {
	switch m.target.name {
	case targetFake:
		return "a fake Aircall in this process with made-up data"
	case targetLive:
		return "live Aircall accounts with real data"
	}
	return "the server " + m.target.url
}

// writeRules says which accounts scripts may write to.
func (m *agentServer) writeRules() string {
	switch {
	case m.o.readOnly || m.target.remote && len(m.o.allowWrites) == 0:
		return "Scripts can only read: functions that write raise permission_denied."
	case m.o.dryRun:
		return "Functions that write send nothing: they return the request that they would send."
	case m.target.remote:
		return "Scripts can write to " + strings.Join(m.o.allowWrites, ", ") + " and only read from other accounts. The person may be asked before the first write of a script."
	}
	return "Scripts can read and write."
}

// guard bounds the number of tool calls in progress, checks their arguments, ends them with the input, and removes credentials
// from their results.
func (m *agentServer) guard(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if method != "tools/call" {
			return next(ctx, method, req)
		}
		select {
		case m.calls <- struct{}{}:
			defer func() { <-m.calls }()
		default:
			return failedResult(fmt.Sprintf("%d tool calls are in progress, the most that this server accepts", maxToolCalls), "try again when some have ended"), nil
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(m.input, cancel)()
		if refused := m.refuseArguments(req); refused != nil {
			m.clean(refused)
			return refused, nil
		}
		result, err := next(ctx, method, req)
		if tool, ok := result.(*mcp.CallToolResult); ok && err == nil { // nil with an error
			m.clean(tool)
		}
		return result, err
	}
}

// clean removes credentials from a result.
func (m *agentServer) clean(r *mcp.CallToolResult) {
	for _, c := range r.Content {
		if text, ok := c.(*mcp.TextContent); ok {
			text.Text = m.p.secrets.Text(text.Text)
		}
	}
	if data, err := marshal(r.StructuredContent); err == nil && r.StructuredContent != nil {
		r.StructuredContent = rawJSON(m.p.secrets.Text(string(data)))
	}
}

// failedResult returns the result of a tool that failed. It has no structured content, which would have to be that of a success.
func failedResult(message, hint string) *mcp.CallToolResult {
	if hint != "" {
		message += "\nhint: " + hint
	}
	return &mcp.CallToolResult{IsError: true, Content: []mcp.Content{&mcp.TextContent{Text: message}}}
}

// annotations describe a tool to clients that ask before they call some tools.
func (m *agentServer) annotations(title string, readOnly, destructive bool) *mcp.ToolAnnotations {
	return &mcp.ToolAnnotations{Title: title, ReadOnlyHint: readOnly, DestructiveHint: &destructive, OpenWorldHint: &m.target.remote}
}

// defaultAccount returns the account that scripts use without a name: that of --account, the one called default, or the only
// one. "" if there is none.
func (m *agentServer) defaultAccount() string {
	all := names(m.target.accounts)
	switch {
	case m.o.account != "":
		return m.o.account
	case slices.Contains(all, "default"):
		return "default"
	case len(all) == 1:
		return all[0]
	}
	return ""
}

// mayWrite reports whether scripts may write to an account.
func (m *agentServer) mayWrite(account string) bool {
	return !m.o.readOnly && (!m.target.remote || slices.Contains(m.o.allowWrites, cmp.Or(account, m.defaultAccount())))
}
