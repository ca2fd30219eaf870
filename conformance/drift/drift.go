// Package drift compares two recordings of the replies of a target: their members, kinds, words and headers.
package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Shapes describes the replies of a target: which members they have, and of which kinds. It holds no value but the words of
// fields with a fixed list of words.
type Shapes struct {
	Version  int          `json:"version"`
	Recorded string       `json:"recorded"` // 2006-01-02
	Target   string       `json:"target"`   // "fake", "url" or "live"
	Replies  []ReplyShape `json:"replies"`
}

// Version is the version of a recording.
const Version = 1

// ReplyShape describes all replies to one question that have one status.
type ReplyShape struct {
	Op      string   `json:"op"`
	Asks    string   `json:"asks"` // "list", "one" that exists, or one that is "missing"
	Status  int      `json:"status"`
	Replies int      `json:"replies"`
	Headers []string `json:"headers"` // names that every reply had
	Fields  []Field  `json:"fields"`
}

// Field is a member of a reply. The entries of a list are one field, called *.
type Field struct {
	Path     string   `json:"path"` // "calls.*.user.id"; "" is the body itself
	Kinds    []string `json:"kinds"`
	Presence float64  `json:"presence"`        // the share of the enclosing objects that have it, from 0 to 1
	Words    []string `json:"words,omitempty"` // of a field with a fixed list of words
	Of       string   `json:"of,omitempty"`    // of an id: the list that holds most of them
}

// Encode writes the shapes, one field on each line, so that a difference of two files can be read.
func (s *Shapes) Encode() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"version\": %d, \"recorded\": %q, \"target\": %q, \"replies\": [", s.Version, s.Recorded, s.Target)
	comma := ""
	for _, r := range s.Replies {
		headers, err := json.Marshal(r.Headers)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s\n{\"op\": %q, \"asks\": %q, \"status\": %d, \"replies\": %d, \"headers\": %s,\n \"fields\": [", comma, r.Op, r.Asks, r.Status, r.Replies, headers)
		comma = ""
		for _, f := range r.Fields {
			line, err := json.Marshal(f)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%s\n  %s", comma, line)
			comma = ","
		}
		b.WriteString("]}")
		comma = ","
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

// Read reads the output of Encode. It fails on unknown keys and on another version.
func Read(data []byte) (*Shapes, error) {
	var s Shapes
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("it is not a recording of shapes: %w", err)
	}
	if s.Version != Version || len(s.Replies) == 0 {
		return nil, fmt.Errorf("it is not a recording of shapes of version %d", Version)
	}
	return &s, nil
}
