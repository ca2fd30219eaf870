package aircall

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limit is what the client knows of the company's 120 requests a minute: when to ask again.
// Aircall tells only when the limit was hit, so there is nothing to count beforehand.
type limit struct {
	mu    sync.Mutex
	until time.Time
}

// hold keeps every request back for d; a longer hold stays.
func (l *limit) hold(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(min(d, maxWait)); until.After(l.until) {
		l.until = until
	}
}

func (l *limit) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.until)
}

// learn heeds the headers of any reply. Recorded 200s do not carry them, but some clients look for
// them there; if they come, the last request of a window closes it.
func (c *Client) learn(h http.Header) {
	if h.Get("X-AircallApi-Remaining") == "0" {
		c.limit.hold(untilReset(h))
	}
}

// retryAfter is how long a reply asks to wait; 0: it does not say.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After") // never seen from Aircall; a proxy may send it
	if s, err := strconv.ParseInt(v, 10, 32); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil && t.After(replyTime(h)) {
		return t.Sub(replyTime(h))
	}
	return untilReset(h)
}

// untilReset reads X-AircallApi-Reset, against the server's own clock. What lies in the past or
// beyond maxWait cannot be the end of a one-minute window and counts as unknown, 0.
func untilReset(h http.Header) time.Duration {
	reset, err := strconv.ParseFloat(h.Get("X-AircallApi-Reset"), 64)
	if err != nil {
		return 0
	}
	t, err := unixTime(reset)
	if err != nil {
		return 0
	}
	if d := t.Sub(replyTime(h)); d > 0 && d <= maxWait {
		return d
	}
	return 0
}

// replyTime is when the server wrote the reply, by its clock: at most a second before, as Date has no
// fractions, which errs on the side of waiting. Our own clock stands in if there is no Date.
func replyTime(h http.Header) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return time.Now()
}

// unixTime takes seconds, or milliseconds where seconds would lie beyond the year 9999: six clients read
// Reset as seconds, one as milliseconds, and the documentation gives no unit.
func unixTime(n float64) (time.Time, error) {
	const lastSecond = 253402300799
	if math.Abs(n) > lastSecond {
		n /= 1000
	}
	if math.IsNaN(n) || math.Abs(n) > lastSecond {
		return time.Time{}, errNoTime
	}
	whole, part := math.Modf(n)
	return time.Unix(int64(whole), int64(math.Round(part*1e6))*1e3).UTC(), nil
}
