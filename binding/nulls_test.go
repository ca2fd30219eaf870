package binding_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// nullable are the fields Aircall may send null in, by the object they are in.
var nullable = map[string]string{
	"call": `missed_call_reason answered_at ended_at voicemail recording asset recording_short_url voicemail_short_url user contact
		assigned_to transferred_by transferred_to hangup_cause number country_code_a2 pricing_type automatic_callback_call_id`,
	"comment": "posted_by",
	"contact": "first_name last_name information company_name",
	"user":    "default_number_id",
	"number":  "priority",
	"tag":     "description",
	"meta":    "next_page_link previous_page_link",

	"integration": "custom_name",
}

// objects says what a member of a reply is, where its name does not.
var objects = map[string]string{
	"assigned_to": "user", "transferred_by": "user", "transferred_to": "user", "posted_by": "user", "tagged_by": "user",
	"calls": "call", "comments": "comment", "contacts": "contact", "users": "user", "numbers": "number", "tags": "tag",
}

// A nuller passes replies on with one nullable field made null, in every object that has it.
type nuller struct {
	next http.RoundTripper

	mu    sync.Mutex
	field string          // call.answered_at; "": none
	met   map[string]bool // fields that were there to be made null
	done  int             // times it was
}

func (n *nuller) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := n.next.RoundTrip(req)
	if err != nil || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		return res, err
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var body any
	if err := dec.Decode(&body); err == nil {
		n.mu.Lock()
		n.visit("", body)
		n.mu.Unlock()
		if data, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	res.Header.Del("Content-Length")
	return res, nil
}

func (n *nuller) visit(name string, v any) {
	if of := objects[name]; of != "" {
		name = of
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n.visit(name, item)
		}
	case map[string]any:
		for _, field := range strings.Fields(nullable[name]) {
			if _, ok := v[field]; !ok {
				continue
			}
			n.met[name+"."+field] = true
			if name+"."+field == n.field {
				v[field] = nil
				n.done++
			}
		}
		for key, item := range v {
			n.visit(key, item)
		}
	}
}

// A null in any field of any reply that may be null makes no documented example fail.
func TestNullsMakeNoExampleFail(t *testing.T) {
	type program struct{ name, source string }
	var programs []program
	for _, e := range binding.Examples() {
		programs = append(programs, program{e.ID, e.Source})
	}
	documented := len(programs)
	for _, f := range binding.All() {
		if !raceEnabled && f.Effect == binding.EffectRead && f.Prints != "" {
			programs = append(programs, program{f.Name, f.Example})
		}
	}
	n := &nuller{next: http.DefaultTransport}
	fresh := func() *binding.Runner {
		fake := fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, AllowUnknownRoutes: true}))
		return runnerOf(t, fake, func(c *binding.Config) { c.Transport = n })
	}
	shared := fresh()
	writes := regexp.MustCompile(`\.(add|create|delete)_`)
	all, tried := map[string]bool{}, 0
	for i, p := range programs {
		if p.name == binding.MultiAccount {
			continue // placeholders of a syntax, not calls
		}
		t.Run(p.name, func(t *testing.T) {
			runner := func() *binding.Runner {
				if i >= documented && writes.MatchString(p.source) {
					return fresh() // it cannot be run twice
				}
				return shared
			}
			n.field, n.met = "", map[string]bool{}
			run(t, runner(), p.source)
			if len(n.met) == 0 && i < documented {
				t.Error("no reply has a field that may be null")
			}
			for _, field := range slices.Sorted(maps.Keys(n.met)) {
				n.field, n.done = field, 0
				res, err := runner().Run(t.Context(), p.name+".lua", p.source, binding.RunOptions{})
				if err != nil {
					t.Errorf("%s is null: %v\noutput: %s", field, err, res.Output)
				}
				if n.done == 0 {
					t.Errorf("%s was nowhere null", field)
				}
				all[field] = true
				tried++
			}
		})
	}
	t.Logf("%d runs, fields %v", tried, slices.Sorted(maps.Keys(all)))
	for object, fields := range nullable {
		if raceEnabled {
			break // the examples that see them all take too long then
		}
		for _, field := range strings.Fields(fields) {
			if !all[object+"."+field] && !slices.Contains(unseen, object+"."+field) {
				t.Errorf("%s.%s was in no reply", object, field)
			}
		}
	}
}

// unseen are fields that no example asks for, or that the wire has in events only.
var unseen = []string{
	"call.recording_short_url", "call.voicemail_short_url", "call.hangup_cause", "call.country_code_a2", "call.pricing_type",
	"call.automatic_callback_call_id", "integration.custom_name",
}
