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

// simulateOptions are what all commands of simulate have in common.
type simulateOptions struct {
	target, tokenFile, format string
	timeout                   time.Duration
}

// A drive is one command of simulate. Its flags are the fields of the body that it sends, or the parameters of a GET.
type drive struct {
	use, short, long, example string
	args                      cobra.PositionalArgs
	flags                     func(*cobra.Command)
	// ask returns the method and the path; it may change the fields that the flags gave.
	ask func(cmd *cobra.Command, args []string, given map[string]any) (method, path string)
	// tell prints the reply for people; nil prints nothing. Its error decides the exit code.
	tell func(p *process, reply []byte) error
	// judge decides the exit code after the reply was printed, in any format.
	judge func(cmd *cobra.Command, reply []byte) error
}

func simulateCommand(p *process) *cobra.Command {
	o := simulateOptions{format: "text"}
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Drive a running fake: calls, clock, faults, request log",
		Long: `Drive a fake that "aircallkit serve" runs: make calls happen, move its clock, make it slow or
broken, and list its requests and webhook deliveries. The commands use the control API of the fake.
If that has a token, set AIRCALLKIT_CONTROL_TOKEN or --control-token-file.

Exit codes: 0 the command succeeded, 1 the request that --wait waits for did not arrive,
2 the fake did not accept the command.`,
		Example: `  aircallkit simulate`,
		Args:    noCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SuggestionsMinimumDistance = 2
	o.flags(cmd)
	for _, d := range append(callDrives(), lookDrives()...) {
		cmd.AddCommand(d.command(p, &o))
	}
	return cmd
}

// flags adds the flags of every command that drives a fake.
func (o *simulateOptions) flags(cmd *cobra.Command) {
	f := cmd.PersistentFlags()
	f.SortFlags = false
	f.StringVar(&o.target, "target", "http://127.0.0.1:8787", "`address` of the fake's control API")
	f.StringVar(&o.tokenFile, "control-token-file", "", "read the token of the control API from this `file` instead of "+controlTokenEnv)
	f.Var(choice{&o.format, []string{"text", "json"}}, "format", "output format")
	f.DurationVar(&o.timeout, "timeout", 30*time.Second, "how long to wait for a reply")
	complete(cmd, "target", "http://127.0.0.1:8787")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

func (d drive) command(p *process, o *simulateOptions) *cobra.Command {
	cmd := &cobra.Command{
		Use: d.use, Short: d.short, Long: d.long, Example: d.example, Args: d.args,
		RunE: func(cmd *cobra.Command, args []string) error {
			given := map[string]any{}
			cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
				if f.Changed {
					given[strings.ReplaceAll(f.Name, "-", "_")] = flagValue(cmd, f)
				}
			})
			method, path := d.ask(cmd, args, given)
			reply, err := o.send(cmd.Context(), p, method, path, given)
			if err != nil {
				return failedTo("simulate "+cmd.Name(), err)
			}
			if err := o.print(p, d, reply); err != nil {
				return unable(fmt.Errorf("simulate %s: %w", cmd.Name(), err))
			}
			if d.judge != nil {
				return d.judge(cmd, reply)
			}
			return nil
		},
	}
	if d.args == nil {
		cmd.Args = takes(0, "flags only")
	}
	cmd.Flags().SortFlags = false
	if d.flags != nil {
		d.flags(cmd)
	}
	return cmd
}

// flagValue returns the JSON value of a flag.
func flagValue(cmd *cobra.Command, f *pflag.Flag) any {
	switch f.Value.Type() {
	case "int", "int64", "uint64", "float64", "bool":
		return json.RawMessage(f.Value.String())
	case "stringSlice", "stringArray":
		return f.Value.(pflag.SliceValue).GetSlice()
	case "stringToString":
		m, _ := cmd.Flags().GetStringToString(f.Name) // of this type it is
		return m
	}
	return f.Value.String()
}

// refused is an error reply of the control API.
type refused struct {
	Problem string `json:"error"`
	Given   string `json:"given"`
	Hint    string `json:"hint"`
}

func (r *refused) Error() string { return r.Problem }

func failedTo(what string, err error) error {
	err = fmt.Errorf("%s: %w", what, err)
	var no *refused
	if errors.As(err, &no) && no.Hint != "" {
		return unable(err, no.Hint)
	}
	if errors.Is(err, errUnreached) {
		return unable(err, "start a fake with aircallkit serve, or give the address of a running one: --target http://127.0.0.1:8787")
	}
	return unable(err)
}

var errUnreached = errors.New("no fake answers")

const mostReply = 256 << 20

// send sends a request to the control API, with the fields in the query of a GET or in the body of another method.
func (o *simulateOptions) send(ctx context.Context, p *process, method, path string, given map[string]any) ([]byte, error) {
	query := url.Values{}
	if method == http.MethodGet {
		for name, v := range given {
			query.Set(name, fmt.Sprintf("%s", v))
		}
		return o.exchange(ctx, p, method, path, query, nil, o.timeout+waiting(given))
	}
	var body []byte
	if len(given) > 0 {
		var err error
		if body, err = json.Marshal(given); err != nil {
			return nil, err
		}
	}
	return o.exchange(ctx, p, method, path, query, body, o.timeout+waiting(given))
}

// exchange sends one request to the control API.
func (o *simulateOptions) exchange(ctx context.Context, p *process, method, path string, query url.Values, body []byte, timeout time.Duration) ([]byte, error) {
	base, err := address(o.target)
	if err == nil && base == nil {
		err = fmt.Errorf("--target %s: give the address of a fake, such as http://127.0.0.1:8787", o.target)
	}
	if err != nil {
		return nil, err
	}
	token, err := controlToken(p, o.tokenFile)
	if err != nil {
		return nil, err
	}
	to := base.JoinPath(path)
	to.RawQuery = query.Encode()
	ctx, cancel := context.WithTimeout(ctx, timeout)
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
		var e *url.Error
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, fmt.Errorf("%w at %s: %w", errUnreached, base, err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, mostReply))
	if err != nil {
		return nil, fmt.Errorf("the reply of %s: %w", base, err)
	}
	return reply, verdictOf(base, resp.StatusCode, reply)
}

// waiting returns how much longer a reply may take because of --wait.
func waiting(given map[string]any) time.Duration {
	text, _ := given["wait"].(string)
	d, _ := time.ParseDuration(text)
	return max(0, d)
}

func verdictOf(base *url.URL, status int, reply []byte) error {
	if status >= 200 && status < 300 && json.Valid(reply) {
		return nil
	}
	no := &refused{}
	if json.Unmarshal(reply, no) == nil && no.Problem != "" {
		return no
	}
	return &refused{
		Problem: fmt.Sprintf("%s has no control API (HTTP %d)", base, status),
		Hint:    "aircallkit serve has one, unless it was started with --control=false or with another address in --control-addr",
	}
}

func (o *simulateOptions) print(p *process, d drive, reply []byte) error {
	if o.format == "json" {
		var b bytes.Buffer
		if err := json.Indent(&b, reply, "", "  "); err != nil {
			return err
		}
		_, err := fmt.Fprintln(p.stdout, strings.TrimSpace(b.String()))
		return err
	}
	if d.tell == nil {
		return nil
	}
	return d.tell(p, reply)
}

// telling returns a tell that decodes the reply for f.
func telling[T any](f func(io.Writer, T) error) func(*process, []byte) error {
	return func(p *process, reply []byte) error {
		var v T
		if err := json.Unmarshal(reply, &v); err != nil {
			return fmt.Errorf("the reply is not what the control API answers: %w", err)
		}
		return f(p.stdout, v)
	}
}

// to returns an ask with a fixed method and path.
func to(method, path string) func(*cobra.Command, []string, map[string]any) (string, string) {
	return func(*cobra.Command, []string, map[string]any) (string, string) { return method, path }
}
