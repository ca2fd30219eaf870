package fakeaircall

import (
	_ "embed"
	"slices"
)

// The contract is written in openapi/*.yaml, from what is known of Aircall.
//
//go:embed openapi.json
var openAPI []byte

// OpenAPI is Aircall's REST API as an OpenAPI 3.0 document in JSON: every
// operation under its name in Routes, each reply with an example, and in
// x-evidence how sure it is.
func OpenAPI() []byte { return slices.Clone(openAPI) }
