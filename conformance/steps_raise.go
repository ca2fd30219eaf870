package conformance

import (
	"fmt"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
)

// raiseSteps say how a script fails.
var raiseSteps = map[string]func(*world) any{
	`it raises "([a-z_]+)"`:                       func(w *world) any { return w.raises },
	`it raises "([a-z_]+)" about "([^"]+)"`:       func(w *world) any { return w.raisesAbout },
	`it raises "([a-z_]+)" with the status (\d+)`: func(w *world) any { return w.raisesStatus },
	`nothing is sent`:                             func(w *world) any { return w.nothingSent },
}

func (w *world) raises(kind string) error {
	_, err := w.raisesKind(kind)
	return err
}

func (w *world) raisesKind(kind string) (*binding.ScriptError, error) {
	se, err := w.raised()
	if err == nil && se.Type != kind {
		w.limited = w.limited || se.Type == binding.TypeRateLimited && w.t.kind != kindFake
		err = &finding{fmt.Sprintf("the script raises %s, not %s", describe(se), kind), kind, se.Error()}
	}
	return se, err
}

func (w *world) raisesAbout(kind, about string) error {
	se, err := w.raisesKind(kind)
	if err != nil {
		return err
	}
	if about, err = w.expand(about, asText); err != nil {
		return err
	}
	if !strings.Contains(se.Error(), about) {
		return &finding{"the error does not say what it is about", about, se.Error()}
	}
	return nil
}

func (w *world) raisesStatus(kind string, status int) error {
	se, err := w.raisesKind(kind)
	if err == nil && se.Status != status {
		err = &finding{fmt.Sprintf("the script raises %s, not one with status %d", describe(se), status), kind, se.Error()}
	}
	return err
}

// nothingSent is what the reference promises of arguments it refuses.
func (w *world) nothingSent() error {
	if sent := w.journal.by(forScript, w.script.from); len(sent) > 0 {
		return &finding{what: fmt.Sprintf("the script sent %d requests, the first is %s %s", len(sent), sent[0].method, sent[0].route)}
	}
	return nil
}
