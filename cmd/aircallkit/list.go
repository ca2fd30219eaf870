package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// A fakeList lists records of a running fake and, with --follow, goes on with new ones.
type fakeList struct {
	controlClient
	json, follow bool
	columns      columns
}

func (l *fakeList) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&l.json, "json", false, "print one JSON object per line")
	l.connect(cmd, f)
}

// A row is a record of a list.
type row struct {
	cells []string
	color string          // of the line on a terminal; "": none
	raw   json.RawMessage // for --json
}

// A fetchFunc returns the records that it has not returned before.
type fetchFunc func(ctx context.Context) ([]row, error)

// run prints what fetch returns, once or until the process is interrupted.
func (l *fakeList) run(cmd *cobra.Command, p *process, fetch fetchFunc) error {
	ctx := cmd.Context()
	rows, err := fetch(ctx)
	if err != nil {
		return withHint(cmd, err)
	}
	if len(rows) == 0 && !l.json && !l.follow {
		return printLine(p, "none")
	}
	err = l.print(p, rows)
	if err == nil && l.follow {
		err = l.goOn(ctx, p, fetch)
	}
	if ctx.Err() != nil {
		return nil // Ctrl-C is how one ends --follow
	}
	return withHint(cmd, err)
}

// followPause is the least time between two looks at a busy fake.
const followPause = 100 * time.Millisecond

// goOn prints new records whenever the fake changes.
func (l *fakeList) goOn(ctx context.Context, p *process, fetch fetchFunc) error {
	since := map[string]string{}
	for {
		var v struct{ Changes json.Number }
		if err := l.get(ctx, p, "/_fake/changes", since, &v); err != nil {
			return err
		}
		since = map[string]string{"since": v.Changes.String(), "wait": "20s"}
		rows, err := fetch(ctx)
		if err == nil {
			err = l.print(p, rows)
		}
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followPause):
		}
	}
}

func (l *fakeList) print(p *process, rows []row) error {
	var b strings.Builder
	for _, r := range rows {
		l.columns.fit(r.cells)
	}
	for _, r := range rows {
		line := string(r.raw)
		if !l.json {
			line = p.paint(p.stdout, r.color, l.columns.line(r.cells))
		}
		b.WriteString(line + "\n")
	}
	_, err := p.stdout.Write([]byte(b.String()))
	return err
}

// columns are the widths of the columns of a table whose rows come over time. The last column has none.
type columns []int

// widest is the width beyond which a cell does not widen its column.
const widest = 60

// fit widens the columns for a row.
func (c *columns) fit(cells []string) {
	for i, cell := range cells {
		if i == len(*c) {
			*c = append(*c, 0)
		}
		(*c)[i] = max((*c)[i], min(utf8.RuneCountInString(cell), widest))
	}
}

func (c columns) line(cells []string) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(cell)
		if i < len(cells)-1 {
			b.WriteString(strings.Repeat(" ", max(0, c[i]-utf8.RuneCountInString(cell))))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// clockTime returns the time of day of an instant: 10:15:04.
func clockTime(instant time.Time) string { return instant.Format(time.TimeOnly) }
