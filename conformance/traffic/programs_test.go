package traffic_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/traffic"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// obj is an object of an archive.
type obj = map[string]any

func named(h http.Header) (list []obj) {
	list = []obj{}
	for name, values := range h {
		for _, v := range values {
			list = append(list, obj{"name": strings.ToLower(name), "value": v})
		}
	}
	slices.SortFunc(list, func(a, b obj) int { return strings.Compare(a["name"].(string), b["name"].(string)) })
	return list
}

// golden writes an archive with -update, and returns the name of the file.
func golden(t *testing.T, name string, archive obj) string {
	t.Helper()
	name = "testdata/" + name
	if *update {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		if err := e.Encode(archive); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

// mitmproxy's export has bodies in base64, pseudo headers of HTTP/2 and a zone with a colon. It shows what the same exchanges
// show in the plainest form.
func TestMitmproxy(t *testing.T) {
	source, err := txtar.ParseFile("testdata/recorded.txt")
	if err != nil {
		t.Fatal(err)
	}
	entries := []obj{}
	for _, e := range entriesOf(t, string(source.Files[0].Data)) {
		entries = append(entries, obj{
			"startedDateTime": e.Started.Format("2006-01-02T15:04:05.000000+00:00"), "time": 120.5,
			"request": obj{
				"method": e.Method, "url": e.URL.String(), "httpVersion": "HTTP/2.0", "cookies": []obj{}, "queryString": []obj{}, "headersSize": 211, "bodySize": 0,
				"headers": append([]obj{{"name": ":method", "value": e.Method}, {"name": ":authority", "value": e.URL.Host}, {"name": ":path", "value": e.URL.RequestURI()}}, named(e.RequestHeader)...),
			},
			"response": obj{
				"status": e.Status, "statusText": "", "httpVersion": "HTTP/2.0", "cookies": []obj{}, "redirectURL": "", "headersSize": 302, "bodySize": len(e.ReplyBody),
				"headers": append([]obj{{"name": ":status", "value": fmt.Sprint(e.Status)}}, named(e.ReplyHeader)...),
				"content": obj{"size": len(e.ReplyBody), "compression": 0, "mimeType": e.ReplyHeader.Get("Content-Type"), "text": base64.StdEncoding.EncodeToString(e.ReplyBody), "encoding": "base64"},
			},
			"cache": obj{}, "serverIPAddress": "198.51.100.7", "timings": obj{"connect": 31.2, "ssl": 22.5, "send": 0.4, "receive": 1.9, "wait": 64.5},
		})
	}
	name := golden(t, "mitmproxy.har", obj{"log": obj{"version": "1.2", "creator": obj{"name": "mitmproxy", "version": "11.0.2", "comment": ""}, "pages": []obj{}, "entries": entries}})
	plain, got := checkFile(t, "testdata/june-2026.har", traffic.Options{}), checkFile(t, name, traffic.Options{})
	clean(t, got)
	for i, v := range got.Assumptions {
		if want := plain.Assumptions[i]; v.Result != want.Result || v.Confirmed != want.Confirmed {
			t.Errorf("%s is %s by %d exchanges, want %s by %d", v.ID, v.Result, v.Confirmed, want.Result, want.Confirmed)
		}
	}
}

// checkChrome fails if the recording of a browser does not show what it must.
func checkChrome(t *testing.T, name string) {
	t.Helper()
	r := checkFile(t, name, traffic.Options{})
	clean(t, r)
	for _, id := range []string{"rate-limit-headers", "contacts-per-page", "not-found-body", "contact-phone"} {
		if v := verdictOf(t, r, id); v.Result != report.Confirmed {
			t.Errorf("%s: %s is %s", name, id, v.Result)
		}
	}
	if r.Skipped["CORS preflight"] != 1 || r.Skipped["outside the API"]+r.Skipped["with another host"] == 0 || r.Target != "url" {
		t.Errorf("%s: skipped %v, target %s", name, r.Skipped, r.Target)
	}
}

func TestChromeFile(t *testing.T) { checkChrome(t, "testdata/chrome.har") }

// A page in Chromium sends requests; its network events become an archive as the developer tools export it.
func TestChromium(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("AIRCALLKIT_BROWSER") == "required" {
			t.Fatal(err)
		}
		t.Skip("there is no chromium")
	}
	s := fakeaircall.RunT(t, checked(t, fakeaircall.Options{Scale: fakeaircall.ScaleEmpty, Clock: fakeClock, RateLimit: fakeaircall.NoRateLimit, AllowUnknownRoutes: true}))
	archive := record(t, path, s.URL())
	name := golden(t, "chrome.har", archive)
	if !*update {
		name = t.TempDir() + "/chrome.har"
		data, err := json.Marshal(archive)
		if err == nil {
			err = os.WriteFile(name, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	checkChrome(t, name)
}

// requestsOfPage are what the page does: same origin, so that it may read the replies, and one request of another origin.
const requestsOfPage = `(async () => {
  const headers = {Authorization: 'Basic ' + btoa('fake-default-id:fake-default-token')};
  for (const path of ['/v1/ping', '/v1/contacts', '/v1/calls?per_page=5', '/v1/calls/99999999999', '/v1/contacts?per_page=5&page=2'])
    await (await fetch(path, {headers})).text();
  const body = JSON.stringify({first_name: 'Kim', phone_numbers: [{label: 'Work', value: '+33199001234'}]});
  await (await fetch('/v1/contacts', {method: 'POST', headers: {...headers, 'Content-Type': 'application/json'}, body})).text();
  await fetch(location.origin.replace('127.0.0.1', 'localhost') + '/v1/calls', {headers}).catch(() => {});
  await fetch('data:text/plain,x');
  return true;
})()`

// A watched request is what the events of the network say of it.
type watched struct {
	sent     *network.EventRequestWillBeSent
	received *network.EventResponseReceived
	extra    *network.EventResponseReceivedExtraInfo
	asked    *network.EventRequestWillBeSentExtraInfo
	failed   string
}

func record(t *testing.T, browser, address string) obj {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ctx, end := chromedp.NewExecAllocator(ctx, chromedp.ExecPath(browser), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless,
		chromedp.DisableGPU, chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	defer end()
	ctx, stop := chromedp.NewContext(ctx)
	defer stop()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	try(chromedp.Do(ctx))
	var mu sync.Mutex
	var order []network.RequestID
	seen := map[network.RequestID]*watched{}
	of := func(id network.RequestID) *watched {
		if seen[id] == nil {
			seen[id], order = &watched{}, append(order, id)
		}
		return seen[id]
	}
	try(chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			of(ev.RequestID).sent = ev
		case *network.EventRequestWillBeSentExtraInfo:
			of(ev.RequestID).asked = ev
		case *network.EventResponseReceived:
			of(ev.RequestID).received = ev
		case *network.EventResponseReceivedExtraInfo:
			of(ev.RequestID).extra = ev
		case *network.EventLoadingFailed:
			of(ev.RequestID).failed = ev.ErrorText
		}
	}))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	try(err)
	try(chromedp.Do(ctx, chromedp.Navigate(address+"/v1/ping")))
	_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](requestsOfPage, chromedp.EvalAwaitPromise))
	try(err)
	mu.Lock()
	ids, all := slices.Clone(order), maps.Clone(seen)
	mu.Unlock()
	entries := []obj{}
	for _, id := range ids {
		if w := all[id]; w.sent != nil {
			entries = append(entries, w.entry(ctx, id))
		}
	}
	return obj{"log": obj{
		"version": "1.2", "creator": obj{"name": "WebInspector", "version": "537.36"},
		"pages":   []obj{{"startedDateTime": fakeClock.Format(time.RFC3339Nano), "id": "page_1", "title": address, "pageTimings": obj{"onContentLoad": 71.2, "onLoad": 71.3}}},
		"entries": entries,
	}}
}

// entry returns a request as Chrome exports it.
func (w *watched) entry(ctx context.Context, id network.RequestID) obj {
	r := w.sent.Request
	request := obj{
		"method": r.Method, "url": r.URL, "httpVersion": "HTTP/1.1", "headers": pairsOf(r.Headers), "queryString": []obj{}, "cookies": []obj{}, "headersSize": -1, "bodySize": 0,
	}
	if w.asked != nil {
		request["headers"] = pairsOf(w.asked.Headers)
	}
	if r.HasPostData {
		data := ""
		for _, p := range r.PostDataEntries {
			data += string(p.Bytes)
		}
		request["postData"] = obj{"mimeType": "application/json", "text": data}
	}
	content := obj{"size": 0, "mimeType": "x-unknown"}
	response := obj{
		"status": 0, "statusText": "", "httpVersion": "", "headers": []obj{}, "cookies": []obj{}, "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1,
		"_transferSize": 0, "_error": nil, "_fetchedViaServiceWorker": false,
	}
	if w.failed != "" {
		response["_error"] = w.failed
	}
	if w.received != nil {
		response["status"], response["statusText"], response["httpVersion"] = w.received.Response.Status, w.received.Response.StatusText, w.received.Response.Protocol
		response["headers"], content["mimeType"] = pairsOf(w.received.Response.Headers), w.received.Response.MimeType
		if w.extra != nil {
			response["headers"] = pairsOf(w.extra.Headers)
		}
		if body, err := chromedp.Call(ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: id}); err == nil { // the tools leave out a body that is gone
			content["size"], content["text"] = len(body.Body), string(body.Body)
		}
	}
	return obj{
		"_initiator": obj{"type": "script"}, "_priority": "High", "_resourceType": "fetch", "cache": obj{}, "connection": "57", "pageref": "page_1",
		"request": request, "response": response, "serverIPAddress": "127.0.0.1", "startedDateTime": time.UnixMilli(int64(1000 * w.sent.WallTime.Float64())).UTC().Format("2006-01-02T15:04:05.000Z"), "time": 3.4,
		"timings": obj{"blocked": 0.9, "dns": -1, "ssl": -1, "connect": -1, "send": 0.06, "wait": 1.8, "receive": 0.5, "_blocked_queueing": 0.6},
	}
}

func pairsOf(h network.Headers) (list []obj) {
	list = []obj{}
	for name, v := range h {
		list = append(list, obj{"name": name, "value": fmt.Sprint(v)})
	}
	slices.SortFunc(list, func(a, b obj) int { return strings.Compare(a["name"].(string), b["name"].(string)) })
	return list
}
