package luabox

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// nameOperand returns the message of an error of gopher-lua's for a value that cannot be called or indexed as Lua 5.1 writes it,
// with the name of the value, and a hint if the sandbox lacks what has that name. It returns other messages as they are. The
// state has just raised the error.
func nameOperand(L *lua.LState, message string) (text, hint string) {
	call := message == "attempt to call a non-function object"
	v := viewState(L)
	if f := v.currentFrame; f == nil || f.Fn.IsG || f.Pc < 1 || !call && !strings.HasPrefix(message, "attempt to index a non-table object(") {
		return message, ""
	}
	inst := v.instruction()
	register := argA(inst)
	switch op := opcode(inst); {
	case call != (op == lua.OP_CALL || op == lua.OP_TAILCALL):
		return message, "" // in a metamethod
	case op == lua.OP_GETTABLE, op == lua.OP_GETTABLEKS, op == lua.OP_SELF:
		register = argB(inst)
	}
	kind, path := operand(v.currentFrame.Fn, register, v.currentFrame.Pc-1)
	name := path[strings.LastIndex(path, ".")+1:]
	verb := "index"
	if call {
		verb = "call"
	}
	text = fmt.Sprintf("attempt to %s a %s value", verb, v.register(register).Type())
	if name != "" {
		text = fmt.Sprintf("attempt to %s %s '%s' (a %s value)", verb, kind, name, v.register(register).Type())
	}
	if v.register(register) == lua.LNil && isRemoved(path) {
		hint = path + " is not available in the sandbox"
	}
	return text, hint
}

// removed are the names of Lua 5.1 that scripts may not use, beside the functions of os, debug and io.
var removed = []string{
	"collectgarbage", "dofile", "getfenv", "io", "load", "loadfile", "loadstring", "module", "newproxy", "package", "require", "setfenv", "string.dump",
}

func isRemoved(path string) bool {
	library, _, inLibrary := strings.Cut(path, ".")
	return slices.Contains(removed, path) || inLibrary && (library == "os" || library == "debug")
}

// operand names the value in a register just before an instruction: what it is ("global", "local", "upvalue", "field", "method") and its
// path, such as os.exit, whose beginning may be missing. It returns "" if the code does not tell.
func operand(fn *lua.LFunction, register, pc int) (kind, path string) {
	if name := local(fn.Proto, register, pc); name != "" {
		return "local", name
	}
	for pc--; pc >= 0; pc-- {
		inst := fn.Proto.Code[pc]
		op, a, b, c := opcode(inst), argA(inst), argB(inst), argC(inst)
		switch op {
		case lua.OP_JMP, lua.OP_EQ, lua.OP_LT, lua.OP_LE, lua.OP_TEST, lua.OP_TESTSET, lua.OP_FORLOOP, lua.OP_FORPREP, lua.OP_TFORLOOP:
			return "", "" // it may come from elsewhere
		case lua.OP_CALL, lua.OP_VARARG, lua.OP_LOADNIL:
			if a <= register {
				return "", ""
			}
		case lua.OP_SETGLOBAL, lua.OP_SETUPVAL, lua.OP_SETTABLE, lua.OP_SETTABLEKS, lua.OP_SETLIST, lua.OP_CLOSE, lua.OP_NOP:
		default:
			if a != register {
				continue
			}
			return loaded(fn, op, b, c, argBx(inst), pc)
		}
	}
	return "", ""
}

// local returns the name of the local variable in a register, "" if there is none. gopher-lua writes where a variable ends into
// the entry with the number of its register, so the entries are right only if no two variables share a register.
func local(p *lua.FunctionProto, register, pc int) string {
	if slices.ContainsFunc(p.DbgLocals, func(v *lua.DbgLocalInfo) bool { return v.EndPc == 0 }) || register >= len(p.DbgLocals) {
		return ""
	}
	if v := p.DbgLocals[register]; v.StartPc <= pc && pc < v.EndPc {
		return v.Name
	}
	return ""
}

// loaded names the value that an instruction with these operands loads.
func loaded(fn *lua.LFunction, op, b, c, bx, pc int) (kind, path string) {
	switch op {
	case lua.OP_MOVE, lua.OP_MOVEN:
		if name := local(fn.Proto, b, pc); name != "" {
			return "local", name
		}
	case lua.OP_GETGLOBAL:
		return "global", lua.LVAsString(fn.Proto.Constants[bx])
	case lua.OP_GETUPVAL:
		if b < len(fn.Proto.DbgUpvalues) {
			return "upvalue", fn.Proto.DbgUpvalues[b]
		}
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS, lua.OP_SELF:
		const constants = 1 << 8
		if c < constants {
			return "", "" // a key that is computed
		}
		key, ok := fn.Proto.Constants[c-constants].(lua.LString)
		if !ok {
			return "", ""
		}
		kind = "field"
		if op == lua.OP_SELF {
			kind = "method"
		}
		if base, of := operand(fn, b, pc); base == "global" || base == "field" {
			return kind, of + "." + string(key)
		}
		return kind, "?." + string(key)
	}
	return "", ""
}
