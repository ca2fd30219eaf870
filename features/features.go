// Package features holds the scenarios as text. The conformance package gives them their meaning.
//
//	reference/<function>.feature  what the Lua reference promises a script; runs on every target
//	lua/<resource>.feature        the examples of the functions beside it; runs on the fake
//	relations/<topic>.feature     how replies agree with each other; runs on every target
//	assumptions/<topic>.feature   what the fake assumes of Aircall, see fakeaircall.Assumptions; runs where it can
//	api/<resource>.feature        the wire itself, byte by byte; runs on the fake
//	fake/<topic>.feature          what only a fake can show: accounts, clock, seed, rate limit
//	shapes/<object>.json          the keys and the kinds of one object of the API
package features

import "embed"

// FS holds every file, so that an installed binary needs no checkout.
//
//go:embed reference relations assumptions lua api fake shapes
var FS embed.FS
