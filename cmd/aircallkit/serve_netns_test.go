//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// A container is a separate network namespace. As in Docker, requests to it from this machine come from the address of a
// gateway, which is not loopback.
type container struct {
	t             *testing.T
	name, address string
}

// newContainer makes a network namespace, which needs root and the command ip. Otherwise it skips the test.
func newContainer(t *testing.T) container {
	t.Helper()
	id := os.Getpid()
	subnet := fmt.Sprintf("198.18.%d.%%d", id%256) // reserved for tests of networks, RFC 2544
	c := container{t: t, name: fmt.Sprint("aircallkit-", id), address: fmt.Sprintf(subnet, 2)}
	if out, err := exec.Command("ip", "netns", "add", c.name).CombinedOutput(); err != nil {
		t.Skipf("a network namespace needs root and iproute2: %v %s", err, out)
	}
	t.Cleanup(func() { c.ip("netns del " + c.name) }) // removes both ends of the pair
	gateway := fmt.Sprintf("ak%d", id)
	c.ip("link add " + gateway + " type veth peer name eth0 netns " + c.name)
	c.ip("addr add " + fmt.Sprintf(subnet, 1) + "/30 dev " + gateway)
	c.ip("link set " + gateway + " up")
	c.ip("-n " + c.name + " addr add " + c.address + "/30 dev eth0")
	c.ip("-n " + c.name + " link set eth0 up")
	c.ip("-n " + c.name + " link set lo up")
	return c
}

func (c container) ip(arguments string) {
	c.t.Helper()
	if out, err := exec.Command("ip", strings.Fields(arguments)...).CombinedOutput(); err != nil {
		c.t.Fatalf("ip %s: %v %s", arguments, err, out)
	}
}

// serve runs aircallkit serve in the container, with a control token or without, until the test ends.
func (c container) serve(t *testing.T, token string, flags ...string) {
	t.Helper()
	cmd := exec.Command("ip", append([]string{"netns", "exec", c.name, "aircallkit", "serve", "--scale", "empty"}, flags...)...)
	cmd.Env = append(os.Environ(), controlTokenEnv+"="+token)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // ip netns exec has become aircallkit
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	if first, err := lines.ReadString('\n'); err != nil {
		t.Fatalf("serve: %q %v", first, err)
	}
	go io.Copy(io.Discard, lines)
}

// ask sends a request and returns the status and the body of the reply.
func (c container) ask(t *testing.T, method, at, user, password string) (int, string) {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+c.address+at, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(user, password)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// run runs aircallkit on this machine, or in the container, and returns its output.
func (c container) run(inside bool, token string, arguments ...string) (string, error) {
	cmd := exec.Command("aircallkit", arguments...)
	if inside {
		cmd = exec.Command("ip", append([]string{"netns", "exec", c.name, "aircallkit"}, arguments...)...)
	}
	cmd.Env = append(os.Environ(), controlTokenEnv+"="+token)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Through the published port of a container everybody has Aircall's API, and only the token opens the control API.
func TestPublishedPort(t *testing.T) {
	const token = "canary"
	c := newContainer(t)
	for _, tc := range []struct {
		name, token string
		flags       []string
		control     string // the port of the control API
	}{
		{"without a token", "", []string{"--addr", "0.0.0.0:8787"}, ":8787"},
		{"with a token", token, []string{"--addr", "0.0.0.0:8787"}, ":8787"},
		{"with an address for control", "", []string{"--addr", "0.0.0.0:8787", "--control-addr", "0.0.0.0:8788"}, ":8788"},
		{"with an address for control and a token", token, []string{"--addr", "0.0.0.0:8787", "--control-addr", "0.0.0.0:8788"}, ":8788"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c.serve(t, tc.token, tc.flags...)
			if status, body := c.ask(t, "GET", ":8787/v1/ping", "fake-default-id", "fake-default-token"); status != 200 {
				t.Errorf("Aircall's API: %d %s", status, body)
			}
			refusal := "without a token the control API accepts only requests from this machine"
			status := http.StatusForbidden
			if tc.token != "" {
				refusal, status = "the control API requires its token", http.StatusUnauthorized
			}
			for _, request := range []string{"GET /_fake/", "GET /_fake/health", "GET /_fake/metrics", "POST /_fake/reset", "POST /_fake/page/do/reset"} {
				method, path, _ := strings.Cut(request, " ")
				for _, password := range []string{"", "fake-default-token"} {
					if got, body := c.ask(t, method, tc.control+path, "x", password); got != status || !strings.Contains(body, refusal) || strings.Contains(body, token) {
						t.Errorf("%s: %d %s", request, got, body)
					}
				}
				if tc.token != "" && method == "GET" {
					if got, body := c.ask(t, method, tc.control+path, "x", token); got != 200 {
						t.Errorf("%s with the token: %d %s", request, got, body)
					}
				}
			}
			reset := []string{"simulate", "reset", "--target", "http://" + c.address + tc.control}
			if out, err := c.run(false, tc.token, reset...); (err == nil) != (tc.token != "") {
				t.Errorf("reset with the token %q: %v %s", tc.token, err, out)
			}
			if out, err := c.run(false, "", reset...); err == nil || !strings.Contains(out, "token") {
				t.Errorf("reset without a token: %v %s", err, out)
			}
			// Inside, as the health check of the image is.
			if out, err := c.run(true, tc.token, "health", "--target", "http://127.0.0.1"+tc.control); err != nil {
				t.Errorf("health: %v %s", err, out)
			}
		})
	}
}
