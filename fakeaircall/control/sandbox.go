package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

type sandboxInput struct {
	Copy       bool              `json:"copy" about:"true: a copy of the fake's state, options and faults. Then idle is the only other field."`
	Idle       span              `json:"idle" about:"The real time without a request after which it ends; default: never."`
	Seed       int64             `json:"seed" about:"The number that decides the data; default: 1."`
	Scale      string            `json:"scale" about:"How much data: empty, small, team or large; default: team."`
	Clock      *time.Time        `json:"clock" about:"The time at the start; the clock stands still unless speed is given. Default: the real time."`
	Speed      float64           `json:"speed" about:"The speed of the clock as a multiple of real time."`
	RateLimit  *int              `json:"rate_limit" about:"Requests per minute for each account; 0: no limit. Default: 120."`
	Assume     map[string]string `json:"assume" about:"Answers to assumptions, by their ids: see docs/fidelity.md."`
	Duplicates int               `json:"duplicates" about:"How many of a hundred deliveries are sent twice."`
	Shuffle    span              `json:"shuffle" about:"The longest random delay of a delivery, which changes the order of deliveries."`
}

func (in sandboxInput) isEmpty() bool {
	return in.Seed == 0 && in.Scale == "" && in.Clock == nil && in.Speed == 0 && in.RateLimit == nil && in.Assume == nil && in.Duplicates == 0 && in.Shuffle == 0
}

func (in sandboxInput) options() fakeaircall.Options {
	o := fakeaircall.Options{
		Seed: in.Seed, Scale: fakeaircall.Scale(in.Scale), Speed: in.Speed, Assume: in.Assume,
		Deliveries: fakeaircall.DeliveryOptions{Duplicates: in.Duplicates, Shuffle: time.Duration(in.Shuffle)},
	}
	if in.Clock != nil {
		o.Clock = *in.Clock
	}
	if in.RateLimit != nil {
		if o.RateLimit = *in.RateLimit; o.RateLimit == 0 {
			o.RateLimit = fakeaircall.NoRateLimit
		}
	}
	return o
}

func sandboxRoutes() []route {
	return []route{
		{
			op: "start-sandbox", method: "PUT", path: sandboxPath,
			about: "Starts a sandbox: a new fake that answers in place of this one, at the same address, until DELETE /_fake/sandbox. It is for a test that needs other data, another clock or other options. It has the accounts default, sales and support with their standard credentials, and all of this API except this path acts on it. The fake itself does not change; its clock goes on. A second PUT replaces the sandbox.",
			takes: sandboxInput{Scale: string(fakeaircall.ScaleSmall), Clock: &exampleTime, RateLimit: new(5)}, status: 200, gives: fakeaircall.Clock{Now: exampleTime},
			handle: with(startSandbox),
		},
		{
			op: "end-sandbox", method: "DELETE", path: sandboxPath, about: "Ends the sandbox: the fake answers again.",
			status: 200, gives: removedView{1},
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				if !s.EndSandbox() {
					return nil, &apiError{404, "there is no sandbox", "DELETE " + sandboxPath, "PUT " + sandboxPath + " starts one"}
				}
				return removedView{1}, nil
			},
		},
	}
}

func startSandbox(s *fakeaircall.Server, _ *http.Request, in sandboxInput) (any, error) {
	start := func() (*fakeaircall.Server, error) { return s.StartSandbox(in.options()) }
	if in.Copy {
		if !in.isEmpty() {
			return nil, &apiError{400, "a copy has the data and options of the fake", "copy and other fields", `send {"copy":true}, or with idle`}
		}
		start = s.StartSandboxCopy
	}
	if in.Idle < 0 {
		return nil, &apiError{400, "idle: the duration is negative", time.Duration(in.Idle).String(), "give a duration from 0s"}
	}
	if in.RateLimit != nil && *in.RateLimit < 0 {
		return nil, &apiError{400, "rate_limit: that is not a number from 0", fmt.Sprint(*in.RateLimit), "give requests a minute, or 0 for any number"}
	}
	if in.Clock != nil { // zero would mean the real time
		if err := fakeaircall.CheckClock(*in.Clock); err != nil {
			return nil, err
		}
	}
	sandbox, err := start()
	if err != nil {
		return nil, err
	}
	if in.Idle > 0 {
		s.EndSandboxWhenIdle(time.Duration(in.Idle))
	}
	return viewClock(sandbox), nil
}
