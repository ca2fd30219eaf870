package pull_test

import (
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/contract"
)

// checked enforces the contract on every exchange of a fake.
func checked(t contract.TB, o fakeaircall.Options) fakeaircall.Options {
	t.Helper()
	o.Wrap = contract.Enforce(t, fakeaircall.OpenAPI())
	return o
}

// started returns a fake that listens.
func started(t *testing.T, o fakeaircall.Options) *fakeaircall.Server {
	t.Helper()
	s, err := fakeaircall.New(checked(t, o))
	if err == nil {
		err = s.Listen("127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
