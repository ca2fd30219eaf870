// Package gotest tests against the fake, as code that calls Aircall does.
package gotest

import (
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestGreeting(t *testing.T) {
	srv := fakeaircall.RunT(t, fakeaircall.Options{Clock: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)})
	client, err := aircall.New(aircall.Options{BaseURL: srv.URL(), AccessToken: "fake-default-bearer"})
	if err != nil {
		t.Fatal(err)
	}
	contact, err := client.Contact(t.Context(), 5678)
	if err != nil || contact.FirstName == "" {
		t.Fatalf("contact 5678: %v", err)
	}
}
