package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func faultFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("op", "", "only this operation, such as create-a-contact")
	f.String("account", "", "only this account")
	f.String("method", "", "only this method")
	f.String("path", "", "only this path; {name} matches one segment, * at the end matches any rest")
	f.Int("times", 0, "number of requests that the rule applies to; 0: all")
	f.Float64("probability", 1, "share of the matching requests that the rule applies to, 0 to 1")
	f.Int("status", 0, "answer with this status, 400 to 599, without doing anything")
	f.String("body", "", "body of that answer instead of Aircall's")
	f.Duration("retry-after", 0, "value of Retry-After, with --status 429")
	f.Bool("late", false, "carry out the request all the same, with --status or --reset")
	f.Duration("delay", 0, "wait this long in real time first, at most 1m")
	f.Bool("reset", false, "cut the connection")
	f.Bool("truncate", false, "send half of the body and cut the connection")
	f.Bool("malformed", false, "send three quarters of the body as if it were complete")
	f.String("content-type", "", "send this content type")
	f.StringToString("headers", nil, "send these headers, `name=value`")
	f.Int("slow", 0, "bytes per second of the answer")
	f.Duration("stale", 0, "answer reads for this long as if the last write had not happened")
	f.Duration("search-lag", 0, "delay until searches find a new contact")
	f.String("remove", "", "remove the rule with this `id`")
	f.Bool("clear", false, "remove all rules")
	alone(cmd, "remove", "clear")
	var ops []string
	for _, r := range fakeaircall.Routes() {
		ops = append(ops, r.Op)
	}
	complete(cmd, "op", ops...)
}

// alone lets flags stand without any other of the command.
func alone(cmd *cobra.Command, names ...string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		for _, name := range names {
			if f.Name != name {
				cmd.MarkFlagsMutuallyExclusive(name, f.Name)
			}
		}
	})
}

func askFault(cmd *cobra.Command, _ []string, given map[string]any) (method, path string) {
	const faults = "/_fake/faults"
	switch {
	case len(given) == 0:
		return "GET", faults
	case cmd.Flags().Changed("remove"):
		clear(given)
		return "DELETE", faults + "/" + cmd.Flag("remove").Value.String()
	case cmd.Flags().Changed("clear"):
		clear(given)
		return "DELETE", faults
	}
	return "POST", faults
}

// rule is a fault as the control API shows it.
type rule struct {
	ID, Op, Account, Method, Path string
	Times, Hits, Status           int
	Probability                   float64
	Delay                         string
	Ended                         bool
}

var tellFaults = telling(func(w io.Writer, v struct {
	Fault   *rule
	Faults  []rule
	Removed *int
}) error {
	switch {
	case v.Removed != nil:
		_, err := fmt.Fprintf(w, "%d removed\n", *v.Removed)
		return err
	case v.Fault != nil:
		v.Faults = []rule{*v.Fault}
	}
	return table(w, func(add func(...any)) {
		for _, f := range v.Faults {
			var aim []string
			for _, part := range []string{f.Op, f.Account, f.Method, f.Path} {
				if part != "" {
					aim = append(aim, part)
				}
			}
			state := fmt.Sprintf("%d hits", f.Hits)
			if f.Times > 0 {
				state = fmt.Sprintf("%d of %d hits", f.Hits, f.Times)
			}
			if f.Ended {
				state += ", ended"
			}
			effect := ""
			if f.Status != 0 {
				effect = fmt.Sprint("status ", f.Status)
			}
			if f.Delay != "0s" {
				effect = strings.TrimPrefix(effect+", delay "+f.Delay, ", ")
			}
			add(f.ID, orDash(strings.Join(aim, " ")), orDash(effect), state)
		}
	})
})
