package conformance

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// undoable are the writes that the kit can undo. All others are in neverLive.
var undoable = []string{
	"create-a-contact", "update-a-contact", "delete-a-contact",
	"add-phone-number-to-a-contact", "update-phone-number-to-a-contact", "delete-phone-number-from-a-contact",
	"add-email-to-a-contact", "update-email-to-a-contact", "delete-email-from-a-contact",
}

// neverLive are the writes that the kit never sends to Aircall nor to any other machine, with the reason. No flag changes this
// table.
var neverLive = func() map[string]string {
	byOp := map[string]string{}
	for why, ops := range map[string][]string{
		"it rings a phone": {
			"start-an-outbound-call", "dial-a-phone-number-in-the-phone", "transfer-a-call",
			"trigger-an-outbound-call", "create-a-dialer-campaign", "add-phone-numbers",
			"launch-a-campaign", "resume-a-campaign",
		},
		"it cannot be undone": {
			"delete-a-dialer-campaign", "delete-a-phone-number", "delete-a-recording", "delete-a-voicemail",
			"comment-a-call", "tag-a-call", "create-insight-cards", "create-an-analytics-report-export",
		},
		"it sends a message to somebody": {
			"send-message", "send-message-in-agent-conversation", "send-group-message",
			"send-group-message-in-agent-conversation", "send-whatsapp-message",
			"send-whatsapp-message-in-agent-conversation",
		},
		"it changes the company's users": {
			"create-a-user", "update-a-user", "delete-a-user", "create-a-user-v1", "update-a-user-v1",
			"create-a-team", "delete-a-team", "add-a-user-to-a-team", "remove-a-user-from-a-team",
		},
		"it changes a line that people call": {
			"update-a-number", "create-number-configuration", "delete-number-configuration",
			"create-an-a2p-campaign-association", "update-an-a2p-campaign-association",
			"delete-an-a2p-campaign-association",
		},
		"people work with what it changes": {
			"archive-a-call", "unarchive-a-call", "pause-recording", "resume-recording", "create-a-tag",
			"update-a-tag", "delete-a-tag", "create-a-campaign", "add-campaign-contacts", "assign-campaign-agents",
			"pause-a-campaign", "archive-a-campaign",
		},
		"it decides where the company's data goes": {
			"create-a-webhook", "update-a-webhook", "delete-a-webhook", "enable-an-integration",
			"disable-an-integration",
		},
		"it uses up a grant": {
			"exchange-an-authorization-code",
		},
	} {
		for _, op := range ops {
			byOp[op] = why
		}
	}
	return byOp
}()

// refusal is a request that the kit does not send.
type refusal struct{ what, why string }

func (r *refusal) Error() string { return fmt.Sprintf("the kit does not send %s: %s", r.what, r.why) }

// guard lets requests pass to the addresses of the accounts only, and of the writes only those that the scenario is about and that
// can be undone. Reads are harmless; the budget bounds them.
type guard struct {
	next http.RoundTripper
	t    *target
}

// RoundTrip sends a request unless check refuses it. It stores a refusal with the scenario, because a script may hide it.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.check(req); err != nil {
		if e, ok := req.Context().Value(purposeKey{}).(entry); ok {
			e.exchanges.refuse(err)
		}
		return nil, err
	}
	return g.next.RoundTrip(req)
}

func (g *guard) check(req *http.Request) error {
	t, account := g.t, g.t.byAuth[req.Header.Get("Authorization")]
	op, route := routeOf(req.Method, req.URL.EscapedPath())
	no := func(format string, args ...any) error {
		return &refusal{req.Method + " " + route, fmt.Sprintf(format, args...)}
	}
	if !t.isHome(account, req.URL) {
		return no("%s is not the address of the account", req.URL.Host)
	}
	if req.Method == http.MethodGet || t.kind == kindFake {
		return nil
	}
	if why := neverLive[op]; why != "" && (t.kind == kindLive || !Loopback(req.URL)) {
		return no("%s, so it never goes to a live account", why)
	}
	e, _ := req.Context().Value(purposeKey{}).(entry)
	switch {
	case !slices.Contains(undoable, op):
		return no("it could not be undone")
	case e.purpose == forUndo:
		return nil
	case e.exchanges == nil:
		return no("it belongs to no scenario")
	case !t.writes:
		return no("changes of the account are not allowed")
	case account != "" && t.writesTo != "" && account != t.writesTo:
		return no("only account %q may be changed, and this is %q", t.writesTo, account)
	case e.purpose == forCheck && op == "create-a-contact": // a contact of the kit's own
		return nil
	case !slices.Contains(e.exchanges.ops, op):
		return no("its scenario is not about %s", op)
	}
	return nil
}

// isHome reports whether an address is the account's; for credentials of no account, that of any account.
func (t *target) isHome(account string, u *url.URL) bool {
	at := func(a binding.Account) bool {
		base, err := url.Parse(a.URL)
		return err == nil && base.Scheme == u.Scheme && base.Host == u.Host && strings.HasPrefix(u.Path, strings.TrimRight(base.Path, "/")+"/")
	}
	if account != "" {
		return at(t.accounts[account])
	}
	return slices.ContainsFunc(slices.Collect(maps.Values(t.accounts)), at)
}

// opsOf returns the operations a scenario may use: those it names, and those of the functions it names.
func opsOf(p *scenario.Scenario, functions map[string]binding.Function) []string {
	ops := p.Tagged("@op:")
	for _, name := range append(p.Tagged("@function:"), p.Tagged("@example:")...) {
		ops = append(ops, functions[name].Ops...)
	}
	return ops
}

// refuse stores the first refusal of a scenario.
func (j *exchangeList) refuse(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.refused == nil {
		j.refused = err
	}
}

// refusal returns the first refusal of the scenario.
func (j *exchangeList) refusal() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.refused
}

var errOverBudget = errors.New("the budget of requests is used up; --max-requests allows more")
