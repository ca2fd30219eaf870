package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func healthCommand(p *process) *cobra.Command {
	var (
		at   string
		wait time.Duration
	)
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Check that a fake is running",
		Long: `Check that a fake is running and print its time. The check needs neither credentials nor a token.
With --wait it repeats the check until the fake answers or the time is over.

Exit codes: 0 the fake answers, 1 it does not, 2 bad usage. Use it as the health check of a
container, or in a script that has just started the fake.`,
		Example: `  aircallkit health
  aircallkit health --target http://127.0.0.1:8787 --wait 10s`,
		Args: takes(0, "flags only"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			base, err := address(at)
			if err == nil && base == nil {
				err = fmt.Errorf("--target %q: give the address of a fake, such as http://127.0.0.1:8787", at)
			}
			if err != nil {
				return unable(fmt.Errorf("health: %w", err))
			}
			return health(cmd.Context(), p, base, wait)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&at, "target", "http://127.0.0.1:8787", "`address` of the fake")
	f.DurationVar(&wait, "wait", 0, "repeat the check for this long until the fake answers")
	complete(cmd, "target", "http://127.0.0.1:8787")
	return cmd
}

func health(ctx context.Context, p *process, base *url.URL, patience time.Duration) error {
	const between = 100 * time.Millisecond
	limit := time.NewTimer(patience)
	defer limit.Stop()
	client := &http.Client{Timeout: 5 * time.Second}
	for {
		said, err := askHealth(ctx, client, base)
		if err == nil {
			fmt.Fprintln(p.stdout, said)
			return nil
		}
		again := time.NewTimer(between)
		select {
		case <-again.C:
			select {
			case <-limit.C:
			default:
				continue
			}
		case <-limit.C:
			again.Stop()
		case <-ctx.Done():
			again.Stop()
			err = errors.New("interrupted")
		}
		return &failure{code: exitFailed, err: fmt.Errorf("health: %w", err), hints: []string{"start one with aircallkit serve, or give it time to start with --wait 10s"}}
	}
}

// askHealth asks once. A fake without its control API answers 404 there, and is well all the same.
func askHealth(ctx context.Context, client *http.Client, base *url.URL) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath("/_fake/health").String(), nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	const most = 4096
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	switch {
	case err != nil:
		return "", err
	case resp.StatusCode == http.StatusOK:
		return strings.TrimSpace(string(body)), nil
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		return fmt.Sprintf(`{"status":"ok"} (its control API answers %d)`, resp.StatusCode), nil
	}
	return "", fmt.Errorf("%s answers %s", base, resp.Status)
}
