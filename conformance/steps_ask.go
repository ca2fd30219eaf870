package conformance

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
	"github.com/cucumber/godog"
)

// askSteps send raw HTTP requests to the API and look at the replies.
var askSteps = map[string]func(*world) any{
	requestStep:                             func(w *world) any { return w.asks },
	requestStep + ` (?:with|and) the body:`: func(w *world) any { return w.asksWith },
	`I repeat that until the status is not (\d+), at most (\d+) times`: func(w *world) any { return w.repeats },
	`I follow "([^"]*)"( without credentials)?`:                        func(w *world) any { return w.follows },
	`the status is (\d+)`:                                               func(w *world) any { return w.statusIs },
	`the body is:`:                                                      func(w *world) any { return w.bodyIs },
	`the body is exactly:`:                                              func(w *world) any { return w.bodyIsExactly },
	`the body is empty`:                                                 func(w *world) any { return func() error { return w.bodyIsExactly(&godog.DocString{}) } },
	`the body contains the text (.+)`:                                   func(w *world) any { return w.bodyContains },
	`the body is kept as \$(\w+)`:                                       func(w *world) any { return w.keepsBody },
	`the header "([^"]*)" is "([^"]*)"`:                                 func(w *world) any { return w.headerIs },
	`the header "([^"]*)" is missing`:                                   func(w *world) any { return w.headerIsMissing },
	`the header "([^"]*)" is kept as \$(\w+)`:                           func(w *world) any { return w.keepsHeader },
	`the query of the header "([^"]*)" is kept as \$(\w+)`:              func(w *world) any { return w.keepsQuery },
	`"([^"]*)" is kept as \$(\w+)`:                                      func(w *world) any { return w.keeps },
	`\$(\w+) is an entry of "([^"]*)"(, if any,)? where:`:               func(w *world) any { return w.holdsOne },
	`"([^"]*)" has no entry where:`:                                     func(w *world) any { return w.holdsNone },
	`"([^"]*)" has (\d+) entr(?:y|ies)`:                                 func(w *world) any { return w.hasEntries },
	`"([^"]*)" are( not)? in (ascending|descending) order of "([^"]*)"`: func(w *world) any { return w.sorted },
	`(each of )?"([^"]*)" has:`:                                         func(w *world) any { return w.has },
	`the date is past "([^"]*)"`:                                        func(w *world) any { return w.datePast },
	`the account uses an API key`:                                       func(w *world) any { return w.needKey },
}

// requestStep sends a request with the credentials of the scenario's account, unless it names another account, other
// credentials or none. It may add a header.
const requestStep = `I (GET|POST|PUT|DELETE|PATCH) "([^"]*)"(?: (without credentials)| as "([^"]*)"| with the authorization "([^"]*)"| with the header "([^"]*)")?`

func (w *world) asks(ctx context.Context, method, path, bare, account, auth, header string) error {
	return w.asksWith(ctx, method, path, bare, account, auth, header, nil)
}

func (w *world) asksWith(ctx context.Context, method, path, bare, account, auth, header string, doc *godog.DocString) error {
	var body []byte
	if doc != nil {
		text, err := w.expand(doc.Content, asJSON)
		if err != nil {
			return err
		}
		body = []byte(text)
	}
	var err error
	for _, text := range []*string{&account, &auth, &header} {
		if *text, err = w.expand(*text, asText); err != nil {
			return err
		}
	}
	switch {
	case account != "":
		a, ok := w.t.accounts[account]
		if !ok {
			return fmt.Errorf("there is no account %q", account)
		}
		auth = authorization(a)
	case auth == "" && bare == "":
		auth = w.authorization()
	}
	if header != "" {
		name, value, ok := strings.Cut(header, ": ")
		if !ok {
			return fmt.Errorf("%q is not a header", header)
		}
		ctx = context.WithValue(ctx, headerKey{}, http.Header{name: {value}})
	}
	return w.sends(ctx, method, path, auth, body)
}

func (w *world) authorization() string { return authorization(w.t.accounts[w.account]) }

// sends sends one request as the feature has it; the reply is what the scenario is about.
func (w *world) sends(ctx context.Context, method, path, auth string, body []byte) error {
	path, err := w.expandPath(path)
	if err != nil {
		return err
	}
	if method != http.MethodGet {
		w.t.forget(w.account, "contacts")
	}
	w.again = func(ctx context.Context) (err error) {
		if w.t.kind != kindFake { // the scenarios about the rate limit run on fakes only
			w.reply, err = w.t.askAs(w.checks(ctx), auth, w.account, method, path, body)
		} else {
			w.reply, err = w.t.send(w.checks(ctx), auth, w.t.accounts[w.account].URL, method, path, body)
		}
		w.subject = nil
		if err == nil && len(w.reply.body) > 0 {
			if v, notJSON := orderedjson.Decode(w.reply.body); notJSON == nil {
				w.subject = orderedjson.Plain(v)
			}
		}
		return err
	}
	return w.again(ctx)
}

// repeats sends the last request again until the status of the reply is another.
func (w *world) repeats(ctx context.Context, status, most int) error {
	for range most {
		if w.reply.status != status {
			return nil
		}
		if err := w.again(ctx); err != nil {
			return err
		}
	}
	if w.reply.status == status {
		return &finding{what: fmt.Sprintf("the status is still %d after %d times", status, most)}
	}
	return nil
}

// follows requests a link of the reply, or a kept one ($name). The link must lead to the API that the reply came from. A
// signed link needs no credentials.
func (w *world) follows(ctx context.Context, path, bare string) error {
	text, err := w.expand(path, asText)
	if err == nil && text == path {
		var v any
		v, err = w.mustSubject(path)
		text, _ = v.(string)
	}
	if err != nil {
		return err
	}
	auth := w.authorization()
	if bare != "" {
		auth = ""
	}
	link, ok := strings.CutPrefix(text, w.t.accounts[w.account].URL)
	if !ok {
		link, ok = strings.CutPrefix(text, liveURL) // Aircall behind a proxy with another host name
	}
	if _, err := url.Parse(text); !ok || err != nil {
		return &finding{path + " does not lead to the API it came from", w.t.url + "/…", show(text)}
	}
	return w.sends(ctx, http.MethodGet, link, auth, nil)
}

// The steps about a reply need one: without a request ahead of them they panic, which fails the scenario.

func (w *world) statusIs(want int) error {
	if w.reply.status != want {
		return &finding{fmt.Sprintf("the status is %d, not %d", w.reply.status, want), fmt.Sprint(want),
			fmt.Sprintf("%d %s", w.reply.status, report.Clip(string(w.reply.body), 400))}
	}
	return nil
}

// bodyIs compares with a pattern, keys in order. On other targets than our own fake it only looks for the keys of the body
// itself: their values are checked against the contract, like those of every exchange.
func (w *world) bodyIs(doc *godog.DocString) error {
	text, err := w.expand(doc.Content, asJSON)
	if err != nil {
		return err
	}
	pattern, err := orderedjson.Decode([]byte(text))
	if err != nil {
		return fmt.Errorf("the expected body is no JSON: %w", err)
	}
	v, err := orderedjson.Decode(w.reply.body)
	if err != nil {
		return &finding{"the body is not JSON", text, report.Clip(string(w.reply.body), 400)}
	}
	how := strictness{order: true}
	if o, ok := pattern.(orderedjson.Object); ok && w.t.kind != kindFake {
		how = asDocumented
		for i := range o {
			o[i].Value = "<any>"
		}
	}
	return w.run.shapes.match(pattern, v, how, "body")
}

func (w *world) bodyIsExactly(doc *godog.DocString) error {
	if string(w.reply.body) != doc.Content {
		return &finding{"the body differs", doc.Content, report.Clip(string(w.reply.body), 400)}
	}
	return nil
}

func (w *world) headerIs(name, want string) error {
	got := w.reply.header.Get(name)
	switch {
	case got == want:
		return nil
	case w.t.kind != kindFake:
		return w.headerDrifts(name, strconv.Quote(want), got)
	}
	return &finding{fmt.Sprintf("the header %s differs", name), want, got}
}

// headerDrifts notes that a header is not what the feature says. A proxy in front of a server may strip headers and write
// others, so that it is drift, and the scenario cannot be judged.
func (w *world) headerDrifts(name, want, got string) error {
	b := report.Breach{Purpose: forCheck, Account: w.account, Where: "header " + name, Want: want, Got: "another text", Times: 1}
	if all := w.exchanges.by(forCheck, 0); len(all) > 0 {
		b.Op = all[len(all)-1].op
	}
	if got == "" {
		b.Got = "nothing"
	}
	w.noted = append(w.noted, b)
	return &notRun{report.Unsupported, fmt.Sprintf("the header %s is not as expected; see the drift", name)}
}

func (w *world) headerIsMissing(name string) error {
	if got := w.reply.header.Values(name); len(got) > 0 {
		return &finding{fmt.Sprintf("the reply has the header %s", name), "", got[0]}
	}
	return nil
}

func (w *world) keepsHeader(header, name string) error {
	got := w.reply.header.Get(header)
	switch {
	case got == "" && w.t.kind != kindFake:
		return w.headerDrifts(header, "to be there", "")
	case got == "":
		return &finding{what: fmt.Sprintf("there is no header %s", header)}
	}
	w.vars[name] = got
	return nil
}

// keepsBody keeps the body as text. It replaces addresses of the target in it, so that the replies of two fakes can be
// compared.
func (w *world) keepsBody(name string) error {
	w.vars[name] = strings.ReplaceAll(string(w.reply.body), w.t.url, "http://fake")
	return nil
}

// keepsQuery keeps the parameters of the address in a header.
func (w *world) keepsQuery(header, name string) error {
	u, err := url.Parse(w.reply.header.Get(header))
	if err != nil || u.RawQuery == "" {
		return &finding{what: fmt.Sprintf("the header %s holds no address with a query", header)}
	}
	query := map[string]any{}
	for key, values := range u.Query() {
		query[key] = values[0]
	}
	w.vars[name] = query
	return nil
}

// keeps gives a name to a part of the reply.
func (w *world) keeps(path, name string) error {
	v, err := w.mustSubject(path)
	w.vars[name] = v
	return err
}

// has checks a part of the reply, or each entry of a list, against a table of conditions.
func (w *world) has(each, path string, table *godog.Table) error {
	v, err := w.mustSubject(path)
	if err != nil {
		return err
	}
	if each == "" {
		return w.meets(v, path, table)
	}
	list, err := w.listAt(path)
	if err == nil && len(list) == 0 {
		err = &finding{what: path + " is empty"}
	}
	for i, v := range list {
		if err := w.meets(v, fmt.Sprintf("%s[%d]", path, i), table); err != nil {
			return err
		}
	}
	return err
}

// meets fails unless every row of the table holds.
func (w *world) meets(v any, place string, table *godog.Table) error {
	rows, err := w.rows(table)
	if err != nil {
		return err
	}
	for _, c := range rows {
		ok, err := c.holds(v)
		if err != nil {
			return err
		}
		if !ok {
			return &finding{fmt.Sprintf("%s.%s: this is not true: %s", place, c.field, c.relation), show(c.Value), show(field(v, c.field))}
		}
	}
	return nil
}

func (w *world) listAt(path string) ([]any, error) {
	v, err := w.mustSubject(path)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if w.reply == nil {
		list, ok = listOf(v)
	}
	if !ok {
		return nil, wrongKind(path, "a list", v)
	}
	return list, nil
}

func (w *world) matching(path string, table *godog.Table) ([]any, error) {
	list, err := w.listAt(path)
	if err != nil {
		return nil, err
	}
	rows, err := w.rows(table)
	if err != nil {
		return nil, err
	}
	var found []any
	for _, v := range list {
		ok, err := holdAll(rows, v)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, v)
		}
	}
	return found, nil
}

// holdsOne gives a name to the first entry that meets the conditions. If none does, the target is wrong, or with "if any"
// the account lacks what the scenario needs.
func (w *world) holdsOne(name, path, ifAny string, table *godog.Table) error {
	found, err := w.matching(path, table)
	switch {
	case err != nil:
		return err
	case len(found) == 0 && ifAny != "":
		return &notRun{report.Unsupported, "the account holds none of the " + path + " that the scenario needs"}
	case len(found) == 0:
		return &finding{what: path + " has no entry of that kind"}
	}
	w.vars[name] = found[0]
	return nil
}

func (w *world) holdsNone(path string, table *godog.Table) error {
	found, err := w.matching(path, table)
	if err == nil && len(found) > 0 {
		err = &finding{what: fmt.Sprintf("%s has %d entries of that kind", path, len(found)), got: show(found[0])}
	}
	return err
}

func (w *world) hasEntries(path string, n int) error {
	list, err := w.listAt(path)
	if err == nil && len(list) != n {
		err = &finding{what: fmt.Sprintf("%s has %d entries, not %d", path, len(list), n)}
	}
	return err
}

// sorted checks the order of a list. Equal neighbors fit either order.
func (w *world) sorted(path, not, order, key string) error {
	list, err := w.listAt(path)
	if err == nil && len(list) < 2 {
		err = &notRun{report.Unsupported, path + " is too short to have an order"}
	}
	if err != nil {
		return err
	}
	wrong := 0 // the first entry that is out of order
	for i := 1; i < len(list); i++ {
		a, b := field(list[i-1], key), field(list[i], key)
		n, comparable := compareValues(a, b)
		if !comparable {
			return &finding{fmt.Sprintf("%s cannot be put in order by %s at entry %d", path, key, i+1), "", show(a) + ", then " + show(b)}
		}
		if wrong == 0 && (order == "ascending" && n > 0 || order == "descending" && n < 0) {
			wrong = i
		}
	}
	if (not != "") != (wrong > 0) {
		return &finding{what: fmt.Sprintf("%s: it is not true that its entries are%s in %s order of %s; see entry %d", path, not, order, key, wrong+1)}
	}
	return nil
}

// datePast lets a scenario about a removed feature begin after its removal. It sets the clock of a fake; elsewhere the
// scenario is skipped until then.
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
	now, err := http.ParseTime(r.header.Get("Date")) // a fake at an address may have another time
	if err != nil || now.Before(day) {
		return &notRun{report.Skipped, "it is about the time after " + date}
	}
	return nil
}

func (w *world) needKey() error {
	if w.t.accounts[w.account].APIID == "" {
		return &notRun{report.Unsupported, "the account uses an access token"}
	}
	return nil
}

// headerKey is the context key of the headers that a step adds to a request.
type headerKey struct{}

// bodyContains looks at the bytes, where it matters how JSON is written.
func (w *world) bodyContains(text string) error {
	if !bytes.Contains(w.reply.body, []byte(text)) {
		return &finding{"the body does not contain the text " + text, text, report.Clip(string(w.reply.body), 400)}
	}
	return nil
}
