package fakeaircall

import (
	"testing"
	"time"
)

var seedClock = time.Date(2026, 8, 12, 9, 30, 0, 0, time.UTC)

func BenchmarkSeed(b *testing.B) {
	for _, scale := range Scales() {
		b.Run(string(scale), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := New(Options{Scale: scale, Clock: seedClock}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
