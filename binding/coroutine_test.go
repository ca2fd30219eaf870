package binding_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
)

// recorded is a file of programs, each in one line, with what Lua 5.1.5 (PUC-Rio) prints for it in the lines below, each
// after a tab. Lines that start with -- say something about the programs.
const recorded = "testdata/coroutines.txt"

// Programs about coroutines, pcall, xpcall, error and metamethods print what they print in Lua 5.1.
func TestCoroutinesAsInLua(t *testing.T) {
	data, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	if *binding.Update {
		data = record(t, data)
		if err := os.WriteFile(recorded, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r := runner(t, "")
	n := 0
	for program, output := range programs(string(data)) {
		n++
		got := outcome(t, r, program)
		if got != output {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", program, got, output)
		}
	}
	if n < 150 {
		t.Errorf("%d programs only", n)
	}
}

// outcome returns what a program prints, and the error that ends it in a last line.
func outcome(t *testing.T, r *binding.Runner, program string) string {
	res, err := r.Run(t.Context(), "test.lua", program, binding.RunOptions{})
	if err != nil {
		return res.Output + "error: " + err.Error() + "\n"
	}
	return res.Output
}

// programs yields the programs of a file and their output.
func programs(data string) func(yield func(program, output string) bool) {
	return func(yield func(program, output string) bool) {
		program, output := "", ""
		for line := range strings.Lines(data + "--\n") {
			if text, ok := strings.CutPrefix(line, "\t"); ok {
				output += text
				continue
			}
			if program != "" && !yield(program, output) {
				return
			}
			program, output = strings.TrimSpace(line), ""
			if strings.HasPrefix(line, "--") {
				program = ""
			}
		}
	}
}

// record runs every program with lua5.1 and returns the file with its output.
func record(t *testing.T, data []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		b.WriteString(line)
		if strings.HasPrefix(line, "--") || strings.TrimSpace(line) == "" {
			continue
		}
		for text := range strings.Lines(inLua(t, line)) {
			b.WriteString("\t" + text)
		}
	}
	return []byte(b.String())
}

// inLua returns what lua5.1 prints for a program, and the error that ends it in a last line.
func inLua(t *testing.T, source string) string {
	lua, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Fatalf("recording needs Lua 5.1.5 (Debian's package lua5.1): %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "test.lua"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(lua, "-e", `local ok, e = pcall(loadfile("test.lua")) if not ok then print("error: " .. tostring(e)) end`)
	cmd.Dir = dir
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", source, err, output)
	}
	return string(output)
}

// generated holds seeds of random programs, with what Lua 5.1.5 prints for them. Record them again with
// go test ./binding -run TestGeneratedAsInLua -update.
const generated = "testdata/generated.txt"

// Random programs of coroutines, pcall and metamethods print what they print in Lua 5.1.
func TestGeneratedAsInLua(t *testing.T) {
	const most, longest = 200, 1000
	if *binding.Update {
		var b strings.Builder
		b.WriteString("-- Seeds of random programs, and what Lua 5.1.5 (PUC-Rio) prints for them: written by it, not by hand.\n")
		for seed, n := uint64(1), 0; n < most; seed++ {
			if output := inLua(t, program(seed)); len(output) < longest {
				n++
				b.WriteString(strconv.FormatUint(seed, 10) + "\n")
				for text := range strings.Lines(output) {
					b.WriteString("\t" + text)
				}
			}
		}
		if err := os.WriteFile(generated, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(generated)
	if err != nil {
		t.Fatal(err)
	}
	r, n := runner(t, ""), 0
	for seed, output := range programs(string(data)) {
		n++
		number, err := strconv.ParseUint(seed, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		source := program(number)
		if got := outcome(t, r, source); got != output {
			t.Errorf("the program of seed %s\n got:\n%s\nwant:\n%s", seed, got, output)
		}
	}
	if n < most {
		t.Errorf("%d programs only", n)
	}
}
