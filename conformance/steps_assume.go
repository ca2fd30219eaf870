package conformance

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/cucumber/godog"
)

// assumeSteps look where nobody has looked: at headers, at bytes, at another time.
var assumeSteps = map[string]func(*world) any{
	`the date is past "([^"]*)"`:                            func(w *world) any { return w.datePast },
	`the account is opened by an API key`:                   func(w *world) any { return w.needKey },
	`I (GET|PUT|POST) "([^"]*)" with the header "([^"]*)"`:  func(w *world) any { return w.asksWithHeader },
	`I (PUT|POST) "([^"]*)" with the header "([^"]*)" and:`: func(w *world) any { return w.asksWithHeaderAnd },
	`the header "([^"]*)" is kept as \$(\w+)`:               func(w *world) any { return w.keepsHeader },
	`the body holds the text (.+)`:                          func(w *world) any { return w.bodyHolds },
}

// datePast lets a scenario about what Aircall removed begin when it is gone. The clock of a fake can be there.
func (w *world) datePast(ctx context.Context, date string) error {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return err
	}
	if w.t.kind == kindFake {
		return w.fakeAt(ctx, day.Add(12*time.Hour).Format(time.RFC3339))
	}
	r, err := w.t.ask(w.checks(ctx), w.account, http.MethodGet, "/v1/ping", nil)
	if err != nil {
		return err
	}
	now, err := http.ParseTime(r.header.Get("Date")) // a fake at an address may live at another time
	if err != nil || now.Before(day) {
		return &notRun{report.Skipped, "it is about what happens after " + date}
	}
	return nil
}

func (w *world) needKey() error {
	if w.t.accounts[w.account].APIID == "" {
		return &notRun{report.Unsupported, "the account is opened by an access token"}
	}
	return nil
}

func (w *world) asksWithHeader(ctx context.Context, method, path, header string) error {
	return w.sendsWith(ctx, method, path, header, nil)
}

func (w *world) asksWithHeaderAnd(ctx context.Context, method, path, header string, doc *godog.DocString) error {
	body, err := w.expand(doc.Content, asJSON)
	if err != nil {
		return err
	}
	return w.sendsWith(ctx, method, path, header, []byte(body))
}

// sendsWith is sends with one more header, "Name: value", which may hold references.
func (w *world) sendsWith(ctx context.Context, method, path, header string, body []byte) error {
	name, value, ok := strings.Cut(header, ": ")
	if !ok {
		return fmt.Errorf("%q is no header", header)
	}
	value, err := w.expand(value, asText)
	if err != nil {
		return err
	}
	return w.sends(withHeader(ctx, name, value), method, path, w.authorization(), body)
}

type headerKey struct{}

func withHeader(ctx context.Context, name, value string) context.Context {
	return context.WithValue(ctx, headerKey{}, http.Header{name: {value}})
}

func (w *world) keepsHeader(header, name string) error {
	r, err := w.answered()
	if err == nil && r.header.Get(header) == "" && w.t.kind != kindFake {
		return w.headerDrifts(header, "to be there", "")
	}
	if err == nil && r.header.Get(header) == "" {
		err = &finding{what: fmt.Sprintf("there is no header %s", header)}
	}
	if err == nil {
		w.vars[name] = r.header.Get(header)
	}
	return err
}

// bodyHolds looks at the bytes, where it matters how JSON was written.
func (w *world) bodyHolds(text string) error {
	r, err := w.answered()
	if err == nil && !bytes.Contains(r.body, []byte(text)) {
		err = &finding{"the body does not hold the text " + text, text, report.Clip(string(r.body), 400)}
	}
	return err
}
