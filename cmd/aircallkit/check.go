package main

import (
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
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/redact"
)

type checkOptions struct {
	target, accounts, format string
	timeout                  time.Duration
}

// verdict is what became of one account. The JSON form is a list of them.
type verdict struct {
	Account    string `json:"account"`
	Status     status `json:"status"`
	URL        string `json:"url"`
	Company    string `json:"company,omitempty"`
	Users      int    `json:"users,omitempty"`
	Numbers    int    `json:"numbers,omitempty"`
	HTTPStatus int    `json:"http_status,omitempty"` // of the reply that decided; 0: there was none, or all is well
	Message    string `json:"message,omitempty"`
	Hint       string `json:"hint,omitempty"`

	// Of an account that is ok.
	User      *currentUser       `json:"current_user,omitempty"`
	Features  map[string]feature `json:"features,omitempty"`
	Left      *int               `json:"rate_limit_left,omitempty"`    // requests; nil: Aircall did not tell
	ClockSkew *int               `json:"clock_skew_seconds,omitempty"` // of Aircall's clock, ahead of ours; 0: less than the Date header tells
}

// currentUser is whom get_current_user answers with.
type currentUser struct {
	ID      int64  `json:"id,omitempty"`
	Name    string `json:"name,omitempty"`
	Problem string `json:"problem,omitempty"` // why there is no current user
}

// feature says whether the plan of the company has something.
type feature string

const (
	featureYes     feature = "yes"
	featureNo      feature = "no"      // 403
	featureUnknown feature = "unknown" // the probe was not answered, or has two meanings
)

type status string

const (
	statusOK            status = "ok"
	statusRejected      status = "rejected"      // Aircall does not take the credentials
	statusUnreachable   status = "unreachable"   // no reply, or only that of a server in trouble
	statusRateLimited   status = "rate_limited"  // the credentials may be right
	statusMalformed     status = "malformed"     // something answers that is not Aircall, or not as Aircall does
	statusMisconfigured status = "misconfigured" // no request could be sent
)

func checkCommand(p *process) *cobra.Command {
	o := checkOptions{format: "text"}
	cmd := &cobra.Command{
		Use:   "check [account...]",
		Short: "Check the credentials of the accounts",
		Long: `Check the credentials of all accounts, or of the named ones, and show what they give access to:
the company, the current user, the parts of the plan that can be read, the requests left in this
minute if Aircall says so, and the difference between its clock and this one. Each account costs at
most six requests, all of them reads.

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
		return unable(fmt.Errorf("check: --timeout %v: give more than 0s", o.timeout))
	}
	t, err := p.open(o.target, o.accounts)
	if err != nil {
		return err
	}
	defer t.close()
	all := names(t.accounts)
	for _, name := range only {
		if !slices.Contains(all, name) {
			return unable(fmt.Errorf("check: there is no account %q", name), "configured: "+strings.Join(all, ", "))
		}
	}
	verdicts := make([]verdict, 0, len(all))
	for _, name := range all {
		if len(only) == 0 || slices.Contains(only, name) {
			verdicts = append(verdicts, verdict{Account: name})
		}
	}
	var wait sync.WaitGroup
	for i := range verdicts {
		wait.Go(func() { verdicts[i].find(ctx, t.accounts[verdicts[i].Account], o.timeout) })
	}
	wait.Wait()
	if ctx.Err() != nil {
		return unable(errors.New("check: interrupted"))
	}
	if err := o.print(p, verdicts); err != nil {
		return unable(fmt.Errorf("check: %w", err))
	}
	if slices.ContainsFunc(verdicts, func(v verdict) bool { return v.Status != statusOK }) {
		return &failure{code: exitFailed}
	}
	return nil
}

// find asks for the ping, which any credentials that work may have, and for the company's name.
func (v *verdict) find(ctx context.Context, a binding.Account, timeout time.Duration) {
	v.URL = a.URL
	if v.URL == "" {
		v.URL = "https://api.aircall.io"
	}
	client, err := aircall.New(aircall.Options{
		BaseURL: a.URL, APIID: a.APIID, APIToken: a.APIToken, AccessToken: a.AccessToken,
		Timeout: timeout, MaxRetries: -1, // who asks wants to know how it is now
	})
	if err != nil {
		v.Status, v.URL, v.Message = statusMisconfigured, "", strings.TrimPrefix(err.Error(), "aircall: ")
		return
	}
	defer client.CloseIdleConnections()
	if err = client.Ping(ctx); err != nil {
		v.judge(err)
		return
	}
	company, err := client.Company(ctx)
	if err != nil {
		if v.judge(err); v.Status == statusMalformed {
			v.Message, v.Hint = "it answers a ping as Aircall does, and not the question for the company", "look for a proxy that changes replies, or try again"
		}
		return
	}
	v.Status, v.Company, v.Users, v.Numbers = statusOK, oneLine(company.Name), company.UsersCount, company.NumbersCount
	v.look(ctx, client, a)
}

// oneLine makes a name of the target fit into a line: a name may hold what a terminal obeys.
func oneLine(name string) string {
	const longest = 80
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }), " ")
	if runes := []rune(name); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return name
}

// look finds out what the credentials open. What cannot be found out makes them no worse.
func (v *verdict) look(ctx context.Context, client *aircall.Client, a binding.Account) {
	v.User = v.findUser(ctx, client, a)
	v.Features = map[string]feature{"analytics": featureUnknown, "ai_assist": featureUnknown}
	// An export that is not there is told from an add-on that is not.
	_, err := client.Do(ctx, "retrieve-an-analytics-report-export", aircall.Request{Path: []string{"00000000-0000-4000-8000-000000000000"}})
	switch {
	case err == nil, errors.Is(err, aircall.KindNotFound):
		v.Features["analytics"] = featureYes
	case errors.Is(err, aircall.KindForbidden):
		v.Features["analytics"] = featureNo
	}
	before := time.Now()
	res, err := client.Do(ctx, "list-all-calls", aircall.Request{Query: url.Values{"per_page": {"50"}, "order": {"desc"}}})
	if err != nil {
		return
	}
	v.measure(res.Header, before, time.Now())
	var page struct {
		Calls []struct {
			ID       int64  `json:"id"`
			Answered *int64 `json:"answered_at"`
			Ended    *int64 `json:"ended_at"`
		} `json:"calls"`
	}
	if json.Unmarshal(res.Body, &page) != nil {
		return
	}
	talk := -1
	for i, c := range page.Calls {
		if c.Answered != nil && c.Ended != nil && (talk < 0 || *c.Ended-*c.Answered > *page.Calls[talk].Ended-*page.Calls[talk].Answered) {
			talk = i // the longest: a short one has no transcription
		}
	}
	if talk < 0 {
		return
	}
	// 404 is the answer of companies without the add-on too, so that it says nothing.
	_, err = client.Do(ctx, "retrieve-a-transcription", aircall.Request{Path: []string{strconv.FormatInt(page.Calls[talk].ID, 10)}})
	switch {
	case err == nil:
		v.Features["ai_assist"] = featureYes
	case errors.Is(err, aircall.KindForbidden):
		v.Features["ai_assist"] = featureNo
	}
}

// measure reads what a reply tells beside its body. Date has whole seconds, cut off.
func (v *verdict) measure(h http.Header, before, after time.Time) {
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

// findUser asks as get_current_user does: an access token has a user, an API key has the one that is configured.
func (v *verdict) findUser(ctx context.Context, client *aircall.Client, a binding.Account) *currentUser {
	var user *aircall.User
	var err error
	if a.AccessToken != "" && a.APIID == "" {
		var of *aircall.Integration
		if of, err = client.Integration(ctx); err == nil {
			user = of.User
		}
	}
	id, notID := strconv.ParseInt(a.User, 10, 64)
	switch {
	case user != nil, err != nil && !errors.Is(err, aircall.KindNotFound):
	case a.User == "":
		return &currentUser{Problem: "none is configured: set the account's user to the id or the e-mail of one"}
	case notID == nil:
		user, err = client.User(ctx, id)
	default:
		user, err = client.UserByEmail(ctx, a.User)
	}
	switch {
	case errors.Is(err, aircall.KindNotFound):
		return &currentUser{Problem: "the company has no such user as is configured"}
	case err != nil:
		return &currentUser{Problem: "could not be read: " + failed(err)}
	}
	return &currentUser{ID: user.ID, Name: oneLine(user.Name)}
}

func failed(err error) string {
	var e *aircall.Error
	if errors.As(err, &e) {
		return string(e.Kind)
	}
	return "no such reply was expected"
}

// initials replace the name of a person where the output may be kept, as in the log of a job.
func initials(name string) string {
	var letters []string
	for word := range strings.FieldsSeq(name) {
		first, _ := utf8.DecodeRuneInString(word)
		letters = append(letters, string(first)+".")
	}
	return strings.Join(letters, " ")
}

// details is the second line of an account that is ok.
func (v *verdict) details() string {
	said := []string{"user: " + v.User.Problem}
	if v.User.Problem == "" {
		said[0] = fmt.Sprintf("user: %s (%d)", v.User.Name, v.User.ID)
	}
	for _, name := range slices.Sorted(maps.Keys(v.Features)) {
		said = append(said, fmt.Sprintf("%s: %s", name, v.Features[name]))
	}
	switch {
	case v.ClockSkew == nil:
	case *v.ClockSkew == 0:
		said = append(said, "clock: in step")
	default:
		said = append(said, fmt.Sprintf("clock: %+ds", *v.ClockSkew))
	}
	if v.Left != nil {
		said = append(said, fmt.Sprintf("%d requests left of the minute", *v.Left))
	}
	return strings.Join(said, ", ")
}

// judge says in a sentence what an error means. It never repeats what the target sent: that may be anything, also the
// credentials.
func (v *verdict) judge(err error) {
	v.Status, v.Message, v.Hint = statusMalformed, "something answers that is not Aircall", "check the URL, and any proxy between"
	var e *aircall.Error
	if !errors.As(err, &e) {
		return
	}
	v.HTTPStatus = e.Status
	page := strings.HasPrefix(e.Message, "an HTML page") // a proxy or a portal, whatever its status
	switch {
	case e.Kind == aircall.KindUnauthorized && !page:
		v.Status, v.Message, v.Hint = statusRejected, "Aircall sees no credentials", e.Hint
	case e.Kind == aircall.KindForbidden && !page:
		v.Status, v.Message, v.Hint = statusRejected, "Aircall does not accept the credentials", e.Hint
	case e.Kind == aircall.KindRateLimited:
		v.Status, v.Message, v.Hint = statusRateLimited, "the requests of this minute are used up, so nothing is known of the credentials", e.Hint
	case e.Kind == aircall.KindServer:
		v.Status, v.Message, v.Hint = statusUnreachable, "the server, or a proxy before it, is in trouble", "try again later"
	case e.Kind == aircall.KindTimeout:
		v.Status, v.Message, v.Hint = statusUnreachable, e.Message, "check URL, network and proxy, or wait longer: --timeout"
	case e.Kind == aircall.KindNetwork:
		v.Status, v.Message, v.Hint = statusUnreachable, redact.Cause(e.Err), "check URL, network and proxy"
	case e.Status/100 == 3:
		v.Message, v.Hint = "a redirect answers in place of Aircall", "redirects are not followed, the credentials would go along; check the URL"
	}
}

func (o *checkOptions) print(p *process, verdicts []verdict) error {
	for i := range verdicts {
		if u := verdicts[i].User; u != nil && !terminal(p.stdout) {
			u.Name = initials(u.Name)
		}
	}
	if o.format == "json" {
		e := json.NewEncoder(p.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(verdicts)
	}
	width := 0
	for _, v := range verdicts {
		width = max(width, len(v.Account))
	}
	for _, v := range verdicts {
		said, colour := v.Message, red
		switch {
		case v.Status == statusOK:
			said, colour = fmt.Sprintf("%s (%d users, %d numbers)", v.Company, v.Users, v.Numbers), green
		case v.HTTPStatus != 0:
			said = fmt.Sprintf("HTTP %d: %s", v.HTTPStatus, v.Message)
		}
		label := p.paint(p.stdout, colour, fmt.Sprintf("%-13s", v.Status))
		if _, err := fmt.Fprintf(p.stdout, "%s  %-*s  %s  %s\n", label, width, v.Account, v.URL, said); err != nil {
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
