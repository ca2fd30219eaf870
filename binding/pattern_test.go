package binding_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/aircallkit/aircallkit/binding"
)

// show pictures what a protected call gave as testdata/patterns.txt has it; all lists what gmatch finds.
const show = `
	local function show(ok, ...)
		local t = {}
		for i = 1, select("#", ...) do
			local v = select(i, ...)
			t[i] = type(v) == "string" and string.format("%q", v) or tostring(v)
		end
		return ok and table.concat(t, ", ") or "error " .. t[1]
	end
	local function all(s, p)
		local t = {}
		for a, b in string.gmatch(s, p) do
			t[#t + 1] = tostring(a) .. (b and "," .. tostring(b) or "")
			if #t > 100 then break end
		end
		return table.concat(t, "|")
	end
	`

var place = regexp.MustCompile(`^error ".*?:\d+: `)

func TestPatternsAsInLua(t *testing.T) {
	data, err := os.ReadFile("testdata/patterns.txt")
	if err != nil {
		t.Fatal(err)
	}
	r := runner(t, "")
	n := 0
	for line := range strings.Lines(string(data)) {
		expr, wantText, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t=> ")
		if !ok {
			continue
		}
		n++
		got := run(t, r, show+"print((show(pcall(function() return "+expr+" end)):gsub('\\n', 'n')))")
		got = place.ReplaceAllString(strings.TrimSuffix(got, "\n"), `error "`)
		if strings.HasPrefix(got, `error "bad argument`) {
			got = `error "bad argument"`
		}
		want(t, expr, got, wantText)
	}
	if n < 400 {
		t.Errorf("%d expressions only", n)
	}
}

// gopher-lua's matcher is right about patterns of these items, if none of them is strange: it is the second opinion on
// what a fuzzer comes up with.
var tame = regexp.MustCompile(`^\^?([a-c.]|%[adlsuwx.]|\[\^?[a-c]+\])([*+?-]?([a-c.]|%[adlsuwx.]|\[\^?[a-c]+\]))*[*+?-]?\$?$`)

func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"hello", "l+"}, {"a1b2", "%a%d?"}, {"abcabc", "^[^c]*c"}, {"aaa", "a-b"}, {"x(y)z", "%b()"}, {"the cat", "%f[%a]%a+"},
		{"aXbX", "(.)X%1"}, {"a", "((((((a"}, {"", "%"}, {"]", "[]]"}, {"aab", "a?a?b$"},
	} {
		f.Add(seed[0], seed[1])
	}
	r := runner(f, "", func(c *binding.Config) { c.Limits.PatternSteps = 200_000 })
	const script = `
		local text, pattern = ...
		local function one(f, ...)
			local ok, a, b, c = pcall(f, ...)
			return ok and tostring(a) .. "," .. tostring(b) .. "," .. tostring(c) or "error"
		end
		print(one(string.find, text, pattern), one(string.match, text, pattern), one(string.gsub, text, pattern, "<%0>"))
		for w in string.gmatch(text, pattern) do end`
	f.Fuzz(func(t *testing.T, text, pattern string) {
		res, err := r.Run(t.Context(), "", script, binding.RunOptions{Args: []any{text, pattern}})
		if failed, ok := err.(*binding.ScriptError); ok && failed.Type != "runtime_error" && failed.Type != "limit_exceeded" {
			t.Fatalf("%q in %q: %v", pattern, text, err)
		}
		if err != nil || !tame.MatchString(pattern) || len(pattern) > 12 || len(text) > 24 || strings.HasPrefix(pattern, "^") {
			return
		}
		L := lua.NewState()
		defer L.Close()
		L.SetGlobal("print", L.NewFunction(func(L *lua.LState) int {
			want(t, text+" / "+pattern, strings.TrimSuffix(res.Output, "\n"), L.ToString(1)+"\t"+L.ToString(2)+"\t"+L.ToString(3))
			return 0
		}))
		fn, err := L.LoadString(script)
		if err != nil {
			t.Fatal(err)
		}
		L.Push(fn)
		L.Push(lua.LString(text))
		L.Push(lua.LString(pattern))
		if err := L.PCall(2, 0, nil); err != nil {
			t.Fatal(err)
		}
	})
}
