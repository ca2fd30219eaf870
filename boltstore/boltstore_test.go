package boltstore

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func commit(t *testing.T, s *Store, changes map[string][]byte) {
	t.Helper()
	if err := s.Commit(changes); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, s *Store) string {
	t.Helper()
	var b strings.Builder
	if err := s.Load(func(key string, data []byte) error {
		fmt.Fprintf(&b, "%s=%s;", key, data)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fake.db")
	s := open(t, path)
	if got := content(t, s); got != "" {
		t.Errorf("new, it has %s", got)
	}
	commit(t, s, map[string][]byte{"b": []byte("2"), "a": []byte("1"), "c": []byte("3")})
	commit(t, s, map[string][]byte{"a": []byte("one"), "c": nil, "d": nil, "e": {}})
	if got := content(t, s); got != "a=one;b=2;e=;" {
		t.Errorf("it has %s", got)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path+": another process has this file") {
		t.Errorf("opened twice: %v", err)
	}
	s.Close()
	if got := content(t, open(t, path)); got != "a=one;b=2;e=;" {
		t.Errorf("opened again, it has %s", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Open refuses files that it cannot read, and does not change them.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	s := open(t, good)
	many := make(map[string][]byte)
	for i := range 2000 {
		many[fmt.Sprintf("key %d", i)] = bytes.Repeat([]byte{byte('a' + i%20)}, 100)
	}
	commit(t, s, many)
	s.Close()
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}

	refuse := func(name string, content []byte, want string) {
		t.Helper()
		path := filepath.Join(dir, "bad.db")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err == nil {
			s.Close()
			t.Errorf("%s: it is taken", name)
			return
		}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		after, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(after, content) {
			t.Errorf("%s: the file was changed (%v)", name, err)
		}
	}
	refuse("a text", []byte("accounts:\n  - name: x\n"), "is damaged, or is not a state file of aircallkit")
	refuse("a long text", bytes.Repeat([]byte("not a database\n"), 10_000), "is damaged, or is not a state file of aircallkit")
	refuse("a part", data[:len(data)/2], "is damaged")
	refuse("a page", data[:4096], "is damaged")
	flipped := bytes.Clone(data)
	at := bytes.Index(flipped, bytes.Repeat([]byte{'c'}, 100))
	flipped[at+50] ^= 1
	refuse("a bit", flipped, "has a wrong checksum")
	random := rand.New(rand.NewPCG(1, 2))
	for page := range len(data) / 4096 { // what a leaf of ours holds is overwritten
		at := page * 4096
		if !bytes.Contains(data[at:at+4096], []byte("key 1")) {
			continue
		}
		torn := bytes.Clone(data)
		for j := range 4096 {
			torn[at+j] = byte(random.Uint32())
		}
		refuse(fmt.Sprintf("torn page %d", page), torn, "is damaged")
	}

	newer := filepath.Join(dir, "newer.db")
	s = open(t, newer)
	if err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(about).Put(formatKey, []byte("aircallkit 2")) }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	content, _ := os.ReadFile(newer)
	refuse("a newer one", content, `has the format "aircallkit 2", and this program reads "aircallkit 1"`)

	other := filepath.Join(dir, "other.db")
	db, err := bolt.Open(other, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	content, _ = os.ReadFile(other)
	refuse("another program's", content, "is a database of another program")

	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "is a directory and not a regular file") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "no", "where.db")); err == nil {
		t.Error("a directory that is not there")
	}
}

func TestCommitIsWhole(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "fake.db"))
	commit(t, s, map[string][]byte{"a": []byte("1")})
	if err := s.Commit(map[string][]byte{"a": []byte("2"), strings.Repeat("x", 40_000): []byte("3")}); err == nil || !strings.Contains(err.Error(), s.path) {
		t.Errorf("a key that is too long: %v", err)
	}
	if got := content(t, s); got != "a=1;" {
		t.Errorf("half of it is there: %s", got)
	}
}
