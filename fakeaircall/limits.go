package fakeaircall

import (
	"net/http"
	"strconv"
	"time"
)

// A window counts the requests of an account within one minute of the clock. All API keys and apps of the account share it.
type window struct {
	Minute int64 `json:"minute,omitzero"`
	Used   int   `json:"used,omitzero"`
}

const minute = 60

// count counts one request. It returns how many are left, or -1 if there was none left.
func (w *window) count(now time.Time, limit int) (left int) {
	if m := now.Unix() / minute; m != w.Minute {
		*w = window{Minute: m}
	}
	if w.Used >= limit {
		return -1
	}
	w.Used++
	return limit - w.Used
}

// limit counts a request in the account's window. Only a 429 has the headers: seven unmodified recordings of ordinary
// replies lack them.
func (s *Server) limit(c *account, now time.Time) (http.Header, error) {
	if s.rateLimit == NoRateLimit {
		return nil, nil
	}
	var left int
	// The window is stored with the next write: no request waits for it.
	err := c.look(now, func(t *tx) error {
		left = t.window.count(now, s.rateLimit)
		return nil
	})
	if err != nil || left >= 0 && !c.assume.limitHeadersAlways {
		return nil, err
	}
	h := s.limitHeaders(now, max(left, 0))
	if left < 0 {
		return h, errTooMany
	}
	return h, nil
}

func (s *Server) limitHeaders(now time.Time, left int) http.Header {
	limit := s.rateLimit
	if limit == NoRateLimit {
		limit = defaultRateLimit
	}
	return http.Header{
		"X-AircallApi-Limit":     {strconv.Itoa(limit)},
		"X-AircallApi-Remaining": {strconv.Itoa(left)},
		"X-AircallApi-Reset":     {strconv.FormatInt((now.Unix()/minute+1)*minute, 10)},
	}
}

// The text of Aircall's 429 is not known.
var errTooMany = &apiError{status: 429, troubleshoot: "You have reached the rate limit of your company, wait until X-AircallApi-Reset"}
