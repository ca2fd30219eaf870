package luabox

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// A meter counts the resources of the current Run. The interpreter calls it before every instruction, and library functions
// while they work, always in the goroutine that runs the script.
type meter struct {
	context.Context // of the Run
	state           *State
	over            atomic.Bool // the Run must end; the context says why, or failed
	failed          *Error      // set before over if the memory limit is exceeded

	spent int // estimated bytes allocated since the heap was last measured
	next  int // measure when spent reaches this
}

// errMemory ends a Run whose heap has outgrown Limits.Memory.
var errMemory = errors.New("memory limit exceeded")

// start makes ctx the context of the Run. Coroutines of earlier Runs are under it too. The returned function ends the
// watch on ctx, and waits until the watch of an ended ctx can no longer end a later Run.
func (m *meter) start(ctx context.Context) (stopWatching func()) {
	m.Context, m.failed, m.spent, m.next = ctx, nil, 0, m.state.options.Limits.Memory/8
	m.over.Store(false)
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		m.over.Store(true)
		close(ended)
	})
	return func() {
		if !stop() {
			<-ended
		}
	}
}

// Err says why the Run must end.
func (m *meter) Err() error {
	if err := m.Context.Err(); err != nil {
		return err
	}
	if m.over.Load() {
		return errMemory
	}
	return nil
}

// A stepContext is the meter as the context of one Lua state: that of the script or of a coroutine. gopher-lua checks
// the context of a state before each instruction, which is the only hook it has.
type stepContext struct {
	*meter
	thread *lua.LState
	view   *stateView
}

func (m *meter) attach(L *lua.LState) {
	L.SetContext(&stepContext{meter: m, thread: L, view: viewState(L)})
}

var closed = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done checks the next instruction before the interpreter carries it out.
func (c *stepContext) Done() <-chan struct{} {
	if c.over.Load() {
		return closed
	}
	inst := c.view.instruction()
	op := inst >> 26
	c.spent += prices[op]
	switch op {
	case uint32(lua.OP_CONCAT):
		c.checkConcat(inst)
	case uint32(lua.OP_SETTABLE), uint32(lua.OP_SETTABLEKS):
		c.checkSetTable(inst)
	case uint32(lua.OP_FORPREP):
		c.view.prepareFor(inst)
	case uint32(lua.OP_TAILCALL):
		c.view.capTailCalls()
	case uint32(lua.OP_NEWTABLE):
		c.spent += valueSize*int(inst&0x1ff) + entrySize*(int(inst>>9)&0x1ff)
	}
	if c.spent >= c.next && !c.measure(c.thread) {
		return closed
	}
	return nil
}

// prices are the approximate bytes that instructions allocate, without allocations that depend on operands. They only decide
// when to measure the heap.
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

// checkConcat looks at R(B) .. … .. R(C) before it is made.
func (c *stepContext) checkConcat(inst uint32) {
	from, to := int(inst&0x1ff), int(inst>>9)&0x1ff
	total := 0
	for i := from; i <= to; i++ {
		if text, ok := c.view.register(i).(lua.LString); ok {
			total += len(text)
		}
	}
	if s := c.state; total > s.options.Limits.String {
		s.Raise(c.thread, s.TooLong(".."))
	}
	c.spent += total
	c.view.writeNumbers(from, to)
}

// checkSetTable looks at R(A)[RK(B)] = … before it is done.
func (c *stepContext) checkSetTable(inst uint32) {
	into := c.view.register(int(inst>>18) & 0xff)
	key, ok := c.view.registerOrConstant(int(inst & 0x1ff)).(lua.LNumber)
	if t, isTable := into.(*lua.LTable); isTable {
		switch v := viewTable(t); {
		case ok && v.array == nil:
			c.spent += firstItem
		case !ok && v.strdict == nil:
			c.spent += firstName
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
		next := c.thread.GetMetaField(into, "__newindex")
		if next == lua.LNil || next.Type() == lua.LTFunction {
			break
		}
		into = next
	}
	if t, ok := into.(*lua.LTable); ok {
		c.state.grow(c.thread, t, key)
	}
}

// The bytes that gopher-lua allocates for the first item, and for the first name, of a table.
const (
	firstItem = 32 * valueSize
	firstName = 24 * entrySize
)

// sparse is the first index at which the gap before an entry is counted.
const sparse = 1 << 10

// grow raises an error if an entry of t at key exceeds the memory limit: the list part of a table reaches to its highest
// index, with 16 bytes per entry, even if most are nil.
func (s *State) grow(L *lua.LState, t *lua.LTable, key lua.LNumber) {
	if !(key >= sparse && key < lua.LNumber(lua.MaxArrayIndex)) || s.meter == nil {
		return
	}
	gap := int(key) - len(viewTable(t).array)
	if gap < sparse {
		return
	}
	limit, need := s.options.Limits.Memory, gap*16
	if need > limit/8 {
		live := 0
		if need <= limit {
			live = s.heap(L, limit)
		}
		if live+need > limit {
			s.Raise(L, &Error{
				Kind:    KindLimit,
				Message: fmt.Sprintf("an entry at [%d] makes a list of %d entries, which takes %d MB; a script has %d MB", int(key), int(key), need>>20, limit>>20),
				Hint:    "use the id as text: t[tostring(id)]",
			})
		}
	}
	s.meter.spent += need
}

// measure compares the heap with the limit, and reports whether the Run may go on.
func (m *meter) measure(L *lua.LState) bool {
	limit := m.state.options.Limits.Memory
	live := m.state.heap(L, limit)
	if live > limit {
		m.failed = &Error{
			Kind: KindLimit, Where: Where(L),
			Message: fmt.Sprintf("The script holds more than %d bytes in memory.", limit),
			Hint:    "keep less data at a time",
		}
		m.over.Store(true)
		return false
	}
	m.spent, m.next = 0, max(limit/8, live/2)
	return true
}

// Spend counts bytes that a function of the host made, or is about to make, for the script. It raises an error if the Run
// is over.
func (s *State) Spend(L *lua.LState, bytes int) {
	m := s.meter
	if m == nil {
		return
	}
	if m.spent += bytes; m.spent >= m.next {
		m.measure(L)
	}
	s.CheckEnded(L)
}

// Ended reports whether the Run is over. Long-running functions check it now and then.
func (s *State) Ended() bool { return s.meter != nil && s.meter.over.Load() }

// CheckEnded raises an error if the Run is over.
func (s *State) CheckEnded(L *lua.LState) {
	if s.Ended() {
		L.RaiseError("%s", s.meter.Err().Error())
	}
}

// Sizes of Lua values in bytes, on a 64-bit machine.
const (
	valueSize  = 16
	objectSize = 112      // an empty table, function or coroutine
	entrySize  = 96       // an entry of a map, with free capacity and its place in the order of keys
	threadSize = 48 << 10 // the stacks of a coroutine
	sharedText = 32       // strings longer than this are counted once, wherever they are held
)

// A heapCounter adds up the bytes of the values that a script can reach.
type heapCounter struct {
	bytes, limit int
	seen         map[any]struct{} // of values by identity
	todo         []lua.LValue
}

// heap returns the bytes a script holds: everything reachable from its globals, its stacks and those of its coroutines. It
// stops counting beyond limit, and when the Run is over.
func (s *State) heap(L *lua.LState, limit int) int {
	c := heapCounter{limit: limit, seen: make(map[any]struct{})}
	c.add(L.G.Registry)
	c.add(L.G.Global)
	c.add(L.G.MainThread)
	for ; L != nil; L = L.Parent {
		c.add(L)
	}
	for n := 0; len(c.todo) > 0 && c.bytes <= limit; n++ {
		if n&1023 == 0 && s.meter.over.Load() {
			break
		}
		last := len(c.todo) - 1
		v := c.todo[last]
		c.todo = c.todo[:last]
		c.inside(v)
	}
	return c.bytes
}

// add counts a value itself; its contents are counted later.
func (c *heapCounter) add(v lua.LValue) {
	var id any = v
	size := objectSize
	switch v := v.(type) {
	case lua.LString:
		if size = len(v) + valueSize; len(v) <= sharedText {
			c.bytes += size
			return
		}
		id = unsafe.StringData(string(v))
	case lua.LNumber:
		c.bytes += 8
		return
	case *lua.LTable, *lua.LFunction, *lua.LState, *lua.LUserData:
	default:
		return
	}
	if _, ok := c.seen[id]; !ok {
		c.seen[id] = struct{}{}
		c.bytes += size
		c.todo = append(c.todo, v)
	}
}

func (c *heapCounter) inside(v lua.LValue) {
	switch v := v.(type) {
	case *lua.LTable:
		t := viewTable(v)
		c.bytes += cap(t.array)*valueSize + (len(t.dict)+len(t.strdict)+len(t.keys))*entrySize
		c.add(t.Metatable)
		c.addAll(t.array)
		c.addAll(t.keys) // those of removed entries are kept too
		for _, item := range t.dict {
			c.add(item)
		}
		for _, item := range t.strdict {
			c.add(item)
		}
	case *lua.LFunction:
		c.bytes += len(v.Upvalues) * 64
		c.add(v.Env)
		for _, up := range v.Upvalues {
			if up != nil {
				c.add(up.Value())
			}
		}
	case *lua.LState:
		t := viewState(v)
		c.bytes += threadSize + cap(t.reg.array)*valueSize
		c.addAll(t.reg.array)
		for f := t.currentFrame; f != nil; f = f.Parent {
			c.add(f.Fn)
		}
	case *lua.LUserData:
		c.add(v.Metatable)
	}
}

func (c *heapCounter) addAll(values []lua.LValue) {
	for _, v := range values {
		if v != nil {
			c.add(v)
		}
		if c.bytes > c.limit {
			return
		}
	}
}
