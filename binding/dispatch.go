package binding

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// A call is one call of a function by a script.
type call struct {
	ctx      context.Context
	in       *integrated
	fn       *Function
	path     string // as the script wrote it, without "app."
	account  *account
	args     arguments
	size     int // of the arguments, in bytes
	limits   *Limits
	plain    bool // no derived fields
	requests int

	uncounted bool // it made no request and is not recorded

	dry     bool // writes are kept, not sent
	held    []aircall.Request
	heldOps []aircall.Op
}

// do sends one request of an operation and reads the reply, which is an object or empty.
func (c *call) do(op string, req aircall.Request) (value, error) {
	if c.hold(operation(op), req) {
		return objectValue(), nil
	}
	return c.read(op, func() (*aircall.Response, error) { return c.account.client.Do(c.ctx, op, req) })
}

// read sends one request and reads the reply.
func (c *call) read(name string, send func() (*aircall.Response, error)) (value, error) {
	c.requests++
	reply, err := send()
	if err != nil {
		return value{}, err
	}
	if len(reply.Body) == 0 {
		return value{}, nil
	}
	v, err := decodeUntil(reply.Body, c.ended)
	if err != nil {
		return value{}, invalidReply(name, err.Error())
	}
	if v.kind != kindObject {
		return value{}, invalidReply(name, "not an object")
	}
	return v, nil
}

// ended reports whether the run is over.
func (c *call) ended() bool { return c.ctx.Err() != nil }

// invoke counts, checks, performs and records one call of a script.
func (s *session) invoke(L *lua.LState, c *call, self *lua.LTable) (v lua.LValue, failed error) {
	failed = s.counted(L, c, func() error {
		if wrong := s.check(L, c, self); wrong != nil {
			return wrong
		}
		if c.fn.Iterates != "" {
			c.uncounted = true // each page counts instead
			v = s.iterate(L, c)
			return nil
		}
		handle := c.fn.handle
		if c.fn.Do != nil {
			handle = hosted
		} else if handle == nil {
			handle = operate
		}
		reply, err := handle(c)
		if err != nil {
			return err
		}
		c.derive(&reply)
		if c.dry {
			if reply, err = c.wouldSend(); err != nil {
				return err
			}
		}
		if reply.null() {
			reply = objectValue()
		}
		v = s.toLua(L, &reply)
		return nil
	})
	return v, failed
}

// counted runs do if the script may make one more call, and records the call.
func (s *session) counted(L *lua.LState, c *call, do func() error) error {
	limits := &s.runner.config.Limits
	if s.record != nil && s.record.count() >= limits.Calls {
		failed := limitExceeded("The script has reached its limit of %d calls. No request was made.", limits.Calls)
		failed.Path = c.path
		return failed
	}
	c.limits, c.plain = limits, s.runner.config.NoDerived || c.fn.plain
	c.ctx = s.box.Context(L)
	c.dry = (s.runner.config.DryRun || s.dryRun) && c.fn.Effect == EffectWrite
	start := time.Now()
	var failed *ScriptError
	if err := do(); err != nil {
		failed = c.failure(err)
	}
	rec := CallRecord{
		Path: c.path, Function: c.fn.Name, Account: c.account.label(), Effect: c.fn.Effect, EffectStatus: EffectStatusNone,
		Requests: c.requests, Duration: time.Since(start), DryRun: c.dry,
	}
	if failed != nil {
		rec.EffectStatus, rec.ErrorType, rec.Status = failed.EffectStatus, failed.Type, failed.Status
	} else if c.fn.Effect == EffectWrite && !c.dry {
		rec.EffectStatus = EffectStatusSucceeded
	}
	if !c.uncounted {
		if s.record != nil {
			s.record.add(rec)
		}
		s.runner.called(c.ctx, s.name, rec)
	}
	if failed == nil {
		return nil
	}
	return failed
}

// check reads the arguments. It returns an error if they are wrong, the call is not permitted or the account is not configured.
func (s *session) check(L *lua.LState, c *call, self *lua.LTable) error {
	passed := make([]lua.LValue, L.GetTop())
	for i := range passed {
		passed[i] = L.Get(i + 1)
	}
	if c.size = argumentSize(passed); c.size > maxArguments {
		return limitExceeded("app.%s: the arguments are larger than %d bytes. No request was made.", c.path, maxArguments)
	}
	if len(passed) > 0 && passed[0] == lua.LValue(self) {
		return misuse(`app.%s must be called with ".", not ":".`, c.path)
	}
	args, wrong := c.fn.parse(c.path, passed)
	if wrong != nil {
		return wrong
	}
	c.args = args
	if wrong := s.permit(c); wrong != nil || c.fn.Do != nil { // a host's function decides what it needs of an account
		return wrong
	}
	return s.runner.ready(c.account)
}

// maxArguments is the most bytes of the arguments of a call: some of them are checked and encoded at once.
const maxArguments = 1 << 20

// argumentSize returns the bytes of texts in arguments, and some for each entry of a table. Beyond maxArguments it may stop.
func argumentSize(passed []lua.LValue) int {
	const entry, deepest = 16, 8
	size := 0
	var add func(v lua.LValue, depth int)
	add = func(v lua.LValue, depth int) {
		size += entry
		switch v := v.(type) {
		case lua.LString:
			size += len(v)
		case *lua.LTable:
			for key, item := v.Next(lua.LNil); key != lua.LNil && depth < deepest && size <= maxArguments; key, item = v.Next(key) {
				add(key, depth)
				add(item, depth+1)
			}
		}
	}
	for _, v := range passed {
		if add(v, 0); size > maxArguments {
			break
		}
	}
	return size
}

// ready returns an error if an account has no credentials. Accounts never share credentials.
func (r *Runner) ready(a *account) error {
	const text = "Aircall integration is not configured. "
	e := &ScriptError{Type: TypeNotConfigured, Details: map[string]any{"accounts": r.names}}
	switch {
	case a == nil && len(r.names) == 0:
		e.Message = text + "No account is configured."
		e.Hint = "set AIRCALL_API_ID and AIRCALL_API_TOKEN, or AIRCALL_ACCESS_TOKEN"
	case a == nil:
		e.Message = text + "No default account; configured accounts: " + listed(r.accounts)
		e.Hint = "name an account, as in app.integrations.aircall." + r.names[0] + ", or configure a default account"
	case a.client == nil:
		e.Message = text + a.missing
	default:
		return nil
	}
	return e
}

// body encodes an object as the body of a request.
func body(v value) json.RawMessage { return appendJSON(nil, &v) }

// operate is the handler of functions that send one request with the arguments.
func operate(c *call) (value, error) { return c.do(c.fn.Ops[0], c.request()) }

// request returns the request for the arguments. The values of a path are in the order of their parameters.
func (c *call) request() aircall.Request {
	req := aircall.Request{Query: url.Values{}}
	fields, hasBody := objectValue(), false
	for p := range c.fn.every() {
		place := c.fn.part(p)
		hasBody = hasBody || place == inBody
		arg, given := c.args[p.Name]
		if !given {
			continue
		}
		name := cmp.Or(p.wire, p.Name)
		switch place {
		case inPath:
			req.Path = append(req.Path, valueOf(arg).text)
		case inQuery:
			req.Query.Set(name, valueOf(arg).text)
		case inBody:
			fields.place(strings.Split(name, "."), valueOf(arg))
		}
	}
	if hasBody {
		req.Body = body(fields)
	}
	return req
}

func (f *Function) part(p *Param) part {
	switch {
	case p.in != "":
		return p.in
	case f.Effect == EffectRead:
		return inQuery
	}
	return inBody
}

// place sets a member at a path of names, and adds missing objects.
func (v *value) place(path []string, to value) {
	if len(path) > 1 {
		if v.get(path[0]) == nil {
			v.set(path[0], objectValue())
		}
		v.get(path[0]).place(path[1:], to)
		return
	}
	v.set(path[0], to)
}

// atLeastOne returns a check that fails if only the arguments in but are given.
func atLeastOne(to string, but ...string) func(arguments) []string {
	return func(a arguments) []string {
		for name := range a {
			if !slices.Contains(but, name) {
				return nil
			}
		}
		text := "nothing to " + to + ", give at least one field"
		if len(but) > 0 {
			text += " besides " + strings.Join(but, " and ")
		}
		return []string{text}
	}
}

// exactlyOne returns a check that fails unless one of the arguments is given.
func exactlyOne(names ...string) func(arguments) []string {
	return func(a arguments) []string {
		n := 0
		for _, name := range names {
			if a.has(name) {
				n++
			}
		}
		if n == 1 {
			return nil
		}
		return []string{"give one of " + strings.Join(names, ", ") + ", and only one"}
	}
}

// pathParam returns a parameter for an id in the path.
func pathParam(name, description string) Param {
	return Param{Name: name, Kind: KindID, Required: true, in: inPath, Description: description}
}

// plainPageParams returns the parameters of lists that have no order.
func plainPageParams() []Param { return pageParams()[:2] }

func windowParams(of string) []Param {
	return []Param{
		{Name: "from", Kind: KindTime, Sample: "2026-01-01T00:00:00Z", Description: "Only " + of + " from this time on, in ISO 8601 format"},
		{Name: "to", Kind: KindTime, Sample: "2026-01-31T23:59:59Z", Description: "Only " + of + " up to this time, in ISO 8601 format"},
	}
}
