package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

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
			about: "Lets a fresh fake answer in place of this one, at the same address, until DELETE /_fake/sandbox: for a test that needs other data, another clock or other options. It has the accounts default, sales and support with their usual credentials, and all of this API but this path drives it. The fake itself stays as it is; its clock goes on. A second PUT replaces the sandbox.",
			takes: sandboxInput{Scale: string(fakeaircall.ScaleSmall), Clock: &exampleTime, RateLimit: new(5)}, status: 200, gives: fakeaircall.Clock{Now: exampleTime},
			handle: with(startSandbox),
		},
		{
			op: "end-sandbox", method: "DELETE", path: sandboxPath, about: "Takes the sandbox away: the fake answers again, as it was.",
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
			return nil, &apiError{400, "a copy has the data and the options of the fake", "copy and other fields", `send {"copy":true}, with idle if need be`}
		}
		start = s.StartSandboxCopy
	}
	if in.Idle < 0 {
		return nil, &apiError{400, "idle: a sandbox cannot end before it began", time.Duration(in.Idle).String(), "give a duration from 0s"}
	}
	if in.RateLimit != nil && *in.RateLimit < 0 {
		return nil, &apiError{400, "rate_limit: that is not a number from 0", fmt.Sprint(*in.RateLimit), "give requests a minute, or 0 for any number"}
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
