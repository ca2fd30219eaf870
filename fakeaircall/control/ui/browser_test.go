package ui_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// chromium is the one browser of all tests, with its own profile.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

func start() {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		chromium.err = fmt.Errorf("there is no chromium: apt-get install chromium")
		return
	}
	profile, err := os.MkdirTemp("", "aircallkit-browser")
	if err != nil {
		chromium.err = err
		return
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.WindowSize(1280, 900),
	}
	all, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(all)
	chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
	chromium.stop = func() {
		cancel()
		end()
		os.RemoveAll(profile)
	}
}

// patience is how long a test waits for what is to happen at once.
const patience = 20 * time.Second

// A tab is one of the browser, in which nothing may go wrong.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// browse opens a tab for a fake, or skips the test where there is no browser and
// AIRCALLKIT_BROWSER does not say "required".
func browse(t *testing.T, srv *fakeaircall.Server) tab {
	t.Helper()
	chromium.once.Do(start)
	if chromium.err != nil {
		if os.Getenv("AIRCALLKIT_BROWSER") == "required" {
			t.Fatal(chromium.err)
		}
		t.Skip(chromium.err)
	}
	ctx, cancel := chromedp.NewContext(chromium.ctx)
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(func() { stop(); cancel() })
	b := tab{t, ctx, srv.URL()}
	b.try(chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the script failed: %+v", ev.ExceptionDetails)
		case *cdpage.EventJavascriptDialogOpening:
			t.Errorf("a dialog opened: %s", ev.Message)
		}
	}))
	return b
}

func (b tab) try(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%v\nthe page has: %.3000s", err, b.text("body"))
	}
}

func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	err := chromedp.Do(ctx, steps...)
	for replaced(err) {
		err = chromedp.Do(ctx, steps...)
	}
	if err != nil {
		b.t.Fatalf("%v\nthe page has: %.3000s", err, b.text("main"))
	}
}

// replaced says that the node at hand was, between looking and doing.
func replaced(err error) bool {
	return err != nil && strings.Contains(err.Error(), "(-32000)") && strings.Contains(err.Error(), "node with given id")
}

func eval[T any](b tab, js string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
	return v
}

func (b tab) text(selector string) string {
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf("(document.querySelector(%q) || {innerText: ''}).innerText", selector)))
	if err != nil {
		return err.Error()
	}
	return v
}

// open shows a view, and waits until its script follows.
func (b tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.base+"/_fake/"+path), chromedp.WaitReady(chromedp.CSS("html[data-follows]")))
}

// click repeats a click that missed, because an update of the page moved or replaced what it aimed at.
func (b tab) click(selector string) {
	b.t.Helper()
	b.until("document.readyState === 'complete'") // a page that still moves lets a click miss
	at, is := chromedp.Click(chromedp.CSS(selector)), fmt.Sprintf("e.target.closest(%q) !== null", selector)
	if strings.HasPrefix(selector, "//") {
		at = chromedp.Click(chromedp.Search(selector))
		is = fmt.Sprintf("document.evaluate(%q, document, null, XPathResult.ANY_UNORDERED_NODE_TYPE).singleNodeValue?.contains(e.target) === true", selector)
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	watch := "window.missed = document.documentElement?.dataset.follows !== undefined; document.addEventListener('click', (e) => { window.missed = !(" + is + ") }, {capture: true, once: true}); true"
	var err error
	for missed := true; missed && ctx.Err() == nil; {
		if _, err = chromedp.Run(ctx, chromedp.Evaluate[bool](watch)); err != nil {
			continue // another page came
		}
		if err = chromedp.Do(ctx, at); replaced(err) {
			continue
		} else if err != nil {
			break
		}
		missed, _ = chromedp.Run(ctx, chromedp.Evaluate[bool]("window.missed === true")) // not on a new page
	}
	if err != nil && !strings.Contains(err.Error(), "navigated") { // which is what it was to do
		b.try(err)
	}
}

// until waits for a condition that becomes true by what happens.
func (b tab) until(js string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	wait := fmt.Sprintf("new Promise((done) => { const is = () => { try { return %s } catch { return false } }; const look = () => is() ? done(true) : setTimeout(look, 10); look(); })", js) // a page that comes has no elements at first
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise))
	for err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "(-32000)") { // another page came
		_, err = chromedp.Run(ctx, chromedp.Evaluate[bool](wait, chromedp.EvalAwaitPromise))
	}
	if err != nil {
		b.t.Fatalf("never true: %s (%v)\nthe page has: %.3000s", js, err, b.text("body"))
	}
}

// sees waits until an element has a text in it.
func (b tab) sees(selector, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("(document.querySelector(%q) || {innerText: ''}).innerText.includes(%q)", selector, text))
}

func (b tab) set(selector, value string) {
	b.t.Helper()
	b.do(chromedp.SetValue(chromedp.CSS(selector), value))
}

func (b tab) dark(on bool) {
	b.t.Helper()
	value := "light"
	if on {
		value = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}}})
	b.try(err)
}

// All views in both schemes and in widths from a telephone to a wide screen; go test -artifacts keeps the pictures.
func TestBrowserPictures(t *testing.T) {
	srv := fake(t, func(o *fakeaircall.Options) { o.Scale, o.RateLimit = fakeaircall.ScaleTeam, 40 })
	for i := range 30 {
		call(t, srv, "GET", fmt.Sprintf("/v1/contacts?page=%d", i+1), "")
	}
	call(t, srv, "POST", "/v1/contacts", `{"first_name":"Ann","firstname":"x","phone_numbers":[{"label":"Work","value":"+33199001234"}]}`)
	call(t, srv, "GET", "/v1/contact", "")
	req, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL()+"/v1/ping", nil)
	answer(t, req) // without credentials
	call(t, srv, "POST", "/v1/webhooks", `{"custom_name":"x","url":"http://127.0.0.1:1/hook","events":["call.created","call.answered"]}`)
	for i := range 5 {
		sc := fakeaircall.SimulatedCall{}
		if i == 4 {
			sc.From = "+33199000042" // not a contact
		}
		id, err := srv.Simulate("", sc)
		if err != nil {
			t.Fatal(err)
		}
		for _, do := range [][]string{{}, {"answer"}, {"answer", "hold"}, {"voicemail"}, {}}[i] {
			if err := srv.Act("", id, fakeaircall.Action{Do: fakeaircall.ActionKind(do)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range []fakeaircall.Fault{{Op: "create-a-contact", Status: 503, Times: 2}, {Path: "/v1/calls*", Delay: time.Second, Account: "sales"}} {
		if _, err := srv.AddFault(f); err != nil {
			t.Fatal(err)
		}
	}
	call(t, srv, "POST", "/v1/tags", `{"name":"Morning","color":"#00ff00"}`)
	did(t, srv, "save-snapshot", "name", "morning")
	srv.Advance(3 * time.Second)
	dir, kept := t.ArtifactDir(), flag.Lookup("test.artifacts").Value.String() == "true"
	contact := regexp.MustCompile(`edit=(\d+)`).FindStringSubmatch(get(t, srv, "page/contacts?text=Kaelyn", 200))[1]
	tag := regexp.MustCompile(`edit=(\d+)`).FindStringSubmatch(get(t, srv, "page/tags?text=Morning", 200))[1]
	hook := regexp.MustCompile(`edit=([-0-9a-f]+)`).FindStringSubmatch(get(t, srv, "page/webhooks", 200))[1]
	for _, path := range []string{"", "page/contacts", "page/contacts?text=Kaelyn&edit=" + contact, "page/users", "page/numbers", "page/tags", "page/tags?edit=" + tag, "page/webhooks", "page/webhooks?edit=" + hook,
		"page/events", "page/requests", "page/request?seq=31", "page/faults", "page/clock", "page/snapshots", "page/nothing"} {
		view := cmp.Or(strings.Map(func(c rune) rune {
			if strings.ContainsRune("?=&", c) {
				return '-'
			}
			return c
		}, strings.TrimPrefix(path, "page/")), "calls")
		t.Run(view, func(t *testing.T) {
			b := browse(t, srv) // each view has its own time
			b.open(path)
			eval[string](b, "document.querySelectorAll('details.new').forEach((d) => { d.open = true; }) || ''")
			for _, width := range []int64{2200, 1280, 1100, 900, 500, 360} {
				b.do(chromedp.EmulateViewport(width, 900))
				if got := eval[int64](b, "document.documentElement.scrollWidth"); got > width {
					wide := eval[string](b, fmt.Sprintf("[...document.querySelectorAll('main *, header *')].filter((e) => e.getBoundingClientRect().right > %d + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)).join('\\n')", width))
					t.Errorf("%d wide on a screen of %d: %s", got, width, wide)
				}
				if broken := eval[string](b, "[...document.querySelectorAll('.tel, time, .badge')].filter((e) => e.checkVisibility() && e.getClientRects().length > 1).map((e) => e.outerHTML).slice(0, 5).join('\\n')"); broken != "" {
					t.Errorf("at %d these are on two lines: %s", width, broken)
				}
				for _, dark := range []bool{false, true} {
					if width != 1280 && !kept {
						continue // the colors are the same
					}
					b.dark(dark)
					if poor := eval[string](b, contrast); poor != "" {
						t.Errorf("dark %v: too little contrast:\n%s", dark, poor)
					}
					if !kept {
						continue
					}
					png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
					b.try(err)
					name := fmt.Sprintf("%s/%s-%d-%s.png", dir, view, width, map[bool]string{false: "light", true: "dark"}[dark])
					if err := os.WriteFile(name, png, 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// contrast lists texts whose color has less than 4.5 to 1 against what is behind them.
const contrast = `(() => {
  const parse = (c) => { const p = c.match(/[\d.]+/g).map(Number); return { rgb: p.slice(0, 3), a: p.length > 3 ? p[3] : 1 }; };
  const light = (rgb) => { const f = rgb.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    if (e.matches("option, datalist, meter, script, .unseen, .unseen *") || !e.checkVisibility()) continue;
    const own = e.matches("input, select") || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own) continue;
    let under = e, ground = null;
    while (under && !ground) { const c = parse(getComputedStyle(under).backgroundColor); if (c.a > .99) ground = c.rgb; under = under.parentElement; }
    const a = light(parse(getComputedStyle(e).color).rgb), b = light(ground || [255, 255, 255]);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push(ratio.toFixed(2) + " " + e.outerHTML.slice(0, 100));
  }
  return poor.slice(0, 5).join("\n");
})()`
