package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func triggerCommand(p *process) *cobra.Command {
	var c controlClient
	var set []string
	var asJSON, list bool
	cmd := &cobra.Command{
		Use:   "trigger [EVENT]",
		Short: "Make a running fake send a webhook event",
		Long: `Make an event happen in a running fake, such as call.ended, and send it to the webhooks that
subscribe to it. The event is about a new record, or about the one with --set id=ID; user.opened and
the like are about the first user or line. --set changes fields of the record.

Events that come before it at Aircall do not happen. "aircallkit simulate" plays a whole call.
--list prints the events and what can be set for each.`,
		Example: `  aircallkit trigger call.ended
  aircallkit trigger call.ended --set user=owner@default.example.com --set raw_digits=+33199000042
  aircallkit trigger contact.updated --set id=5678 --set company_name=Acme
  aircallkit trigger message.received --account sales --set body=Hello
  aircallkit trigger --list`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return fakeaircall.EventNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVar(&set, "set", nil, "set a field, as `name=value`; repeat the flag to set several. A list is written with commas: tags=Urgent,VIP")
	filters := filterFlags(cmd, p, &c, ofAccountFilter)
	f.BoolVar(&list, "list", false, "print the events, and what can be set for each")
	f.BoolVar(&asJSON, "json", false, "print the event as a JSON object")
	c.connect(cmd, cmd.Flags())
	_ = cmd.RegisterFlagCompletionFunc("set", func(_ *cobra.Command, args []string, _ string) (keys []string, _ cobra.ShellCompDirective) {
		for _, g := range fakeaircall.Triggers() {
			for _, key := range g.Keys {
				if len(args) > 0 && args[0] == g.Event {
					keys = append(keys, key+"=")
				}
			}
		}
		return keys, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if list {
			return listTriggers(p, asJSON, args)
		}
		if len(args) == 0 {
			return unable(errors.New("missing argument EVENT"), "aircallkit trigger --list lists the events")
		}
		values, err := settings(set)
		if err != nil {
			return err
		}
		fields := requestFields{"event": args[0], "account": *filters["account"], "set": values}
		reply, err := c.send(cmd.Context(), p, "POST /_fake/events", fields, nil)
		if err != nil {
			return triggerHint(cmd, args[0], err)
		}
		var v struct{ Event json.RawMessage }
		if json.Unmarshal(reply, &v) != nil {
			return errNotControl
		}
		rows, err := eventRows([]json.RawMessage{v.Event})
		if err != nil {
			return err
		}
		l := fakeList{json: asJSON}
		return l.print(p, rows)
	}
	return cmd
}

// triggerHint adds a hint to an error of the control API.
func triggerHint(cmd *cobra.Command, event string, err error) error {
	if refused, ok := errors.AsType[*controlError](err); ok && strings.Contains(refused.Hint, "/_fake/") {
		if !slices.Contains(fakeaircall.EventNames(), event) {
			return unable(err, "aircallkit trigger --list lists the events")
		}
		return unable(err, "aircallkit trigger --list "+event+" lists what can be set")
	}
	return withHint(cmd, err)
}

// settings reads name=value pairs.
func settings(pairs []string) (map[string]string, error) {
	values := map[string]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--set %q: give name=value", pair)
		}
		if _, twice := values[name]; twice {
			return nil, fmt.Errorf("--set %q: %s is set twice", pair, name)
		}
		values[name] = value
	}
	return values, nil
}

// listTriggers prints the events with what can be set, or that of one event.
func listTriggers(p *process, asJSON bool, args []string) error {
	var rows []row
	for _, g := range fakeaircall.Triggers() {
		if len(args) == 0 || args[0] == g.Event {
			raw, err := json.Marshal(map[string]any{"event": g.Event, "keys": g.Keys})
			if err != nil {
				return err
			}
			rows = append(rows, row{cells: []string{g.Event, strings.Join(g.Keys, ", ")}, raw: raw})
		}
	}
	if len(rows) == 0 {
		return unable(fmt.Errorf("%q is not an event", args[0]), "aircallkit trigger --list lists the events")
	}
	l := fakeList{json: asJSON}
	return l.print(p, rows)
}

func replayCommand(p *process) *cobra.Command {
	var c controlClient
	cmd := &cobra.Command{
		Use:   "replay DELIVERY",
		Short: "Send a webhook delivery of a running fake again",
		Long:  "Send the event of a delivery again, as a new delivery, and print its number. The deliveries\nand their numbers: aircallkit deliveries.",
		Example: `  aircallkit deliveries --state failed
  aircallkit replay 41`,
	}
	cmd.Flags().SortFlags = false
	c.connect(cmd, cmd.Flags())
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, _ string) (ids []string, _ cobra.ShellCompDirective) {
		var v struct{ Deliveries []delivery }
		if len(args) == 0 && c.get(cmd.Context(), p, "/_fake/deliveries", nil, &v) == nil {
			for _, d := range v.Deliveries {
				ids = append(ids, fmt.Sprintf("%d\t%s %s", d.ID, d.Event, d.State))
			}
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		reply, err := c.send(cmd.Context(), p, "POST /_fake/deliveries/"+url.PathEscape(args[0])+"/redeliver", nil, nil)
		if refused, ok := errors.AsType[*controlError](err); ok && refused.status == 404 {
			return unable(fmt.Errorf("there is no delivery %.40q", args[0]), "aircallkit deliveries lists them")
		}
		if err != nil {
			return withHint(cmd, err)
		}
		var v struct{ Delivery struct{ ID json.Number } }
		if json.Unmarshal(reply, &v) != nil {
			return errNotControl
		}
		return printLine(p, "delivery "+v.Delivery.ID.String())
	}
	return cmd
}
