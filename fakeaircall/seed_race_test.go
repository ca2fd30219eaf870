//go:build race

package fakeaircall

const underRace = true
