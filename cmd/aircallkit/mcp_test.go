package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/aircallkit/aircallkit/binding"
)

// A connector starts aircallkit mcp with flags and variables, and connects a client. All ends with the test.
type connector func(t *testing.T, o *mcp.ClientOptions, env []string, flags ...string) *mcp.ClientSession

// transports are the ways to reach the server. Over standard input and output the client has the newest protocol, or an older
// one, as over HTTP.
var transports = map[string]connector{"stdio": overStdio, "stdio as in 2025": overOlderStdio, "HTTP": overHTTP}

func overStdio(t *testing.T, o *mcp.ClientOptions, env []string, flags ...string) *mcp.ClientSession {
	t.Helper()
	return connect(t, o, nil, mcpProcess(t, env, flags...))
}

func overOlderStdio(t *testing.T, o *mcp.ClientOptions, env []string, flags ...string) *mcp.ClientSession {
	t.Helper()
	return connect(t, o, &mcp.ClientSessionOptions{ProtocolVersion: "2025-06-18"}, mcpProcess(t, env, flags...))
}

// mcpProcess returns the transport to aircallkit mcp in a process.
func mcpProcess(t *testing.T, env []string, flags ...string) mcp.Transport {
	cmd := exec.Command("aircallkit", append([]string{"mcp"}, flags...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = t.Output()
	return &mcp.CommandTransport{Command: cmd}
}

func overHTTP(t *testing.T, o *mcp.ClientOptions, env []string, flags ...string) *mcp.ClientSession {
	t.Helper()
	url, _ := serveMCP(t, env, flags...)
	return connect(t, o, nil, &mcp.StreamableClientTransport{Endpoint: url})
}

func connect(t *testing.T, o *mcp.ClientOptions, so *mcp.ClientSessionOptions, transport mcp.Transport) *mcp.ClientSession {
	t.Helper()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, o).Connect(t.Context(), transport, so)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("close: %v", err) // of a command, with its exit code
		}
	})
	return session
}

// serveMCP starts aircallkit mcp --http in this process. stop ends it, and fails the test unless it ends well.
func serveMCP(t *testing.T, env []string, flags ...string) (url string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, stdout := io.Pipe()
	var stderr output
	p := checkedProcess(t, nil, stdout, &stderr)
	p.env = env
	ended := make(chan int, 1)
	go func() {
		ended <- p.run(ctx, append([]string{"mcp", "--http", "127.0.0.1:0"}, flags...))
		stdout.Close()
	}()
	first, err := bufio.NewReader(out).ReadString('\n')
	url, _, _ = strings.Cut(strings.TrimPrefix(first, "aircallkit: MCP server on "), ";")
	if err != nil || !strings.HasSuffix(url, mcpPath) {
		cancel()
		t.Fatalf("the first line is %q (%v)\n%s", first, err, stderr.Bytes())
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("exit code %d: %s", code, stderr.Bytes())
			}
		case <-time.After(20 * time.Second):
			t.Error("the server does not end")
		}
	}
	t.Cleanup(stop)
	return url, stop
}

// call calls a tool. It fails the test if the tool does not exist, or the result does not have the form that the tool
// promises.
func call(t *testing.T, session *mcp.ClientSession, tool string, arguments any) *mcp.CallToolResult {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		t.Fatalf("%s: %v", tool, err)
	}
	return result
}

// script runs a script and returns its result.
func script(t *testing.T, session *mcp.ClientSession, arguments map[string]any) (out scriptResult) {
	t.Helper()
	result := call(t, session, "run_lua", arguments)
	data, err := json.Marshal(result.StructuredContent)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil || out.OK == result.IsError {
		t.Fatalf("%v: isError %t, %s\n%s", err, result.IsError, data, textOf(result))
	}
	return out
}

func textOf(r *mcp.CallToolResult) string {
	var b strings.Builder
	for _, c := range r.Content {
		b.WriteString(c.(*mcp.TextContent).Text)
	}
	return b.String()
}

// A step calls a tool and compares what it says.
type step struct {
	tool      string
	arguments string // JSON
	fails     bool
	says      string // in the text or the structured content
}

// steps call every tool, in an order in which each has something to do.
var steps = []step{
	{tool: "list_accounts", says: `"name":"sales","write":true`},
	{tool: "list_functions", says: "get_call(call_id) [read]: "},
	{tool: "list_functions", says: `"signature":"list_calls(`},
	{tool: "search_reference", arguments: `{"query":"contact phone"}`, says: `"name":"create_contact"`},
	{tool: "search_reference", arguments: `{"query":"call","limit":1}`, says: `"total":`},
	{tool: "search_reference", arguments: `{"query":"zanzibar"}`, says: "No page contains"},
	{tool: "search_reference", arguments: `{"query":""}`, fails: true, says: "query has 0 characters"},
	{tool: "read_reference", arguments: `{"page":"list_calls"}`, says: "## list_calls"},
	{tool: "read_reference", arguments: `{"page":"get_cal"}`, says: "## get_call"},
	{tool: "read_reference", arguments: `{"page":"lst_calls"}`, fails: true, says: "did you mean list_calls"},
	{tool: "run_lua", arguments: `{"script":"print(app.integrations.aircall.get_call(12345).call.id) return 7, {a=1}"}`, says: "12345\nreturned: 7\nreturned: {\"a\":1}\n"},
	{tool: "run_lua", arguments: `{"script":"return app.integrations.aircall.get_company().company.name == app.integrations.aircall.sales.get_company().company.name","account":"sales"}`, says: `"values":[true]`},
	{tool: "read_clock", says: `"now":`},
	{tool: "save_snapshot", arguments: `{"name":"before"}`, says: `"name":"before"`},
	{tool: "list_snapshots", says: `"name":"before"`},
	{tool: "simulate_call", arguments: `{"from":"+33199000042"}`, says: `"call":{"id":`},
	{tool: "act_in_call", arguments: `{"id":"{call}","do":"hangup"}`, says: `"call":{"id":`},
	{tool: "act_in_call", arguments: `{"id":1,"do":"hangup"}`, fails: true, says: `"type":"refused"`},
	{tool: "act_in_call", arguments: `{"do":"hangup"}`, fails: true, says: "id is missing"},
	{tool: "simulate_message", arguments: `{"from":"+33199000042","body":"Please call back"}`, says: `"message":{"id":`},
	{tool: "simulate_campaign", arguments: `{"contacts":["+33199000042"]}`, says: `"campaign":{"id":`},
	{tool: "set_presence", arguments: `{"id":"{user}","do":"close"}`, says: `"user":{"id":`},
	{tool: "trigger_event", arguments: `{"event":"contact.created","set":{"first_name":"Ann"}}`, says: "contact.created"},
	{tool: "move_clock", arguments: `{"advance":"60s"}`, says: `"now":`},
	{tool: "move_clock", arguments: `{"forward":"60s"}`, fails: true, says: "forward"},
	{tool: "list_events", arguments: `{"name":"contact.created","newest":1}`, says: `"first_name":"Ann"`},
	{tool: "list_deliveries", says: `"deliveries":[]`},
	{tool: "add_fault", arguments: `{"op":"list-all-teams","status":403}`, says: `"fault":`},
	{tool: "run_lua", arguments: `{"script":"app.integrations.aircall.list_teams()"}`, fails: true, says: `"type":"forbidden"`},
	{tool: "list_faults", says: `"op":"list-all-teams"`},
	{tool: "remove_fault", arguments: `{"id":"{fault}"}`, says: `"removed":1`},
	{tool: "remove_fault", arguments: `{"id":"zanzibar"}`, fails: true, says: "list_faults lists them"},
	{tool: "clear_faults", says: `"removed":0`},
	{tool: "list_requests", arguments: `{"status":403,"newest":1}`, says: `"list-all-teams"`},
	{tool: "compare_snapshots", arguments: `{"name":"before"}`, says: `"differences":[{`},
	{tool: "restore_snapshot", arguments: `{"name":"before"}`, says: `"now":`},
	{tool: "delete_snapshot", arguments: `{"name":"before"}`, says: `"removed":1`},
	{tool: "reset", says: `"now":`},
}

// idIn returns a function that finds an id in the structured content of a result.
var idSources = map[string]struct{ tool, field string }{"{call}": {"simulate_call", "call"}, "{fault}": {"add_fault", "fault"}}

// A client drives every tool over each transport. A tool without a step fails the test.
func TestMCPTools(t *testing.T) {
	for name, connect := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := connect(t, nil, nil, "--control")
			schemas := map[string]*jsonschema.Schema{}
			for tool, err := range session.Tools(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				checkTool(t, tool)
				schemas[tool.Name] = compileSchema(t, tool.OutputSchema)
			}
			user := script(t, session, map[string]any{"script": "return app.integrations.aircall.list_users().users[1].id"}).Values[0]
			ids := map[string]any{"{user}": user}
			for _, s := range steps {
				arguments := map[string]any{}
				if s.arguments != "" {
					if err := json.Unmarshal([]byte(s.arguments), &arguments); err != nil {
						t.Fatal(err)
					}
				}
				if id, ok := ids[jsonText(arguments["id"])]; ok {
					arguments["id"] = id
				}
				result := call(t, session, s.tool, arguments)
				structured, _ := marshal(result.StructuredContent)
				if result.IsError != s.fails || !strings.Contains(textOf(result)+string(structured), s.says) {
					t.Errorf("%s %s: isError %t, want %q in\n%s\n%s", s.tool, s.arguments, result.IsError, s.says, textOf(result), structured)
				}
				if schema := schemas[s.tool]; schema == nil {
					t.Errorf("%s is not a tool", s.tool)
				} else if result.StructuredContent == nil {
					if !s.fails {
						t.Errorf("%s has no structured content", s.tool)
					}
				} else if err := schema.Validate(result.StructuredContent); err != nil {
					t.Errorf("%s: %v\n%s", s.tool, err, structured)
				}
				for placeholder, from := range idSources {
					if reply, ok := result.StructuredContent.(map[string]any); ok && from.tool == s.tool && !s.fails {
						ids[placeholder] = reply[from.field].(map[string]any)["id"]
					}
				}
			}
			for tool := range schemas {
				if !slices.ContainsFunc(steps, func(s step) bool { return s.tool == tool && !s.fails }) {
					t.Errorf("no step drives %s", tool)
				}
			}
		})
	}
}

// checkTool checks what a tool says of itself.
func checkTool(t *testing.T, tool *mcp.Tool) {
	t.Helper()
	a := tool.Annotations
	reads := strings.HasPrefix(tool.Name, "list_") || strings.HasPrefix(tool.Name, "read_") || strings.HasPrefix(tool.Name, "search_") || strings.HasPrefix(tool.Name, "compare_")
	if a == nil || a.Title == "" || a.ReadOnlyHint != reads || a.OpenWorldHint == nil || *a.OpenWorldHint || a.DestructiveHint == nil {
		t.Errorf("%s: annotations %+v", tool.Name, a)
	}
	if len(tool.Description) < 20 {
		t.Errorf("%s has the description %q", tool.Name, tool.Description)
	}
	input := tool.InputSchema.(map[string]any)
	properties, _ := input["properties"].(map[string]any)
	for name, p := range properties {
		if p.(map[string]any)["description"] == nil && p.(map[string]any)["$ref"] == nil {
			t.Errorf("%s: the argument %s has no description", tool.Name, name)
		}
	}
	compileSchema(t, input)
}

func compileSchema(t *testing.T, schema any) *jsonschema.Schema {
	t.Helper()
	data, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("tool.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("tool.json")
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return compiled
}

// Every control tool is an operation of the control API.
func TestMCPControlTools(t *testing.T) {
	session := overHTTP(t, nil, nil, "--control")
	offered := map[string]bool{}
	for tool, err := range session.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		offered[tool.Name] = true
	}
	for _, name := range controlTools {
		if !offered[toolName(name)] {
			t.Errorf("there is no tool for the operation %s", name)
		}
	}
	without := overHTTP(t, nil, nil)
	for tool, err := range without.Tools(t.Context(), nil) {
		if err != nil || slices.Contains(controlTools, strings.ReplaceAll(tool.Name, "_", "-")) {
			t.Errorf("without --control there is the tool %s (%v)", tool.Name, err)
		}
	}
}

// A failure of a script is a result that says what happened, where, and what to do.
func TestMCPScriptFailures(t *testing.T) {
	t.Parallel()
	session := overHTTP(t, nil, nil, "--timeout", "2s", "--max-calls", "3", "--max-memory", "2000000", "--max-source", "2000")
	for _, c := range []struct {
		name    string
		script  string
		more    map[string]any
		want    scriptFailure
		message string
	}{
		{name: "syntax", script: "local x =\n= 1", want: scriptFailure{Type: binding.TypeSyntax, Line: 2}},
		{name: "runtime", script: "print('one')\nlocal x = nil + 1", want: scriptFailure{Type: binding.TypeRuntime, Line: 2}, message: "between nil and number"},
		{name: "unknown function", script: "app.integrations.aircall.get_cal(1)", want: scriptFailure{Type: binding.TypeUnknownFunction, Line: 1}},
		{name: "arguments", script: "\n\napp.integrations.aircall.get_call({})", want: scriptFailure{Type: binding.TypeInvalidArguments, Line: 3, Function: "app.integrations.aircall.get_call", EffectStatus: "none"}},
		{name: "not found", script: "app.integrations.aircall.get_call(1)", want: scriptFailure{Type: binding.TypeNotFound, Line: 1, Status: 404, Function: "app.integrations.aircall.get_call", EffectStatus: "none"}},
		{name: "time", script: "print('begun')\nwhile true do end", want: scriptFailure{Type: binding.TypeTimeout, Line: 2}, message: "The script ran longer than 2s."},
		{name: "asked time", script: "while true do end", more: map[string]any{"timeout_seconds": 0.05}, want: scriptFailure{Type: binding.TypeTimeout, Line: 1}, message: "The script ran longer than 50ms."},
		{name: "calls", script: "for i = 1, 9 do app.integrations.aircall.get_call(12345) end", want: scriptFailure{Type: binding.TypeLimitExceeded, Line: 1}, message: "limit of 3 calls"},
		{name: "memory", script: "local t = {}\nfor i = 1, 1e9 do t[i] = {i} end", want: scriptFailure{Type: binding.TypeLimitExceeded, Line: 2}},
		{name: "read only", script: "app.integrations.aircall.create_tag({ name = 'A', color = '#FF7D03' })", more: map[string]any{"read_only": true}, want: scriptFailure{Type: binding.TypePermissionDenied, Line: 1, Hint: "run it without read_only"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			arguments := map[string]any{"script": c.script}
			maps.Copy(arguments, c.more)
			out := script(t, session, arguments)
			e := out.Error
			if e == nil {
				t.Fatalf("the script succeeded: %+v", out)
			}
			if e.Type != c.want.Type || e.Line != c.want.Line || !strings.Contains(e.Message, c.message) || c.want.Status != 0 && e.Status != c.want.Status ||
				c.want.Function != "" && e.Function != c.want.Function || c.want.Hint != "" && e.Hint != c.want.Hint || c.want.EffectStatus != "" && e.EffectStatus != c.want.EffectStatus {
				t.Errorf("%+v, want %+v, %q", e, c.want, c.message)
			}
			if strings.Contains(c.script, "print") && out.Output == "" && c.want.Type != binding.TypeSyntax {
				t.Error("the output is lost")
			}
		})
	}
	if out := script(t, session, map[string]any{"script": "print('still here')"}); out.Output != "still here\n" {
		t.Errorf("%+v", out)
	}
}

// An argument that is wrong is reported in a plain sentence: the argument, what was given and what is allowed.
func TestMCPArguments(t *testing.T) {
	session := overHTTP(t, nil, nil, "--timeout", "2s", "--max-source", "2000", "--control")
	for _, c := range []struct{ tool, arguments, says string }{
		{"run_lua", `{}`, "script is missing: run_lua needs it"},
		{"run_lua", `{"code":"return 1"}`, `run_lua has no argument "code": give script, account, dry_run, read_only, timeout_seconds`},
		{"run_lua", `{"script":"x","` + strings.Repeat("a", 5000) + `":1}`, `run_lua has no argument "aaa`},
		{"run_lua", `{"script":7}`, "script: 7 is not a string: give 1 to 2000 characters"},
		{"run_lua", `{"script":null}`, "script: null is not a string: give 1 to 2000 characters"},
		{"run_lua", `{"script":""}`, "script has 0 characters: give 1 to 2000 characters"},
		{"run_lua", `{"script":"` + strings.Repeat("é", 2001) + `"}`, "script has 2001 characters: give 1 to 2000 characters"},
		{"run_lua", `{"script":"x","account":"nobody"}`, `account: "nobody" is not possible: give default, sales or support`},
		{"run_lua", `{"script":"x","read_only":"yes"}`, `read_only: "yes" is neither true nor false`},
		{"run_lua", `{"script":"x","timeout_seconds":-1}`, "timeout_seconds: -1 is not possible: give more than 0, at most 2"},
		{"run_lua", `{"script":"x","timeout_seconds":1000}`, "timeout_seconds: 1000 is not possible: give more than 0, at most 2"},
		{"run_lua", `{"script":"x","timeout_seconds":"1s"}`, `timeout_seconds: "1s" is not a number: give more than 0, at most 2`},
		{"run_lua", `[1]`, "the arguments of run_lua are not an object"},
		{"search_reference", `{"query":"a","limit":5.5}`, "limit: 5.5 is not a whole number: give 1 to 50"},
		{"search_reference", `{"query":"a","limit":51}`, "limit: 51 is not possible: give 1 to 50"},
		{"list_accounts", `{"a":1}`, `list_accounts has no argument "a": it takes none`},
		{"act_in_call", `{"do":"hangup"}`, "id is missing: act_in_call needs it"},
		{"act_in_call", `{"id":"","do":"hangup"}`, "id is missing: act_in_call needs it"},
		{"act_in_call", `{"id":12345}`, "do is missing: act_in_call needs it"},
		{"set_presence", `{"id":12345}`, "do is missing: set_presence needs it"},
		{"save_snapshot", `{}`, "name is missing: save_snapshot needs it"},
		{"trigger_event", `{}`, "event is missing: trigger_event needs it"},
		{"clear_faults", `{"x":1}`, `clear_faults has no argument "x": it takes none`},
		{"remove_fault", `{"id":"a","x":1}`, `remove_fault has no argument "x": give id`},
		{"simulate_call", `{"form":"+331"}`, `simulate_call has no argument "form": give account, direction, from`},
	} {
		result := call(t, session, c.tool, json.RawMessage(c.arguments))
		text := textOf(result)
		if !result.IsError || !strings.HasPrefix(text, c.says) || len(text) > 400 || strings.Contains(c.says, "give") && !strings.Contains(text, "give ") {
			t.Errorf("%s %.200s: %q, want %q", c.tool, c.arguments, text, c.says)
		}
		if structured, _ := marshal(result.StructuredContent); slices.Contains(controlTools, strings.ReplaceAll(c.tool, "_", "-")) && !strings.Contains(string(structured), `"type":"invalid_arguments"`) {
			t.Errorf("%s %s: %s", c.tool, c.arguments, structured)
		}
	}
}

// The result has the calls of the script, and dry runs say what they would have sent.
func TestMCPCalls(t *testing.T) {
	session := overHTTP(t, nil, nil)
	out := script(t, session, map[string]any{"dry_run": true, "script": `
local aircall = app.integrations.aircall
aircall.sales.get_call(12345)
pcall(aircall.get_call, 1)
return aircall.create_tag({ name = "A", color = "#FF7D03" })`})
	want := []scriptCall{
		{Function: "get_call", Path: "app.integrations.aircall.sales.get_call", Account: "sales", Effect: "read", EffectStatus: "none", Requests: 1},
		{Function: "get_call", Path: "app.integrations.aircall.get_call", Account: "default", Effect: "read", EffectStatus: "none", Requests: 1, ErrorType: "not_found", Status: 404},
		{Function: "create_tag", Path: "app.integrations.aircall.create_tag", Account: "default", Effect: "write", EffectStatus: "none", DryRun: true},
	}
	for i := range out.Calls {
		if out.Calls[i].DurationMS < 0 || out.Calls[i].DurationMS > out.DurationMS {
			t.Errorf("call %d took %v ms of %v ms", i, out.Calls[i].DurationMS, out.DurationMS)
		}
		out.Calls[i].DurationMS = 0
	}
	if !slices.Equal(out.Calls, want) {
		t.Errorf("%+v, want %+v", out.Calls, want)
	}
	if data, _ := marshal(out.Values); !strings.Contains(string(data), `"method":"POST","path":"/v1/tags"`) {
		t.Errorf("%s", data)
	}
}

// The pages of the reference are resources, and the prompt quotes some.
func TestMCPReference(t *testing.T) {
	for name, connect := range transports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := connect(t, nil, nil)
			read := func(uri string) string {
				r, err := session.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri})
				if err != nil {
					t.Fatalf("%s: %v", uri, err)
				}
				return r.Contents[0].Text
			}
			pages := map[string]string{"reference": binding.Manual()}
			for _, p := range binding.Pages() {
				pages[p.Name] = p.Text
			}
			for r, err := range session.Resources(t.Context(), nil) {
				if err != nil {
					t.Fatal(err)
				}
				if text := read(r.URI); text != pages[r.Name] || int64(len(text)) != r.Size || text == "" {
					t.Errorf("%s has %d bytes, size %d", r.URI, len(text), r.Size)
				}
				delete(pages, r.Name)
			}
			if len(pages) > 0 {
				t.Errorf("%d pages are no resources", len(pages))
			}
			for tpl, err := range session.ResourceTemplates(t.Context(), nil) {
				if err != nil || tpl.URITemplate != referenceTemplate {
					t.Errorf("%+v, %v", tpl, err)
				}
			}
			if text := read(referenceURI + "/multi"); !strings.Contains(text, "## Multi-Account Usage") {
				t.Errorf("the beginning of a name: %s", text)
			}
			for _, uri := range []string{referenceURI + "/zanzibar", referenceURI + "/%zz", "file:///etc/passwd", "aircall://reference/../x"} {
				if _, err := session.ReadResource(t.Context(), &mcp.ReadResourceParams{URI: uri}); err == nil {
					t.Errorf("%s exists", uri)
				}
			}
			c, err := session.Complete(t.Context(), &mcp.CompleteParams{Ref: &mcp.CompleteReference{Type: "ref/resource", URI: referenceTemplate}, Argument: mcp.CompleteParamsArgument{Name: "page", Value: "list_c"}})
			if err != nil || !slices.Contains(c.Completion.Values, "list_calls") || slices.Contains(c.Completion.Values, "get_call") {
				t.Errorf("%+v, %v", c, err)
			}
			p, err := session.GetPrompt(t.Context(), &mcp.GetPromptParams{Name: "aircall_in_lua", Arguments: map[string]string{"task": "Count the missed calls."}})
			if err != nil {
				t.Fatal(err)
			}
			text := p.Messages[0].Content.(*mcp.TextContent).Text
			for _, want := range []string{"## Calls", "## Accounts", "## Errors", "## Limits", "- `list_calls`: ", "per_page", "## Task\nCount the missed calls.", "Scripts can read and write."} {
				if !strings.Contains(text, want) {
					t.Errorf("the prompt lacks %q", want)
				}
			}
			if len(text) > 8<<10 {
				t.Errorf("the prompt has %d bytes", len(text))
			}
		})
	}
}

// docs/agents.md names every tool, and the session that it shows works.
func TestMCPDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/agents.md")
	if err != nil {
		t.Fatal(err)
	}
	session := overHTTP(t, nil, nil, "--control")
	for tool, err := range session.Tools(t.Context(), nil) {
		if err != nil || !bytes.Contains(page, []byte("`"+tool.Name+"`")) {
			t.Errorf("the page does not name %s (%v)", tool.Name, err)
		}
	}
	shown := page[bytes.LastIndex(page, []byte("```sh\n"))+len("```sh\n"):]
	shown = shown[:bytes.Index(shown, []byte("```"))]
	out, err := exec.Command("bash", "-euo", "pipefail", "-c", string(shown)).CombinedOutput()
	if err != nil || bytes.Count(out, []byte("\n")) != 2 || !bytes.Contains(out, []byte(`"output":"done\n"`)) {
		t.Errorf("%v\n%s", err, out)
	}
	for _, block := range bytes.Split(page, []byte("```json\n"))[1:] {
		block = block[:bytes.Index(block, []byte("```"))]
		if !json.Valid(block) {
			t.Errorf("not JSON:\n%s", block)
		}
	}
}

// The transports of the tests cover the ways to ask the person: a request to the client, and from 2026 on a second call.
func TestMCPProtocols(t *testing.T) {
	for name, connect := range transports {
		version := connect(t, nil, nil).InitializeResult().ProtocolVersion
		if newest := name == "stdio"; newest != (version >= "2026") {
			t.Errorf("%s: the protocol of %s", name, version)
		}
	}
}
