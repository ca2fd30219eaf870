package conformance

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aircallkit/aircallkit/conformance/report"
)

// at returns the part of a plain value at a path of keys and 0-based positions: "phone_numbers.0.value". "*" collects the
// rest of the path from every element of a list; "last" is the last element.
func at(v any, path string) (any, bool) {
	if path == "" {
		return v, true
	}
	key, rest, _ := strings.Cut(path, ".")
	switch v := v.(type) {
	case map[string]any:
		e, ok := v[key]
		if !ok {
			return nil, false
		}
		return at(e, rest)
	case []any:
		if key == "*" {
			all := []any{}
			for _, e := range v {
				if found, ok := at(e, rest); ok {
					all = append(all, found)
				}
			}
			return all, true
		}
		if key == "last" && len(v) > 0 {
			return at(v[len(v)-1], rest)
		}
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(v) {
			return at(v[i], rest)
		}
	}
	return nil, false
}

// show returns a value as JSON, cut to fit a line of a report.
func show(v any) string {
	if v == nil {
		return "null"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T", v)
	}
	return report.Clip(string(data), 400)
}

// bodyCache caches a result for each of at most maxCached bodies: many requests get the same reply.
type bodyCache[T any] struct {
	known sync.Map // T, by the SHA-256 of the body
	n     atomic.Int64
}

const maxCached = 20_000

// get returns the result of find for the body. It may call find twice if two callers ask at once.
func (c *bodyCache[T]) get(body []byte, find func([]byte) T) T {
	key := sha256.Sum256(body)
	if found, ok := c.known.Load(key); ok {
		return found.(T)
	}
	found := find(body)
	if c.n.Add(1) <= maxCached {
		c.known.Store(key, found)
	}
	return found
}
