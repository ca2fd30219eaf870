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
	if _, err := client.Contact(t.Context(), 5678); err != nil {
		t.Fatal(err)
	}
	asked := srv.Requests(fakeaircall.RequestFilter{Op: "retrieve-a-contact"})
	if len(asked) != 2 || asked[0].Status != 503 || asked[1].Status != 200 {
		t.Errorf("asked %+v", asked)
	}
}
