package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Resumption is what Options.Store had when New took it. What data is made by did not count for
// these Accounts.
type Resumption struct {
	Accounts []string // by name
	Seed     int64    // that the world was made with; 0: not known
	Scale    Scale    // likewise; "": not known
	Start    time.Time
	Now      time.Time // on the clock, which goes on from here
}

// Resumed is what the server goes on from; nil: it began anew.
func (s *Server) Resumed() *Resumption {
	if s.resumed == nil {
		return nil
	}
	r := *s.resumed
	r.Accounts = slices.Clone(r.Accounts)
	return &r
}

// A recipe is what a world was made with, zero where that is not known.
type recipe struct {
	seed  int64
	scale Scale
}

func (o Options) recipe() recipe { return recipe{o.Seed, o.Scale} }

// lookAhead finds out what the server goes on from: all is what its store has. It returns the names of
// the accounts that have data.
func (s *Server) lookAhead(all map[string][]byte) (accounts []string, err error) {
	for key := range all {
		if path := strings.Split(key, keySeparator); path[0] == "companies" && len(path) == 3 && path[2] == "account" {
			accounts = append(accounts, path[1])
		}
	}
	if len(accounts) == 0 {
		return nil, nil
	}
	slices.Sort(accounts)
	var start time.Time
	if err := readJSON(all["start"], &start); err != nil {
		return nil, fmt.Errorf("state: start: %w", err)
	}
	s.start.Store(&start)
	s.resumed = &Resumption{Accounts: accounts}
	return accounts, nil
}

// took notes what the server goes on from.
func (r *Resumption) took(s *Server) {
	if r != nil {
		r.Seed, r.Scale, r.Start, r.Now = s.made.seed, s.made.scale, *s.start.Load(), s.clock.now()
	}
}
