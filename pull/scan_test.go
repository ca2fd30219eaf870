package pull

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

// The scan finds each part of what was read, wherever it is in the file and in whatever encoding.
func TestScanFindsLeaks(t *testing.T) {
	read := newSeen()
	for _, text := range []string{"Marie Zarkowski", "marie.z@kestrel.org", "call +34 911 23 45 67 now", "https://kestrel.org/hook?token=Zx81Qw72Lm55", "Café Größe", "VHJpbGxpYW4gTWNNaWxsYW4="} {
		read.add(text)
	}
	read.addDigits("2100019")
	read.complete()
	contact := func(information string) string {
		return header + "accounts:\n  - name: default\n    contacts:\n      - information: " + scalar(information, false) + "\n"
	}
	for what, file := range map[string]string{
		"nothing": contact("Lorem ipsum"), "our words": contact("John Work, Inc, example.com"), "a setting": header + "accounts:\n  - users:\n      - time_zone: Europe/Paris\n",
		"an instant": header + "clock: 2100-01-19T00:00:00Z\n", "a count": header + "accounts:\n  - traffic:\n      weekdays: [2100019, 0]\n",
	} {
		if err := scan([]byte(file), read); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	leaks := map[string]string{
		"a key": header + "accounts:\n  - Zarkowski: 1\n", "a comment": "# Zarkowski\n", "an id": header + "accounts:\n  - users:\n      - id: 2100019\n",
		"a setting": header + "accounts:\n  - users:\n      - time_zone: Zarkowski\n", "a time": header + "clock: Zarkowski\n",
		"a label": header + "accounts:\n  - contacts:\n      - phone_numbers: [{label: Marie, value: \"+33199001234\"}]\n", "not YAML": header + "accounts: [\n",
	}
	for _, text := range []string{"Zarkowski", "MARIE", "of Zarkowski's", "Zar kow ski", "zarkowskis", "(0034) 911-234-567", "911.234.567", "+34911234567", "Zx81Qw72Lm55", "kestrel", "Größe", "CAFÉ", "Trillian", "mcmillan"} {
		leaks["text "+text] = contact("lorem " + text)
	}
	for name, encode := range map[string]func(string) string{
		"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"hex":    func(s string) string { return hex.EncodeToString([]byte(s)) },
		"URL":    url.QueryEscape, "HTML": html.EscapeString,
		"URL of each byte": func(s string) string {
			out := ""
			for _, b := range []byte(s) {
				out += fmt.Sprintf("%%%02x", b)
			}
			return out
		},
	} {
		leaks["name in "+name] = contact(encode("Marie Zarkowski"))
	}
	for what, file := range leaks {
		err := scan([]byte(file), read)
		if err == nil {
			t.Errorf("%s: the scan found nothing in %s", what, strings.TrimPrefix(file, header))
		} else if strings.Contains(strings.ToLower(err.Error()), "zarkowski") {
			t.Errorf("%s: the error has it: %v", what, err)
		}
	}
}
