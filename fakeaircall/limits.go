package fakeaircall

import (
	"net/http"
	"strconv"
	"time"
)

// window counts a company's requests within one minute of the clock. All keys
// and apps of a company share it.
type window struct {
	Minute int64 `json:"minute,omitzero"`
	Used   int   `json:"used,omitzero"`
}

const minute = 60

// count takes one request and says how many are left, -1 for one too many.
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

// limit takes the request out of the company's window. The headers come with
// the 429 only: seven untouched recordings of ordinary replies lack them.
func (s *Server) limit(c *account, now time.Time) (http.Header, error) {
	if s.rateLimit == NoRateLimit {
		return nil, nil
	}
	var left int
	// The window is kept with the next write: nobody is to wait for it.
	err := c.look(now, func(t *tx) error {
		left = t.window.count(now, s.rateLimit)
		return nil
	})
	if err != nil || left >= 0 && !s.assume.limitHeadersAlways {
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

// The words of Aircall's 429 are not known.
var errTooMany = &apiError{status: 429, troubleshoot: "You have reached the rate limit of your company, wait until X-AircallApi-Reset"}
