package fakeaircall

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// origin begins direct links, whatever address the fake listens on: they name a resource, and no client follows them with
// credentials.
const origin = "https://api.aircall.io"

func link(path string, id int64) string {
	return origin + path + strconv.FormatInt(id, 10)
}

// isoTime formats a time as users, teams and numbers have it: UTC, with milliseconds that are always zero (recorded
// 2026-06-19).
func isoTime(unix int64) string {
	return milliTime(unix * 1000)
}

// milliTime formats a time in UNIX milliseconds.
func milliTime(ms int64) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

// orNull returns a pointer to v, or nil for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// emoji matches the blocks of pictographs, dingbats and flags, with their joiner and variation selectors.
var emoji = regexp.MustCompile(`[\x{200d}\x{2600}-\x{27bf}\x{2b00}-\x{2bff}\x{fe00}-\x{fe0f}\x{1f000}-\x{1faff}\x{e0000}-\x{e007f}]`)

// withoutEmoji removes the emojis, as Aircall does with tag names and comments, without an error.
func withoutEmoji(s string) string { return emoji.ReplaceAllString(s, "") }

// clip shortens a text from outside for an error.
func clip(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.ToValidUTF8(s, "?")
}

// digits returns the digits of a phone number, by which numbers are compared: a leading plus, blanks and punctuation do not
// count (a production client reports the plus as optional).
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// possiblePhone reports whether s is loosely E.164: a plus, then 4 to 15 digits, with blanks, dots, dashes and brackets
// between them. The reference demands E.164; what Aircall refuses is not known.
func possiblePhone(s string) bool {
	if !strings.HasPrefix(s, "+") || strings.Trim(s, "+0123456789 .-()") != "" || strings.Count(s, "+") > 1 {
		return false
	}
	n := len(digits(s))
	return 4 <= n && n <= 15
}

// displayPhone formats a number as calls and lines show it, and as every recorded raw_digits has it: +33 1 76 36 06 95.
func displayPhone(e164 string) string {
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// countryOf returns the country of a phone number, ISO 3166 alpha-2, or "" if it is not a number. A number reserved for
// drama belongs to no region, and gets the main country of its calling code.
func countryOf(phone string) string {
	n, err := phonenumbers.Parse(phone, "")
	if err != nil {
		return ""
	}
	code := cmp.Or(phonenumbers.GetRegionCodeForNumber(n), phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode())))
	if len(code) != 2 || code == phonenumbers.UNKNOWN_REGION {
		return ""
	}
	return code
}
