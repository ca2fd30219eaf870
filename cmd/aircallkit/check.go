package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/binding/aircall"
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
}

type status string

const (
	statusOK            status = "ok"
	statusRejected      status = "rejected"      // Aircall does not take the credentials
	statusUnreachable   status = "unreachable"   // no reply, or only that of a server in trouble
	statusRateLimited   status = "rate_limited"  // the credentials may be right
	statusMalformed     status = "malformed"     // something answers that is not Aircall
	statusMisconfigured status = "misconfigured" // no request could be sent
)

func checkCommand(p *process) *cobra.Command {
	o := checkOptions{format: "text"}
	cmd := &cobra.Command{
		Use:   "check [account...]",
		Short: "Find out whether the credentials of the accounts work",
		Long: `Find out whether the credentials of all accounts work, or of those that are named. Each account costs two
requests, both of which only read.

An account is ok, rejected (the credentials are wrong), unreachable, rate_limited, malformed (something
answers that is not Aircall) or misconfigured. The exit code is 0 if all are ok, 1 if one is not, 2 if
nothing could be checked.

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
	if err = client.Ping(ctx); err == nil {
		var company *aircall.Company
		if company, err = client.Company(ctx); err == nil {
			v.Status, v.Company, v.Users, v.Numbers = statusOK, company.Name, company.UsersCount, company.NumbersCount
			return
		}
	}
	v.judge(err)
}

func (v *verdict) judge(err error) {
	v.Status, v.Message = statusMalformed, err.Error()
	var e *aircall.Error
	if !errors.As(err, &e) {
		return
	}
	v.HTTPStatus, v.Message, v.Hint = e.Status, e.Message, e.Hint
	if v.Message == "" {
		v.Message = http.StatusText(e.Status)
	}
	switch e.Kind {
	case aircall.KindUnauthorized, aircall.KindForbidden:
		v.Status = statusRejected
	case aircall.KindRateLimited:
		v.Status = statusRateLimited
	case aircall.KindTimeout:
		v.Status, v.Hint = statusUnreachable, "check URL, network and proxy, or wait longer: --timeout"
	case aircall.KindNetwork, aircall.KindServer:
		v.Status = statusUnreachable
	}
}

func (o *checkOptions) print(p *process, verdicts []verdict) error {
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
		if v.Hint != "" {
			fmt.Fprintf(p.stdout, "%-13s  %-*s  hint: %s\n", "", width, "", v.Hint)
		}
	}
	return nil
}
