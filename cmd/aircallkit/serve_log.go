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

// requestMonitor logs and counts every request of the fake.
type requestMonitor struct {
	format string // of the log
	log    *slog.Logger
	set    *metrics.Set
	srv    *fakeaircall.Server
	quiet  bool
	lines  *trafficLines // nil: it prints none
}

func (m *requestMonitor) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&m.quiet, "quiet", "q", false, "print no line for each request and delivery; there is none either if the output is not a terminal")
	m.format = "off"
	choose(cmd, &m.format, "log-format", "log each request to standard error", "off", "text", "json")
}

// wrap puts the monitor around the fake, and its metrics into the control API.
func (m *requestMonitor) wrap(p *process, o *fakeaircall.Options, api *control.Options) {
	m.set = metrics.NewSet()
	switch m.format {
	case "json":
		m.log = slog.New(slog.NewJSONHandler(p.stderr, nil))
	case "text":
		plain := p.paint(p.stderr, bold, "") == ""
		m.log = slog.New(tint.NewHandler(p.stderr, &tint.Options{TimeFormat: time.TimeOnly, NoColor: plain}))
	default:
		m.log = slog.New(slog.DiscardHandler)
	}
	api.Metrics = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.writeMetrics(rw)
	})
	if terminal(p.stdout) && !m.quiet && m.format == "off" {
		m.lines = newTrafficLines(p)
		o.OnRequest, o.OnDelivery = m.lines.addRequest, m.lines.addDelivery
	}
	inner := o.Wrap
	inFlight := m.set.NewGauge("aircallkit_requests_in_flight", nil)
	o.Wrap = func(next http.Handler) http.Handler {
		if inner != nil {
			next = inner(next)
		}
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			inFlight.Inc()
			defer inFlight.Dec()
			start, recorder := time.Now(), &responseRecorder{ResponseWriter: rw}
			defer func() { m.record(r, recorder, time.Since(start)) }() // a cut connection panics in HTTP/2
			next.ServeHTTP(recorder, r)
		})
	}
}

// record counts a request and logs it. A status of 0 is a connection that was cut without a reply.
func (m *requestMonitor) record(r *http.Request, reply *responseRecorder, took time.Duration) {
	op := cmp.Or(r.Pattern, "unknown") // unknown paths are unlimited in number, so they share a label
	m.set.GetOrCreateCounter(fmt.Sprintf(`aircallkit_requests_total{op=%q,status="%d"}`, op, reply.status)).Inc()
	if op != "control" {
		m.set.GetOrCreatePrometheusHistogram(fmt.Sprintf(`aircallkit_request_duration_seconds{op=%q}`, op)).Update(took.Seconds())
	}
	if m.format == "off" || r.URL.Path == "/_fake/health" || r.URL.Path == "/_fake/metrics" {
		return // health and metrics are polled every few seconds
	}
	level := slog.LevelInfo
	switch {
	case reply.status >= 500, reply.status == 0:
		level = slog.LevelError
	case reply.status >= 400:
		level = slog.LevelWarn
	}
	// Neither the values of the query nor the body: they contain codes, tokens and numbers.
	m.log.Log(r.Context(), level, "request",
		"request_id", reply.Header().Get("X-Request-Id"), "op", op, "method", r.Method, "path", r.URL.Path,
		"parameters", strings.Join(slices.Sorted(maps.Keys(r.URL.Query())), ","), "status", reply.status,
		"bytes", reply.bytes, "took", took.Round(time.Microsecond), "peer", r.RemoteAddr)
}

// responseRecorder records the status and size of a reply.
type responseRecorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *responseRecorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *responseRecorder) Write(b []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController flush a reply and cut a connection.
func (r *responseRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// writeMetrics writes the counters, the state of the fake and the metrics of the process.
func (m *requestMonitor) writeMetrics(out io.Writer) {
	m.set.WritePrometheus(out)
	if m.srv != nil {
		fmt.Fprintf(out, "aircallkit_clock_seconds %d\n", m.srv.Now().Unix())
		fmt.Fprintf(out, "aircallkit_clock_speed %g\n", m.srv.Speed())
		for _, a := range m.srv.Accounts() {
			totals, err := m.srv.DeliveryTotals(a.Name)
			if err != nil {
				continue // the account has just been removed
			}
			total := func(state string, n uint64) {
				fmt.Fprintf(out, "aircallkit_deliveries_total{account=%q,state=%q} %d\n", a.Name, state, n)
			}
			total("delivered", totals.Delivered)
			total("failed", totals.Failed)
			total("dropped", totals.Dropped)
			fmt.Fprintf(out, "aircallkit_deliveries_pending{account=%q} %d\n", a.Name, totals.Pending)
		}
		fmt.Fprintf(out, "aircallkit_info{version=%q} 1\n", version())
	}
	metrics.WriteProcessMetrics(out)
}
