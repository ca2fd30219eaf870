package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// A loggedRequest is a request in the request log of a fake, as the control API shows it.
type loggedRequest struct {
	Seq         uint64    `json:"seq"`
	Time        time.Time `json:"time"`
	Op          string    `json:"op"`
	Method      string    `json:"method"`
	Path        string    `json:"path"`
	Query       string    `json:"query"`
	Status      int       `json:"status"`
	Account     string    `json:"account"`
	DurationMS  float64   `json:"duration_ms"`
	Faults      []string  `json:"faults"`
	Explanation string    `json:"explanation"`
}

// cells are the columns of the request: time, account, status, request, operation, duration, and what is special.
func (r *loggedRequest) cells() []string {
	status, path := "cut", r.Path
	if r.Status != 0 {
		status = strconv.Itoa(r.Status)
	}
	if r.Query != "" {
		path += "?" + r.Query
	}
	var notes []string
	if r.Explanation != "" {
		notes = append(notes, r.Explanation)
	}
	if len(r.Faults) > 0 {
		notes = append(notes, "by "+strings.Join(r.Faults, ", "))
	}
	return []string{
		clockTime(r.Time), cmp.Or(printable(r.Account), "-"), status, printable(r.Method + " " + path), cmp.Or(r.Op, "unknown route"),
		strconv.FormatFloat(r.DurationMS, 'f', 1, 64) + " ms", printable(strings.Join(notes, "; ")),
	}
}

// color is that of the line: red for what the client must mend or a reply of 5xx, yellow for another failure.
func (r *loggedRequest) color() string {
	switch {
	case r.Status >= 500, r.Status == 0, r.Op == "":
		return red
	case r.Status >= 400, r.Explanation != "", len(r.Faults) > 0:
		return yellow
	}
	return ""
}

type requestsOptions struct {
	fakeList
	filters filterValues
	status  int
	unknown bool
	limit   int
	fail    bool // --fail-on-unknown
	since   uint64
}

func requestsCommand(p *process) *cobra.Command {
	var o requestsOptions
	cmd := &cobra.Command{
		Use:   "requests",
		Short: "List the requests that a running fake received",
		Long: `List the newest requests that a fake of "aircallkit serve" received, oldest first, without secrets.
The last column explains requests that mean nothing to Aircall: a retired or unknown route, an
unknown parameter, refused credentials. With --follow the list goes on until you press Ctrl-C.

--fail-on-unknown is a check for CI: it lists the requests with an unknown route or an unknown
parameter, and exits with 1 if there are any. What browsers ask for by themselves does not count.

Exit codes: 0 the command succeeded, 1 --fail-on-unknown found a request, 2 the fake did not answer
or refused the command.`,
		Example: `  aircallkit requests
  aircallkit requests --follow --account sales
  aircallkit requests --operation create-a-contact --status 422 --json
  aircallkit requests --fail-on-unknown`,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.start(cmd, p) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&o.follow, "follow", "f", false, "go on with new requests until Ctrl-C")
	f.BoolVar(&o.fail, "fail-on-unknown", false, "list only requests with an unknown route or parameter, and exit with 1 if there are any")
	o.filters = filterFlags(cmd, p, &o.controlClient, accountFilter, operationFilter)
	o.filters["method"] = f.String("method", "", "only this method")
	o.filters["path"] = f.String("path", "", "only this path")
	o.filters["text"] = f.String("text", "", "only requests with this `text` in the path, the query or a body")
	f.IntVar(&o.status, "status", 0, "only this status")
	f.BoolVar(&o.unknown, "unknown", false, "only requests with an unknown route or parameter")
	f.IntVar(&o.limit, "limit", 0, "only this many, the newest; 0: all that the fake has kept")
	o.flags(cmd)
	complete(cmd, "method", "GET", "POST", "PUT", "DELETE")
	cmd.MarkFlagsMutuallyExclusive("follow", "fail-on-unknown")
	return cmd
}

func (o *requestsOptions) start(cmd *cobra.Command, p *process) error {
	if cmd.Flags().Changed("status") && (o.status < 100 || o.status > 599) {
		return fmt.Errorf("--status %d: give a status such as 404", o.status)
	}
	if o.limit < 0 {
		return fmt.Errorf("--limit %d: give 1 or more, or 0 for all", o.limit)
	}
	if o.fail {
		return o.failOnUnknown(cmd, p)
	}
	return o.run(cmd, p, func(ctx context.Context) ([]row, error) { return o.fetch(ctx, p, *o.filters["account"]) })
}

// fetch returns the requests after the last one that it returned.
func (o *requestsOptions) fetch(ctx context.Context, p *process, account string) (rows []row, err error) {
	fields := o.filters.fields()
	fields["account"], fields["since"] = account, strconv.FormatUint(o.since, 10)
	if o.status != 0 {
		fields["status"] = strconv.Itoa(o.status)
	}
	if o.unknown || o.fail {
		fields["unknown"] = "true"
	}
	if o.limit > 0 && o.since == 0 {
		fields["newest"] = strconv.Itoa(o.limit)
	}
	var v struct{ Requests []json.RawMessage }
	if err := o.get(ctx, p, "/_fake/requests", fields, &v); err != nil {
		if refused, ok := errors.AsType[*controlError](err); ok && strings.Contains(refused.Problem, " is not an operation") {
			refused.Problem = "--operation " + refused.Problem
		}
		return nil, err
	}
	for _, raw := range v.Requests {
		var r loggedRequest
		if json.Unmarshal(raw, &r) != nil {
			return nil, errNotControl
		}
		rows = append(rows, row{append([]string{strconv.FormatUint(r.Seq, 10)}, r.cells()...), r.color(), raw})
		o.since = max(o.since, r.Seq)
	}
	return rows, nil
}

// failOnUnknown fails if there is an unknown request. Accounts that were added to the fake have their own logs.
func (o *requestsOptions) failOnUnknown(cmd *cobra.Command, p *process) error {
	ctx, accounts := cmd.Context(), []string{*o.filters["account"]}
	if accounts[0] == "" {
		names, err := o.accountNames(ctx, p)
		if err != nil {
			return withHint(cmd, err)
		}
		accounts = append(accounts, names...)
	}
	seen := map[string]bool{}
	var found []row
	for _, account := range accounts {
		o.since = 0
		rows, err := o.fetch(ctx, p, account)
		if err != nil {
			return withHint(cmd, err)
		}
		for _, r := range rows {
			if key := r.cells[0] + " " + r.cells[2]; !seen[key] {
				seen[key] = true
				found = append(found, r)
			}
		}
	}
	if len(found) == 0 && !o.json {
		return printLine(p, "no request was unknown to Aircall")
	}
	err := o.print(p, found)
	if err == nil && len(found) > 0 {
		noun := "requests were"
		if len(found) == 1 {
			noun = "request was"
		}
		err = &failure{exitFailed, fmt.Errorf("%d %s unknown to Aircall, or had unknown parameters", len(found), noun), nil}
	}
	return err
}

// accountNames returns the names of the accounts of a fake.
func (c *controlClient) accountNames(ctx context.Context, p *process) (names []string, err error) {
	var v struct{ Accounts []struct{ Name string } }
	err = c.get(ctx, p, "/_fake/accounts", nil, &v)
	for _, a := range v.Accounts {
		names = append(names, a.Name)
	}
	return names, err
}

// A filter is a flag that selects records, and what the shell offers for it.
type filter struct {
	flag, field, usage string   // field: in the control API
	words              []string // nil: the accounts of the running fake
}

var (
	accountFilter   = filter{flag: "account", field: "account", usage: "only this account"}
	operationFilter = filter{flag: "operation", field: "op", usage: "only this operation, such as create-a-contact", words: operations()}
)

// filterValues are the values of filters, by the names of the fields in the control API.
type filterValues map[string]*string

// fields returns the values as fields of a request.
func (v filterValues) fields() map[string]string {
	fields := map[string]string{}
	for name, value := range v {
		fields[name] = *value
	}
	return fields
}

// filterFlags adds filters, and returns their values.
func filterFlags(cmd *cobra.Command, p *process, c *controlClient, filters ...filter) filterValues {
	values := filterValues{}
	for _, f := range filters {
		values[f.field] = cmd.Flags().String(f.flag, "", f.usage)
		if f.words == nil {
			c.completeAccounts(cmd, p)
		} else {
			complete(cmd, f.flag, f.words...)
		}
	}
	return values
}
