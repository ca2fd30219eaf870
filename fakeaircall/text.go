package fakeaircall

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// origin is what direct links begin with, whatever address the fake listens on:
// they name a resource, and nobody follows them with credentials.
const origin = "https://api.aircall.io"

func link(path string, id int64) string {
	return origin + path + strconv.FormatInt(id, 10)
}

// isoTime is how users, teams and numbers tell a time: UTC, with milliseconds
// that are always zero (recorded 2026-06-19).
func isoTime(unix int64) string {
	return milliTime(unix * 1000)
}

// milliTime is the same of a time in milliseconds.
func milliTime(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

// orNull is a pointer to n, or null where 0 stands for nothing.
func orNull(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// withoutEmoji drops the emojis that Aircall strips from tag names and comments
// without a word.
func withoutEmoji(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(emoji, r) {
			return -1
		}
		return r
	}, s)
}

// emoji are the blocks of pictographs, dingbats and flags, with their joiner and
// variation selectors.
var emoji = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x200d, Hi: 0x200d, Stride: 1},
		{Lo: 0x2600, Hi: 0x27bf, Stride: 1},
		{Lo: 0x2b00, Hi: 0x2bff, Stride: 1},
		{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f000, Hi: 0x1faff, Stride: 1},
		{Lo: 0xe0000, Hi: 0xe007f, Stride: 1},
	},
}

// clip shortens a text that somebody else wrote, for an error.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
