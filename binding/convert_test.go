package binding_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aircallkit/aircallkit/binding"
)

// jsonText draws a JSON document, and what is left of it after a way through Lua: null members of objects are gone, an
// integer beyond 2^53 is a string.
func jsonText(depth int) *rapid.Generator[[2]string] {
	both := func(s string) [2]string { return [2]string{s, s} }
	return rapid.Custom(func(t *rapid.T) [2]string {
		most := 7
		if depth == 0 {
			most = 5
		}
		switch rapid.IntRange(0, most).Draw(t, "kind") {
		case 0:
			return both("null")
		case 1:
			return both(fmt.Sprint(rapid.Bool().Draw(t, "bool")))
		case 2:
			n := rapid.Int64().Draw(t, "integer")
			if n > 1<<53-1 || n < -(1<<53-1) {
				return [2]string{fmt.Sprint(n), fmt.Sprintf(`"%d"`, n)}
			}
			return both(fmt.Sprint(n))
		case 3:
			f := rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) }).Draw(t, "float")
			if text := encode(f); math.Abs(f) > 1<<53-1 && !strings.Contains(text, "e") {
				return [2]string{text, `"` + text + `"`}
			}
			return both(encode(f))
		case 4, 5:
			return both(encode(rapid.String().Draw(t, "string")))
		case 6:
			var in, out []string
			for range rapid.IntRange(0, 4).Draw(t, "length") {
				v := jsonText(depth-1).Draw(t, "element")
				in, out = append(in, v[0]), append(out, v[1])
			}
			return [2]string{"[" + strings.Join(in, ", ") + "]", "[" + strings.Join(out, ",") + "]"}
		}
		var in, out []string
		names := rapid.SliceOfNDistinct(rapid.String(), 0, 40, rapid.ID).Draw(t, "names")
		for _, name := range names {
			v := jsonText(depth-1).Draw(t, "member")
			in = append(in, encode(name)+": "+v[0])
			if v[1] != "null" {
				out = append(out, encode(name)+":"+v[1])
			}
		}
		return [2]string{"{" + strings.Join(in, ", ") + "}", "{" + strings.Join(out, ",") + "}"}
	})
}

func encode(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestJSONSurvivesLua(t *testing.T) {
	r := runner(t, "")
	rapid.Check(t, func(rt *rapid.T) {
		text := jsonText(4).Draw(rt, "json")
		got := run(t, r, `
			local v = json.decode(...)
			local once = json.encode(v)
			assert(json.encode(json.decode(once)) == once, "a second way changes it")
			assert(json.encode(json.decode(json.encode(v, {pretty = true}))) == once, "pretty is another value")
			print(once)`, text[0])
		if !sameOrdered(t, got, text[1]) {
			rt.Fatalf("in  %s\ngot %swant %s", text[0], got, text[1])
		}
	})
}

// sameOrdered compares JSON texts with the order of members and the value of numbers.
func sameOrdered(t testing.TB, a, b string) bool {
	t.Helper()
	tokens := func(s string) (out []any) {
		dec := json.NewDecoder(strings.NewReader(s))
		for dec.More() {
			tok, err := dec.Token()
			if err != nil {
				t.Fatalf("%v in %s", err, s)
			}
			out = append(out, tok)
			for len(out) > 0 {
				if tok, err = dec.Token(); err != nil {
					return out
				}
				out = append(out, tok)
			}
		}
		return out
	}
	return cmp.Equal(tokens(a), tokens(b))
}

func TestConversionEdges(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ name, source, want string }{
		{"array and object when empty", `json.encode({json.array(), {}, json.array({})})`, `[[],{},[]]`},
		{"arrays stay arrays when emptied", `(function() local v = json.decode('{"a":[1]}') v.a[1] = nil return json.encode(v) end)()`, `{"a":[]}`},
		{"null in an array", `json.encode(json.decode("[1,null,3]"))`, `[1,null,3]`},
		{"null in an array is there", `tostring(json.decode("[null]")[1] == json.null) .. #json.decode("[1,null,3]")`, `true3`},
		{"null in an object is absent", `json.encode({json.decode('{"a":null}').a or "none"})`, `["none"]`},
		{"null alone", `tostring(json.decode("null") == json.null)`, `true`},
		{"null given", `json.encode({a = json.null})`, `{"a":null}`},
		{"2^53-1", `json.decode("9007199254740991")`, `9007199254740991`},
		{"-(2^53-1)", `json.decode("-9007199254740991")`, `-9007199254740991`},
		{"2^53", `type(json.decode("9007199254740992")) .. json.decode("9007199254740992")`, `string9007199254740992`},
		{"many digits", `json.decode("[123456789012345678901234567890]")[1]`, `123456789012345678901234567890`},
		{"1.0 is 1", `json.encode({json.decode("1.0"), json.decode("1e2"), -0.0, 0.1, 1e21})`, `[1,100,0,0.1,1e+21]`},
		{"beyond every float", `type(json.decode("1e999"))`, `string`},
		{"the same table twice", `(function() local a = {1} return json.encode({a, a}) end)()`, `[[1],[1]]`},
		{"the last of duplicates", `json.encode(json.decode('{"a":1,"b":2,"a":3}'))`, `{"a":3,"b":2}`},
		{"the last of many duplicates", `(function() local t = {} for i = 1, 100 do t[i] = ('"k%d":%d'):format(i % 50, i) end return json.decode("{" .. table.concat(t, ",") .. "}").k7 end)()`, `57`},
		{"escapes", `json.encode(json.decode('"\\u00e9\\ud83d\\ude00\\/\\n<&>"'))`, `"é😀/\n<&>"`},
		{"half a surrogate", `json.encode(json.decode('"\\ud83d"'))`, "\"\uFFFD\""},
		{"blanks", `json.encode(json.decode(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } "))`, `{"a":[1,2],"b":{}}`},
		{"pretty", `json.encode({a = json.array()}, {pretty = true})`, "{\n  \"a\": []\n}"},
		{"order of insertion", `(function() local t = {} t.z = 1 t.a = 2 return json.encode(t) end)()`, `{"z":1,"a":2}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, c.source, run(t, r, "print("+c.source+")"), c.want+"\n")
		})
	}
}

func TestValuesThatAreNoJSON(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ name, value, want string }{
		{"mixed", `{a = {1, b = 2}}`, `value.a has both list and named entries`},
		{"mixed, names first", `(function() local t = {b = 2} t[5] = 1 return t end)()`, `value has both list and named entries`},
		{"gap", `{{1, nil, 3}}`, `value[1] has no entry 2, but later ones; put json.null in the gap`},
		{"half a key", `{[1.5] = 1}`, `value has the key 1.5 beside others; a list's keys are 1 to n`},
		{"boolean key", `{[true] = 1}`, `value has a boolean as key`},
		{"function", `{a = {b = {print}}}`, `value.a.b[1] is a function, which JSON cannot hold`},
		{"thread", `{coroutine.create(function() end)}`, `value[1] is a thread, which JSON cannot hold`},
		{"namespace", `{app.integrations.aircall}`, `value[1] is a namespace, which JSON cannot hold`},
		{"app", `app`, `value is a namespace, which JSON cannot hold`},
		{"not a number", `{0/0}`, `value[1] is NaN, which JSON cannot hold`},
		{"infinite", `{1/0}`, `value[1] is +Inf, which JSON cannot hold`},
		{"cycle", `(function() local t = {} t.a = {t} return t end)()`, `value.a[1] contains itself`},
		{"deep", `(function() local t = {} for i = 1, 200 do t = {t} end return t end)()`, `value` + strings.Repeat("[1]", 100) + ` is nested deeper than 100 levels`},
		{"not UTF-8", `{"\255"}`, `value[1] is not valid UTF-8`},
		{"not UTF-8 in a key", `{["\255"] = 1}`, `value has a key that is not valid UTF-8`},
		{"marked, with names", `(function() local t = json.array() t.a = 1 return t end)()`, `value has both list and named entries`},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, "encode", fails(t, r, "json.encode("+c.value+")").Message, "json.encode: "+c.want)
			failed := fails(t, r, "return 1, "+c.value)
			want(t, "return", failed.Type+": "+failed.Message, "invalid_result: return "+strings.Replace(c.want, "value", "value 2", 1))
		})
	}
	for _, text := range []string{"", "{", "[1,]", "01", "nul", `{"a" 1}`, "1 2", "'a'", "{a:1}", "\"\x01\"", "[" + strings.Repeat("[", 101) + strings.Repeat("]", 101) + "]"} {
		res, err := r.Run(context.Background(), "", "return json.decode(...)", binding.RunOptions{Args: []any{text}})
		if err == nil || !strings.Contains(err.Error(), "json.decode: ") {
			t.Errorf("decode %.20q: got %v, %v", text, res.Values, err)
		}
	}
}

func TestReturnedValues(t *testing.T) {
	srv := replies(t, map[string]string{"GET /v1/calls/1": `{"call":{"id":812345678901,"duration":1.5,"number":null,"tags":[],"list":[null,true]}}`})
	r := runner(t, srv.URL, func(c *binding.Config) { c.NoDerived = true })
	res, err := r.Run(context.Background(), "", `return app.integrations.aircall.get_call(1), nil, "x", false, json.null, {}`, binding.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantValues := []any{map[string]any{"call": map[string]any{"id": int64(812345678901), "duration": 1.5, "tags": []any{}, "list": []any{nil, true}}},
		nil, "x", false, nil, map[string]any{}}
	if diff := cmp.Diff(wantValues, res.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestPrinting(t *testing.T) {
	r := runner(t, "")
	for _, c := range []struct{ name, source, want string }{
		{"several", `print(1, "a", nil, true, 1.5, json.null)`, "1\ta\tnil\ttrue\t1.5\tnull\n"},
		{"nothing", `print()`, "\n"},
		{"large numbers", `print(12345678901, 2^53, -1, 1e15)`, "12345678901\t9007199254740992\t-1\t1000000000000000\n"},
		{"a table", `print({b = "x", a = {1, "2", {}}, c = json.array(), [10] = true})`,
			"{\n  [10]: true,\n  \"a\": [\n    1,\n    \"2\",\n    {}\n  ],\n  \"b\": \"x\",\n  \"c\": []\n}\n"},
		{"a cycle", `local t = {} t.t = t print(t)`, "{\n  \"t\": <circular>\n}\n"},
		{"twice is no cycle", `local t = {} print({t, t})`, "[\n  {},\n  {}\n]\n"},
		{"functions in tables", `print({print})`, "[\n  <function>\n]\n"},
		{"holes", `print({1, nil, 3})`, "{\n  [1]: 1,\n  [3]: 3\n}\n"},
		{"too deep", `local t = {} for i = 1, 30 do t = {t} end print((select(2, tostring(t):gsub("%[", ""))))`, "21\n"},
		{"own __tostring", `print(setmetatable({}, {__tostring = function() return "mine" end}))`, "mine\n"},
		{"tostring", `assert(tostring({1}) == "[\n  1\n]") assert(not pcall(tostring)) assert(tostring(nil) == "nil")`, ""},
		{"dump", `assert(dump("a") == "a") local t = {1} assert(dump(t) == t)`, "a\n[\n  1\n]\n"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, c.source, run(t, r, c.source), c.want) })
	}
}
