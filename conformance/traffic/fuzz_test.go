package traffic_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aircallkit/aircallkit/conformance"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
)

// planted is a text that no result may hold, wherever a recording has it. It does not have the form of a key.
const planted = "Zq7 Planted"

// FuzzCheck reads recordings whose entries are not what they seem. Whatever they hold, nothing panics, and no value of theirs
// is in a result.
func FuzzCheck(f *testing.F) {
	for _, name := range []string{"testdata/refuting.txt", "testdata/recorded.txt"} {
		source, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, section := range source.Files {
			for _, e := range entriesOf(f, "@ 2026-09-28T10:21:00Z\n"+string(section.Data)) {
				f.Add(e.Method, e.URL.String(), string(e.RequestBody), uint16(e.Status), "X-Request-Id", e.ReplyHeader.Get("Etag"), string(e.ReplyBody), false)
			}
		}
	}
	f.Add("GET", live+"/v1/calls?page=Zq7+Planted", planted, uint16(200), "X-"+planted, planted, `{"`+planted+`":"`+planted+`","meta":{"next_page_link":"https://Zq7%20Planted/"}}`, true)
	f.Fuzz(func(t *testing.T, method, target, sent string, status uint16, name, value, body string, masked bool) {
		content := map[string]any{"size": len(body), "text": body}
		archive, err := json.Marshal(map[string]any{"log": map[string]any{"entries": []any{map[string]any{
			"startedDateTime": "2026-09-28T10:21:00Z", "_masked": masked,
			"request": map[string]any{"method": method, "url": target, "headers": []any{map[string]any{"name": "Authorization", "value": "Basic " + planted}}, "postData": map[string]any{"text": sent}},
			"response": map[string]any{"status": status, "headers": []any{
				map[string]any{"name": name, "value": value}, map[string]any{"name": "Content-Type", "value": "application/json; charset=utf-8"},
			}, "content": content},
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		readAndLook(t, archive)
	})
}

// FuzzArchive reads files that may not be archives.
func FuzzArchive(f *testing.F) {
	for _, name := range []string{"testdata/june-2026.har", "testdata/chrome.har", "testdata/mitmproxy.har"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:min(len(data), 6000)])
		f.Add(data)
	}
	f.Fuzz(readAndLook)
}

func readAndLook(t *testing.T, archive []byte) {
	c, err := traffic.NewChecker(traffic.Options{Shapes: true, Entry: 0})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Read(context.Background(), "fuzz.har", bytes.NewReader(archive))
	r := c.Result()
	if err != nil && !strings.Contains(err.Error(), "fuzz.har: ") {
		t.Errorf("the error does not name the file: %v", err)
	}
	again := func(at traffic.Place) string { return at.String() }
	var out bytes.Buffer
	r.Text(&out, again)
	for _, v := range []any{r, r.Report(report.Header{}, func(c []report.Cause) { conformance.AcceptDrift(c, nil) }, again)} {
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	shapes, err := r.Shapes().Encode()
	if err != nil {
		t.Fatal(err)
	}
	out.Write(shapes)
	if at := strings.Index(strings.ToLower(out.String()), strings.ToLower(planted)); at >= 0 {
		t.Errorf("the result holds a value: %s", out.String()[max(0, at-200):min(out.Len(), at+100)])
	}
}
