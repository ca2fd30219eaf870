package fakeaircall

import (
	"fmt"
	"time"
)

// StartSandbox starts a new server that answers all requests in place of this one, and of an earlier sandbox, until
// EndSandbox; the control API acts on it too. Meanwhile the methods of this server act on this server, and its clock
// goes on. The sandbox takes its data, accounts, limits and assumptions only from o; Store, Wrap, TLS and Control of o
// have no effect, and OnRequest and OnDelivery are those of this server.
func (s *Server) StartSandbox(o Options) (*Server, error) {
	o.Store, o.Wrap, o.TLS, o.Control = nil, nil, nil, nil // this server's control API serves both
	o.OnRequest, o.OnDelivery = s.options.OnRequest, s.options.OnDelivery
	in, err := New(o)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	in.sandboxOf, in.baseURL = s, s.baseURL
	base := s.base()
	in.asked.Store(&base)
	s.replaceSandbox(in)
	return in, nil
}

// StartSandboxCopy starts a sandbox with a copy of this server's state and options, and of its faults, which count from 0.
// Its request log is empty.
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

// EndSandbox ends the sandbox, so that this server answers again. It reports whether there was one. Pending deliveries of
// the sandbox are dropped.
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
	_ = s.Close() // it has neither a listener nor a store
}

// EndSandboxWhenIdle ends the present sandbox, if there is one, after idle of real time without a request.
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

// Active returns the server that answers requests: the sandbox if there is one, or s. A call counts as a request for
// EndSandboxWhenIdle.
func (s *Server) Active() *Server {
	in := s.sandbox.Load()
	if in == nil {
		return s
	}
	in.lastAsked.Store(realNow().UnixNano())
	return in
}

// IsSandbox reports whether s is the sandbox of another server.
func (s *Server) IsSandbox() bool { return s.sandboxOf != nil }
