package control

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

var sendMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}

// sendRequest sends a request to the API of the fake, in this process.
func sendRequest(s *fakeaircall.Server, from *http.Request, in sendInput) (any, error) {
	a := s.Account(in.Account)
	if _, err := a.Clock(); err != nil { // there is no such account
		return nil, err
	}
	if !slices.Contains(sendMethods, in.Method) {
		return nil, &apiError{400, "method: there is no such method", clip(in.Method), "give " + strings.Join(sendMethods, ", ")}
	}
	req, err := http.NewRequestWithContext(from.Context(), in.Method, cmp.Or(s.URL(), "http://"+from.Host)+in.Path, bytes.NewReader(in.Body))
	if err != nil || !strings.HasPrefix(in.Path, "/v1/") && !strings.HasPrefix(in.Path, "/v2/") {
		return nil, &apiError{400, "path: that is not a path of Aircall's API", clip(in.Path), "give a path such as /v1/contacts"}
	}
	req.RemoteAddr, req.RequestURI = from.RemoteAddr, in.Path
	if in.Body == nil {
		req.Body = http.NoBody
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	if req.SetBasicAuth(a.APIID, a.APIToken); a.APIID == "" {
		req.Header.Set("Authorization", "Bearer "+a.Bearer)
	}
	got := recorder{header: http.Header{}, status: http.StatusOK}
	got.serve(s.Handler(), req)
	view := sentView{Status: got.status}
	if json.Valid(got.body.Bytes()) {
		view.Body = got.body.Bytes()
	}
	return view, nil
}

// A recorder records a reply.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// serve records the reply of h. Its status is 0 if h aborts, as a fault does that cuts the connection.
func (r *recorder) serve(h http.Handler, req *http.Request) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			r.status = 0
		} else if p != nil {
			panic(p)
		}
	}()
	h.ServeHTTP(r, req)
}
