// Package features holds the scenarios as text. Package conformance runs them.
//
//	reference/<function>.feature  the promises of the Lua reference; runs on every target
//	lua/<resource>.feature        the examples of all other functions; runs on the fake
//	relations/<topic>.feature     how replies agree with each other; runs on every target
//	assumptions/<topic>.feature   the assumptions of the fake about Aircall, see fakeaircall.Assumptions; runs where possible
//	api/<resource>.feature        the wire format, byte by byte; runs on the fake
//	fake/<topic>.feature          facts that only a fake can show: accounts, clock, seed, rate limit
//	shapes/<object>.json          the keys and the kinds of one object of the API
package features

import "embed"

// FS holds every file, so that an installed binary needs no checkout.
//
//go:embed reference relations assumptions lua api fake shapes
var FS embed.FS
