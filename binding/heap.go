package binding

import (
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// Sizes of what a script makes, in bytes, as they are on a 64-bit machine.
const (
	valueSize  = 16
	objectSize = 112      // of a table, a function, a coroutine, before what it holds
	entrySize  = 96       // of a map, with the room it keeps free and the entry in the order of keys
	threadSize = 48 << 10 // a coroutine's own stacks
	sharedText = 32       // strings longer than this are counted once, wherever they are held
)

// A census adds up what a script can reach.
type census struct {
	bytes, limit int
	seen         map[unsafe.Pointer]struct{}
	todo         []lua.LValue
}

// heap gives the bytes a script holds: everything reachable from its globals, its stacks and those of its coroutines. It
// stops counting beyond limit, and when the run is over.
func (s *session) heap(L *lua.LState, limit int) int {
	c := census{limit: limit, seen: make(map[unsafe.Pointer]struct{})}
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

// add counts a value itself; what it holds is counted later.
func (c *census) add(v lua.LValue) {
	var at unsafe.Pointer
	switch v := v.(type) {
	case lua.LString:
		if len(v) > sharedText {
			p := unsafe.Pointer(unsafe.StringData(string(v)))
			if _, ok := c.seen[p]; ok {
				return
			}
			c.seen[p] = struct{}{}
		}
		c.bytes += len(v) + valueSize
		return
	case *lua.LTable:
		at = unsafe.Pointer(v)
	case *lua.LFunction:
		at = unsafe.Pointer(v)
	case *lua.LState:
		at = unsafe.Pointer(v)
	case *lua.LUserData:
		at = unsafe.Pointer(v)
	case lua.LNumber:
		c.bytes += 8
	}
	if at == nil {
		return
	}
	if _, ok := c.seen[at]; !ok {
		c.seen[at] = struct{}{}
		c.bytes += objectSize
		c.todo = append(c.todo, v)
	}
}

func (c *census) inside(v lua.LValue) {
	switch v := v.(type) {
	case *lua.LTable:
		t := viewTable(v)
		c.bytes += cap(t.array)*valueSize + (len(t.dict)+len(t.strdict)+len(t.keys))*entrySize
		c.add(t.metatable)
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
		for f := t.currentFrame; f != nil; f = f.parent {
			c.add(f.fn)
		}
	case *lua.LUserData:
		c.add(v.Metatable)
	}
}

func (c *census) addAll(values []lua.LValue) {
	for _, v := range values {
		if v != nil {
			c.add(v)
		}
		if c.bytes > c.limit {
			return
		}
	}
}
