package aircall

import (
	"fmt"
	"io"
)

// Secret is a text that neither fmt nor an encoder shows; string(s) is its value.
type Secret string

// String hides the value, and says whether there is one.
func (s Secret) String() string {
	if s == "" {
		return "(unset)"
	}
	return redacted
}

// Format writes String for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText gives String to encoders and structured loggers.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
