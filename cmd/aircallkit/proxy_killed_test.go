//go:build unix

package main

import (
	"bufio"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A proxy that is killed at any moment leaves a file that can be read, with every exchange but the last of each program. The
// test kills it 5 times, or 100 times with AIRCALLKIT_FULL.
func TestProxyKilled(t *testing.T) {
	kills := 5
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		kills = 100
	}
	target := fakeaircall.RunT(t, checked(t, fakeaircall.Options{RateLimit: fakeaircall.NoRateLimit, Scale: fakeaircall.ScaleSmall}))
	random := rand.New(rand.NewPCG(7, 7))
	exchanges := 0
	for range kills {
		exchanges += killProxy(t, target.URL(), 20+random.Int64N(150))
		if t.Failed() {
			return
		}
	}
	t.Logf("%d kills, %d exchanges", kills, exchanges)
}

// killProxy kills a proxy after so many exchanges with eight programs, and returns how many its file has.
func killProxy(t *testing.T, target string, after int64) (recorded int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "traffic.har")
	cmd := exec.Command("aircallkit", "proxy", "--target", target, "--addr", "127.0.0.1:0", "-o", name)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	found := regexp.MustCompile(`http://[0-9.:]+`).FindString(first)
	if err != nil || found == "" {
		t.Fatalf("the proxy did not start: %q, %v", first, err)
	}
	go io.Copy(io.Discard, lines)

	const programs = 8
	var wait sync.WaitGroup
	var done atomic.Int64
	enough := make(chan struct{})
	for i := range programs {
		wait.Go(func() {
			client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			defer client.CloseIdleConnections()
			for {
				req, _ := http.NewRequest(http.MethodGet, found+[]string{"/v1/calls?per_page=50", "/v1/ping"}[i%2], nil)
				req.SetBasicAuth("fake-default-id", "fake-default-token")
				resp, err := client.Do(req)
				if err == nil {
					_, err = io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
				if err != nil {
					return // it was killed
				}
				if done.Add(1) == after {
					close(enough)
				}
			}
		})
	}
	<-enough
	_ = cmd.Process.Signal(syscall.SIGKILL)
	_ = cmd.Wait()
	wait.Wait()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := har.Read(file, func(har.Entry) error { recorded++; return nil }); err != nil {
		t.Errorf("after %d exchanges: %v", done.Load(), err)
	}
	if least := int(done.Load()) - programs; recorded < least {
		t.Errorf("%d exchanges are recorded, at least %d ended", recorded, least)
	}
	return recorded
}
