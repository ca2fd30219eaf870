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

	spent  int // estimated bytes allocated since the heap was last measured
	next   int // measure when spent reaches this
	making int // bytes of values that functions of Go are making, which the script cannot reach yet
}

// errMemory ends a Run whose heap has outgrown Limits.Memory.
var errMemory = errors.New("memory limit exceeded")

// start makes ctx the context of the Run. Coroutines of earlier Runs are under it too. The returned function ends the
// watch on ctx, and waits until the watch of an ended ctx can no longer end a later Run.
func (m *meter) start(ctx context.Context) (stopWatching func()) {
	m.Context, m.failed, m.spent, m.making, m.next = ctx, nil, 0, 0, m.state.options.Limits.Memory/8
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
	stack  int // values that the stack of the thread had room for at its last call
}

func (m *meter) attach(L *lua.LState) {
	view := viewState(L)
	L.SetContext(&stepContext{meter: m, thread: L, view: view, stack: len(view.reg.array)})
}

// Done checks the next instruction before the interpreter carries it out. It raises the error of a Run that is over itself,
// since for one that the interpreter raises each pcall around it writes a traceback.
func (c *stepContext) Done() <-chan struct{} {
	if c.over.Load() {
		c.raiseEnd()
	}
	inst := c.view.instruction()
	op := opcode(inst)
	c.spent += prices[op]
	switch op {
	case lua.OP_CONCAT:
		c.checkConcat(inst)
	case lua.OP_SETTABLE, lua.OP_SETTABLEKS:
		c.checkSetTable(inst)
	case lua.OP_FORPREP:
		c.view.prepareFor(inst)
	case lua.OP_CALL:
		c.checkStack()
	case lua.OP_TAILCALL:
		c.view.capTailCalls()
		c.checkStack()
	case lua.OP_NEWTABLE:
		c.spent += valueSize*argB(inst) + entrySize*argC(inst)
	case lua.OP_SETLIST, lua.OP_VARARG:
		c.spent += 2 * valueSize * c.view.openEnd(inst)
	case lua.OP_CLOSURE:
		c.spent += upvalueSize * int(c.view.currentFrame.Fn.Proto.FunctionPrototypes[argBx(inst)].NumUpvalues)
	}
	if c.spent >= c.next && !c.measure(c.thread) {
		c.raiseEnd()
	}
	return nil
}

// raiseEnd raises the error that ends the Run.
func (m *meter) raiseEnd() {
	panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: lua.LString(m.Err().Error()), StackTrace: "-"})
}

// prices are the approximate bytes that instructions allocate, without allocations that depend on operands. They only decide
// when to measure the heap.
var prices = func() (p [64]int) {
	for op := range p {
		p[op] = 1
	}
	for op, bytes := range map[int]int{
		lua.OP_NEWTABLE: objectSize, lua.OP_SETTABLE: 48, lua.OP_SETTABLEKS: 48, lua.OP_SETGLOBAL: entrySize, lua.OP_SETLIST: 64,
		lua.OP_CLOSURE: objectSize, lua.OP_CALL: 64, lua.OP_TAILCALL: 64, lua.OP_VARARG: 64, lua.OP_CONCAT: 64,
		lua.OP_ADD: 8, lua.OP_SUB: 8, lua.OP_MUL: 8, lua.OP_DIV: 8, lua.OP_MOD: 8, lua.OP_POW: 8, lua.OP_UNM: 8, lua.OP_LEN: 8,
		lua.OP_FORLOOP: 16,
	} {
		p[op] = bytes
	}
	return p
}()

// checkConcat looks at R(B) .. … .. R(C) before it is made.
func (c *stepContext) checkConcat(inst uint32) {
	from, to := argB(inst), argC(inst)
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

// checkStack charges the growth of the stack.
func (c *stepContext) checkStack() {
	if n := len(c.view.reg.array); n > c.stack {
		c.spent += (n - c.stack) * valueSize
		c.stack = n
	}
}

// checkSetTable looks at R(A)[RK(B)] = … before it is done.
func (c *stepContext) checkSetTable(inst uint32) {
	into := c.view.register(argA(inst))
	key := c.view.registerOrConstant(argB(inst))
	t, isTable := into.(*lua.LTable)
	n, isNumber := key.(lua.LNumber)
	if isTable && (t.Metatable == lua.LNil || c.thread.GetMetaField(t, "__newindex") == lua.LNil) {
		if view := viewTable(t); isNumber && view.array == nil || view.strdict == nil {
			c.spent += view.prepare(key)
		}
		if n >= sparse {
			c.state.grow(c.thread, t, n)
		}
		return
	}
	c.checkEntry(into, key)
}

// checkEntry looks at the table that the entry reaches, past those whose metatables pass it on.
func (c *stepContext) checkEntry(into, key lua.LValue) {
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
		c.spent += viewTable(t).prepare(key)
		if n, ok := key.(lua.LNumber); ok {
			c.state.grow(c.thread, t, n)
		}
	}
}

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
	live := m.state.heap(L, limit) + m.making
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

// Make is Spend for a value that the script cannot reach yet: until the function of the host returns, or calls Made, these
// bytes count as held.
func (s *State) Make(L *lua.LState, bytes int) {
	if s.meter != nil {
		s.meter.making += bytes
		s.Spend(L, bytes)
	}
}

// Made says that the script can reach what was made, or that it is gone.
func (s *State) Made() {
	if s.meter != nil {
		s.meter.making = 0
	}
}

// spendText charges a text that a function made. It is for functions that have no State.
func spendText(L *lua.LState, text string) {
	if c, ok := L.Context().(*stepContext); ok {
		c.state.Spend(L, len(text))
	}
}

// spendMessage charges the message of an error, if the values on the top of the stack are false and a text: a message can
// quote a long one.
func spendMessage(L *lua.LState) {
	if text, ok := L.Get(-1).(lua.LString); ok && L.Get(-2) == lua.LFalse {
		spendText(L, string(text))
	}
}

// Ended reports whether the Run is over. Long-running functions check it now and then.
func (s *State) Ended() bool { return s.meter != nil && s.meter.over.Load() }

// CheckEnded raises an error if the Run is over.
func (s *State) CheckEnded(L *lua.LState) {
	if s.Ended() {
		s.meter.raiseEnd()
	}
}

// checkEnded is CheckEnded for functions that have no State.
func checkEnded(L *lua.LState) {
	if c, ok := L.Context().(*stepContext); ok {
		c.state.CheckEnded(L)
	}
}

// Sizes of Lua values in bytes, on a 64-bit machine.
const (
	valueSize   = 16
	numberSize  = 8
	objectSize  = 112      // an empty table, function or coroutine
	upvalueSize = 80       // a variable of a closure
	closureSize = 256      // a function of Go with what it needs
	entrySize   = 96       // an entry of a map, on average
	threadSize  = 48 << 10 // the stacks of a coroutine
	sharedText  = 32       // strings longer than this are counted once, wherever they are held
	blockSize   = 256      // gopher-lua makes room for 32 numbers at a time
)

// Held is Go data that a Lua value holds: the value of a userdata that is an upvalue of a function of the host, or a field of
// a table that scripts cannot reach. Bytes is what it counts for.
type Held struct {
	Bytes int
	Value any
}

// A heapCounter adds up the bytes of the values that a script can reach.
type heapCounter struct {
	bytes, limit int
	over         *atomic.Bool
	seen         map[uintptr]struct{} // of values, by address
	blocks       map[uintptr]struct{} // of numbers, by address
	block        uintptr              // the last one counted
	todo         []lua.LValue
}

// heap returns the bytes a script holds: everything reachable from its globals, its stacks and those of its coroutines. It
// stops counting beyond limit, and when the Run is over.
func (s *State) heap(L *lua.LState, limit int) int {
	c := heapCounter{limit: limit, over: &s.meter.over, seen: make(map[uintptr]struct{}), blocks: make(map[uintptr]struct{})}
	c.add(L.G.Registry)
	c.add(L.G.Global)
	c.add(L.G.MainThread)
	for ; L != nil; L = L.Parent {
		c.add(L)
	}
	for len(c.todo) > 0 && c.more() {
		last := len(c.todo) - 1
		v := c.todo[last]
		c.todo = c.todo[:last]
		c.inside(v)
	}
	return c.bytes
}

// add counts a value itself; its contents are counted later.
func (c *heapCounter) add(v lua.LValue) {
	switch text := v.(type) {
	case lua.LString:
		size := len(text) + valueSize
		if len(text) <= sharedText || c.first(uintptr(unsafe.Pointer(unsafe.StringData(string(text))))) {
			c.bytes += size
		}
	case lua.LNumber:
		c.number(address(v) &^ (blockSize - 1))
	case *lua.LTable, *lua.LFunction, *lua.LState, *lua.LUserData:
		if c.first(address(v)) {
			c.bytes += objectSize
			c.todo = append(c.todo, v)
		}
	}
}

// more reports whether counting goes on: neither beyond the limit, nor after the Run.
func (c *heapCounter) more() bool { return c.bytes <= c.limit && !c.over.Load() }

// first reports whether the value at an address has not been counted yet.
func (c *heapCounter) first(at uintptr) bool {
	n := len(c.seen)
	c.seen[at] = struct{}{}
	return len(c.seen) > n
}

// number counts a block of numbers: one of them keeps it in memory.
func (c *heapCounter) number(block uintptr) {
	if block == c.block {
		return
	}
	c.block = block
	if _, seen := c.blocks[block]; !seen {
		c.blocks[block] = struct{}{}
		c.bytes += blockSize
	}
}

func (c *heapCounter) inside(v lua.LValue) {
	switch v := v.(type) {
	case *lua.LTable:
		t := viewTable(v)
		c.bytes += t.bytes()
		c.add(t.Metatable)
		c.addAll(t.array[:cap(t.array)]) // removed entries are kept
		c.addAll(t.keys)                 // and their names
		for _, item := range t.dict {
			if c.add(item); !c.more() {
				return
			}
		}
		for _, item := range t.strdict {
			if c.add(item); !c.more() {
				return
			}
		}
	case *lua.LFunction:
		c.bytes += len(v.Upvalues) * upvalueSize
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
		if h, ok := v.Value.(*Held); ok {
			c.bytes += h.Bytes
		}
	}
}

func (c *heapCounter) addAll(values []lua.LValue) {
	for i, v := range values {
		if v != nil {
			c.add(v)
		}
		if i&255 == 0 && !c.more() {
			return
		}
	}
}
