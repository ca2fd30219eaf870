package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/cucumber/godog"
)

// runSteps run Lua through the binding.
var runSteps = map[string]func(*world) any{
	`the "([^"]+)" example runs`:                                func(w *world) any { return w.runExample },
	`the "([^"]+)" example runs with "([^"]+)" as its function`: func(w *world) any { return w.runExampleWith },
	`the example of "([^"]+)" runs`:                             func(w *world) any { return w.runOwnExample },
	`this script runs:`:                                         func(w *world) any { return w.runScript },
}

func (w *world) example(id string) (binding.Example, error) {
	e, ok := w.run.examples[id]
	if !ok {
		return e, fmt.Errorf("the reference has no example %q", id)
	}
	return e, nil
}

// runExample runs a block of the reference as it is.
func (w *world) runExample(ctx context.Context, id string) error {
	e, err := w.example(id)
	if err != nil {
		return err
	}
	source, shown, err := w.bind(ctx, e.ID, e.Source)
	if err != nil {
		return err
	}
	return w.lua(ctx, source, report.Script{Example: e.ID, Line: e.Line, Printed: e.Source, Run: shown})
}

// runExampleWith replaces function_name in a block, and nothing else: {...} is Lua for the arguments of the chunk, and this
// chunk has no arguments.
func (w *world) runExampleWith(ctx context.Context, id, function string) error {
	e, err := w.example(id)
	if err != nil {
		return err
	}
	source, err := rename(e.Source, "function_name", function)
	for part, account := range w.t.accountsByRole() {
		if err == nil && part != roles[0] && part != account { // default is what every script calls its first account
			source, err = rename(source, part, account)
		}
	}
	if err != nil {
		return err
	}
	return w.lua(ctx, source, report.Script{Example: e.ID, Line: e.Line, Printed: e.Source, Run: source})
}

// runOwnExample runs the example of a function that is not in the reference.
func (w *world) runOwnExample(ctx context.Context, name string) error {
	f, ok := w.run.functions[name]
	if !ok {
		return fmt.Errorf("there is no function %q", name)
	}
	w.chapter = f.Prints
	return w.lua(ctx, f.Example, report.Script{Example: name, Printed: f.Example, Run: f.Example})
}

func (w *world) runScript(ctx context.Context, doc *godog.DocString) error {
	source, err := w.expand(doc.Content, asLua)
	if err != nil {
		return err
	}
	shown := source
	if w.t.private() {
		shown = doc.Content // the values of $names may be personal
	}
	return w.lua(ctx, source, report.Script{Run: shown})
}

// lua runs a script. An error of the script is no finding yet: a later step may expect it.
func (w *world) lua(ctx context.Context, source string, s report.Script) error {
	if err := w.result(); err != nil {
		return err
	}
	name := "script.lua"
	if s.Example != "" {
		name = s.Example + ".lua"
	}
	w.script.from = len(w.exchanges.all())
	res, err := w.runner.Run(withExchanges(ctx, w.exchanges, forScript), name, source, binding.RunOptions{Account: w.account})
	w.script.ran, w.script.err = true, err
	w.subject, w.reply = nil, nil
	for _, x := range w.exchanges.by(forScript, w.script.from) {
		if x.method != http.MethodGet {
			w.t.forget(x.account, "contacts")
		}
	}
	if res != nil {
		w.script.output = res.Output
		if len(res.Values) > 0 {
			w.subject = res.Values[0]
		}
	}
	if !w.t.private() {
		s.Output = w.script.output
	}
	w.scripts = append(w.scripts, s)
	return nil
}

// result returns the error of the last script if no step expected it.
func (w *world) result() error {
	if w.script.err == nil {
		return nil
	}
	var se *binding.ScriptError
	if !errors.As(w.script.err, &se) {
		return w.script.err
	}
	if err := unreached(se); err != nil {
		return err
	}
	w.limited = w.limited || se.Type == binding.TypeRateLimited && w.t.kind != kindFake
	return &finding{"the script raises " + describe(se), "no error", se.Error()}
}

// unreached returns an error if the script could not reach the target.
func unreached(se *binding.ScriptError) error {
	if se.Type == binding.TypeNetwork || se.Type == binding.TypeCanceled {
		return fmt.Errorf("the script could not reach the target: %s", se.Type)
	}
	return nil
}

// describe describes an error of Lua without its text, which may hold values.
func describe(se *binding.ScriptError) string {
	s := se.Type
	if se.Path != "" {
		s += " in " + se.Path
	}
	if se.Status != 0 {
		s += fmt.Sprintf(" with status %d", se.Status)
	}
	if se.Where != "" {
		s += " at " + se.Where
	}
	return s
}

// raised returns the error of the last script, which is expected from then on.
func (w *world) raised() (*binding.ScriptError, error) {
	err := w.script.err
	w.script.err = nil
	var se *binding.ScriptError
	switch {
	case !w.script.ran:
		return nil, fmt.Errorf("no script ran")
	case err == nil:
		return nil, &finding{what: "the script ends without an error"}
	case !errors.As(err, &se):
		return nil, err
	}
	return se, unreached(se)
}

// raiseSteps say how a script fails.
var raiseSteps = map[string]func(*world) any{
	`it raises "([a-z_]+)"(?: about "([^"]+)")?(?: with the status (\d+))?`: func(w *world) any { return w.raises },
	`the script sends nothing`: func(w *world) any { return w.nothingSent },
}

func (w *world) raises(kind, about, status string) error {
	se, err := w.raised()
	if err != nil {
		return err
	}
	if about, err = w.expand(about, asText); err != nil {
		return err
	}
	switch {
	case se.Type != kind:
		w.limited = w.limited || se.Type == binding.TypeRateLimited && w.t.kind != kindFake
		return &finding{fmt.Sprintf("the script raises %s, not %s", describe(se), kind), kind, se.Error()}
	case !strings.Contains(se.Error(), about):
		return &finding{"the error does not say what it is about", about, se.Error()}
	case status != "" && status != strconv.Itoa(se.Status):
		return &finding{fmt.Sprintf("the script raises %s, not one with status %s", describe(se), status), kind, se.Error()}
	}
	return nil
}

// nothingSent checks a promise of the reference: a script with invalid arguments sends no request.
func (w *world) nothingSent() error {
	if sent := w.exchanges.by(forScript, w.script.from); len(sent) > 0 {
		return &finding{what: fmt.Sprintf("the script sent %d requests, the first is %s %s", len(sent), sent[0].method, sent[0].route)}
	}
	return nil
}
