package binding

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	lua "github.com/yuin/gopher-lua"
)

// A meter holds what a run may use. It is looked at before every instruction of the script, and by library functions
// while they work, always in the goroutine that runs the script.
type meter struct {
	context.Context // of the run; requests get it
	session         *session
	over            atomic.Bool  // the run must end; the context says why, or failed
	failed          *ScriptError // set before over if the memory is spent
	stop            func() bool  // ends the watch on the context

	spent int // bytes asked for since the heap was measured, estimated
	next  int // measure when spent reaches this
}

// errMemory ends a run whose heap has outgrown Limits.Memory.
var errMemory = errors.New("memory limit exceeded")

func newMeter(ctx context.Context, s *session) *meter {
	m := &meter{Context: ctx, session: s, next: s.runner.limits.Memory / 8}
	m.stop = context.AfterFunc(ctx, func() { m.over.Store(true) })
	return m
}

// renew makes it the meter of the next input of a shell. Coroutines of earlier ones are under it too. Its stop waits for
// the end of the watch, which must not end the input after.
func (m *meter) renew(ctx context.Context) {
	m.Context, m.failed, m.spent = ctx, nil, 0
	m.over.Store(false)
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		m.over.Store(true)
		close(ended)
	})
	m.stop = func() bool {
		if stop() {
			return true
		}
		<-ended
		return false
	}
}

// Err says why the run must end.
func (m *meter) Err() error {
	if err := m.Context.Err(); err != nil {
		return err
	}
	if m.over.Load() {
		return errMemory
	}
	return nil
}

// A probe is the meter as the context of one state: that of the script or of a coroutine. gopher-lua asks a state's
// context whether it is done before each instruction, which is the only place where one can step in.
type probe struct {
	*meter
	state *lua.LState
	view  *stateView
}

func (m *meter) watch(L *lua.LState) { L.SetContext(&probe{meter: m, state: L, view: viewState(L)}) }

var closed = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done is called before each instruction. It is the machine's, not a context for anything else.
func (p *probe) Done() <-chan struct{} {
	if p.over.Load() {
		return closed
	}
	inst := p.view.instruction()
	op := inst >> 26
	p.spent += prices[op]
	switch op {
	case uint32(lua.OP_CONCAT):
		p.concat(inst)
	case uint32(lua.OP_SETTABLE), uint32(lua.OP_SETTABLEKS):
		p.setTable(inst)
	case uint32(lua.OP_TAILCALL):
		p.view.forgetTailCalls()
	case uint32(lua.OP_NEWTABLE):
		p.spent += valueSize*int(inst&0x1ff) + entrySize*(int(inst>>9)&0x1ff)
	}
	if p.spent >= p.next && !p.measure(p.state) {
		return closed
	}
	return nil
}

// prices are what instructions take of memory, about: they only decide when to measure. What depends on the operands
// is added to them.
var prices = func() (p [64]int) {
	for op := range p {
		p[op] = 1
	}
	for op, bytes := range map[int]int{
		lua.OP_NEWTABLE: objectSize, lua.OP_SETTABLE: 48, lua.OP_SETTABLEKS: 48, lua.OP_SETGLOBAL: entrySize, lua.OP_SETLIST: 64,
		lua.OP_CLOSURE: 256, lua.OP_CALL: 64, lua.OP_TAILCALL: 64, lua.OP_VARARG: 256, lua.OP_CONCAT: 64,
		lua.OP_ADD: 8, lua.OP_SUB: 8, lua.OP_MUL: 8, lua.OP_DIV: 8, lua.OP_MOD: 8, lua.OP_POW: 8, lua.OP_UNM: 8, lua.OP_LEN: 8,
		lua.OP_FORLOOP: 16,
	} {
		p[op] = bytes
	}
	return p
}()

// concat looks at R(B) .. … .. R(C) before it is made.
func (p *probe) concat(inst uint32) {
	from, to := int(inst&0x1ff), int(inst>>9)&0x1ff
	total := 0
	for i := from; i <= to; i++ {
		if text, ok := p.view.register(i).(lua.LString); ok {
			total += len(text)
		}
	}
	if s := p.session; total > s.runner.limits.String {
		s.raise(p.state, s.tooLong(".."))
	}
	p.spent += total
}

// setTable looks at R(A)[RK(B)] = … before it is done.
func (p *probe) setTable(inst uint32) {
	into := p.view.register(int(inst>>18) & 0xff)
	key, ok := p.view.registerOrConstant(int(inst & 0x1ff)).(lua.LNumber)
	if t, isTable := into.(*lua.LTable); isTable {
		switch v := viewTable(t); {
		case ok && v.array == nil:
			p.spent += firstItem
		case !ok && v.strdict == nil:
			p.spent += firstName
		}
	}
	if !ok || !(key >= sparse) {
		return
	}
	for range lua.MaxTableGetLoop {
		t, isTable := into.(*lua.LTable)
		if isTable && (t.Metatable == lua.LNil || t.RawGet(key) != lua.LNil) {
			break
		}
		next := p.state.GetMetaField(into, "__newindex")
		if next == lua.LNil || next.Type() == lua.LTFunction {
			break
		}
		into = next
	}
	if t, ok := into.(*lua.LTable); ok {
		p.session.grow(p.state, t, key)
	}
}

// What gopher-lua sets aside when a table gets its first item, or its first name.
const (
	firstItem = 32 * valueSize
	firstName = 24 * entrySize
)

// sparse is the index from which on a gap before it is counted.
const sparse = 1 << 10

// grow raises if t cannot have an entry at key within the run's memory: a table's list part reaches to its highest
// index, 16 bytes an entry, whether there is anything between or not.
func (s *session) grow(L *lua.LState, t *lua.LTable, key lua.LNumber) {
	if !(key >= sparse && key < lua.LNumber(lua.MaxArrayIndex)) || s.meter == nil {
		return
	}
	gap := int(key) - len(viewTable(t).array)
	if gap < sparse {
		return
	}
	limit, need := s.runner.limits.Memory, gap*16
	if need > limit/8 {
		live := 0
		if need <= limit {
			live = s.heap(L, limit)
		}
		if live+need > limit {
			s.raise(L, &ScriptError{
				Type:    TypeLimitExceeded,
				Message: fmt.Sprintf("an entry at [%d] makes a list of %d entries, which takes %d MB; a script has %d MB", int(key), int(key), need>>20, limit>>20),
				Hint:    "use the id as text: t[tostring(id)]",
			})
		}
	}
	s.meter.spent += need
}

// measure compares the heap with the limit, and says whether the run may go on.
func (m *meter) measure(L *lua.LState) bool {
	limit := m.session.runner.limits.Memory
	live := m.session.heap(L, limit)
	if live > limit {
		m.failed = &ScriptError{
			Type: TypeLimitExceeded, Where: where(L),
			Message: fmt.Sprintf("The script holds more than %d bytes in memory.", limit),
			Hint:    "let it keep less at a time",
		}
		m.over.Store(true)
		return false
	}
	m.spent, m.next = 0, max(limit/8, live/2)
	return true
}

// spend is for library functions that made or are about to make so many bytes. It raises if the run is over.
func (s *session) spend(L *lua.LState, bytes int) {
	m := s.meter
	if m == nil {
		return
	}
	if m.spent += bytes; m.spent >= m.next {
		m.measure(L)
	}
	s.alive(L)
}

// ended reports whether the run is over.
func (s *session) ended() bool { return s.meter != nil && s.meter.over.Load() }

// alive raises if the run is over: for library functions that work for long.
func (s *session) alive(L *lua.LState) {
	if m := s.meter; m != nil && m.over.Load() {
		L.RaiseError("%s", m.Err().Error())
	}
}
