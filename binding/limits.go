package binding

import (
	"errors"
	"fmt"
	"time"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// Limits bound one run of a script. A field that is 0 has its default. docs/limits.md says how each is kept, and what a
// script can take beyond it.
type Limits struct {
	Timeout        time.Duration // of a run; 0: 30s, negative: none. Run returns at most 250ms later
	RequestTimeout time.Duration // of one HTTP request; 0: 30s or Timeout, whichever is less; at most Timeout
	Output         int           // bytes printed; 0: 256 KiB. More is dropped, and a last line says so
	Calls          int           // of functions of app.integrations; 0: 200
	Source         int           // bytes of the script; 0: 256 KiB
	Result         int           // bytes of the returned values as JSON; 0: 1 MiB
	String         int           // bytes of any one string a script makes; 0: 8 MiB
	Memory         int           // bytes a script may hold; 0: 64 MiB. The script cannot catch the error
	PatternSteps   int           // comparisons in one call of string.find, match or gsub, or one turn of gmatch; 0: 5,000,000
	FormatWidth    int           // width and precision in string.format; 0: 99
	MaxPages       int           // pages of 50 items that one call may read; 0: 40, at most 200, where Aircall's lists end
	Registry       int           // values on Lua's stack; 0: 1<<20
	CallStack      int           // nested calls; 0: 256
}

const (
	defaultTimeout = 30 * time.Second
	lastPage       = 200 // Aircall serves 10,000 items of a list
)

// luabox returns the limits that the Lua state keeps.
func (l *Limits) luabox() luabox.Limits {
	return luabox.Limits{
		Timeout: l.Timeout, Source: l.Source, String: l.String, Memory: l.Memory, PatternSteps: l.PatternSteps,
		FormatWidth: l.FormatWidth, Registry: l.Registry, CallStack: l.CallStack,
	}
}

// withDefaults sets the defaults of zero fields. It fails if a limit is negative or contradicts another.
func (l Limits) withDefaults() (Limits, error) {
	if l.Timeout == 0 {
		l.Timeout = defaultTimeout
	}
	switch {
	case l.RequestTimeout < 0:
		return l, errors.New("limits: RequestTimeout is negative")
	case l.RequestTimeout == 0:
		l.RequestTimeout = defaultTimeout
		if l.Timeout > 0 {
			l.RequestTimeout = min(l.RequestTimeout, l.Timeout)
		}
	case l.Timeout > 0 && l.RequestTimeout > l.Timeout:
		return l, fmt.Errorf("limits: RequestTimeout %v is longer than Timeout %v of the script", l.RequestTimeout, l.Timeout)
	}
	for _, f := range []struct {
		name  string
		field *int
		zero  int
	}{
		{"Output", &l.Output, 256 << 10}, {"Calls", &l.Calls, 200}, {"Source", &l.Source, 256 << 10},
		{"Result", &l.Result, 1 << 20}, {"String", &l.String, 8 << 20}, {"FormatWidth", &l.FormatWidth, 99},
		{"Memory", &l.Memory, 64 << 20}, {"PatternSteps", &l.PatternSteps, 5_000_000},
		{"MaxPages", &l.MaxPages, 40}, {"Registry", &l.Registry, 1 << 20}, {"CallStack", &l.CallStack, 256},
	} {
		if *f.field < 0 {
			return l, fmt.Errorf("limits: %s is %d; it must be positive, or 0 for %d", f.name, *f.field, f.zero)
		}
		if *f.field == 0 {
			*f.field = f.zero
		}
	}
	if l.MaxPages > lastPage {
		return l, fmt.Errorf("limits: MaxPages is %d; Aircall's lists end at page %d", l.MaxPages, lastPage)
	}
	return l, nil
}
