package binding

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

func newNull(L *lua.LState) *lua.LUserData {
	mt := L.CreateTable(0, 2)
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString("null"))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString("null"))
	return &lua.LUserData{Value: nullMark{}, Metatable: mt}
}

// jsonLibrary makes the global json: encode(v [, {pretty = true}]), decode(s), array(t), null.
func (s *session) jsonLibrary(L *lua.LState) *lua.LTable {
	t := L.NewTable()
	for name, f := range map[string]func(*lua.LState) (lua.LValue, *ScriptError){
		"encode": s.jsonEncode, "decode": s.jsonDecode, "array": s.jsonArray,
	} {
		t.RawSetString(name, L.NewFunction(s.guard("json."+name, f)))
	}
	t.RawSetString("null", s.null)
	return t
}

func jsonError(format string, args ...any) *ScriptError {
	return &ScriptError{Type: TypeInvalidArguments, Message: fmt.Sprintf(format, args...)}
}

func (s *session) jsonEncode(L *lua.LState) (lua.LValue, *ScriptError) {
	limit := s.runner.limits.String
	r := newReader(limit)
	r.ended = s.box.Ended
	tree, err := r.value(L.CheckAny(1))
	err = within("value", err)
	s.box.CheckEnded(L)
	if errors.Is(err, errTooLarge) {
		return nil, s.scriptError(s.box.TooLong("json.encode"))
	} else if errors.Is(err, errTooMany) {
		return nil, limitExceeded("json.encode: %v", err)
	} else if err != nil {
		return nil, jsonError("json.encode: %v", err)
	}
	text := appendJSON(nil, &tree)
	if options, ok := L.Get(2).(*lua.LTable); ok && lua.LVAsBool(options.RawGetString("pretty")) {
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, text, "", "  "); err != nil {
			return nil, jsonError("json.encode: %v", err)
		}
		text = pretty.Bytes()
	}
	if len(text) > limit {
		return nil, s.scriptError(s.box.TooLong("json.encode"))
	}
	s.box.Spend(L, len(text))
	return lua.LString(text), nil
}

func (s *session) jsonDecode(L *lua.LState) (lua.LValue, *ScriptError) {
	tree, err := decodeUntil([]byte(L.CheckString(1)), s.box.Ended)
	s.box.CheckEnded(L)
	if errors.Is(err, errTooMany) {
		return nil, limitExceeded("json.decode: %v", err)
	} else if err != nil {
		return nil, jsonError("json.decode: %v", err)
	}
	if tree.null() {
		return s.null, nil
	}
	v := s.toLua(L, &tree)
	s.box.Spend(L, 2*len(L.CheckString(1)))
	return v, nil
}

// jsonArray marks a table, which is empty or a list, as a JSON array.
func (s *session) jsonArray(L *lua.LState) (lua.LValue, *ScriptError) {
	t := L.OptTable(1, L.NewTable())
	if t.Metatable != lua.LNil && !isArray(t) {
		return nil, jsonError("json.array: the table has a metatable")
	}
	t.Metatable = s.array
	return t, nil
}
