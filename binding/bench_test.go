package binding_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// BenchmarkListCalls is a page of 20 calls through Lua: a fresh state, one request, the conversion. "bare" runs the same
// script against a handler that does nothing but write the bytes the fake wrote.
func BenchmarkListCalls(b *testing.B) {
	fake, r := fakeRunner(b)
	b.Run("fake", func(b *testing.B) { benchmarkScript(b, r) })

	page := fakePage(b, fake, 20)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		w.Write(page)
	}))
	b.Cleanup(bare.Close)
	onBare := runner(b, bare.URL)
	b.Run("bare", func(b *testing.B) { benchmarkScript(b, onBare) })
}

func benchmarkScript(b *testing.B, r *binding.Runner) {
	b.ReportAllocs()
	for b.Loop() {
		res, err := r.Run(context.Background(), "bench.lua", `return #app.integrations.aircall.list_calls({}).calls`, binding.RunOptions{})
		if err != nil || res.Values[0] != int64(20) {
			b.Fatal(res.Values, err)
		}
	}
}

// fakePage is what the fake answers to list_calls.
func fakePage(b testing.TB, fake *fakeaircall.Server, perPage int) []byte {
	b.Helper()
	req, err := http.NewRequest("GET", fake.URL()+"/v1/calls?order=desc&page=1&per_page="+strconv.Itoa(perPage), nil)
	if err != nil {
		b.Fatal(err)
	}
	req.SetBasicAuth(fake.Accounts()[0].APIID, fake.Accounts()[0].APIToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		b.Fatal(res.Status, err)
	}
	return page
}
