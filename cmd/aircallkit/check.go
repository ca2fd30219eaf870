package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/redact"
)

type checkOptions struct {
	target, accounts, format string
	timeout                  time.Duration
}

// verdict is the result of one account. The JSON form is a list of them.
type verdict struct {
	Account    string `json:"account"`
	Status     status `json:"status"`
	URL        string `json:"url"`
	Company    string `json:"company,omitempty"`
	Users      int    `json:"users,omitempty"`
	Numbers    int    `json:"numbers,omitempty"`
	HTTPStatus int    `json:"http_status,omitempty"` // of the reply that decided; 0: there was none, or the account is ok
	Message    string `json:"message,omitempty"`
	Hint       string `json:"hint,omitempty"`

	// Of an account that is ok.
	User      *currentUser      `json:"current_user,omitempty"`
	Features  map[string]string `json:"features,omitempty"`           // of the plan: yes, no (403) or unknown
	Left      *int              `json:"rate_limit_left,omitempty"`    // requests; nil: Aircall did not say
	ClockSkew *int              `json:"clock_skew_seconds,omitempty"` // how far Aircall's clock is ahead of ours; 0: too little to measure
}

// currentUser is the user that get_current_user returns.
type currentUser struct {
	ID      int64  `json:"id,omitempty"`
	Name    string `json:"name,omitempty"`
	Problem string `json:"problem,omitempty"` // why there is no current user
}

type status string

const (
	statusOK            status = "ok"
	statusRejected      status = "rejected"      // Aircall does not accept the credentials
	statusUnreachable   status = "unreachable"   // no reply, or a reply of a server in trouble
	statusRateLimited   status = "rate_limited"  // the credentials may be right
	statusMalformed     status = "malformed"     // the server is not Aircall, or does not answer as Aircall does
	statusMisconfigured status = "misconfigured" // no request could be sent
)

func checkCommand(p *process) *cobra.Command {
	o := checkOptions{format: "text"}
	cmd := &cobra.Command{
		Use:   "check [account...]",
		Short: "Check the credentials of the accounts",
		Long: `Check the credentials of all accounts, or of the named ones, and show what they give access to:
the company, the current user, the parts of the plan that can be read, the requests left in this
minute if Aircall says so, and the difference between its clock and this one. Each account costs
about six requests, all of them reads.

The result of an account is ok, rejected (wrong credentials), unreachable, rate_limited, malformed
(the server is not Aircall, or does not answer as Aircall does) or misconfigured, with a sentence
that says what happened. It repeats nothing of the reply. When the output is not a terminal, users
are shown by their initials.

Exit codes: 0 all accounts are ok, 1 an account is not, 2 nothing could be checked.

` + accountsHelp,
		Example: `  aircallkit check
  aircallkit check sales support --format json
  aircallkit check --target http://127.0.0.1:8787`,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), p, args) },
	}
	targetFlags(cmd, &o.target, &o.accounts, targetLive)
	choose(cmd, &o.format, "format", "how to print", "text", "json")
	cmd.Flags().DurationVar(&o.timeout, "timeout", 10*time.Second, "how long to wait for each reply")
	return cmd
}

func (o *checkOptions) run(ctx context.Context, p *process, only []string) error {
	if o.timeout <= 0 {
		return fmt.Errorf("--timeout %v: give more than 0s", o.timeout)
	}
	t, err := p.open(o.target, o.accounts)
	if err != nil {
		return err
	}
	defer t.close()
	all := names(t.accounts)
	for _, name := range only {
		if err := requireAccount(t.accounts, name); err != nil {
			return err
		}
	}
	if len(only) > 0 {
		all = slices.DeleteFunc(all, func(name string) bool { return !slices.Contains(only, name) })
	}
	verdicts := make([]verdict, len(all))
	var wait sync.WaitGroup
	for i, name := range all {
		verdicts[i].Account = name
		wait.Go(func() { verdicts[i].check(ctx, t.accounts[name], o.timeout) })
	}
	wait.Wait()
	if ctx.Err() != nil {
		return errors.New("interrupted")
	}
	if err := o.print(p, verdicts); err != nil {
		return err
	}
	if slices.ContainsFunc(verdicts, func(v verdict) bool { return v.Status != statusOK }) {
		return &failure{code: exitFailed}
	}
	return nil
}

// check reads the ping, which all valid credentials may do, and the company.
func (v *verdict) check(ctx context.Context, a binding.Account, timeout time.Duration) {
	v.URL = cmp.Or(a.URL, "https://api.aircall.io")
	client, err := aircall.New(aircall.Options{
		BaseURL: a.URL, APIID: a.APIID, APIToken: a.APIToken, AccessToken: a.AccessToken,
		Timeout: timeout, MaxRetries: -1, // the command shows the present state
	})
	if err != nil {
		v.Status, v.URL, v.Message = statusMisconfigured, "", strings.TrimPrefix(err.Error(), "aircall: ")
		return
	}
	defer client.CloseIdleConnections()
	if err = client.Ping(ctx); err != nil {
		v.fail(err)
		return
	}
	company, err := client.Company(ctx)
	if err != nil {
		if v.fail(err); v.Status == statusMalformed {
			v.Message, v.Hint = "it answers a ping as Aircall does, but not the request for the company", "look for a proxy that changes replies, or try again"
		}
		return
	}
	v.Status, v.Company, v.Users, v.Numbers = statusOK, oneLine(company.Name), company.UsersCount, company.NumbersCount
	v.User = findUser(ctx, a, timeout)
	v.probe(ctx, client)
}

// oneLine makes a name of the target fit into a line.
func oneLine(name string) string { return runewidth.Truncate(printable(name), 80, "…") }

// probe finds out what the credentials give access to. A failed probe leaves the account ok.
func (v *verdict) probe(ctx context.Context, client *aircall.Client) {
	v.Features = map[string]string{"analytics": "unknown", "ai_assist": "unknown"}
	ask := func(name, op, id, notFound string) {
		_, err := client.Do(ctx, op, aircall.Request{Path: []string{id}})
		switch {
		case err == nil:
			v.Features[name] = "yes"
		case errors.Is(err, aircall.KindForbidden):
			v.Features[name] = "no"
		case errors.Is(err, aircall.KindNotFound):
			v.Features[name] = notFound
		}
	}
	// A company with the add-on answers 404, as it does not have this export.
	ask("analytics", "retrieve-an-analytics-report-export", "00000000-0000-4000-8000-000000000000", "yes")
	before := time.Now()
	res, err := client.Do(ctx, "list-all-calls", aircall.Request{Query: url.Values{"per_page": {"50"}, "order": {"desc"}}})
	if err != nil {
		return
	}
	v.readHeaders(res.Header, before, time.Now())
	var page struct {
		Calls []struct {
			ID       int64 `json:"id"`
			Answered int64 `json:"answered_at"`
			Ended    int64 `json:"ended_at"`
		} `json:"calls"`
	}
	if json.Unmarshal(res.Body, &page) != nil {
		return
	}
	var id, longest int64 = 0, -1 // of all calls that people talked in; a short one has no transcription
	for _, c := range page.Calls {
		if talk := c.Ended - c.Answered; c.Answered > 0 && c.Ended > 0 && talk > longest {
			id, longest = c.ID, talk
		}
	}
	if longest >= 0 {
		// A company without the add-on may answer 404, too, so that says nothing.
		ask("ai_assist", "retrieve-a-transcription", strconv.FormatInt(id, 10), "unknown")
	}
}

// readHeaders reads the rate limit and the clock. Date has whole seconds, rounded down.
func (v *verdict) readHeaders(h http.Header, before, after time.Time) {
	if left, err := strconv.Atoi(h.Get("X-AircallApi-Remaining")); err == nil {
		v.Left = &left
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	skew := 0
	if early := before.Sub(date) - time.Second; early > 0 {
		skew = -int(early.Seconds()) - 1
	} else if late := date.Sub(after); late > 0 {
		skew = int(late.Seconds()) + 1
	}
	v.ClockSkew = &skew
}

// findUser calls get_current_user.
func findUser(ctx context.Context, a binding.Account, timeout time.Duration) *currentUser {
	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{"default": a}, Limits: binding.Limits{Timeout: timeout}})
	if err != nil {
		return &currentUser{Problem: "could not be read: " + err.Error()}
	}
	const script = "local user = app.integrations.aircall.get_current_user({}).user return user.id, user.name"
	result, err := runner.Run(ctx, "check", script, binding.RunOptions{})
	if err == nil && len(result.Values) == 2 {
		id, _ := result.Values[0].(int64)
		name, _ := result.Values[1].(string)
		return &currentUser{ID: id, Name: oneLine(name)}
	}
	failed, ok := errors.AsType[*binding.ScriptError](err)
	switch {
	case !ok:
		return &currentUser{Problem: "could not be read"}
	case failed.Type == binding.TypeNoCurrentUser:
		return &currentUser{Problem: "none is configured: set the account's user to the id or e-mail of one"}
	case failed.Type == binding.TypeNotFound:
		return &currentUser{Problem: "the company does not have the configured user"}
	}
	return &currentUser{Problem: "could not be read: " + failed.Type}
}

// initials replace the name of a person where the output may be kept, such as in the log of a CI job.
func initials(name string) string {
	var letters []string
	for word := range strings.FieldsSeq(name) {
		first, _ := utf8.DecodeRuneInString(word)
		letters = append(letters, string(first)+".")
	}
	return strings.Join(letters, " ")
}

// details returns the second line of an account that is ok.
func (v *verdict) details() string {
	parts := []string{"user: " + v.User.Problem}
	if v.User.Problem == "" {
		parts[0] = fmt.Sprintf("user: %s (%d)", v.User.Name, v.User.ID)
	}
	for _, name := range slices.Sorted(maps.Keys(v.Features)) {
		parts = append(parts, fmt.Sprintf("%s: %s", name, v.Features[name]))
	}
	switch {
	case v.ClockSkew == nil:
	case *v.ClockSkew == 0:
		parts = append(parts, "clock: in sync")
	default:
		parts = append(parts, fmt.Sprintf("clock: %+ds", *v.ClockSkew))
	}
	if v.Left != nil {
		parts = append(parts, fmt.Sprintf("requests left in this minute: %d", *v.Left))
	}
	return strings.Join(parts, ", ")
}

// fail says in a sentence what an error means. It never repeats what the target sent: that may be anything, including
// the credentials.
func (v *verdict) fail(err error) {
	set := func(s status, message, hint string) { v.Status, v.Message, v.Hint = s, message, hint }
	set(statusMalformed, "the server is not Aircall", "check the URL, and any proxy in between")
	e, ok := errors.AsType[*aircall.Error](err)
	if !ok {
		return
	}
	v.HTTPStatus = e.Status
	page := strings.HasPrefix(e.Message, "an HTML page") // of a proxy or a portal, whatever its status
	switch {
	case e.Kind == aircall.KindUnauthorized && !page:
		set(statusRejected, "Aircall received no credentials", e.Hint)
	case e.Kind == aircall.KindForbidden && !page:
		set(statusRejected, "Aircall does not accept the credentials", e.Hint)
	case e.Kind == aircall.KindRateLimited:
		set(statusRateLimited, "no requests are left in this minute, so the credentials could not be checked", e.Hint)
	case e.Kind == aircall.KindServer:
		set(statusUnreachable, "the server, or a proxy in front of it, is in trouble", "try again later")
	case e.Kind == aircall.KindTimeout:
		set(statusUnreachable, e.Message, "check URL, network and proxy, or wait longer with --timeout")
	case e.Kind == aircall.KindNetwork:
		set(statusUnreachable, redact.Cause(e.Err), "check URL, network and proxy")
	case e.Status/100 == 3:
		set(statusMalformed, "the server answers with a redirect", "redirects are not followed, since the credentials would go along; check the URL")
	}
}

func (o *checkOptions) print(p *process, verdicts []verdict) error {
	width := 0
	for _, v := range verdicts {
		width = max(width, len(v.Account))
		if v.User != nil && !terminal(p.stdout) {
			v.User.Name = initials(v.User.Name)
		}
	}
	if o.format == "json" {
		return printJSON(p, verdicts)
	}
	for _, v := range verdicts {
		text, color := v.Message, red
		switch {
		case v.Status == statusOK:
			text, color = fmt.Sprintf("%s (%d users, %d numbers)", v.Company, v.Users, v.Numbers), green
		case v.HTTPStatus != 0:
			text = fmt.Sprintf("HTTP %d: %s", v.HTTPStatus, v.Message)
		}
		label := p.paint(p.stdout, color, fmt.Sprintf("%-13s", v.Status))
		if _, err := fmt.Fprintf(p.stdout, "%s  %-*s  %s  %s\n", label, width, v.Account, v.URL, text); err != nil {
			return err
		}
		if v.Status == statusOK {
			fmt.Fprintf(p.stdout, "%-13s  %-*s  %s\n", "", width, "", v.details())
		}
		if v.Hint != "" {
			fmt.Fprintf(p.stdout, "%-13s  %-*s  hint: %s\n", "", width, "", v.Hint)
		}
	}
	return nil
}
