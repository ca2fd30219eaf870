package aircall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

var errNoTime = errors.New("no time between the years 1 and 9999")

// Time is a moment in UTC. Aircall writes calls and contacts in UNIX seconds, messages in milliseconds, and users,
// teams and numbers in RFC 3339; Time reads all of them, and fractions of a second. Null and "" are the zero time.
type Time struct{ time.Time }

// UnmarshalJSON reads a number of UNIX seconds, an RFC 3339 string, or null.
func (t *Time) UnmarshalJSON(b []byte) error {
	t.Time = time.Time{}
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	var s string
	if json.Unmarshal(b, &s) != nil {
		s = string(b)
	}
	if s == "" {
		return nil
	}
	var err error
	if n, notNumber := strconv.ParseFloat(s, 64); notNumber == nil {
		t.Time, err = unixTime(n)
	} else if t.Time, err = time.Parse(time.RFC3339, s); err == nil {
		t.Time = t.UTC()
	}
	if err != nil {
		return fmt.Errorf("%s is neither UNIX seconds nor RFC 3339", s)
	}
	return nil
}

// MarshalJSON writes RFC 3339, and null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.Time.MarshalJSON()
}
