package binding_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
)

// noSecret fails if a text holds a credential of the tests' accounts, in any form it travels in.
func noSecret(t *testing.T, what, text string) {
	t.Helper()
	for _, secret := range []string{canaryID, canaryToken, canaryBear, base64.StdEncoding.EncodeToString([]byte(canaryID + ":" + canaryToken))} {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows %s: %s", what, secret, text)
		}
	}
}

func TestAccountsHideTheirSecrets(t *testing.T) {
	a := binding.Account{APIID: canaryID, APIToken: canaryToken, AccessToken: canaryBear, URL: "https://example.com", User: "u"}
	config := binding.Config{Accounts: map[string]binding.Account{"sales": a}}
	const wantText = "binding.Account{api_id api_token access_token url user}"
	want(t, "String", a.String(), wantText)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T %v"} {
		for _, v := range []any{a, &a, []binding.Account{a}, config, &config} {
			noSecret(t, verb, fmt.Sprintf(verb, v))
			noSecret(t, verb+" in hex", hexless(fmt.Sprintf(verb, v)))
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "account", a, "config", config)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "account", a, "config", config)
	noSecret(t, "slog", log.String())
	data, err := json.Marshal(config.Accounts)
	if err != nil {
		t.Fatal(err)
	}
	noSecret(t, "json", string(data))
}

// hexless turns what %x makes of a secret back, if it is one.
func hexless(text string) string {
	out := text
	for _, secret := range []string{canaryID, canaryToken, canaryBear} {
		out = strings.ReplaceAll(out, fmt.Sprintf("%x", secret), secret)
	}
	return out
}

// Whatever goes wrong, and even if the server sends back what it was sent, no credential comes out anywhere.
func TestNoSecretComesOut(t *testing.T) {
	for _, account := range []binding.Account{{APIID: canaryID, APIToken: canaryToken, User: "u"}, {AccessToken: canaryBear}} {
		for _, code := range []int{200, 201, 301, 400, 401, 403, 404, 422, 500} {
			srv := serve(t, func(r request) (int, string) {
				return code, jsonOf(t, map[string]string{"error": "you sent " + r.auth, "troubleshoot": r.auth, "message": r.line})
			})
			account.URL = srv.URL
			var log bytes.Buffer
			r := runner(t, "", func(c *binding.Config) {
				c.Accounts = map[string]binding.Account{"default": account}
				c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				c.OnCall = func(_ context.Context, rec binding.CallRecord) { fmt.Fprintf(&log, "%+v\n", rec) }
				c.Permission = func(context.Context, binding.Access) binding.Decision { return binding.Allow }
			})
			noSecret(t, "the runner", fmt.Sprintf("%v %+v %#v", r, r, r))
			res, err := r.Run(context.Background(), "", `
				local a = app.integrations.aircall
				for _, f in ipairs{a.list_calls, a.list_users, a.list_numbers, a.get_current_user} do
					local ok, e = pcall(f)
					if not ok then dump(e) print(e, json.encode({e.details}), e.hint, e.message) for k, v in pairs(e) do print(k, v) end end
				end
				local ok, e = pcall(a.list_contacts, {q = "secret@example.com"})
				if not ok then
					print(e)
					assert(not tostring(e):find("secret@", 1, true), "the query string is in the error")
				end
				print(pcall(tostring, a), debug.traceback("x"))
				print(docs.list(), docs.read("get_call"), docs.search("token"), docs.schema("get_call"))
				a.create_contact("A")
				a.get_call(1).call.x = 1`, binding.RunOptions{})
			noSecret(t, "the log", log.String())
			if !strings.Contains(log.String(), "lua run") {
				t.Error("nothing was logged")
			}
			noSecret(t, "the result", fmt.Sprintf("%v %+v %#v", res, *res, res.Calls))
			if code < 300 && code != 200 || err == nil {
				continue
			}
			noSecret(t, "the error", fmt.Sprintf("%v %+v %#v", err, *err.(*binding.ScriptError), err))
			if code >= 400 && !strings.Contains(res.Output, fmt.Sprintf("(%d)", code)) {
				t.Errorf("%d: the script met no error: %s", code, res.Output)
			}
		}
	}
}
