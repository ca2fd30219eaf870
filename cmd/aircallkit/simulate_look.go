package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// lookDrives are the commands that list requests, events and deliveries.
func lookDrives() []drive {
	return []drive{
		{
			use: "requests", short: "List the requests that the fake received",
			long: "List the newest requests, oldest first, without secrets. --wait waits for a matching request, and\nthe exit code is 1 if none arrives.",
			example: `  aircallkit simulate requests
  aircallkit simulate requests --unknown
  aircallkit simulate requests --op create-a-contact --status 201 --wait 2s
  aircallkit simulate requests --since 17 --detail --format json`,
			flags: func(cmd *cobra.Command) {
				f := cmd.Flags()
				f.String("op", "", "only this operation, such as create-a-contact")
				f.String("account", "", "only this account")
				f.String("method", "", "only this method")
				f.String("path", "", "only this path")
				f.Int("status", 0, "only this status")
				f.Bool("unknown", false, "only unknown routes, and requests with unknown parameters")
				f.Uint64("since", 0, "only entries after the one with this `number`")
				f.Duration("wait", 0, "how long to wait for a matching request, at most 1m")
				f.Bool("detail", false, "include headers and bodies, with --format json")
			},
			ask: to("GET", "/_fake/requests"), tell: tellRequests, judge: judgeWait,
		},
		{
			use: "events", short: "List the events of an account",
			long:    "List the newest events of an account, oldest first, whether or not a webhook subscribes to them.",
			example: "  aircallkit simulate events\n  aircallkit simulate events --account sales --name call.created --format json",
			flags: func(cmd *cobra.Command) {
				accountFlag(cmd.Flags())
				cmd.Flags().String("name", "", "only this event, such as call.created")
				cmd.Flags().Uint64("since", 0, "only entries after the one with this `number`")
			},
			ask: to("GET", "/_fake/events"), tell: tellEvents,
		},
		{
			use: "deliveries", short: "List the webhook deliveries",
			long: "List the past and pending deliveries to webhooks and to callbacks of lines. --redeliver repeats one.",
			example: `  aircallkit simulate deliveries
  aircallkit simulate deliveries --account sales --state failed
  aircallkit simulate deliveries --redeliver 41`,
			flags: func(cmd *cobra.Command) {
				f := cmd.Flags()
				f.String("account", "", "only this account")
				f.String("event", "", "only this event, such as call.ended")
				f.String("webhook", "", "only the webhook with this `id`")
				f.String("state", "", "only this state: pending, retrying, delivered, failed or dropped")
				complete(cmd, "state", "pending", "retrying", "delivered", "failed", "dropped")
				f.Int64("redeliver", 0, "repeat the delivery with this `number`")
				alone(cmd, "redeliver")
			},
			ask: func(_ *cobra.Command, _ []string, given map[string]any) (string, string) {
				if id, ok := given["redeliver"]; ok {
					clear(given)
					return "POST", fmt.Sprintf("/_fake/deliveries/%s/redeliver", id)
				}
				return "GET", "/_fake/deliveries"
			},
			tell: tellDeliveries,
		},
	}
}

// table prints rows in columns, or "none" without rows.
func table(w io.Writer, rows func(add func(cells ...any))) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	none := true
	rows(func(cells ...any) {
		none = false
		for i, c := range cells {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, c)
		}
		fmt.Fprintln(t)
	})
	if none {
		fmt.Fprintln(t, "none")
	}
	return t.Flush()
}

var tellRequests = telling(func(w io.Writer, v struct {
	Requests []struct {
		Seq                              uint64
		Time                             time.Time
		Op, Method, Path, Query, Account string
		Status                           int
		UnknownRoute                     bool     `json:"unknown_route"`
		UnknownParameters                []string `json:"unknown_parameters"`
		Faults                           []string
	}
}) error {
	return table(w, func(add func(...any)) {
		for _, r := range v.Requests {
			path, remark := r.Path, r.Op
			if r.Query != "" {
				path += "?" + r.Query
			}
			if r.UnknownRoute {
				remark = "UNKNOWN ROUTE"
			}
			if len(r.UnknownParameters) > 0 {
				remark += ", unknown: " + strings.Join(r.UnknownParameters, ", ")
			}
			if len(r.Faults) > 0 {
				remark += ", by " + strings.Join(r.Faults, ", ")
			}
			add(r.Seq, r.Time.Format(time.TimeOnly), r.Status, orDash(r.Account), r.Method+" "+path, remark)
		}
	})
})

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// judgeWait fails if no matching request arrived.
func judgeWait(cmd *cobra.Command, reply []byte) error {
	var v struct{ Requests []json.RawMessage }
	if json.Unmarshal(reply, &v) == nil && len(v.Requests) == 0 && cmd.Flags().Changed("wait") {
		return &failure{exitFailed, errors.New("simulate requests: no matching request within " + cmd.Flag("wait").Value.String()), []string{"aircallkit simulate requests lists those that arrived"}}
	}
	return nil
}

var tellEvents = telling(func(w io.Writer, v struct {
	Events []struct {
		Seq  uint64
		Time time.Time
		Name string
		Data struct{ ID json.RawMessage }
	}
}) error {
	return table(w, func(add func(...any)) {
		for _, e := range v.Events {
			add(e.Seq, e.Time.Format(time.TimeOnly), e.Name, string(e.Data.ID))
		}
	})
})

var tellDeliveries = telling(func(w io.Writer, v struct {
	Delivery   struct{ ID int64 }
	Deliveries []struct {
		ID                         int64
		Account, Event, URL, State string
		Time                       time.Time
		Attempts                   []struct {
			Status int
			Error  string
		}
	}
}) error {
	if v.Delivery.ID != 0 {
		_, err := fmt.Fprintf(w, "delivery %d\n", v.Delivery.ID)
		return err
	}
	return table(w, func(add func(...any)) {
		for _, d := range v.Deliveries {
			last := ""
			if n := len(d.Attempts); n > 0 {
				last = d.Attempts[n-1].Error
			}
			add(d.ID, d.Time.Format(time.TimeOnly), d.State, fmt.Sprintf("%d tries", len(d.Attempts)), d.Account, d.Event, d.URL, last)
		}
	})
})
