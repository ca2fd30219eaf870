package fakeaircall

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxSaved     = 50  // snapshots of a server
	maxSavedName = 100 // bytes
)

// A SavedSnapshot describes a snapshot that a server keeps under a name.
type SavedSnapshot struct {
	Name     string    `json:"name"`
	Saved    time.Time `json:"saved" about:"When it was saved, on the fake's clock."`
	Now      time.Time `json:"now" about:"The time on the clock after a restore."`
	Accounts []string  `json:"accounts" about:"The names of its accounts."`
}

// savedSnapshots are the snapshots of a server. Reset leaves them.
type savedSnapshots struct {
	mu     sync.Mutex
	byName map[string]savedSnapshot
}

type savedSnapshot struct {
	*Snapshot
	at time.Time
}

// SaveSnapshot keeps a snapshot, nil for one of the present state, under a name of 1 to 100 letters, digits, dots, dashes
// and underscores. It replaces an earlier one with that name. A server keeps 50. Its error is a *Refusal, as that of
// LoadSnapshot and DeleteSnapshot.
func (s *Server) SaveSnapshot(name string, n *Snapshot) (SavedSnapshot, error) {
	if err := s.saved.accepts(name); err != nil {
		return SavedSnapshot{}, err
	}
	if n == nil {
		n = s.Snapshot()
	}
	kept := savedSnapshot{n, s.clock.now()}
	defer s.notifier.notify()
	s.saved.put(name, kept)
	if s.persister == nil {
		return kept.about(name), nil
	}
	err := s.persister.wait(s.persister.put(map[string][]byte{snapshotsKey + name: n.text()}))
	return kept.about(name), err
}

func (x *savedSnapshots) put(name string, kept savedSnapshot) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.byName == nil {
		x.byName = make(map[string]savedSnapshot)
	}
	x.byName[name] = kept
}

// accepts fails if a snapshot may not have a name.
func (x *savedSnapshots) accepts(name string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	_, there := x.byName[name]
	switch {
	case name == "" || len(name) > maxSavedName || name == currentState || strings.ContainsFunc(name, notInSavedName):
		return mistaken("%.120q is not a name for a snapshot: give 1 to %d letters, digits, dots, dashes and underscores, and not %q", name, maxSavedName, currentState)
	case !there && len(x.byName) >= maxSaved:
		return conflict("there are %d snapshots already: delete one", maxSaved)
	}
	return nil
}

func notInSavedName(c rune) bool { return c == '/' || notInHeaderName(c) && c != '.' }

// currentState is the name of the present state.
const currentState = "current"

// LoadSnapshot returns the saved snapshot with a name; "current" is the present state.
func (s *Server) LoadSnapshot(name string) (*Snapshot, error) {
	if name == currentState {
		return s.Snapshot(), nil
	}
	s.saved.mu.Lock()
	defer s.saved.mu.Unlock()
	kept, ok := s.saved.byName[name]
	if !ok {
		return nil, missing("there is no snapshot %.120q", name)
	}
	return kept.Snapshot, nil
}

// SavedSnapshots returns the saved snapshots, sorted by name.
func (s *Server) SavedSnapshots() []SavedSnapshot {
	s.saved.mu.Lock()
	defer s.saved.mu.Unlock()
	var list []SavedSnapshot
	for name, kept := range s.saved.byName {
		list = append(list, kept.about(name))
	}
	slices.SortFunc(list, func(a, b SavedSnapshot) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func (k savedSnapshot) about(name string) SavedSnapshot {
	return SavedSnapshot{Name: name, Saved: k.at, Now: k.world.Clock.Now, Accounts: k.world.names()}
}

// DeleteSnapshot deletes a saved snapshot.
func (s *Server) DeleteSnapshot(name string) error {
	if _, err := s.LoadSnapshot(name); err != nil || name == currentState {
		return missing("there is no snapshot %.120q", name)
	}
	defer s.notifier.notify()
	s.saved.mu.Lock()
	delete(s.saved.byName, name)
	s.saved.mu.Unlock()
	if s.persister == nil {
		return nil
	}
	return s.persister.wait(s.persister.put(map[string][]byte{snapshotsKey + name: nil}))
}

// A Difference is a record that differs between two snapshots. From and To have no values of secrets; one of them is empty
// if only the other snapshot has the record.
type Difference struct {
	Account string          `json:"account" about:"Empty for a record that belongs to no account."`
	Path    string          `json:"path" about:"The record: contacts/5678, last_id."`
	From    json.RawMessage `json:"from,omitempty" about:"The record in the first snapshot; missing if it has none."`
	To      json.RawMessage `json:"to,omitempty" about:"The record in the other snapshot; missing if it has none."`
	Fields  []string        `json:"fields,omitempty" about:"The fields that differ, if both are objects."`
}

// internal are the records that change although nobody changes the data: the clock, counters, logs and timers.
var internal = map[string]bool{
	"format": true, "clock": true, "start": true, "seed": true, "scale": true, "replies": true, "last_place": true, "oauth": true,
	"last": true, "random": true, windowValue: true, "messaging.last": true, "dialing.last_id": true, "campaigns.last": true, "last_agent_call": true, "last_export": true,
	"schedule.set": true, "schedule.timers": true, "rung": true, "wrap_ups": true, "idle": true, "events": true,
	"deliveries.last": true, "deliveries.left": true, "deliveries.finished": true, "deliveries.totals": true, "deliveries.random": true,
	"deliveries.pending": true, "deliveries.over": true,
}

// Internal reports whether a difference is one of the clock, a counter, a log or a timer, which change although nobody
// changes the data.
func (d Difference) Internal() bool {
	name, _, _ := strings.Cut(d.Path, "/")
	return internal[name]
}

// fieldsThatDiffer returns the names of the fields in which two JSON objects differ, sorted.
func fieldsThatDiffer(a, b json.RawMessage) (names []string) {
	var from, to map[string]json.RawMessage
	if json.Unmarshal(a, &from) != nil || json.Unmarshal(b, &to) != nil {
		return nil
	}
	all := maps.Clone(from)
	maps.Copy(all, to)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !bytes.Equal(from[name], to[name]) {
			names = append(names, name)
		}
	}
	return names
}

// Diff returns the differences to another snapshot, in order of account and path.
func (s *Snapshot) Diff(to *Snapshot) []Difference {
	from, other := s.parts(), to.parts()
	all := maps.Clone(from)
	maps.Copy(all, other)
	var list []Difference
	for p := range all {
		if a, b := from[p], other[p]; !bytes.Equal(a, b) {
			d := Difference{Account: p.account, Path: p.path, From: withoutSecrets(a), To: withoutSecrets(b)}
			d.Fields = fieldsThatDiffer(d.From, d.To)
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), compareNatural(a.Path, b.Path))
	})
	return list
}

func withoutSecrets(data []byte) json.RawMessage {
	if len(data) > 0 && data[0] == '{' {
		data = redactBody(nil, data)
	}
	return json.RawMessage(data)
}

// compareNatural sorts contacts/9 before contacts/10.
func compareNatural(a, b string) int {
	i, j := strings.LastIndexByte(a, '/')+1, strings.LastIndexByte(b, '/')+1
	return cmp.Or(cmp.Compare(a[:i], b[:j]), cmp.Compare(number64(a[i:]), number64(b[j:])), cmp.Compare(a, b))
}

// A part is the place of a record in a snapshot.
type part struct{ account, path string }

func (s *Snapshot) parts() map[part][]byte {
	all := make(map[part][]byte)
	s.world.eachRecord(func(key string, data []byte) {
		p := part{path: key}
		switch path := splitKey(key); path[0] {
		case "accounts":
			p = part{path[1], strings.Join(path[2:], "/")}
		case "tokens", "codes":
			p.path = path[0] + "/" + clip(path[1][:min(6, len(path[1]))]) // the whole value is a secret
			data = []byte("{}")
		}
		all[p] = data
	})
	return all
}
