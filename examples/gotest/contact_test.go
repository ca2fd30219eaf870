package gotest

import (
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestRetry(t *testing.T) {
	srv := fakeaircall.RunT(t, fakeaircall.Options{})
	options := aircall.Options{BaseURL: srv.URL(), AccessToken: "fake-default-bearer"}
	client, err := aircall.New(options)
	if err != nil {
		t.Fatal(err)
	}
	fault := fakeaircall.Fault{Op: "retrieve-a-contact", Status: 503, Times: 1}
	if _, err := srv.AddFault(fault); err != nil {
		t.Fatal(err)
	}
	contact, err := client.Contact(t.Context(), 5678)
	if err != nil || contact.FirstName == "" {
		t.Fatalf("contact 5678: %v", err)
	}
	requests := srv.Requests(fakeaircall.RequestFilter{Op: "retrieve-a-contact"})
	if len(requests) != 2 {
		t.Errorf("requests: %+v", requests)
	}
}
