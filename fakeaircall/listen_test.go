package fakeaircall

import (
	"net"
	"strings"
	"testing"
	"time"
)

// A connection on which nobody has said anything, as browsers keep some, holds up
// nothing.
func TestCloseWaitsForNoSilence(t *testing.T) {
	srv := RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon}))
	conn, err := net.Dial("tcp", strings.TrimPrefix(srv.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	world{srv, t}.get("/v1/ping").wantStatus(200) // the other one was accepted before
	start := time.Now()
	if err := srv.Close(); err != nil || time.Since(start) > 3*time.Second {
		t.Errorf("%v after %s", err, time.Since(start))
	}
}
