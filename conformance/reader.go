package conformance

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aircallkit/aircallkit/binding"
)

// A Reader reads what a target holds. Its requests pass the guard of a run, stay below the rate limit, wait for the next minute
// when another program has used it up, and are tried again when they fail on the way. It sends only GET requests.
type Reader struct{ target *target }

// NewReader checks that the target of the options answers and accepts the credentials of an account, or of all if the name is
// "". The caller must close the reader. The error is for [ExitCode].
func NewReader(ctx context.Context, o Options, account string) (*Reader, error) {
	t, err := newTarget(o)
	if err != nil {
		return nil, err
	}
	if account != "" {
		only, ok := t.accounts[account]
		if !ok {
			t.close()
			return nil, fmt.Errorf("there is no account %q: the configured ones are %s", account, strings.Join(t.names(), ", "))
		}
		t.accounts = map[string]binding.Account{account: only}
	}
	if _, err := t.preflight(ctx); err != nil {
		t.close()
		return nil, t.redactor.err(err)
	}
	return &Reader{t}, nil
}

// Accounts returns the names of the accounts, sorted.
func (r *Reader) Accounts() []string { return r.target.names() }

// User returns the configured user of an account, an id or an e-mail, or "".
func (r *Reader) User(account string) string { return r.target.accounts[account].User }

// PerMinute returns how many requests the reader sends to an account in a minute; 0: as many as it can.
func (r *Reader) PerMinute() int { return r.target.limit * 11 / 12 }

// Get reads a path, such as /v1/calls?page=2, with the credentials of an account, and returns the status and the body of the
// reply. It fails if there is no complete reply, or only a refusal by the rate limit. The error holds nothing of the target.
func (r *Reader) Get(ctx context.Context, account, path string) (status int, body []byte, err error) {
	reply, err := r.target.ask(withExchanges(ctx, &exchangeList{}, forCheck), account, http.MethodGet, path, nil)
	switch {
	case ctx.Err() != nil:
		return 0, nil, ctx.Err()
	case err != nil:
		return 0, nil, exits(ExitEnvironment, fmt.Errorf("account %q: %w", account, r.target.redactor.err(err)))
	}
	return reply.status, reply.body, nil
}

// Close ends the connections, and stops a fake in this process.
func (r *Reader) Close() { r.target.close() }
