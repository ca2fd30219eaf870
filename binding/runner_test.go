package binding_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding"
)

func TestCallRecords(t *testing.T) {
	srv := serve(t, func(r request) (int, string) {
		switch {
		case strings.HasPrefix(r.line, "GET /v2/users"):
			return listPage(r, "users", 120, func(i int) string { return fmt.Sprintf(`{"id":%d}`, i) })
		case strings.HasPrefix(r.line, "POST"):
			return 200, `{"contact":{}}`
		}
		return 404, `{}`
	})
	r := runner(t, "", three(srv.URL))
	res, err := r.Run(context.Background(), "", `
		local a = app.integrations.aircall
		a.list_users()
		a.sales.create_contact("A")
		pcall(a.default.get, 1)
		pcall(a.support.create_contact)`, binding.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const at = "integrations.aircall."
	wantCalls := []binding.CallRecord{
		{Path: at + "list_users", Function: "list_users", Account: "default", Effect: "read", EffectStatus: "none", Requests: 3},
		{Path: at + "sales.create_contact", Function: "create_contact", Account: "sales", Effect: "write", EffectStatus: "succeeded", Requests: 1},
		{Path: at + "default.get_call", Function: "get_call", Account: "default", Effect: "read", EffectStatus: "none", Requests: 1, ErrorType: "not_found", Status: 404},
		{Path: at + "support.create_contact", Function: "create_contact", Account: "support", Effect: "write", EffectStatus: "none", ErrorType: "invalid_arguments"},
	}
	if diff := cmp.Diff(wantCalls, res.Calls, cmpopts.IgnoreFields(binding.CallRecord{}, "Duration")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	for _, c := range res.Calls {
		if c.Duration <= 0 {
			t.Errorf("%s took %v", c.Path, c.Duration)
		}
	}
}

// A thousand scripts on a hundred goroutines: each spoils whatever it can reach, and none finds anything spoilt.
func TestThousandRunsAtOnce(t *testing.T) {
	letters := map[string]string{"default": "d", "sales": "s", "support": "u"}
	srv := serve(t, func(r request) (int, string) {
		path, _, _ := strings.Cut(strings.TrimPrefix(r.line, "GET /v1/calls/"), "?")
		return 200, fmt.Sprintf(`{"call":{"id":%s,"auth":"%s"}}`, path, r.auth)
	})
	r := runner(t, "", three(srv.URL))
	const script = `
		local id, other = ...
		assert(seen == nil and string.mark == nil and json.mark == nil and getmetatable("").__len == nil)
		assert(not pcall(function() return app.integrations.aircall.mark end))
		seen, string.mark, json.mark, getmetatable("").__len = id, id, id, function() return id end
		local aircall = app.integrations.aircall
		for i = 1, 2 do
			local c = aircall.get_call(id + i).call
			assert(c.id == id + i and seen == id and string.mark == id)
			c.id, aircall.get_user = nil, id
			print(c.auth)
		end
		print(aircall[other].get_call(1).call.auth)
		app.integrations.aircall.get_call = nil
		print, tostring, pcall = nil, nil, nil
		return id`
	work := make(chan int)
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			for i := range work {
				account, other := []string{"default", "sales", "support"}[i%3], []string{"default", "sales", "support"}[(i/3)%3]
				if other == "default" {
					other = "sales" // the namespace default means the run's account
				}
				var out strings.Builder
				res, err := r.Run(context.Background(), "", script, binding.RunOptions{Args: []any{i * 10, other}, Account: account, Output: &out})
				if err != nil {
					t.Errorf("run %d: %v", i, err)
					continue
				}
				wantOut := strings.Repeat("Bearer "+letters[account]+"\n", 2) + "Bearer " + letters[other] + "\n"
				if res.Output != wantOut || out.String() != wantOut || res.Values[0] != int64(i*10) || len(res.Calls) != 3 {
					t.Errorf("run %d as %s: %+v", i, account, res)
				}
				for j, c := range res.Calls {
					if wantAccount := []string{account, account, other}[j]; c.Account != wantAccount {
						t.Errorf("run %d, call %d: account %s, want %s", i, j, c.Account, wantAccount)
					}
				}
			}
		})
	}
	for i := range 1000 {
		work <- i
	}
	close(work)
	wg.Wait()
}

func TestPreload(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": `{"call":{"id":1}}`})
	r := runner(t, srv.URL)
	L := lua.NewState()
	defer L.Close()
	r.Preload(L)
	err := L.DoString(`
		id = app.integrations.aircall.get_call(1).call.id
		text = json.encode({app.integrations.aircall.get_call(1).call.from, json.null})
		ok, failed = pcall(app.integrations.aircall.get_call, 2)
		shown = "<" .. failed .. ">"
		where = failed.where
		for i = 1, 300 do app.integrations.aircall.get_call(1) end`)
	if err != nil {
		t.Fatal(err)
	}
	for name, wantText := range map[string]string{"id": "1", "text": `["unknown",null]`, "ok": "false", "where": "<string>:4:",
		"shown": "<<string>:4: Aircall API error (404): Not Found. Check ID of the resource>"} {
		want(t, name, L.GetGlobal(name).String(), wantText)
	}
	t.Run("its context ends requests", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		L := lua.NewState()
		defer L.Close()
		L.SetContext(ctx)
		r.Preload(L)
		if err := L.DoString(`app.integrations.aircall.get_call(1)`); err == nil || !strings.Contains(err.Error(), "canceled") {
			t.Errorf("got %v", err)
		}
	})
}

func TestNamesOfScripts(t *testing.T) {
	r := runner(t, "")
	for name, at := range map[string]string{"": "script.lua:2", "a/b.lua": "a/b.lua:2", "=odd %s: 5": "=odd %s: 5:2", "x.lua:7": "x.lua:7:2"} {
		_, err := r.Run(context.Background(), name, "\nerror('no')", binding.RunOptions{})
		failed, ok := err.(*binding.ScriptError)
		if !ok || failed.Where != at || failed.Message != "no" {
			t.Errorf("%q: got %#v", name, err)
		}
	}
	want(t, "first line of an executable", run(t, r, "#!/usr/bin/env -S aircallkit lua\nprint(1)"), "1\n")
}
