package gotest

import (
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestRetry(t *testing.T) {
	srv := fakeaircall.RunT(t, fakeaircall.Options{})
	client, err := aircall.New(aircall.Options{BaseURL: srv.URL(), AccessToken: "fake-default-bearer"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := srv.AddFault(fakeaircall.Fault{Op: "retrieve-a-contact", Status: 503, Times: 1}); err != nil {
		t.Fatal(err)
	}
	contact, err := client.Contact(t.Context(), 5678)
	if err != nil || contact.FirstName == "" {
		t.Fatalf("contact 5678: %v", err)
	}
	if requests := srv.Requests(fakeaircall.RequestFilter{Op: "retrieve-a-contact"}); len(requests) != 2 {
		t.Errorf("requests: %+v", requests)
	}
}
