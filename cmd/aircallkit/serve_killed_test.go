//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// A fake with --state that is killed at any moment still has, when it starts again, every write that it acknowledged, and
// no half of a write. The test kills it 5 times, or 100 times with AIRCALLKIT_FULL.
func TestKilled(t *testing.T) {
	kills := 5
	if os.Getenv("AIRCALLKIT_FULL") != "" {
		kills = 100
	}
	k := killed{t: t, state: filepath.Join(t.TempDir(), "fake.db"), random: rand.New(rand.NewPCG(7, 7)), done: make(map[string]string), fresh: make(map[string]string)}
	for round := range kills {
		if k.run(round); t.Failed() {
			return
		}
	}
	k.start()
	k.fresh = k.done
	k.check()
	k.stop(syscall.SIGTERM)
	t.Logf("%d kills, %d acknowledged writes", kills, len(k.done))
}

type killed struct {
	t      *testing.T
	state  string
	random *rand.Rand
	cmd    *exec.Cmd
	base   string

	mu    sync.Mutex
	done  map[string]string // the acknowledged writes: path, and a part of its JSON
	fresh map[string]string // those that were not checked yet
}

func (k *killed) start() {
	k.t.Helper()
	k.cmd = exec.Command("aircallkit", "serve", "--addr", "127.0.0.1:0", "--scale", "small", "--rate-limit", "0", "--state", k.state)
	k.cmd.Stderr = os.Stderr
	out, err := k.cmd.StdoutPipe()
	if err == nil {
		err = k.cmd.Start()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	_, base, ok := strings.Cut(strings.TrimSpace(first), " on ")
	if err != nil || !ok {
		k.t.Fatalf("the fake did not start: %q, %v", first, err)
	}
	k.base = base
	go io.Copy(io.Discard, lines)
}

func (k *killed) stop(s syscall.Signal) {
	_ = k.cmd.Process.Signal(s)
	_ = k.cmd.Wait()
}

// run starts and checks the fake, and kills it after a random number of writes by eight writers.
func (k *killed) run(round int) {
	k.start()
	k.check()
	var wait sync.WaitGroup
	var written atomic.Int64
	last := int64(20 + k.random.IntN(200))
	dead := make(chan struct{})
	for i := range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for n := 0; k.write(fmt.Sprintf("%d-%d-%d", round, i, n)) == nil; n++ {
				if written.Add(1) == last {
					close(dead)
				}
			}
		}()
	}
	<-dead
	k.stop(syscall.SIGKILL)
	wait.Wait()
}

// write creates a contact with a phone number, changes it, and comments on a call.
func (k *killed) write(name string) error {
	var made struct {
		Contact struct {
			ID     int64
			Phones []struct{ ID int64 } `json:"phone_numbers"`
		}
	}
	if err := k.send("POST", "/v1/contacts", fmt.Sprintf(`{"first_name":%q,"phone_numbers":[{"label":"x","value":"+33199000042"}]}`, name), &made); err != nil {
		return err
	}
	path := fmt.Sprint("/v1/contacts/", made.Contact.ID)
	k.acknowledged(path, `"first_name":"`+name+`"`)
	k.acknowledged(path+"?", `"value":"+33199000042"`)
	if err := k.send("POST", path, `{"company_name":"of `+name+`"}`, nil); err != nil {
		return err
	}
	k.acknowledged(path+"?x", `"company_name":"of `+name+`"`)
	if err := k.send("POST", "/v1/calls/12345/comments", `{"content":"by `+name+`"}`, nil); err != nil && !strings.Contains(err.Error(), "40") {
		return err
	}
	var call struct{ Call struct{ ID int64 } }
	if err := k.send("POST", "/_fake/calls", `{"outcome":"missed"}`, &call); err != nil {
		return err
	}
	k.acknowledged(fmt.Sprint("/v1/calls/", call.Call.ID), `"direction":"inbound"`)
	return nil
}

func (k *killed) acknowledged(path, has string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.done[path], k.fresh[path] = has, has
}

// check checks that the acknowledged writes are there, and that the lists are consistent.
func (k *killed) check() {
	for path, has := range k.fresh {
		var reply json.RawMessage
		if err := k.send("GET", strings.TrimRight(path, "x?"), "", &reply); err != nil || !strings.Contains(string(reply), has) {
			k.t.Errorf("%s lost %s: %v %.200s", path, has, err, reply)
		}
	}
	k.fresh = make(map[string]string)
	var found struct {
		Meta     struct{ Total int }
		Contacts []struct {
			FirstName string                    `json:"first_name"`
			Phones    []struct{ ID, Value any } `json:"phone_numbers"`
		}
	}
	if err := k.send("GET", "/v1/contacts?per_page=50&order=desc", "", &found); err != nil {
		k.t.Error(err)
	}
	for _, c := range found.Contacts {
		if strings.Count(c.FirstName, "-") == 2 && len(c.Phones) != 1 {
			k.t.Errorf("contact %s is incomplete: %+v", c.FirstName, c)
		}
	}
	k.checkSnapshot()
}

// checkSnapshot parses a snapshot of the state, which fails if it is inconsistent.
func (k *killed) checkSnapshot() {
	var text json.RawMessage
	if err := k.send("GET", "/_fake/snapshots/current", "", &text); err != nil {
		k.t.Error(err)
		return
	}
	var world struct {
		Companies []struct {
			State struct {
				Calls    []struct{ ID, Number, User int64 }
				Users    []struct{ ID int64 }
				Numbers  []struct{ ID int64 }
				Contacts []struct{ ID int64 }
				Last     struct{ Contact, Call int64 }
				Schedule struct {
					Timers []struct {
						Act string
						ID  int64
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &world); err != nil {
		k.t.Error(err)
	}
	for _, c := range world.Companies {
		there := map[int64]bool{0: true}
		for _, u := range c.State.Users {
			there[u.ID] = true
		}
		for _, n := range c.State.Numbers {
			there[n.ID] = true
		}
		for _, p := range c.State.Contacts {
			if p.ID > c.State.Last.Contact {
				k.t.Errorf("contact %d is beyond the last id, %d", p.ID, c.State.Last.Contact)
			}
		}
		calls := map[int64]bool{}
		for _, call := range c.State.Calls {
			if calls[call.ID] = true; call.ID > c.State.Last.Call || !there[call.User] || !there[call.Number] {
				k.t.Errorf("call %+v refers to nothing, or is beyond %d", call, c.State.Last.Call)
			}
		}
		for _, m := range c.State.Schedule.Timers {
			if m.Act == "step" && !calls[m.ID] {
				k.t.Errorf("a timer refers to call %d, which does not exist", m.ID)
			}
		}
	}
}

func (k *killed) send(method, path, body string, v any) error {
	req, err := http.NewRequest(method, k.base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.SetBasicAuth("fake-default-id", "fake-default-token")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode > 299 {
		return fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, data)
	}
	if v == nil {
		return nil
	}
	return json.Unmarshal(data, v)
}
