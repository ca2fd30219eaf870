package boltstore

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fill writes n records in several commits, and changes and deletes some of them.
func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(n), 2))
	for done := 0; done < n; {
		changes := make(map[string][]byte)
		for range min(n-done, 400) {
			changes[fmt.Sprintf("accounts/default/contacts/%d", done)] = bytes.Repeat([]byte{byte('a' + done%20)}, random.IntN(300))
			done++
		}
		commit(t, s, changes)
	}
	changes := map[string][]byte{"accounts/default/big": bytes.Repeat([]byte("x"), 4*n)}
	for range n / 5 {
		changes[fmt.Sprintf("accounts/default/contacts/%d", random.IntN(n))] = nil
	}
	commit(t, s, changes)
}

// Open refuses a damaged file, or finds all that was in it. It never crashes, and never changes the file.
func TestOpenDamagedFile(t *testing.T) {
	for _, size := range []int{0, 100, 3000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			dir := t.TempDir()
			good, bad := filepath.Join(dir, "good.db"), filepath.Join(dir, "bad.db")
			s := open(t, good)
			if size > 0 {
				fill(t, s, size)
			}
			want := content(t, s)
			s.Close()
			data, err := os.ReadFile(good)
			if err != nil {
				t.Fatal(err)
			}
			opened, refused := 0, 0
			try := func(name string, damaged []byte) {
				t.Helper()
				then := time.Unix(1_600_000_000, 0)
				if err := os.WriteFile(bad, damaged, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(bad, then, then); err != nil {
					t.Fatal(err)
				}
				s, err := Open(bad)
				switch {
				case err == nil:
					opened++
					if got := content(t, s); got != want {
						t.Errorf("%s: the file opens with other contents", name)
					}
					s.Close()
				case !strings.Contains(err.Error(), bad) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "replace it with a copy") && !strings.Contains(err.Error(), "give another file") && !strings.Contains(err.Error(), "use the program that wrote it"):
					t.Errorf("%s: the error does not say which file it is, or what to do: %v", name, err)
				default:
					refused++
				}
				after, _ := os.ReadFile(bad)
				if info, err := os.Stat(bad); err != nil || !info.ModTime().Equal(then) || !bytes.Equal(after, damaged) {
					t.Errorf("%s: the file was changed (%v)", name, err)
				}
			}
			random := rand.New(rand.NewPCG(uint64(size), 1))
			tries := 30
			if os.Getenv("AIRCALLKIT_FULL") != "" {
				tries = 500
			}
			for i := range tries {
				n := random.IntN(len(data))
				if i < 5 {
					n = []int{0, 1, 4095, 4096, 8192}[i]
				}
				try(fmt.Sprintf("cut to %d bytes", n), data[:n])
			}
			flip := func(bit int) {
				flipped := bytes.Clone(data)
				flipped[bit/8] ^= 1 << (bit % 8)
				try(fmt.Sprintf("bit %d of byte %d", bit%8, bit/8), flipped)
			}
			for range tries {
				flip(random.IntN(8 * len(data)))
			}
			for range tries { // most of a page is data: the numbers at its beginning hold the tree together
				flip(8*4096*random.IntN(len(data)/4096) + random.IntN(8*200))
			}
			t.Logf("%d bytes: %d times opened, %d times refused", len(data), opened, refused)
			if opened == 0 || refused == 0 {
				t.Error("one of both never happened")
			}
		})
	}
}

// Open accepts every file that Commit wrote, whatever it put and deleted.
func TestOpenEveryFile(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(dir, "fake.db")
		defer os.Remove(path)
		keys := rapid.StringMatching(`[a-d]{1,3}(/[0-9]{1,4}){0,2}`)
		want := make(map[string]string)
		for range rapid.IntRange(1, 6).Draw(rt, "starts") {
			s, err := Open(path)
			if err != nil {
				rt.Fatal(err)
			}
			for range rapid.IntRange(0, 4).Draw(rt, "commits") {
				changes := make(map[string][]byte)
				n := rapid.IntRange(0, 300).Draw(rt, "changes")
				for _, key := range rapid.SliceOfN(keys, n, n).Draw(rt, "keys") {
					size := rapid.IntRange(-600, 5000).Draw(rt, "size")
					if changes[key] = nil; size >= 0 {
						changes[key] = bytes.Repeat([]byte("v"), size)
					}
				}
				if rapid.IntRange(0, 4).Draw(rt, "all") == 0 {
					for key := range want {
						changes[key] = nil
					}
				}
				if err := s.Commit(changes); err != nil {
					rt.Fatal(err)
				}
				for key, data := range changes {
					if want[key] = string(data); data == nil {
						delete(want, key)
					}
				}
			}
			got := make(map[string]string)
			if err := s.Load(func(key string, data []byte) error { got[key] = string(data); return nil }); err != nil {
				rt.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				rt.Fatalf("it has %d records, want %d", len(got), len(want))
			}
			s.Close()
		}
	})
}

// Open refuses other files, and its error says what to do.
func TestOpenOther(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "empty.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		"":                                  "the path of the state file is empty: give a path such as fake.db",
		dir:                                 " is a directory and not a regular file: give the path of a file",
		filepath.Join(dir, "empty.db"):      " is empty, which a state file never is: delete it to start with new data, or replace it with a copy",
		filepath.Join(dir, "no", "x.db"):    " does not exist: create it, or give another file",
		filepath.Join(dir, "empty.db", "x"): ": give another file",
	}
	if runtime.GOOS == "linux" {
		pipe := filepath.Join(dir, "pipe")
		if out, err := exec.Command("mkfifo", pipe).CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
		cases[pipe] = " is a named pipe and not a regular file: give the path of a file"
		cases["/dev/null"] = "/dev/null is a device and not a regular file: give the path of a file"
	}
	for path, want := range cases {
		s, err := Open(path)
		if err == nil {
			s.Close()
			t.Errorf("%s: opened", path)
		} else if got := err.Error(); !strings.Contains(got, want) || !strings.Contains(got, path) {
			t.Errorf("%s: %s", path, got)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Others cannot read a state file, even one that was made readable.
func TestOpenKeepsFilePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fake.db")
	open(t, path).Close()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
