package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

var (
	eventFilter         = filter{flag: "event", field: "name", usage: "only this event, such as call.ended", words: fakeaircall.EventNames()}
	deliveryEventFilter = filter{flag: "event", field: "event", usage: "only this event, such as call.ended", words: fakeaircall.EventNames()}
	stateFilter         = filter{flag: "state", field: "state", usage: "only this state: pending, retrying, delivered, failed or dropped", words: []string{"pending", "retrying", "delivered", "failed", "dropped"}}
	ofAccountFilter     = filter{flag: "account", field: "account", usage: "`name` of the account; default: the first one"}
)

func eventsCommand(p *process) *cobra.Command {
	var l fakeList
	cmd := &cobra.Command{
		Use:   "events",
		Short: "List the events of an account of a running fake",
		Long: `List the newest events of an account, oldest first, whether or not a webhook subscribes to them.
Each line has the number of the event, its time, its name and the id of the record it is about.
With --follow the list goes on until you press Ctrl-C.`,
		Example: `  aircallkit events
  aircallkit events --follow --account sales
  aircallkit events --event call.ended --json`,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&l.follow, "follow", "f", false, "go on with new events until Ctrl-C")
	filters := filterFlags(cmd, p, &l.controlClient, ofAccountFilter, eventFilter)
	l.flags(cmd)
	var last row // the newest that was printed
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return l.run(cmd, p, func(ctx context.Context) ([]row, error) {
			rows, err := l.newEvents(ctx, p, filters, last)
			if n := len(rows); n > 0 {
				last = rows[n-1]
			}
			return rows, err
		})
	}
	return cmd
}

// newEvents returns the events after the last one, which may be none. A reset of the fake begins to count again.
func (l *fakeList) newEvents(ctx context.Context, p *process, filters filterValues, last row) ([]row, error) {
	var since uint64
	if last.raw != nil {
		seq, _ := strconv.ParseUint(last.cells[0], 10, 64) // eventRows has written it
		since = seq - 1
	}
	var v struct{ Events []json.RawMessage }
	fields := filters.fields()
	fields["since"] = strconv.FormatUint(since, 10)
	if err := l.get(ctx, p, "/_fake/events", fields, &v); err != nil {
		return nil, err
	}
	rows, err := eventRows(v.Events)
	switch {
	case err != nil || last.raw == nil:
		return rows, err
	case len(rows) > 0 && string(rows[0].raw) == string(last.raw):
		return rows[1:], nil
	case len(rows) > 0 && rows[0].cells[0] != last.cells[0]: // the fake has forgotten the last one
		return rows, nil
	}
	return l.newEvents(ctx, p, filters, row{})
}

func eventRows(events []json.RawMessage) (rows []row, err error) {
	for _, raw := range events {
		var e struct {
			Seq  uint64
			Time time.Time
			Name string
			Data struct{ ID any }
		}
		if json.Unmarshal(raw, &e) != nil {
			return nil, errNotControl
		}
		id := "-"
		if e.Data.ID != nil {
			id = printable(jsonText(e.Data.ID))
		}
		rows = append(rows, row{cells: []string{strconv.FormatUint(e.Seq, 10), clockTime(e.Time), e.Name, id}, raw: raw})
	}
	return rows, nil
}

// jsonText returns a decoded text or number as text.
func jsonText(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// A delivery is a delivery as the control API shows it.
type delivery struct {
	ID       int64
	Time     time.Time
	Account  string
	Event    string
	URL      string
	State    string
	Attempts []struct {
		Status     int
		Error      string
		DurationMS float64 `json:"duration_ms"`
	}
}

// cells are the columns of the delivery: time, account, state, number of attempts, event, receiver, and the last result.
func (d *delivery) cells() []string {
	last := ""
	if n := len(d.Attempts); n > 0 {
		a := d.Attempts[n-1]
		last = cmp.Or(a.Error, fmt.Sprintf("%d in %.1f ms", a.Status, a.DurationMS))
	}
	return []string{clockTime(d.Time), printable(d.Account), d.State, report.Plural(len(d.Attempts), "attempt"), d.Event, printable(d.URL), printable(last)}
}

func (d *delivery) color() string {
	switch d.State {
	case "retrying":
		return yellow
	case "failed", "dropped":
		return red
	}
	return ""
}

func deliveriesCommand(p *process) *cobra.Command {
	var l fakeList
	cmd := &cobra.Command{
		Use:   "deliveries",
		Short: "List the webhook deliveries of a running fake",
		Long: `List the past and pending deliveries to webhooks and to callbacks of lines. With --follow the list
goes on until you press Ctrl-C, and has a line for each change of a delivery.

aircallkit replay DELIVERY sends one again.`,
		Example: `  aircallkit deliveries
  aircallkit deliveries --follow --account sales
  aircallkit deliveries --state failed --json`,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVarP(&l.follow, "follow", "f", false, "go on with changes until Ctrl-C")
	filters := filterFlags(cmd, p, &l.controlClient, accountFilter, deliveryEventFilter, stateFilter)
	filters["webhook"] = f.String("webhook", "", "only the webhook with this `id`")
	l.completeIDs(cmd, p)
	l.flags(cmd)
	seen := map[int64]string{}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return l.run(cmd, p, func(ctx context.Context) (rows []row, err error) {
			var v struct{ Deliveries []json.RawMessage }
			if err := l.get(ctx, p, "/_fake/deliveries", filters.fields(), &v); err != nil {
				return nil, err
			}
			now := map[int64]string{}
			for _, raw := range v.Deliveries {
				var d delivery
				if json.Unmarshal(raw, &d) != nil {
					return nil, errNotControl
				}
				state := fmt.Sprint(d.Time, d.State, len(d.Attempts))
				if now[d.ID] = state; seen[d.ID] != state {
					rows = append(rows, row{append([]string{strconv.FormatInt(d.ID, 10)}, d.cells()...), d.color(), raw})
				}
			}
			seen = now
			return rows, nil
		})
	}
	return cmd
}
