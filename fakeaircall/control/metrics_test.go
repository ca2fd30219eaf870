package control

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// Metrics are for whoever the control API is for, and nobody else.
func TestMetrics(t *testing.T) {
	counted := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "up 1\n") })
	for _, c := range []struct {
		name, peer, token, sent string
		metrics                 http.Handler
		want                    int
	}{
		{"this machine", "127.0.0.1:5000", "", "", counted, 200},
		{"another machine", "192.0.2.1:5000", "", "", counted, 403},
		{"another machine with the token", "192.0.2.1:5000", "hush", "Bearer hush", counted, 200},
		{"this machine without it", "127.0.0.1:5000", "hush", "", counted, 401},
		{"without metrics", "127.0.0.1:5000", "", "", nil, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Control: Options{Token: c.token, Metrics: c.metrics}.New, Scale: fakeaircall.ScaleEmpty, AllowUnknownRoutes: true}))
			r := httptest.NewRequest("GET", "http://127.0.0.1/_fake/metrics", nil)
			r.RemoteAddr = c.peer
			if c.sent != "" {
				r.Header.Set("Authorization", c.sent)
			}
			w := httptest.NewRecorder()
			srv.Handler().ServeHTTP(w, r)
			if w.Code != c.want || (w.Body.String() == "up 1\n") != (c.want == 200) {
				t.Errorf("%d %s, want %d", w.Code, w.Body, c.want)
			}
		})
	}
}
