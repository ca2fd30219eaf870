package luabox

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// gopher-lua does not export which instruction it is about to run, how much room a table has or what lies on a stack, and
// without that a single instruction can take gigabytes: t[60000000] = 1, or s .. s .. s with long strings. The types
// below are views of its unexported ones, field by field in the same order; CheckLayout compares them, and New fails if
// they differ.
type (
	stateView struct {
		_            [3]unsafe.Pointer
		_            func(*lua.LState)
		_            bool
		_            lua.Options
		_            int32
		reg          *registryView
		_            any
		_            unsafe.Pointer
		currentFrame *frameView
		_            bool
		uvcache      *lua.Upvalue // the open ones
		_            bool
		_            unsafe.Pointer
		_            any
		_            unsafe.Pointer
	}
	registryView struct {
		array []lua.LValue
		top   int
		_     [2]int
		_     unsafe.Pointer
		_     any
	}
	frameView struct {
		_         int
		Fn        *lua.LFunction
		Parent    *frameView
		Pc        int
		_         int
		LocalBase int
		_         int
		NArgs     int
		_         int
		TailCall  int
	}
	tableView struct {
		Metatable lua.LValue
		array     []lua.LValue
		dict      map[lua.LValue]lua.LValue
		strdict   map[string]lua.LValue
		keys      []lua.LValue
		k2i       map[lua.LValue]int
	}
)

func viewState(L *lua.LState) *stateView { return (*stateView)(unsafe.Pointer(L)) }

func viewTable(t *lua.LTable) *tableView { return (*tableView)(unsafe.Pointer(t)) }

// capTailCalls bounds the number of tail calls that a frame has made. Only tracebacks use the number. gopher-lua makes one for
// every error that is caught, level by level, and after a second of "return f()" there are millions of levels.
func (v *stateView) capTailCalls() {
	const most = 20
	v.currentFrame.TailCall = min(v.currentFrame.TailCall, most)
}

// instruction returns what the state runs next. It is called after the interpreter has read the instruction and before it
// carries it out.
func (v *stateView) instruction() uint32 {
	f := v.currentFrame
	return f.Fn.Proto.Code[f.Pc-1]
}

// The parts of an instruction.
func opcode(inst uint32) int { return int(inst >> 26) }
func argA(inst uint32) int   { return int(inst>>18) & 0xff }
func argB(inst uint32) int   { return int(inst) & 0x1ff }
func argC(inst uint32) int   { return int(inst>>9) & 0x1ff }
func argBx(inst uint32) int  { return int(inst) & 0x3ffff }

// register returns R(i) of the running function.
func (v *stateView) register(i int) lua.LValue {
	return v.reg.array[v.currentFrame.LocalBase+i]
}

// registerOrConstant returns RK(i): the highest of its nine bits marks a constant.
func (v *stateView) registerOrConstant(i int) lua.LValue {
	const constant = 1 << 8
	if i&constant != 0 {
		return v.currentFrame.Fn.Proto.Constants[i&^constant]
	}
	return v.register(i)
}

// openEnd returns how many values OP_SETLIST or OP_VARARG moves, if the instruction does not say so itself.
func (v *stateView) openEnd(inst uint32) int {
	f := v.currentFrame
	switch {
	case argB(inst) != 0:
		return 0
	case opcode(inst) == lua.OP_VARARG:
		return max(f.NArgs-int(f.Fn.Proto.NumParameters), 0)
	}
	return max(v.reg.top-f.LocalBase-argA(inst)-1, 0)
}

// address returns where the value of an interface is in memory: an object, or a number that gopher-lua made.
func address(v lua.LValue) uintptr { return (*[2]uintptr)(unsafe.Pointer(&v))[1] }

// smallMaps is what Go's maps of names take for a table with at most 8 names. With more, a name takes mostName.
const (
	smallMaps = 720
	mostName  = 176
)

// prepare makes room for the first name of a table, and returns the bytes that an entry with a new key takes if it is the
// first. gopher-lua would make room for 32 names, which nobody could count afterwards.
func (t *tableView) prepare(key lua.LValue) int {
	const firstItem = 32 * valueSize
	switch key.(type) {
	case lua.LNumber:
		if t.array == nil {
			return firstItem
		}
	case lua.LString:
		if t.strdict == nil {
			t.strdict = make(map[string]lua.LValue)
			return smallMaps
		}
	}
	return 0
}

// bytes returns what the parts of a table take, by the number of names that it has ever had: a map never shrinks.
func (t *tableView) bytes() int {
	names := len(t.keys)
	n := TableSize(cap(t.array), names) - objectSize
	if t.dict != nil {
		n += smallMaps/2 + names*mostName/2
	}
	return n
}

// TableSize returns about how much memory a table with so many items and names takes, without these.
func TableSize(items, names int) int {
	n := objectSize + items*valueSize
	if names > 8 {
		return n + names*mostName
	} else if names > 0 {
		return n + smallMaps
	}
	return n
}

// Names returns how many names a table has had.
func Names(t *lua.LTable) int { return len(viewTable(t).keys) }

// limitMaps has table constructors make room for no more than 8 names at first, for the same reason.
func limitMaps(p *lua.FunctionProto) {
	const c, most = 0x1ff << 9, 8 << 9
	for i, inst := range p.Code {
		if opcode(inst) == lua.OP_NEWTABLE && inst&c > most {
			p.Code[i] = inst&^c | most
		}
	}
	for _, inner := range p.FunctionPrototypes {
		limitMaps(inner)
	}
}

// CheckLayout returns an error if the views do not fit the linked version of gopher-lua, so that no limit could be kept.
func CheckLayout() error { return checkLayout() }

var checkLayout = sync.OnceValue(func() error {
	state := reflect.TypeFor[lua.LState]()
	for _, view := range []struct{ theirs, ours reflect.Type }{
		{state, reflect.TypeFor[stateView]()},
		{pointee(state, "reg"), reflect.TypeFor[registryView]()},
		{pointee(state, "currentFrame"), reflect.TypeFor[frameView]()},
		{reflect.TypeFor[lua.LTable](), reflect.TypeFor[tableView]()},
	} {
		if err := sameLayout(view.theirs, view.ours); err != nil {
			return fmt.Errorf("the limits of scripts cannot be kept with this gopher-lua: %w; use v1.1.2", err)
		}
	}
	return nil
})

// pointee returns the type that a field points to.
func pointee(of reflect.Type, name string) reflect.Type {
	if f, ok := of.FieldByName(name); ok && f.Type.Kind() == reflect.Pointer {
		return f.Type.Elem()
	}
	return reflect.TypeFor[struct{}]()
}

func sameLayout(theirs, ours reflect.Type) error {
	if theirs.Size() != ours.Size() {
		return fmt.Errorf("%v has %d bytes, expected %d", theirs, theirs.Size(), ours.Size())
	}
	for i := range ours.NumField() {
		f := ours.Field(i)
		if f.Name == "_" {
			continue
		}
		g, ok := theirs.FieldByName(f.Name)
		if !ok || g.Offset != f.Offset || g.Type.Kind() != f.Type.Kind() || g.Type.Kind() != reflect.Pointer && g.Type != f.Type {
			return fmt.Errorf("field %s of %v is not where it was", f.Name, theirs)
		}
	}
	return nil
}
