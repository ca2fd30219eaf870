package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/internal/suggest"
)

// recordColumns are the columns of each kind of records that get lists, by the names of their fields.
var recordColumns = map[string][]string{
	"calls":     {"id", "direction", "state", "result", "party", "contact", "number", "user", "started_at", "tags"},
	"campaigns": {"id", "name", "status", "paused_by", "users", "contacts", "done", "attempts"},
	"contacts":  {"id", "name", "company", "phones", "emails", "updated_at"},
	"users":     {"id", "name", "email", "availability", "extension", "time_zone"},
	"numbers":   {"id", "name", "digits", "country", "open", "users"},
	"tags":      {"id", "name", "color", "calls"},
	"webhooks":  {"id", "url", "active", "events", "failures", "pending"},
	"teams":     {"id", "name", "users"},
	"messages":  {"id", "time", "direction", "status", "channel", "number", "parties", "body"},
}

func getCommand(p *process) *cobra.Command {
	var l fakeList
	var limit int
	kinds := slices.Sorted(maps.Keys(recordColumns))
	cmd := &cobra.Command{
		Use:   "get KIND [ID]",
		Short: "List records of a running fake, or show one",
		Long: `List records of an account of a running fake, newest first, without credentials, a rate limit or an
entry in the request log.

KIND is one of ` + strings.Join(kinds, ", ") + `.
With an id the command shows one record.`,
		Example: `  aircallkit get calls
  aircallkit get contacts --account sales --limit 5 --text ann
  aircallkit get contacts 5678 --json`,
	}
	f := cmd.Flags()
	f.SortFlags = false
	filters := filterFlags(cmd, p, &l.controlClient, ofAccountFilter)
	f.IntVar(&limit, "limit", 20, "how many records to list, 500 at most")
	filters["text"] = f.String("text", "", "only records that contain this `text`")
	l.flags(cmd)
	read := func(ctx context.Context, kind string, limit int) ([]json.RawMessage, int, error) {
		var v map[string]json.RawMessage
		fields := filters.fields()
		fields["limit"] = strconv.Itoa(limit)
		if err := l.get(ctx, p, "/_fake/"+kind, fields, &v); err != nil {
			return nil, 0, err
		}
		var list []json.RawMessage
		var total int
		if json.Unmarshal(v[kind], &list) != nil || json.Unmarshal(v["total"], &total) != nil {
			return nil, 0, errNotControl
		}
		return list, total, nil
	}
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, _ string) (words []string, _ cobra.ShellCompDirective) {
		switch len(args) {
		case 0:
			words = kinds
		case 1:
			words = l.ids(cmd, p, args[0])
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		columns, ok := recordColumns[args[0]]
		switch {
		case !ok:
			hint := didYouMean(suggest.For(args[0], kinds), "give one of "+strings.Join(kinds, ", "))
			return unable(fmt.Errorf("there is no kind of records %q", args[0]), hint)
		case limit < 1 || limit > 500:
			return fmt.Errorf("--limit %d: give 1 to 500", limit)
		}
		if len(args) == 2 {
			return l.one(cmd, p, args[0], args[1], *filters["account"])
		}
		list, total, err := read(cmd.Context(), args[0], limit)
		if err != nil {
			return withHint(cmd, err)
		}
		rows, err := recordRows(columns, list)
		if err != nil {
			return err
		}
		if len(rows) == 0 && !l.json {
			return printLine(p, "none")
		}
		if terminal(p.stdout) && !l.json {
			head := row{color: bold}
			for _, c := range columns {
				head.cells = append(head.cells, strings.ToUpper(strings.ReplaceAll(c, "_", " ")))
			}
			rows = append([]row{head}, rows...)
		}
		if err = l.print(p, rows); err == nil && terminal(p.stdout) && !l.json && total > len(list) {
			err = printLine(p, fmt.Sprintf("%d of %d; --limit lists more", len(list), total))
		}
		return err
	}
	return cmd
}

// recordRows returns the records as rows of a table.
func recordRows(columns []string, list []json.RawMessage) (rows []row, err error) {
	for _, raw := range list {
		var v map[string]any
		if json.Unmarshal(raw, &v) != nil {
			return nil, errNotControl
		}
		r := row{raw: raw}
		for _, c := range columns {
			r.cells = append(r.cells, cmp.Or(recordText(v[c]), "-"))
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// recordText returns a value of a record in one cell.
func recordText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64:
		return jsonText(v)
	case map[string]any:
		return cmp.Or(recordText(v["name"]), recordText(v["value"]), recordText(v["id"]))
	case []any:
		const shown = 3
		var parts []string
		for _, part := range v[:min(len(v), shown)] {
			parts = append(parts, recordText(part))
		}
		if len(v) > shown {
			parts = append(parts, fmt.Sprintf("and %d more", len(v)-shown))
		}
		return strings.Join(parts, ", ")
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return at.Format(time.DateTime)
		}
		return printable(v)
	}
	return printable(fmt.Sprint(v))
}

// one prints one record: each field on a line.
func (l *fakeList) one(cmd *cobra.Command, p *process, kind, id, account string) error {
	var v map[string]json.RawMessage
	err := l.get(cmd.Context(), p, "/_fake/"+kind+"/"+url.PathEscape(id), map[string]string{"account": account}, &v)
	if err != nil {
		if refused, ok := errors.AsType[*controlError](err); ok && refused.status == 404 && strings.Contains(refused.Problem, " has no ") {
			return unable(err, "aircallkit get "+kind+" lists them")
		}
		return withHint(cmd, err)
	}
	raw := v[strings.TrimSuffix(kind, "s")]
	var fields map[string]any
	if json.Unmarshal(raw, &fields) != nil {
		return errNotControl
	}
	if l.json {
		return l.print(p, []row{{raw: raw}})
	}
	var rows []row
	for _, name := range fieldOrder(raw) {
		rows = append(rows, row{cells: []string{name, cmp.Or(recordText(fields[name]), "-")}})
	}
	return l.print(p, rows)
}

// fieldOrder returns the names of the fields of a JSON object in their order.
func fieldOrder(object json.RawMessage) (names []string) {
	d := json.NewDecoder(strings.NewReader(string(object)))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		name, err := d.Token()
		if err != nil || d.Decode(new(json.RawMessage)) != nil {
			break
		}
		names = append(names, fmt.Sprint(name))
	}
	return names
}
