package mask

import (
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A page of 50 calls, which has some 170 kB.
func BenchmarkEntry(b *testing.B) {
	srv, err := fakeaircall.New(fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit})
	if err != nil {
		b.Fatal(err)
	}
	defer srv.Close()
	e := exchange(b, srv.Handler(), "GET", "/v1/calls?per_page=50", "")
	b.SetBytes(int64(len(e.ReplyBody)))
	for b.Loop() {
		new(Masker).Entry(e)
	}
}
