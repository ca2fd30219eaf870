package main

import (
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/fakeaircall/control"
)

// watch sees every request of the fake, for the log and for the metrics.
type watch struct {
	format string // of the log
	log    *slog.Logger
	set    *metrics.Set
	srv    *fakeaircall.Server
}

func (w *watch) flags(cmd *cobra.Command) {
	w.format = "off"
	choose(cmd, &w.format, "log-format", "log each request to standard error", "off", "text", "json")
}

// open begins to watch: the options get what watches.
func (w *watch) open(p *process, o *fakeaircall.Options, api *control.Options) {
	w.set = metrics.NewSet()
	switch w.format {
	case "json":
		w.log = slog.New(slog.NewJSONHandler(p.stderr, nil))
	case "text":
		colours := p.paint(p.stderr, bold, "") != ""
		w.log = slog.New(tint.NewHandler(p.stderr, &tint.Options{TimeFormat: time.TimeOnly, NoColor: !colours}))
	default:
		w.log = slog.New(slog.DiscardHandler)
	}
	api.Metrics = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		w.write(rw)
	})
	inner := o.Wrap
	o.Wrap = func(next http.Handler) http.Handler {
		if inner != nil {
			next = inner(next)
		}
		return w.around(next)
	}
}

// begin knows the server from here on.
func (w *watch) begin(srv *fakeaircall.Server) {
	w.srv = srv
	w.log.Info("listening", "url", srv.URL(), "version", version())
}

// end says how it ended.
func (w *watch) end(err error) {
	if err != nil {
		w.log.Error("stopped", "error", err)
		return
	}
	w.log.Info("stopped")
}

func (w *watch) around(next http.Handler) http.Handler {
	flying := w.set.NewGauge("aircallkit_requests_in_flight", nil)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		flying.Inc()
		defer flying.Dec()
		began, seen := time.Now(), &seen{ResponseWriter: rw}
		defer func() { w.note(r, seen, time.Since(began)) }() // also of a connection that is cut, which is a panic in HTTP/2
		next.ServeHTTP(seen, r)
	})
}

// note counts a request and logs it. A status of 0 is a connection that was cut without a reply.
func (w *watch) note(r *http.Request, s *seen, took time.Duration) {
	op := cmp.Or(r.Pattern, "unknown") // the paths that clients make up are without number, so they share a label
	w.set.GetOrCreateCounter(fmt.Sprintf(`aircallkit_requests_total{op=%q,status="%d"}`, op, s.status)).Inc()
	if op != "control" {
		w.set.GetOrCreatePrometheusHistogram(fmt.Sprintf(`aircallkit_request_duration_seconds{op=%q}`, op)).Update(took.Seconds())
	}
	at := level(s.status)
	if quiet(r.URL.Path) || !w.log.Enabled(r.Context(), at) {
		return
	}
	// No value of a query and nothing of a body: they contain codes, tokens and numbers.
	w.log.LogAttrs(r.Context(), at, "request",
		slog.String("request_id", s.Header().Get("X-Request-Id")),
		slog.String("op", op), slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.String("parameters", strings.Join(slices.Sorted(maps.Keys(r.URL.Query())), ",")),
		slog.Int("status", s.status), slog.Int64("bytes", s.bytes), slog.Duration("took", took.Round(time.Microsecond)),
		slog.String("peer", r.RemoteAddr))
}

// quiet are the paths that something asks for every few seconds.
func quiet(path string) bool { return path == "/_fake/health" || path == "/_fake/metrics" }

func level(status int) slog.Level {
	switch {
	case status >= 500, status == 0:
		return slog.LevelError
	case status >= 400:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// seen is a reply whose status and size are noticed.
type seen struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (s *seen) WriteHeader(status int) {
	if s.status == 0 && status >= 200 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *seen) Write(b []byte) (int, error) {
	s.status = cmp.Or(s.status, http.StatusOK)
	n, err := s.ResponseWriter.Write(b)
	s.bytes += int64(n)
	return n, err
}

// Flush sends on what was written so far: pages that stay open need it.
func (s *seen) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }

// Unwrap lets who cuts a connection or flushes reach what is below.
func (s *seen) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// write gives the metrics: what was counted, what the fake says of itself, and the process.
func (w *watch) write(out io.Writer) {
	w.set.WritePrometheus(out)
	if w.srv != nil {
		fmt.Fprintf(out, "aircallkit_clock_seconds %d\n", w.srv.Now().Unix())
		fmt.Fprintf(out, "aircallkit_clock_speed %g\n", w.srv.Speed())
		for _, a := range w.srv.Accounts() {
			totals, err := w.srv.DeliveryTotals(a.Name)
			if err != nil {
				continue
			}
			for _, of := range []struct {
				state string
				n     uint64
			}{{"delivered", totals.Delivered}, {"failed", totals.Failed}, {"dropped", totals.Dropped}} {
				fmt.Fprintf(out, "aircallkit_deliveries_total{account=%q,state=%q} %d\n", a.Name, of.state, of.n)
			}
			fmt.Fprintf(out, "aircallkit_deliveries_pending{account=%q} %d\n", a.Name, totals.Pending)
		}
		fmt.Fprintf(out, "aircallkit_info{version=%q} 1\n", version())
	}
	metrics.WriteProcessMetrics(out)
}
