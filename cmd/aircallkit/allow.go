package main

import (
	"errors"
	"strings"

	"github.com/aircallkit/aircallkit/conformance"
)

const (
	anyAccount   = "any" // what --allow-writes means without a name
	stateDirName = "$XDG_STATE_HOME/aircallkit, or ~/.local/state/aircallkit"
)

// leave is the value of --allow-writes: true, false, or the account that may be changed.
type leave struct{ o *conformance.Options }

func (l *leave) String() string { return l.o.WriteAccount }
func (l *leave) Type() string   { return "account" }

func (l *leave) Set(name string) error {
	switch l.o.AllowWrites, l.o.WriteAccount = true, ""; name {
	case "":
		return errors.New("give the name of an account, or no = at all")
	case anyAccount, "true":
	case "false":
		l.o.AllowWrites = false
	default:
		l.o.WriteAccount = name
	}
	return nil
}

// sweepHints say how to undo what a run could not.
func sweepHints(o conformance.Options, file, journal string) []string {
	words := []string{"aircallkit", "sweep", "--target", o.Target}
	if file != "" {
		words = append(words, "--accounts", file)
	}
	if journal != "" {
		words = append(words, "--journal", journal)
	}
	return []string{strings.Join(words, " ") + " shows what can be taken away, and with --yes does it"}
}
