package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	defaultAddr = "127.0.0.1:8787" // where serve listens and simulate, snapshot and health look for a fake
	defaultURL  = "http://" + defaultAddr

	// controlTokenEnv holds the token of the control API, for serve and for the commands that use the API.
	controlTokenEnv = "AIRCALLKIT_CONTROL_TOKEN"
)

// controlClient sends requests to the control API of a running fake.
type controlClient struct {
	target, tokenFile, format string
	token                     string // of a fake in this process; "": that of the file or the environment
	timeout                   time.Duration
}

// connect adds the flags of a command that talks to a running fake, to its own or its persistent ones.
func (c *controlClient) connect(cmd *cobra.Command, f *pflag.FlagSet) {
	f.SortFlags = false
	f.StringVar(&c.target, "target", defaultURL, "`address` of the fake's control API")
	f.StringVar(&c.tokenFile, "control-token-file", "", "read the token of the control API from this `file` instead of "+controlTokenEnv)
	f.DurationVar(&c.timeout, "timeout", 30*time.Second, "how long to wait for a reply")
	complete(cmd, "target", defaultURL)
}

// controlError is an error reply of the control API.
type controlError struct {
	Problem string `json:"error"`
	Hint    string `json:"hint"`
	status  int
}

func (e *controlError) Error() string { return e.Problem }

var errNoFake = errors.New("no fake answers")

// withHint adds a hint to an error of send. Where the hint of the control API names a path, the hint is about the command.
func withHint(cmd *cobra.Command, err error) error {
	e, refused := errors.AsType[*controlError](err)
	switch {
	case errors.Is(err, errNoFake):
		return unable(err, "start a fake with aircallkit serve, or give the address of a running one: --target "+defaultURL)
	case refused && e.status == http.StatusUnauthorized:
		return unable(err, "give the token that serve was started with: set "+controlTokenEnv+" or --control-token-file")
	case !refused || e.Hint == "":
		return err
	case !strings.Contains(e.Hint, "/_fake/"):
		return unable(err, e.Hint)
	case strings.HasSuffix(e.Hint, " lists them"):
		return unable(err, cmd.CommandPath()+" lists them")
	}
	return unable(err, cmd.CommandPath()+" --help describes the command")
}

// maxControlReply is the largest reply that is read, in bytes. Snapshots are the largest.
const maxControlReply = 256 << 20

// send sends one request and returns the JSON reply. The request is a method and a path. The fields are the parameters
// of a GET, and the JSON body of any other method, unless body is given. A field "wait" extends the timeout.
func (c *controlClient) send(ctx context.Context, p *process, request string, fields map[string]any, body []byte) ([]byte, error) {
	base, err := fakeAddress(c.target)
	if err != nil {
		return nil, err
	}
	token := c.token
	if token == "" {
		if token, err = controlToken(p, c.tokenFile); err != nil {
			return nil, err
		}
	}
	method, path, _ := strings.Cut(request, " ")
	to := base.JoinPath(path)
	if method == http.MethodGet {
		query := url.Values{}
		for name, v := range fields {
			query.Set(name, fmt.Sprintf("%s", v))
		}
		to.RawQuery = query.Encode()
	} else if len(fields) > 0 {
		if body, err = json.Marshal(fields); err != nil {
			return nil, err
		}
	}
	text, _ := fields["wait"].(string)
	wait, _ := time.ParseDuration(text) // 0 without the field
	ctx, cancel := context.WithTimeout(ctx, c.timeout+max(0, wait))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err
		}
		return nil, fmt.Errorf("%w at %s: %w", errNoFake, base, err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxControlReply))
	if err != nil {
		return nil, fmt.Errorf("read the reply of %s: %w", base, err)
	}
	if resp.StatusCode/100 == 2 && json.Valid(reply) {
		return reply, nil
	}
	refused := &controlError{status: resp.StatusCode}
	if json.Unmarshal(reply, refused) != nil || refused.Problem == "" {
		refused.Problem = fmt.Sprintf("%s has no control API (HTTP %d)", base, resp.StatusCode)
		refused.Hint = "aircallkit serve has one, unless it was started with --control=false or with another address in --control-addr"
	}
	return nil, refused
}

// fakeAddress returns the URL of a running fake, given with --target.
func fakeAddress(target string) (*url.URL, error) {
	base, err := address(target)
	if err == nil && base == nil {
		err = fmt.Errorf("--target %s: give the address of a fake, such as %s", target, defaultURL)
	}
	return base, err
}

// maxToken is the largest token file, in bytes.
const maxToken = 4096

// get reads a path of the control API into a value. Empty fields are left out.
func (c *controlClient) get(ctx context.Context, p *process, path string, fields map[string]string, into any) error {
	given := requestFields{}
	for name, v := range fields {
		if v != "" {
			given[name] = v
		}
	}
	reply, err := c.send(ctx, p, "GET "+path, given, nil)
	if err != nil {
		return err
	}
	if json.Unmarshal(reply, into) != nil {
		return errNotControl
	}
	return nil
}

// controlToken returns the token in a file or in the environment, or "". A token is never a flag, since every user of the
// machine can see the command line.
func controlToken(p *process, file string) (string, error) {
	if file == "" {
		token := p.getenv(controlTokenEnv)
		p.secrets.Add(token)
		return token, nil
	}
	data, err := readBounded(file, maxToken)
	if err != nil {
		return "", fmt.Errorf("--control-token-file: %w", err)
	}
	token := strings.TrimSpace(string(data))
	if token == "" {
		return "", fmt.Errorf("--control-token-file: %s contains no token", file)
	}
	p.secrets.Add(token)
	return token, nil
}

func healthCommand(p *process) *cobra.Command {
	c := controlClient{timeout: 5 * time.Second}
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Check that a fake is running",
		Long: `Check that a fake is running and print its time. The check needs neither credentials nor a token.
With --wait it repeats the check until the fake answers or the time is over.

Exit codes: 0 the fake answers, 1 it does not, 2 bad usage. Use it as the health check of a
container, or in a script that has just started the fake.`,
		Example: `  aircallkit health
  aircallkit health --target http://127.0.0.1:8787 --wait 10s`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := fakeAddress(c.target); err != nil {
				return err
			}
			return c.health(cmd.Context(), p, wait)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&c.target, "target", defaultURL, "`address` of the fake")
	f.DurationVar(&wait, "wait", 0, "repeat the check for this long until the fake answers")
	complete(cmd, "target", defaultURL)
	return cmd
}

// health asks a fake until it answers, for as long as wait. A fake without a control API refuses the question, and is
// healthy all the same.
func (c *controlClient) health(ctx context.Context, p *process, wait time.Duration) error {
	const pause = 100 * time.Millisecond
	for end := time.Now().Add(wait); ; {
		reply, err := c.send(ctx, p, "GET /_fake/health", nil, nil)
		refused, _ := errors.AsType[*controlError](err)
		switch {
		case err == nil:
			return printLine(p, strings.TrimSpace(string(reply)))
		case refused != nil && (refused.status == 401 || refused.status == 403 || refused.status == 404):
			return printLine(p, fmt.Sprintf(`{"status":"ok"} (its control API answers %d)`, refused.status))
		case ctx.Err() != nil:
			err = errors.New("interrupted")
		case time.Now().Before(end):
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
			continue
		}
		return &failure{exitFailed, err, []string{"start one with aircallkit serve, or give it time to start with --wait 10s"}}
	}
}
