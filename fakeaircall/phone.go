package fakeaircall

import (
	"cmp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// digits is what a phone number is compared by: a leading plus, blanks and
// punctuation do not count (a production client reports the plus as optional).
func digits(s string) string {
	if rest := strings.TrimPrefix(s, "+"); strings.IndexFunc(rest, notDigit) < 0 {
		return rest // as nearly all are
	}
	return strings.Map(func(r rune) rune {
		if notDigit(r) {
			return -1
		}
		return r
	}, s)
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// possiblePhone accepts E.164 loosely: a plus, then 4 to 15 digits, with blanks,
// dots, dashes and brackets between them. The reference demands E.164; what gets
// refused is not known.
func possiblePhone(s string) bool {
	if !strings.HasPrefix(s, "+") || strings.Trim(s, "+0123456789 .-()") != "" || strings.Count(s, "+") > 1 {
		return false
	}
	n := len(digits(s))
	return 4 <= n && n <= 15
}

// displayPhone is a number as calls and lines show it: +33 1 76 36 06 95. It
// formats as every recorded raw_digits does.
func displayPhone(e164 string) string {
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// countryOf returns the country of a phone number, ISO 3166 alpha-2, or "" for what is not a number. A number of a
// range for drama belongs to no region, and gets the main country of its calling code.
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
