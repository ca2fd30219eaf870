//go:build !race

package fakeaircall

// underRace is for tests that read much in one goroutine: there the race detector finds nothing, and takes ten times as
// long.
const underRace = false
