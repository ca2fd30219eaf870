package fakeaircall

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// The same seed gives the same values, and another seed gives others.
func TestFictionFollowsItsSeed(t *testing.T) {
	draw := func(seed int64) string {
		f := NewFiction(seed)
		shown, _ := f.Phone("FR", false)
		return strings.Join([]string{f.FirstName(), f.LastName(), f.Company(), f.Word(), f.Coinage(), shown, fmt.Sprint(f.Intn(1000))}, "; ")
	}
	if a, b := draw(1), draw(0); a != b {
		t.Errorf("seed 1 gives %s, and seed 0 %s", a, b)
	}
	if a, b := draw(1), draw(2); a == b {
		t.Errorf("seeds 1 and 2 give %s", a)
	}
}

// A phone number is of its country. It is reserved for fiction if the country reserves any.
func TestFictionalPhones(t *testing.T) {
	f := NewFiction(7)
	for code := range phonenumbers.GetSupportedRegions() {
		for _, mobile := range []bool{false, true} {
			shown, reserved := f.Phone(code, mobile)
			n, err := phonenumbers.Parse(shown, "")
			if err != nil || !possiblePhone(shown) {
				t.Errorf("%s: %q is not a phone number: %v", code, shown, err)
				continue
			}
			if want := phonenumbers.GetCountryCodeForRegion(code); int(n.GetCountryCode()) != want {
				t.Errorf("%s: %s has the calling code %d, want %d", code, shown, n.GetCountryCode(), want)
			}
			if !reserved && !phonenumbers.IsValidNumberForRegion(n, code) {
				t.Errorf("%s: %s is neither reserved nor valid", code, shown)
			}
			if has := strings.Contains("GB FR US DE AU CA SE", code); has != reserved {
				t.Errorf("%s: %s: reserved is %v", code, shown, reserved)
			}
		}
	}
	if shown, _ := f.Phone("XX", false); shown != "" {
		t.Errorf("a country that does not exist has the number %s", shown)
	}
}
