// Command host is a program that lets its users script Aircall in Lua, beside its own integration:
//
//	cd examples/host && go run . report.lua
//
// It is a separate module, as a real host is. It decides what a script may do: a script reads freely, a person approves each
// write, and deletions are forbidden.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/binding"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: host script.lua")
	}
	source, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	h := &host{people: bufio.NewReader(os.Stdin), desk: os.Stderr}
	if err := h.run(context.Background(), string(source), os.Stdout); err != nil {
		log.Fatal(err)
	}
	log.Print(h)
}

// A host runs scripts and keeps their notes and metrics.
type host struct {
	url    string // of Aircall; "": the real one
	people *bufio.Reader
	desk   io.Writer // where questions to people are printed

	mu      sync.Mutex
	notes   []string
	metrics map[string]int // calls by function and outcome
}

func (h *host) run(ctx context.Context, source string, out io.Writer) error {
	runner, err := binding.New(binding.Config{
		Accounts: map[string]binding.Account{
			"default": {APIID: os.Getenv("AIRCALL_API_ID"), APIToken: os.Getenv("AIRCALL_API_TOKEN"), URL: h.url},
		},
		Integrations: []binding.Integration{h.notebook()},
		Permission:   permission,
		Ask:          h.ask,
		Logger:       slog.New(slog.NewTextHandler(h.desk, nil)),
		OnCall:       h.count,
		Limits:       binding.Limits{Calls: 100, Memory: 32 << 20},
	})
	if err != nil {
		return err
	}
	_, err = runner.Run(ctx, "report.lua", source, binding.RunOptions{Output: out})
	var failed *binding.ScriptError
	if errors.As(err, &failed) && failed.Hint != "" {
		return fmt.Errorf("%w\nhint: %s", err, failed.Hint)
	}
	return err
}

func permission(_ context.Context, a binding.Access) binding.Decision {
	switch {
	case a.Effect == binding.EffectRead:
		return binding.Allow
	case strings.HasPrefix(a.Function, "delete_"):
		return binding.Deny
	}
	return binding.Ask
}

func (h *host) ask(_ context.Context, a binding.Access) (bool, error) {
	fmt.Fprintf(h.desk, "%s with %v? [y/n] ", a.Path, a.Arguments)
	answer, err := h.people.ReadString('\n')
	return strings.TrimSpace(answer) == "y", err
}

// notebook is the program's own integration: app.integrations.notebook.
func (h *host) notebook() binding.Integration {
	return binding.Integration{Name: "notebook", Functions: []binding.Function{
		{
			Name: "add_note", Effect: binding.EffectWrite, Description: "Write a line into the notebook.",
			Params: []binding.Param{{Name: "text", Kind: binding.KindText, Required: true, Description: "The line"}},
			Do: func(_ context.Context, c binding.Call) (any, error) {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.notes = append(h.notes, c.Arguments["text"].(string))
				return map[string]any{"notes": len(h.notes)}, nil
			},
		},
	}}
}

func (h *host) count(_ context.Context, c binding.CallRecord) {
	outcome := "ok"
	if c.ErrorType != "" {
		outcome = c.ErrorType
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.metrics == nil {
		h.metrics = map[string]int{}
	}
	h.metrics[c.Function+" "+outcome]++
}

// String returns the number of calls by function and outcome.
func (h *host) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprint(h.metrics)
}
