package binding_test

import (
	"os"
	"os/exec"
	"path/filepath"
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
	lua, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Fatalf("recording needs Lua 5.1.5 (Debian's package lua5.1): %v", err)
	}
	dir := t.TempDir()
	driver := filepath.Join(dir, "driver.lua")
	if err := os.WriteFile(driver, []byte(`local ok, e = pcall(loadfile("test.lua")) if not ok then print("error: " .. tostring(e)) end`), 0o600); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		b.WriteString(line)
		if strings.HasPrefix(line, "--") || strings.TrimSpace(line) == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, "test.lua"), []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(lua, driver)
		cmd.Dir = dir
		output, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", line, err, output)
		}
		for text := range strings.Lines(string(output)) {
			b.WriteString("\t" + text)
		}
	}
	return []byte(b.String())
}
