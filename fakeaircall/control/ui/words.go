package ui

import (
	"fmt"
	"html/template"
	"strings"
	"time"
)

// words are what templates say things with.
var words = template.FuncMap{
	"words":   readable,
	"hour":    func(t time.Time) string { return t.UTC().Format("15:04:05") },
	"day":     func(t time.Time) string { return t.UTC().Format("2006-01-02") },
	"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	"field":   func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") },
	"unix":    func(t time.Time) int64 { return t.UnixMilli() },
	"elapsed": func(from, to time.Time) string { return elapsed(to.Sub(from)) },
	"length":  elapsed,
	"join":    func(list []string) string { return strings.Join(list, ", ") },
	"tone":    tone,
}

// readable is a word of the API for people: on_hold is on hold.
func readable(s string) string { return strings.ReplaceAll(s, "_", " ") }

// elapsed is a duration as a telephone shows it.
func elapsed(d time.Duration) string {
	s := max(0, int(d/time.Second))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// tone is the colour of a state or a status.
func tone(v any) string {
	switch v := v.(type) {
	case int:
		switch {
		case v == 0 || v >= 500:
			return "bad"
		case v >= 400:
			return "warn"
		}
		return "good"
	case string:
		switch v {
		case "answered", "available", "delivered", "open", "active":
			return "good"
		case "ringing", "retrying", "pending", "after_call_work", "voicemail", "callback":
			return "warn"
		case "on_hold", "in_call":
			return "cool"
		case "transferring", "outside":
			return "odd"
		case "missed", "failed", "dropped", "do_not_disturb", "inactive":
			return "bad"
		}
	}
	return "calm"
}
