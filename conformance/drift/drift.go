// Package drift compares two recordings of what the replies of a target look like: their members, kinds, words and headers.
package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Shapes is what the replies of a target look like: which members they have, of which kinds, and never a value but the
// words of a few lists of words.
type Shapes struct {
	Version  int          `json:"version"`
	Recorded string       `json:"recorded"` // 2006-01-02
	Target   string       `json:"target"`   // "fake", "url" or "live"
	Replies  []ReplyShape `json:"replies"`
}

const Version = 1

// ReplyShape is what all replies to one question with one status have in common.
type ReplyShape struct {
	Op      string   `json:"op"`
	Asks    string   `json:"asks"` // "list", "one" that is there, or one that is "missing"
	Status  int      `json:"status"`
	Replies int      `json:"replies"`
	Headers []string `json:"headers"` // names that every reply had
	Fields  []Field  `json:"fields"`
}

// Field is a member of a reply. The entries of a list are one, called *.
type Field struct {
	Path     string   `json:"path"` // "calls.*.user.id"; "" is the body itself
	Kinds    []string `json:"kinds"`
	Presence float64  `json:"presence"`        // in how many of the objects around it, from 0 to 1
	Words    []string `json:"words,omitempty"` // of a field that holds one of a few
	Of       string   `json:"of,omitempty"`    // an id: the list in which most of them are found
}

// Encode writes the shapes, a field a line, so that a difference of two files can be read.
func (s *Shapes) Encode() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"version\": %d, \"recorded\": %q, \"target\": %q, \"replies\": [", s.Version, s.Recorded, s.Target)
	for i, r := range s.Replies {
		headers, err := json.Marshal(r.Headers)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s\n{\"op\": %q, \"asks\": %q, \"status\": %d, \"replies\": %d, \"headers\": %s,\n \"fields\": [", comma(i), r.Op, r.Asks, r.Status, r.Replies, headers)
		for j, f := range r.Fields {
			line, err := json.Marshal(f)
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%s\n  %s", comma(j), line)
		}
		b.WriteString("]}")
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// Read reads what Encode wrote, strictly.
func Read(data []byte) (*Shapes, error) {
	var s Shapes
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("it is no recording of shapes: %w", err)
	}
	if s.Version != Version || len(s.Replies) == 0 {
		return nil, fmt.Errorf("it is no recording of shapes of version %d", Version)
	}
	return &s, nil
}
