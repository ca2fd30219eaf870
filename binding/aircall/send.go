package aircall

import (
	"context"
	"net/http"
	"net/url"
)

// Request is what one operation is asked with.
type Request struct {
	Path  []string   // the values of the {…} of the operation's path, in order; escaped by the client
	Query url.Values // nil: none
	Body  any        // encoded as JSON; nil: none; a json.RawMessage is sent as it is
}

// Response is a successful reply: its status is 2xx, its body is empty or valid JSON of at most 8 MiB.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends one request of the named operation (see [Ops]) and returns its successful reply. It retries
// and waits as the package comment says. Every error is an [*Error].
func (c *Client) Do(ctx context.Context, op string, req Request) (*Response, error) {
	return nil, errTodo
}

type limit struct{}
