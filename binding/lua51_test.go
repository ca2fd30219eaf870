package binding_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
)

// What Lua 5.1.5 makes of each program of lua51_programs_test.go. `go test ./binding -run TestAsInLua51 -update` writes it, with
// the interpreter lua5.1.
const lua51Results = "testdata/lua51.txt"

// A difference is one that scripts may see, and the language page explains.
type difference struct {
	page     string         // what the page says
	programs *regexp.Regexp // those that show it; each must
}

var differences = []difference{
	{"Whole numbers up to 2^53 are written with all digits", regexp.MustCompile(`^return (9007199254740993|1e15 \.\.)`)},
	{"`inf` and `nan` are not numerals", regexp.MustCompile(`"-?(inf|infinity|nan)"`)},
	{"`%` is exact", regexp.MustCompile(`^return (5 % math.huge|10 % 0.1)`)},
	{"The sign of a zero may differ", regexp.MustCompile(`1 / \(z \* -1\)`)},
	{"`#t` calls `__len`", regexp.MustCompile(`__len`)},
	{"`__unm` gets its operand once", regexp.MustCompile(`__unm = function.*rawequal`)},
	{"The parser has `goto`", regexp.MustCompile(`goto (= |x)|^;return|2and|type⏎\(f\)|\[\[ b`)},
	{"it refuses `0x1p4`", regexp.MustCompile(`return .*0xAp1`)},
	{"A zero byte is a character like any other", regexp.MustCompile(`"a\\0b"\)$|\\0%w|"1\\0"|"%c"\):format\(0`)},
	{"`string.upper` and `string.lower` know all letters", regexp.MustCompile(`[äÉ]\S*"\):(upper|lower)`)},
	{"`%s` takes any value", regexp.MustCompile(`"%s", (nil|true|\{\}|setmetatable)`)},
	{"`assert` raises any message", regexp.MustCompile(`assert, false, \{`)},
	{"The metatable of strings has metamethods for arithmetic", regexp.MustCompile(`getmetatable\(""\)\.__add`)},
	{"There are no `load`, `loadstring`,", regexp.MustCompile(`collectgarbage|loadstring`)},
	{"Positions and counts beyond 2^53 are the nearest that there are", regexp.MustCompile(`math\.huge\)$`)},
}

// shown are functions that write results as text that does not depend on the interpreter: results(pcall(f)).
const shown = `
local function show(v, depth)
	if type(v) == "string" then
		return '"' .. v:gsub('[%c"\\\128-\255]', function(c) return "\\" .. c:byte() end) .. '"'
	elseif type(v) ~= "table" then
		return type(v) == "function" and "function" or type(v) == "thread" and "thread" or tostring(v)
	elseif depth > 3 then
		return "{...}"
	end
	local entries = {}
	for k, value in next, v do entries[#entries + 1] = show(k, depth + 1) .. "=" .. show(value, depth + 1) end
	table.sort(entries)
	return "{" .. table.concat(entries, ", ") .. "}"
end
local function results(ok, ...)
	if not ok then
		local e = ...
		return "error " .. (type(e) == "string" and e:gsub("^[^:]*:%d+: ", "") or type(e) == "table" and e.message or show(e, 0))
	end
	local values = {}
	for i = 1, select("#", ...) do values[i] = show((select(i, ...)), 0) end
	return table.concat(values, ", ")
end
`

func TestAsInLua51(t *testing.T) {
	programs := lua51Programs(5)
	if len(programs) < 1000 {
		t.Errorf("%d programs only", len(programs))
	}
	if *binding.Update {
		recordLua51(t, programs)
	}
	data, err := os.ReadFile(lua51Results)
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Join(strings.Fields(languagePage(t)), " ")
	seen := make([]int, len(differences))
	for _, d := range differences {
		if !strings.Contains(page, strings.Join(strings.Fields(d.page), " ")) {
			t.Errorf("the language page does not say %q", d.page)
		}
	}
	r := runner(t, "")
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")[1:]
	if len(lines) != len(programs) {
		t.Fatalf("%s has %d programs, want %d: run go test ./binding -run TestAsInLua51 -update", lua51Results, len(lines), len(programs))
	}
	wrong := 0
	for i, line := range lines {
		program, theirs, _ := strings.Cut(line, "\t=> ")
		if program != oneLine(programs[i]) {
			t.Fatalf("program %d of %s is\n%s\nwant\n%s\nrun go test ./binding -run TestAsInLua51 -update", i+1, lua51Results, program, oneLine(programs[i]))
		}
		ours := oneLine(evaluate(t, r, programs[i]))
		same, known := sameResult(ours, theirs), -1
		for j, d := range differences {
			if d.programs.MatchString(program) {
				known = j
				seen[j]++
			}
		}
		switch {
		case known >= 0 && same:
			t.Errorf("there is no difference any more: %s\n%s\n%s", differences[known].page, program, ours)
		case known < 0 && !same:
			if wrong++; wrong <= 400 {
				t.Errorf("%s\n got: %s\nwant: %s", program, ours, theirs)
			}
		}
	}
	for j, d := range differences {
		if seen[j] == 0 {
			t.Errorf("no program shows that %q", d.page)
		}
	}
	t.Logf("%d programs, %d wrong", len(programs), wrong)
}

// languagePage returns the section "Language" of the manual.
func languagePage(t *testing.T) string {
	t.Helper()
	manual, err := os.ReadFile("../docs/lua.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(manual), "\n## Language\n")
	if !ok {
		t.Fatal("docs/lua.md has no section Language")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "⏎") }

// evaluate runs a program with aircallkit.
func evaluate(t *testing.T, r *binding.Runner, program string) string {
	t.Helper()
	res, err := r.Run(t.Context(), "test.lua", shown+"print((results(pcall(function() "+program+"\nend))))", binding.RunOptions{})
	if failed, ok := err.(*binding.ScriptError); ok && failed.Type == "syntax_error" {
		return "syntax error"
	} else if err != nil {
		return "fails: " + err.Error()
	}
	return strings.TrimSuffix(res.Output, "\n")
}

// recordLua51 writes what lua5.1 makes of the programs.
func recordLua51(t *testing.T, programs []string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("Programs, and what Lua 5.1.5 (PUC-Rio) makes of them: written by it, not by hand.\n")
	for i, result := range runLua51(t, programs) {
		fmt.Fprintf(&b, "%s\t=> %s\n", oneLine(programs[i]), oneLine(result))
	}
	if err := os.WriteFile(lua51Results, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runLua51 returns the results of the programs in lua5.1.
func runLua51(t *testing.T, programs []string) []string {
	t.Helper()
	var source strings.Builder
	source.WriteString(`local function run(program)
		local f = loadstring(program)
		debug.sethook(function() debug.sethook() error("it does not end", 0) end, "", 1e6)
		print(f and f() or "syntax error")
		debug.sethook()
		print("\1")
	end
	`)
	for _, program := range programs {
		fmt.Fprintf(&source, "run(%s)\n", luaLiteral(shown+"return (results(pcall(function() "+program+"\nend)))"))
	}
	cmd := exec.Command("lua5.1", "-")
	cmd.Stdin, cmd.Env = strings.NewReader(source.String()), []string{"TZ=UTC", "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	results := strings.Split(string(out), "\n\x01\n")
	if err != nil || len(results) != len(programs)+1 {
		t.Fatalf("lua5.1: %v, %d results of %d programs: %.500s", err, len(results)-1, len(programs), out[max(len(out)-500, 0):])
	}
	return results[:len(programs)]
}

// luaLiteral returns a string as a Lua literal.
func luaLiteral(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, "\\%03d", c)
	}
	b.WriteByte('"')
	return b.String()
}

// badArgument is how Lua says which argument is wrong. Its number and the name of the function depend on the call.
var badArgument = regexp.MustCompile(`^error bad argument #\d+ to \S+ (\(.*\))$`)

// In results, not a number has no sign, and 0 neither.
var (
	negativeNaN  = regexp.MustCompile(`-nan\b`)
	negativeZero = regexp.MustCompile(`(^|[ ,{=])-0($|[,}])`)
	chunkName    = regexp.MustCompile(`"(test\.lua|\[string [^]]*\]):\d+: `)
)

func unsigned(result string) string {
	result = chunkName.ReplaceAllString(negativeNaN.ReplaceAllString(result, "nan"), `"`)
	return negativeZero.ReplaceAllString(negativeZero.ReplaceAllString(result, "${1}0$2"), "${1}0$2")
}

// sameResult compares results. Errors have different texts, except those of wrong arguments.
func sameResult(ours, theirs string) bool {
	if want := badArgument.FindStringSubmatch(theirs); want != nil {
		got := badArgument.FindStringSubmatch(ours)
		return got != nil && got[1] == want[1]
	}
	if strings.HasPrefix(theirs, "error ") {
		return strings.HasPrefix(ours, "error ")
	}
	return unsigned(ours) == unsigned(theirs)
}
