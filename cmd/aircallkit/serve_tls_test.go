package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// TestTLS checks that clients that trust the authority get HTTP/2, and links with https.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	config, ca, err := (&tlsOptions{on: true, dir: dir, hosts: []string{"api.aircall.io"}}).listenConfig("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := fakeaircall.RunT(t, checked(t, fakeaircall.Options{TLS: config}))
	roots := x509.NewCertPool()
	trusted, err := os.ReadFile(ca.file)
	if err != nil || !roots.AppendCertsFromPEM(trusted) || strings.Contains(string(trusted), "PRIVATE") {
		t.Fatalf("%v\n%s", err, trusted)
	}
	for _, name := range []string{"", "localhost", "api.aircall.io"} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: name}, ForceAttemptHTTP2: true}}
		defer client.CloseIdleConnections()
		req, err := http.NewRequest(http.MethodGet, srv.URL()+"/v1/calls", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("fake-default-id", "fake-default-token")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.Proto != "HTTP/2.0" || resp.StatusCode != 200 || !strings.Contains(string(body), `"next_page_link":"`+srv.URL()) || !strings.HasPrefix(srv.URL(), "https://") {
			t.Errorf("as %q: %v %s %s %.300s", name, err, resp.Proto, resp.Status, body)
		}
	}
	stranger := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}}}
	if _, err := stranger.Get(srv.URL()); err == nil {
		t.Error("the certificate is good for any name")
	}
	info, err := os.Stat(filepath.Join(dir, authorityKey))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v %v", info.Mode(), err)
	}
}

// TestAuthority checks that parallel starts make one authority, and that an expired or damaged one is refused.
func TestAuthority(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "ca")
	var all sync.WaitGroup
	made := make([]*authority, 8)
	for i := range made {
		all.Go(func() {
			ca, err := openAuthority(dir, time.Now())
			if err != nil {
				t.Error(err)
				return
			}
			made[i] = ca
		})
	}
	all.Wait()
	for _, ca := range made {
		if ca == nil || !ca.cert.Equal(made[0].cert) {
			t.Fatal("two authorities were made")
		}
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 2 {
		t.Errorf("the directory holds %v", left)
	}
	if _, err := openAuthority(dir, time.Now().AddDate(11, 0, 0)); err == nil || !strings.Contains(err.Error(), "expired on") {
		t.Errorf("after its time: %v", err)
	}
	key := filepath.Join(dir, authorityKey)
	if err := os.WriteFile(key, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openAuthority(dir, time.Now()); err == nil || !strings.Contains(err.Error(), key+" is not a key with its certificate") {
		t.Errorf("damaged: %v", err)
	}
}
