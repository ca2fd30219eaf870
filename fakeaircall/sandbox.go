package fakeaircall

import (
	"fmt"
	"time"
)

// StartSandbox puts a new server in front of this one, in place of an earlier
// sandbox: it answers all requests, those of the control API included, until
// EndSandbox. Meanwhile the methods of this server act on this server, its clock
// goes on and nothing reaches it. The sandbox takes its data, accounts, limits and
// assumptions from o alone; Store, Wrap and TLS of o do not count.
func (s *Server) StartSandbox(o Options) (*Server, error) {
	o.Store, o.Wrap, o.TLS, o.Control = nil, nil, nil, nil // this server's control API serves both
	in, err := New(o)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	in.sandboxOf = s
	base := s.base()
	in.asked.Store(&base)
	s.replaceSandbox(in)
	return in, nil
}

// StartSandboxCopy is StartSandbox with a copy of what this server knows now, its
// options, and its faults, which count from 0. Its request log is empty.
func (s *Server) StartSandboxCopy() (*Server, error) {
	s.world.RLock()
	o := s.options
	s.world.RUnlock()
	o.Snapshot, o.Accounts, o.Fixtures = s.Snapshot(), s.Accounts(), nil
	in, err := s.StartSandbox(o)
	if err != nil {
		return nil, err
	}
	for _, f := range s.Faults() {
		if f.Ended {
			continue
		}
		if _, err := in.AddFault(f); err != nil {
			s.EndSandbox()
			return nil, fmt.Errorf("sandbox: %w", err)
		}
	}
	return in, nil
}

// EndSandbox takes the sandbox away, so that this server answers again as if it had
// not been there. It reports whether there was one. What the sandbox still had to
// deliver is dropped.
func (s *Server) EndSandbox() bool { return s.replaceSandbox(nil) }

func (s *Server) replaceSandbox(with *Server) (was bool) {
	old := s.sandbox.Swap(with)
	if old != nil {
		old.closeSandbox()
	}
	s.notifier.notify()
	return old != nil
}

func (s *Server) closeSandbox() {
	s.dispatcher.stop()
	s.notifier.notify()
	_ = s.Close() // it has no listener and no store that could fail
}

// EndSandboxWhenIdle ends the sandbox of now, if there is one, once nothing has been
// asked of it for so long in real time.
func (s *Server) EndSandboxWhenIdle(idle time.Duration) {
	in := s.sandbox.Load()
	if in == nil {
		return
	}
	in.lastAsked.Store(realNow().UnixNano())
	var look func()
	look = func() {
		if left := idle - realNow().Sub(time.Unix(0, in.lastAsked.Load())); left > 0 {
			if s.sandbox.Load() == in {
				realAfter(left, look)
			}
			return
		}
		if s.sandbox.CompareAndSwap(in, nil) {
			in.closeSandbox()
			s.notifier.notify()
		}
	}
	realAfter(idle, look)
}

// Active returns the server that answers requests now: the sandbox, if there is one, or
// s. Calling it counts as a request for EndSandboxWhenIdle.
func (s *Server) Active() *Server {
	in := s.sandbox.Load()
	if in == nil {
		return s
	}
	in.lastAsked.Store(realNow().UnixNano())
	return in
}

// IsSandbox reports whether s answers in place of another server.
func (s *Server) IsSandbox() bool { return s.sandboxOf != nil }
