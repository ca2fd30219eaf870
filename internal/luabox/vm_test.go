package luabox

import (
	"reflect"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// The windows on gopher-lua's types are refused as soon as they show something else.
func TestLayout(t *testing.T) {
	if err := CheckLayout(); err != nil {
		t.Fatal(err)
	}
	theirs := reflect.TypeFor[lua.LTable]()
	for _, c := range []struct {
		name string
		ours reflect.Type
		want string
	}{
		{"smaller", reflect.TypeFor[struct{ array []lua.LValue }](), "has 88 bytes, expected 24"},
		{"other order", reflect.TypeFor[struct {
			array     []lua.LValue
			Metatable lua.LValue
			dict      map[lua.LValue]lua.LValue
			strdict   map[string]lua.LValue
			keys      []lua.LValue
			k2i       map[lua.LValue]int
		}](), "field array of lua.LTable is not where it was"},
		{"other type", reflect.TypeFor[struct {
			Metatable lua.LValue
			array     []string
			dict      map[lua.LValue]lua.LValue
			strdict   map[string]lua.LValue
			keys      []lua.LValue
			k2i       map[lua.LValue]int
		}](), "field array of lua.LTable is not where it was"},
	} {
		err := sameLayout(theirs, c.ours)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}
