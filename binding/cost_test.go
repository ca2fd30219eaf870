package binding_test

import (
	"context"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding"
)

const million = `local n = 0 for i = 1, 1000000 do n = n + i % 7 end return n`

func BenchmarkMillion(b *testing.B) {
	r := runner(b, "")
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Run(context.Background(), "", million, binding.RunOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gopher-lua", func(b *testing.B) {
		for b.Loop() {
			L := lua.NewState()
			if err := L.DoString(million); err != nil {
				b.Fatal(err)
			}
			L.Close()
		}
	})
	b.Run("gopher-lua with a context", func(b *testing.B) {
		for b.Loop() {
			L := lua.NewState()
			ctx, cancel := context.WithCancel(context.Background())
			L.SetContext(ctx)
			if err := L.DoString(million); err != nil {
				b.Fatal(err)
			}
			L.Close()
			cancel()
		}
	})
}

func BenchmarkState(b *testing.B) {
	r := runner(b, "", three("http://127.0.0.1:1"))
	for b.Loop() {
		if _, err := r.Run(context.Background(), "", `return 1`, binding.RunOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
