package binding_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding"
)

// tickets is an integration of a host: a list in memory for each account.
func tickets() binding.Integration {
	var mu sync.Mutex
	kept := map[string][]string{}
	return binding.Integration{
		Name: "tickets", Accounts: []string{"eu", "us"}, Default: "eu",
		Functions: []binding.Function{
			{
				Name: "create_ticket", Effect: binding.EffectWrite, Aliases: []string{"create"},
				Params: []binding.Param{
					{Name: "title", Kind: binding.KindText, Required: true},
					{Name: "priority", Kind: binding.KindEnum, Enum: []string{"low", "high"}, Default: "low"},
				},
				Do: func(_ context.Context, c binding.Call) (any, error) {
					mu.Lock()
					defer mu.Unlock()
					kept[c.Account] = append(kept[c.Account], fmt.Sprint(c.Arguments["title"], "/", c.Arguments["priority"]))
					return map[string]any{"ticket": map[string]any{"id": len(kept[c.Account])}, "call": map[string]any{"id": 1}}, nil
				},
			},
			{
				Name: "list_tickets", Effect: binding.EffectRead,
				Do: func(_ context.Context, c binding.Call) (any, error) {
					mu.Lock()
					defer mu.Unlock()
					return map[string]any{"tickets": kept[c.Account]}, nil
				},
			},
			{
				Name: "fail", Effect: binding.EffectWrite,
				Params: []binding.Param{{Name: "how", Kind: binding.KindText}},
				Do: func(ctx context.Context, c binding.Call) (any, error) {
					switch c.Arguments["how"] {
					case "typed":
						return nil, &binding.ScriptError{Type: "not_found", Message: "no such ticket", Hint: "look again"}
					case "panic":
						panic("a bug of the host")
					case "wait":
						<-ctx.Done()
						return nil, ctx.Err()
					case "function":
						return map[string]any{"f": func() {}}, nil
					}
					return nil, errors.New("the ticket system is down")
				},
			},
		},
	}
}

func TestIntegrationsSideBySide(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	r := runner(t, srv.URL, func(c *binding.Config) { c.Integrations = []binding.Integration{tickets()} })
	for _, c := range []struct{ source, want string }{
		{`print(app.integrations.tickets.create_ticket("A").ticket.id, app.integrations.aircall.get_call(1).call.id)`, "1\t1"},
		{`local t = app.integrations.tickets t.us.create{title = "B", priority = "high"} print(table.concat(t.us.list_tickets().tickets, " "), table.concat(t.list_tickets().tickets, " "), #t.default.list_tickets().tickets)`, "B/high\tA/low\t1"},
		{`print(table.concat(app.accounts("tickets"), " "), app.has("integrations.tickets.us.fail"), app.has("integrations.tickets.get_call"))`, "default eu us\ttrue\tfalse"},
		{`for k in pairs(app.integrations) do print(k) end`, "aircall\ntickets"},
		{`print(app.integrations.tickets.create_ticket("C").call.from)`, "nil"},
		{`print(pcall(function() return app.integrations.ticket end))`, "false\ttest.lua:1: Unknown integration: app.integrations.ticket. Did you mean: tickets"},
		{`print(pcall(function() return app.integrations.tickets.list_ticket end))`, "false\ttest.lua:1: Unknown function: app.integrations.tickets.list_ticket. Did you mean: list_tickets"},
		{`print(select(2, pcall(app.integrations.tickets.create_ticket, {priority = "urgent"})))`, `test.lua:1: Invalid arguments for app.integrations.tickets.create_ticket (missing: title (string); wrong: priority must be "low" or "high", got "urgent"). Accepted: title, priority?. No request was made.`},
		{`local _, e = pcall(app.integrations.tickets.fail) print(e.type, e.message, e.effect, e.effect_status, e.account, e.path)`, "integration_error\tthe ticket system is down\twrite\tunknown\teu\tintegrations.tickets.fail"},
		{`local _, e = pcall(app.integrations.tickets.us.fail, "typed") print(e.type, e.message, e.hint, e.account)`, "not_found\tno such ticket\tlook again\tus"},
		{`local _, e = pcall(app.integrations.tickets.fail, "panic") print(e.type, e.message)`, "internal\tInternal error in app.integrations.tickets.fail: string"},
		{`local _, e = pcall(app.integrations.tickets.fail, "function") print(e.type, e.message)`, "integration_error\tthe result cannot be written as JSON: json: unsupported type: func()"},
	} {
		want(t, c.source, run(t, r, c.source), c.want+"\n")
	}
	t.Run("the end of the run ends its functions", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		out := writer(func([]byte) { cancel() })
		_, err := r.Run(ctx, "", `print(1) app.integrations.tickets.fail("wait")`, binding.RunOptions{Output: out})
		wantType(t, err, "canceled", "The script was canceled.")
	})
	t.Run("in a host's state", func(t *testing.T) {
		L := lua.NewState()
		defer L.Close()
		r.Preload(L)
		if err := L.DoString(`n = #app.integrations.tickets.list_tickets().tickets`); err != nil {
			t.Fatal(err)
		}
		want(t, "n", L.GetGlobal("n").String(), "2")
	})
}

func TestIntegrationsThatCannotBe(t *testing.T) {
	do := func(context.Context, binding.Call) (any, error) { return nil, nil }
	ok := binding.Function{Name: "f", Effect: binding.EffectRead, Do: do}
	with := func(change func(*binding.Function)) []binding.Function {
		f := ok
		change(&f)
		return []binding.Function{f}
	}
	for _, c := range []struct {
		i    binding.Integration
		want string
	}{
		{binding.Integration{Name: "aircall"}, `integration "aircall" already exists`},
		{binding.Integration{Name: "Tickets"}, `integration "Tickets": the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _, and no keyword of Lua`},
		{binding.Integration{Name: "end"}, `integration "end": the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _, and no keyword of Lua`},
		{binding.Integration{Name: "x", Functions: []binding.Function{ok, ok}}, `integration "x": function "f" is defined twice`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Do = nil })}, `integration "x": function "f" has no Do`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Params = []binding.Param{{Name: "p"}} })}, `integration "x": function "f": parameter p is of kind "", which does not exist`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Params = []binding.Param{{Name: "p", Kind: binding.KindList}} })}, `integration "x": function "f": parameter p is a list without Items and Max`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Params = []binding.Param{{Name: "p", Kind: binding.KindEnum}} })}, `integration "x": function "f": parameter p is an enum without Enum`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) {
			f.Params = []binding.Param{{Name: "p", Kind: binding.KindObject, Fields: []binding.Param{{Name: "q", Kind: "odd"}}}}
		})}, `integration "x": function "f": parameter p has a field q that is of kind "odd", which does not exist`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Effect = "" })}, `integration "x": function "f": Effect is "", it must be "read" or "write"`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Name = "a b" })}, `integration "x": function "a b": the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _, and no keyword of Lua`},
		{binding.Integration{Name: "x", Functions: with(func(f *binding.Function) { f.Params = make([]binding.Param, 1) })}, `integration "x": function "f": parameter 1 has no name, or the name of another parameter`},
		{binding.Integration{Name: "x", Functions: []binding.Function{ok}, Accounts: []string{"f"}}, `integration "x": account "f" is reserved: it is a function of app.integrations.x`},
		{binding.Integration{Name: "x", Accounts: []string{"a"}, Default: "b"}, `integration "x": default account "b" is not configured; configured accounts: a`},
	} {
		_, err := binding.New(binding.Config{Integrations: []binding.Integration{c.i}})
		if err == nil || err.Error() != "binding: "+c.want {
			t.Errorf("got %v\nwant binding: %s", err, c.want)
		}
	}
}

func TestReadOnly(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall, "POST /v1/contacts": `{"contact":{"id":1}}`})
	const write = `local _, e = pcall(app.integrations.aircall.create_contact, "A") print(e.type, e) print(app.integrations.aircall.get_call(1).call.id)`
	const refused = "permission_denied\ttest.lua:1: app.integrations.aircall.create_contact is not permitted: it writes, and this script may only read. No request was made.\n1\n"
	r := runner(t, srv.URL, func(c *binding.Config) { c.ReadOnly = true })
	want(t, "by configuration", run(t, r, write), refused)
	res, err := runner(t, srv.URL).Run(context.Background(), "test.lua", write, binding.RunOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "by run", res.Output, refused)
	want(t, "record", fmt.Sprintf("%s/%s/%d", res.Calls[0].ErrorType, res.Calls[0].EffectStatus, res.Calls[0].Requests), "permission_denied/none/0")
	for _, line := range srv.lines() {
		if !strings.HasPrefix(line, "GET ") {
			t.Errorf("sent %s", line)
		}
	}
	t.Run("every function that writes", func(t *testing.T) {
		for _, f := range binding.All() {
			if f.Effect != binding.EffectWrite || len(f.Params) > 0 && f.Params[0].Required {
				continue
			}
			failed := fails(t, r, "app.integrations.aircall."+f.Name+"()")
			if failed.Type != "permission_denied" && failed.Type != "invalid_arguments" {
				t.Errorf("%s: %v", f.Name, failed)
			}
		}
	})
}

func TestDryRun(t *testing.T) {
	srv := replies(t, map[string]string{
		"GET /v1/contacts/5": `{"contact":{"id":5,"phone_numbers":[{"id":1,"label":"Work","value":"+331"}],"emails":[]}}`,
		"GET /v1/calls/1":    oneCall,
	})
	r := runner(t, srv.URL, func(c *binding.Config) { c.DryRun = true; c.Integrations = []binding.Integration{tickets()} })
	for _, c := range []struct{ source, want string }{
		{`print(json.encode(app.integrations.aircall.create_contact{first_name = "A"}))`, `{"dry_run":true,"method":"POST","path":"/v1/contacts","body":{"first_name":"A"}}`},
		{`print(json.encode(app.integrations.aircall.update_contact{contact_id = 5, last_name = "B", phone_numbers = {{value = "+332"}}}))`,
			`{"dry_run":true,"method":"POST","path":"/v1/contacts/5","body":{"last_name":"B"},"requests":[{"method":"POST","path":"/v1/contacts/5","body":{"last_name":"B"}},` +
				`{"method":"POST","path":"/v1/contacts/5/phone_details","body":{"label":"Work","value":"+332"}},{"method":"DELETE","path":"/v1/contacts/5/phone_details/1"}]}`},
		{`print(app.integrations.aircall.get_call(1).call.id)`, "1"},
		{`print(select(2, pcall(app.integrations.aircall.create_contact)).type)`, "invalid_arguments"},
		{`print(json.encode(app.integrations.tickets.create_ticket("A")), #(app.integrations.tickets.list_tickets().tickets or {}))`, `{"dry_run":true,"body":{"priority":"low","title":"A"}}` + "\t0"},
	} {
		want(t, c.source, run(t, r, c.source), c.want+"\n")
	}
	res, err := r.Run(context.Background(), "", `app.integrations.aircall.create_contact("A")`, binding.RunOptions{})
	if err != nil || !res.Calls[0].DryRun || res.Calls[0].EffectStatus != "none" || res.Calls[0].Requests != 0 {
		t.Errorf("%+v, %v", res.Calls, err)
	}
	for _, line := range srv.lines() {
		if !strings.HasPrefix(line, "GET ") {
			t.Errorf("sent %s", line)
		}
	}
}

func TestPermission(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall, "POST /v1/contacts": `{"contact":{"id":1}}`})
	var asked []binding.Access
	approve, askErr := true, error(nil)
	config := func(c *binding.Config) {
		c.Permission = func(_ context.Context, a binding.Access) binding.Decision {
			return map[string]binding.Decision{"get_call": binding.Allow, "create_contact": binding.Ask, "list_users": binding.Deny}[a.Function]
		}
		c.Ask = func(_ context.Context, a binding.Access) (bool, error) {
			asked = append(asked, a)
			return approve, askErr
		}
	}
	r := runner(t, srv.URL, config)
	const create = `local ok, e = pcall(app.integrations.aircall.default.create_contact, {first_name = "A", phone_numbers = {{value = "+331"}}}) print(ok, ok or e.message)`
	const no = "false\tapp.integrations.aircall.default.create_contact is not permitted: "
	want(t, "allowed", run(t, r, `print(app.integrations.aircall.get_call(1).call.id)`), "1\n")
	want(t, "approved", run(t, r, create), "true\ttrue\n")
	wantAsked := []binding.Access{{
		Path: "integrations.aircall.default.create_contact", Integration: "aircall", Function: "create_contact", Account: "default", Effect: "write",
		Arguments: map[string]any{"first_name": "A", "phone_numbers": []any{map[string]any{"label": "Work", "value": "+331"}}},
	}}
	if diff := cmp.Diff(wantAsked, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	srv.lines()
	approve = false
	want(t, "not approved", run(t, r, create), no+"it was not approved. No request was made.\n")
	askErr = errors.New("nobody is at the desk")
	want(t, "not asked", run(t, r, create), no+"asking for its approval failed: nobody is at the desk. No request was made.\n")
	askErr = &binding.ScriptError{Type: binding.TypePermissionDenied, Message: "not on a Sunday", Hint: "ask on Monday"}
	want(t, "with a reason", run(t, r, strings.Replace(create, "e.message", "e.type, e.message, e.hint, e.path", 1)), "false\tpermission_denied\tnot on a Sunday\task on Monday\tintegrations.aircall.default.create_contact\n")
	want(t, "nobody to ask", run(t, runner(t, srv.URL, config, func(c *binding.Config) { c.Ask = nil }), create), no+"it needs an approval, and the host has no way to ask. No request was made.\n")
	for _, fn := range []string{"list_users", "list_numbers"} { // the latter is in no list: no decision is a no
		failed := fails(t, r, "app.integrations.aircall."+fn+"()")
		want(t, fn, failed.Type+": "+failed.Message, "permission_denied: app.integrations.aircall."+fn+" is not permitted: it is forbidden here. No request was made.")
	}
	asked = nil
	run(t, r, `pcall(app.integrations.aircall.create_contact)`)
	if lines := srv.lines(); len(lines)+len(asked) > 0 {
		t.Errorf("sent %v, asked %v", lines, asked)
	}
}

// TestPermissionSeesWhatIsSent: the hook gets every argument whole, in the form in which it is sent.
func TestPermissionSeesWhatIsSent(t *testing.T) {
	srv := replies(t, map[string]string{
		"GET /v1/calls": `{"calls":[],"meta":{"total":0}}`, "POST /v1/contacts": `{"contact":{"id":1}}`, "POST /v1/calls/1/insight_cards": `{}`,
		"GET /v1/contacts/1": `{"contact":{"id":1,"phone_numbers":[],"emails":[]}}`,
	})
	var got binding.Access
	look := func(answer binding.Decision) func(*binding.Config) {
		return func(c *binding.Config) {
			c.Permission = func(_ context.Context, a binding.Access) binding.Decision { got = a; return answer }
			c.Ask = func(_ context.Context, a binding.Access) (bool, error) {
				got = a
				a.Arguments["information"] = "changed by the hook"
				return true, nil
			}
			c.Integrations = []binding.Integration{tickets()}
		}
	}
	large := strings.Repeat("x", 1e6)
	var lines []any
	for range 20 {
		lines = append(lines, map[string]any{"type": "shortText", "text": large[:5e4]})
	}
	for _, c := range []struct {
		source, function string
		want             map[string]any
		body             string // of the request, if it is the arguments
	}{
		{`create_contact{information = large}`, "create_contact", map[string]any{"information": large}, `{"information":"` + large + `"}`},
		{`create_contact{first_name = "A", information = large, emails = {{value = "a@example.com"}}}`, "create_contact",
			map[string]any{"first_name": "A", "information": large, "emails": []any{map[string]any{"label": "Work", "value": "a@example.com"}}},
			`{"emails":[{"label":"Work","value":"a@example.com"}],"first_name":"A","information":"` + large + `"}`},
		{`create_insight_cards{call_id = 1, contents = lines}`, "create_insight_cards", map[string]any{"call_id": int64(1), "contents": lines}, ""},
		{`update_contact{contact_id = "1", last_name = json.null, phone_numbers = {{value = "+331"}}}`, "update_contact",
			map[string]any{"contact_id": int64(1), "last_name": nil, "phone_numbers": []any{map[string]any{"value": "+331"}}}, ""},
		{`list{from = "2026-01-01", page = 2}`, "list_calls", map[string]any{"from": int64(1767225600), "page": int64(2), "per_page": int64(20), "order": "desc"}, ""},
	} {
		for name, configured := range map[string]func(*binding.Config){
			"allow": look(binding.Allow), "ask": look(binding.Ask), "deny": look(binding.Deny),
			"dry run": func(c *binding.Config) { look(binding.Allow)(c); c.DryRun = true },
		} {
			got = binding.Access{}
			srv.lines()
			r := runner(t, srv.URL, configured)
			_, err := r.Run(context.Background(), "", `local large = string.rep("x", 1e6) local lines = {}
				for i = 1, 20 do lines[i] = {type = "shortText", text = large:sub(1, 5e4)} end
				app.integrations.aircall.`+c.source, binding.RunOptions{})
			if name == "ask" {
				delete(got.Arguments, "information")
				if c.want["information"] != nil {
					got.Arguments["information"] = large
				}
			}
			if diff := cmp.Diff(c.want, got.Arguments); diff != "" || got.Function != c.function {
				t.Errorf("%.60s, %s: %s, %v (-want +got):\n%.1000s", c.source, name, got.Function, err, diff)
			}
			sent := srv.requests()
			if refused := name == "deny" || name == "dry run" && got.Effect == binding.EffectWrite; refused {
				for _, r := range sent {
					if !strings.HasPrefix(r.line, "GET") {
						t.Errorf("%.60s, %s: sent %s", c.source, name, r.line)
					}
				}
			} else if c.body != "" && (len(sent) != 1 || !sameJSON(t, sent[0].body, c.body)) {
				t.Errorf("%.60s, %s: %d requests, %v", c.source, name, len(sent), err)
			}
		}
	}
}

// TestHostedArguments: a host's function gets what the hook saw. Arguments that are too large reach neither.
func TestHostedArguments(t *testing.T) {
	var seen, given map[string]any
	many := binding.Integration{Name: "many", Functions: []binding.Function{{
		Name: "add", Effect: binding.EffectWrite,
		Params: []binding.Param{
			{Name: "ids", Kind: binding.KindList, Max: 1 << 20, Items: &binding.Param{Kind: binding.KindID}},
			{Name: "how", Kind: binding.KindEnum, Enum: []string{"fast"}, Default: "fast"},
		},
		Do: func(_ context.Context, c binding.Call) (any, error) {
			given = c.Arguments
			return map[string]any{}, nil
		},
	}}}
	r := runner(t, "http://127.0.0.1:1", func(c *binding.Config) {
		c.Integrations = []binding.Integration{many}
		c.Permission = func(_ context.Context, a binding.Access) binding.Decision { seen = a.Arguments; return binding.Allow }
	})
	const source = `local ids = {} for i = 1, %d do ids[i] = i end app.integrations.many.add{ids = ids}`
	if _, err := r.Run(t.Context(), "", fmt.Sprintf(source, 30000), binding.RunOptions{}); err != nil {
		t.Fatal(err)
	}
	if ids, _ := seen["ids"].([]any); len(ids) != 30000 || seen["how"] != "fast" || !cmp.Equal(seen, given) {
		t.Errorf("the hook saw %d ids and %v", len(ids), seen["how"])
	}
	for _, dry := range []bool{false, true} {
		seen, given = nil, nil
		_, err := r.Run(t.Context(), "", fmt.Sprintf(source, 300000), binding.RunOptions{DryRun: dry})
		if failed, _ := err.(*binding.ScriptError); failed == nil || failed.Type != "limit_exceeded" || seen != nil || given != nil {
			t.Errorf("too many arguments, dry run %t: %v", dry, err)
		}
	}
}

func TestHooks(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": oneCall})
	var log bytes.Buffer
	var calls []binding.CallRecord
	var runs []binding.RunRecord
	r := runner(t, srv.URL, func(c *binding.Config) {
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == "time" || a.Key == "duration" {
				return slog.Attr{}
			}
			return a
		}}))
		c.OnCall = func(_ context.Context, rec binding.CallRecord) { calls = append(calls, rec) }
		c.OnRun = func(_ context.Context, rec *binding.RunRecord) { runs = append(runs, *rec) }
	})
	res, err := r.Run(context.Background(), "s.lua", `app.integrations.aircall.get_call(1) pcall(app.integrations.aircall.get_call, 4242) error("no")`, binding.RunOptions{})
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(res.Calls, calls); diff != "" || len(calls) != 2 {
		t.Errorf("calls (-result +hook):\n%s", diff)
	}
	if len(runs) != 1 || runs[0].Name != "s.lua" || runs[0].Calls != 2 || runs[0].ErrorType != "runtime_error" || runs[0].Duration != res.Duration {
		t.Errorf("runs: %+v", runs)
	}
	want(t, "log", log.String(), `level=DEBUG msg="lua call" script=s.lua path=integrations.aircall.get_call account=default effect=read effect_status=none requests=1 error_type="" status=0 dry_run=false
level=WARN msg="lua call" script=s.lua path=integrations.aircall.get_call account=default effect=read effect_status=none requests=1 error_type=not_found status=404 dry_run=false
level=INFO msg="lua run" script=s.lua calls=2 output=0 error_type=runtime_error
`)
	if strings.Contains(log.String(), "4242") {
		t.Error("an argument is in the log")
	}
}
