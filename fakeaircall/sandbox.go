package fakeaircall

import (
	"fmt"
	"net/http"
	"time"
)

// A sandbox is another server that answers in place of this one, at the same
// address. It shares nothing with it, so ending it is all there is to undo.
const sandboxPath = controlPath + "sandbox"

// StartSandbox puts a new server in front of this one, in place of an earlier
// sandbox: it answers all requests, those of the control API included, until
// EndSandbox. Meanwhile the methods of this server act on this server, its clock
// goes on and nothing reaches it. The sandbox takes its data, accounts, limits and
// assumptions from o alone; Store, Wrap and TLS of o do not count.
func (s *Server) StartSandbox(o Options) (*Server, error) {
	o.Store, o.Wrap, o.TLS = nil, nil, nil
	o.Control, o.ControlToken, o.ControlPage, o.Metrics = false, "", s.options.ControlPage, s.options.Metrics // this server's control API admits requests for both
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
	s.pulse.beat()
	return old != nil
}

func (s *Server) closeSandbox() {
	s.courier.shut()
	s.pulse.beat()
	_ = s.Close() // it has no listener and no store that could fail
}

// endWhenIdle ends a sandbox once nothing has been asked of it for so long in real
// time, unless it has ended before.
func (s *Server) endWhenIdle(in *Server, idle time.Duration) {
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
			s.pulse.beat()
		}
	}
	realAfter(idle, look)
}

type sandboxInput struct {
	Copy       bool              `json:"copy" about:"true: a copy of what the fake knows now, with its options and faults. No other field but idle then."`
	Idle       span              `json:"idle" about:"After how long without a request it ends by itself, in real time; never without it."`
	Seed       int64             `json:"seed" about:"The number that decides the data; 1 without it."`
	Scale      string            `json:"scale" about:"How much data: empty, small, team or large; team without it."`
	Clock      *time.Time        `json:"clock" about:"When it begins; the clock stands then, unless speed is given. The real time without it."`
	Speed      float64           `json:"speed" about:"How many seconds pass in one of real time."`
	RateLimit  *int              `json:"rate_limit" about:"Requests a minute for each company; 0: any number. 120 without it."`
	Assume     map[string]string `json:"assume" about:"Other answers to assumptions, by their ids: see docs/fidelity.md."`
	Duplicates int               `json:"duplicates" about:"How many of a hundred deliveries to webhooks come twice."`
	Shuffle    span              `json:"shuffle" about:"How long a delivery may wait, so that deliveries come in another order than events."`
}

func (in sandboxInput) isEmpty() bool {
	return in.Seed == 0 && in.Scale == "" && in.Clock == nil && in.Speed == 0 && in.RateLimit == nil && in.Assume == nil && in.Duplicates == 0 && in.Shuffle == 0
}

func (in sandboxInput) options() Options {
	o := Options{
		Seed: in.Seed, Scale: Scale(in.Scale), Speed: in.Speed, Assume: in.Assume,
		Deliveries: DeliveryOptions{Duplicates: in.Duplicates, Shuffle: time.Duration(in.Shuffle)},
	}
	if in.Clock != nil {
		o.Clock = *in.Clock
	}
	if in.RateLimit != nil {
		if o.RateLimit = *in.RateLimit; o.RateLimit == 0 {
			o.RateLimit = NoRateLimit
		}
	}
	return o
}

func sandboxRoutes() []controlRoute {
	return []controlRoute{
		{
			op: "start-sandbox", method: "PUT", path: sandboxPath,
			about: "Lets a fresh fake answer in place of this one, at the same address, until DELETE /_fake/sandbox: for a test that needs other data, another clock or other options. It has the accounts default, sales and support with their usual credentials, and all of this API but this path drives it. The fake itself stays as it is; its clock goes on. A second PUT replaces the sandbox.",
			takes: sandboxInput{Scale: string(ScaleSmall), Clock: &exampleTime, RateLimit: new(5)}, status: 200, gives: clockView{exampleTime, 0},
			handle: with(startSandbox),
		},
		{
			op: "end-sandbox", method: "DELETE", path: sandboxPath, about: "Takes the sandbox away: the fake answers again, as it was.",
			status: 200, gives: removedView{1},
			handle: func(s *Server, _ *http.Request, _ any) (any, error) {
				if !s.EndSandbox() {
					return nil, &controlError{404, "there is no sandbox", "DELETE " + sandboxPath, "PUT " + sandboxPath + " starts one"}
				}
				return removedView{1}, nil
			},
		},
	}
}

func startSandbox(s *Server, _ *http.Request, in sandboxInput) (any, error) {
	start := func() (*Server, error) { return s.StartSandbox(in.options()) }
	if in.Copy {
		if !in.isEmpty() {
			return nil, &controlError{400, "a copy has the data and the options of the fake", "copy and other fields", `send {"copy":true}, with idle if need be`}
		}
		start = s.StartSandboxCopy
	}
	if in.Idle < 0 {
		return nil, &controlError{400, "idle: a sandbox cannot end before it began", time.Duration(in.Idle).String(), "give a duration from 0s"}
	}
	if in.RateLimit != nil && *in.RateLimit < 0 {
		return nil, &controlError{400, "rate_limit: that is not a number from 0", fmt.Sprint(*in.RateLimit), "give requests a minute, or 0 for any number"}
	}
	sandbox, err := start()
	if err != nil {
		return nil, err
	}
	if in.Idle > 0 {
		s.endWhenIdle(sandbox, time.Duration(in.Idle))
	}
	return viewClock(sandbox), nil
}

// answering is the server that answers a request now: the sandbox, if there is one.
func (s *Server) answering(path string) *Server {
	if in := s.sandbox.Load(); in != nil && path != sandboxPath {
		in.lastAsked.Store(realNow().UnixNano())
		return in
	}
	return s
}
