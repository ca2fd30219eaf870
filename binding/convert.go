package binding

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/internal/luabox"
)

// nullMark is the value of json.null.
type nullMark struct{}

func isNull(v lua.LValue) bool {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return false
	}
	_, ok = u.Value.(nullMark)
	return ok
}

// arrayMark is the __metatable of tables that are JSON arrays even when empty.
const arrayMark = "array"

// lockMark is the __metatable of app and its namespaces.
const lockMark = "locked"

// marked reports whether the metatable of a table has a mark.
func marked(t *lua.LTable, mark string) bool {
	mt, ok := t.Metatable.(*lua.LTable)
	return ok && mt.RawGetString("__metatable") == lua.LString(mark)
}

func isArray(t *lua.LTable) bool { return marked(t, arrayMark) }

// newArrayMark makes the metatable that all arrays of a state share.
func newArrayMark(L *lua.LState) *lua.LTable {
	mt := L.NewTable()
	mt.RawSetString("__metatable", lua.LString(arrayMark))
	return mt
}

// toLua converts v to new tables, and charges them. A null member of an object is absent; a null in an array is json.null, so
// that the items after it keep their index; an integer that a Lua number would round is a string of its digits.
func (s *session) toLua(L *lua.LState, v *value) lua.LValue {
	m := maker{s: s, L: L}
	made := m.value(v)
	s.box.Make(L, m.bytes)
	return made
}

// A maker makes Lua values.
type maker struct {
	s     *session
	L     *lua.LState
	bytes int // made and not charged yet
}

func (m *maker) value(v *value) lua.LValue {
	switch v.kind {
	case kindBool:
		return lua.LBool(v.text == "true")
	case kindNumber:
		n, literal := v.number()
		if literal != "" {
			return m.text(literal)
		}
		return lua.LNumber(n)
	case kindString:
		return m.text(v.text)
	case kindArray:
		m.count(luabox.TableSize(len(v.list), 0))
		t := m.L.CreateTable(len(v.list), 0)
		t.Metatable = m.s.array
		for i := range v.list {
			item := m.value(&v.list[i])
			if item == lua.LNil {
				item = m.s.null
			}
			t.RawSetInt(i+1, item)
		}
		return t
	case kindObject:
		n := 0
		for i := range v.members {
			if v.members[i].value.kind != kindNull {
				n++
			}
		}
		m.count(luabox.TableSize(0, n))
		t := m.object(v, n)
		if names := luabox.Names(t); names < n { // a name twice: no more room than names
			t = m.object(v, names)
		}
		return t
	}
	return lua.LNil
}

// object makes a table with room for n names.
func (m *maker) object(v *value, n int) *lua.LTable {
	t := m.L.CreateTable(0, n)
	for i := range v.members {
		member := &v.members[i]
		m.bytes += len(member.name) + 16
		t.RawSetString(member.name, m.value(&member.value))
	}
	return t
}

func (m *maker) text(text string) lua.LValue {
	m.count(len(text) + 16)
	return lua.LString(text)
}

// count charges what is made, some of it at a time.
func (m *maker) count(bytes int) {
	const part = 64 << 10
	if m.bytes += bytes; m.bytes >= part {
		m.s.box.Make(m.L, m.bytes)
		m.bytes = 0
	}
}

// fromGo converts a value that encoding/json can write.
func (s *session) fromGo(L *lua.LState, v any) (lua.LValue, error) {
	if text, ok := v.(string); ok {
		return lua.LString(text), nil // unchanged, even if it is not UTF-8
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	tree, err := decodeUntil(data, s.box.Ended)
	if err != nil {
		return nil, err
	}
	return s.toLua(L, &tree), nil
}

// errTooLarge ends a conversion whose result would exceed its limit. The size is known only while converting: a table that
// contains another twice, which contains another twice, is small in Lua and endless in JSON.
var errTooLarge = errors.New("the value is too large")

// errTooMany ends a conversion of values that are small as JSON and large in memory.
var errTooMany = fmt.Errorf("there are more than %d values", maxValues)

// A misfit is the error for a Lua value that JSON cannot represent. Its position is put in front on the way out.
type misfit string

func (m misfit) Error() string { return string(m) }

func misfitf(format string, args ...any) error { return misfit(fmt.Sprintf(format, args...)) }

func within(at string, err error) error {
	if m, ok := err.(misfit); ok {
		return misfit(at) + m
	}
	return err
}

// errEnded ends a conversion when its run is over.
var errEnded = errors.New("the run is over")

// A reader turns Lua values into JSON values.
type reader struct {
	left   int                  // bytes left
	values int                  // produced
	open   map[*lua.LTable]bool // the tables around the current value
	ended  func() bool          // nil: there is no deadline
}

func newReader(limit int, ended func() bool) *reader {
	return &reader{left: limit, open: make(map[*lua.LTable]bool), ended: ended}
}

func (r *reader) value(v lua.LValue) (value, error) {
	switch v := v.(type) {
	case *lua.LNilType:
		return value{}, r.spend(len("null"))
	case lua.LBool:
		return valueOf(bool(v)), r.spend(len("false"))
	case lua.LNumber:
		text, err := numberText(float64(v))
		if err != nil {
			return value{}, err
		}
		return value{kind: kindNumber, text: text}, r.spend(len(text))
	case lua.LString:
		if err := r.spend(len(v) + 2); err != nil {
			return value{}, err
		} else if !utf8.ValidString(string(v)) {
			return value{}, misfitf(" is not valid UTF-8")
		}
		return valueOf(string(v)), nil
	case *lua.LTable:
		return r.table(v)
	}
	if isNull(v) {
		return value{}, r.spend(len("null"))
	}
	return value{}, misfitf(" is a %s, which JSON cannot hold", v.Type())
}

func (r *reader) spend(n int) error {
	if r.values++; r.values > maxValues {
		return errTooMany
	}
	if r.values&1023 == 0 && r.ended != nil && r.ended() {
		return errEnded
	}
	if r.left -= n + 1; r.left < 0 {
		return errTooLarge
	}
	return nil
}

func numberText(f float64) (string, error) {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return "", misfitf(" is %v, which JSON cannot hold", f)
	case f == 0:
		return "0", nil // -0 too
	case f == math.Trunc(f) && math.Abs(f) <= maxSafe:
		return strconv.FormatInt(int64(f), 10), nil
	}
	text, err := json.Marshal(f)
	return string(text), err
}

func (r *reader) table(t *lua.LTable) (value, error) {
	if r.open[t] {
		return value{}, misfitf(" contains itself")
	}
	if len(r.open) >= maxDepth {
		return value{}, misfitf(" is nested deeper than %d levels", maxDepth)
	}
	r.open[t] = true
	defer delete(r.open, t)
	if err := r.spend(1); err != nil {
		return value{}, err
	}
	if marked(t, lockMark) {
		return value{}, misfitf(" is a namespace, which JSON cannot hold")
	}
	first, _ := t.Next(lua.LNil)
	if _, named := first.(lua.LString); isArray(t) || first != lua.LNil && !named {
		return r.array(t)
	}
	return r.object(t)
}

func (r *reader) object(t *lua.LTable) (value, error) {
	v := objectValue()
	for key, item := t.Next(lua.LNil); key != lua.LNil; key, item = t.Next(key) {
		name, ok := key.(lua.LString)
		if !ok {
			return v, wrongKey(key)
		}
		if !utf8.ValidString(string(name)) {
			return v, misfitf(" has a key that is not valid UTF-8")
		}
		field, err := r.value(item)
		if err == nil {
			err = r.spend(len(name) + 2)
		}
		if err != nil {
			return v, within("."+luabox.Clip(string(name)), err)
		}
		v.members = append(v.members, member{string(name), field})
	}
	return v, nil
}

func (r *reader) array(t *lua.LTable) (value, error) {
	v := value{kind: kindArray}
	n := t.MaxN()
	if n > maxValues {
		return v, errTooMany
	}
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		if i, ok := key.(lua.LNumber); !ok || i < 1 || int(i) > n || lua.LNumber(int(i)) != i {
			return v, wrongKey(key)
		}
	}
	for i := 1; i <= n; i++ {
		item := t.RawGetInt(i)
		if item == lua.LNil {
			return v, misfitf(" has no entry %d, but later ones; put json.null in the gap", i)
		}
		element, err := r.value(item)
		if err != nil {
			return v, within(fmt.Sprintf("[%d]", i), err)
		}
		v.list = append(v.list, element)
	}
	return v, nil
}

func wrongKey(key lua.LValue) error {
	switch key.Type() {
	case lua.LTString:
		return misfitf(" has both list and named entries")
	case lua.LTNumber:
		return misfitf(" has the key %s beside others; a list's keys are 1 to n", describe(key))
	}
	return misfitf(" has a %s as key", key.Type())
}

func newNull(L *lua.LState) *lua.LUserData {
	mt := L.CreateTable(0, 2)
	mt.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString("null"))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString("null"))
	return &lua.LUserData{Value: nullMark{}, Metatable: mt}
}

func jsonError(format string, args ...any) *ScriptError {
	return &ScriptError{Type: TypeInvalidArguments, Message: fmt.Sprintf(format, args...)}
}

// jsonEncode implements json.encode(v [, {pretty = true}]).
func (s *session) jsonEncode(L *lua.LState) (lua.LValue, error) {
	limit := s.runner.config.Limits.String
	tree, err := newReader(limit, s.box.Ended).value(L.CheckAny(1))
	s.box.CheckEnded(L)
	if err != nil {
		return nil, s.jsonFailure("json.encode", within("value", err))
	}
	w := jsonWriter{limit: limit, ended: s.box.Ended}
	if options, ok := L.Get(2).(*lua.LTable); ok {
		w.pretty = lua.LVAsBool(options.RawGetString("pretty"))
	}
	err = w.value(&tree, 0)
	s.box.CheckEnded(L)
	if err != nil {
		return nil, s.jsonFailure("json.encode", err)
	}
	return s.text(L, string(w.b)), nil
}

// jsonDecode implements json.decode(s).
func (s *session) jsonDecode(L *lua.LState) (lua.LValue, error) {
	text := L.CheckString(1)
	tree, err := decodeUntil([]byte(text), s.box.Ended)
	s.box.CheckEnded(L)
	if err != nil {
		return nil, s.jsonFailure("json.decode", err)
	}
	if tree.null() {
		return s.null, nil
	}
	return s.toLua(L, &tree), nil
}

// text charges a text that was made for the script, and returns it.
func (s *session) text(L *lua.LState, made string) lua.LValue {
	s.box.Spend(L, len(made))
	return lua.LString(made)
}

func (s *session) jsonFailure(function string, err error) error {
	switch {
	case errors.Is(err, errTooLarge):
		return s.box.TooLong(function)
	case errors.Is(err, errTooMany):
		return limitExceeded("%s: %v", function, err)
	}
	return jsonError("%s: %v", function, err)
}

// jsonArray implements json.array(t): it marks a table, which is empty or a list, as a JSON array.
func (s *session) jsonArray(L *lua.LState) (lua.LValue, error) {
	t := L.OptTable(1, L.NewTable())
	if t.Metatable != lua.LNil && !isArray(t) {
		return nil, jsonError("json.array: the table has a metatable")
	}
	t.Metatable = s.array
	return t, nil
}
