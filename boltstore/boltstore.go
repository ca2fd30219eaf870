// Package boltstore keeps the state of a fakeaircall.Server in a file, so that a later server can continue from it: it is a
// fakeaircall.Store.
//
//	store, err := boltstore.Open("fake.db")
//	srv, err := fakeaircall.New(fakeaircall.Options{Store: store})
//	…
//	srv.Close()
//	store.Close()
//
// The file has the format of bbolt. Only one process at a time can open it. Each record has a checksum, because bbolt has
// none for its contents: Open finds damage, and does not change a damaged file.
package boltstore

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// format is the version of the file. The records have their own version.
const format = "aircallkit 1"

var (
	about     = []byte("about")
	records   = []byte("records")
	formatKey = []byte("format")
)

// patience is how long Open waits for another process to close the file.
const patience = time.Second

// A Store is an open file.
type Store struct {
	path string
	db   *bolt.DB
}

// Open opens a file, and creates it if it does not exist. It fails, and does not change the file, if another process has
// it open, a newer version wrote it, it is damaged or empty, or it is something else. Only its owner can read the file.
func Open(path string) (*Store, error) {
	if path == "" {
		return nil, errors.New("the path of the state file is empty: give a path such as fake.db")
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, err
		}
		info, err = os.Stat(path)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: give another file", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is %s and not a regular file: give the path of a file", path, kind(info.Mode()))
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty, which a state file never is: delete it to start with new data, or replace it with a copy", path)
	}
	if err := inspect(path); err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, fmt.Errorf("%s: other users have access to this file: %w: give a file of your own", path, err)
		}
	}
	var db *bolt.DB
	if err := withoutPanic(func() (err error) {
		db, err = bolt.Open(path, 0o600, options(false))
		return err
	}); err != nil {
		return nil, explain(path, err)
	}
	return &Store{path, db}, nil
}

// kind says what a path is that is not a regular file.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// create makes a new file. It appears under its name when it is complete, so that a crash leaves nothing half-made.
func create(path string) error {
	dir, name := filepath.Split(path)
	f, err := os.CreateTemp(cmp.Or(dir, "."), "."+name+"-*") // with mode 0600
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: the directory %s does not exist: create it, or give another file", path, filepath.Clean(dir))
	case err != nil:
		return fmt.Errorf("%s cannot be created: %w: give a file in a directory that you can write to", path, errors.Unwrap(err))
	}
	defer os.Remove(f.Name())
	f.Close()
	db, err := bolt.Open(f.Name(), 0o600, options(false))
	if err != nil {
		return fmt.Errorf("%s cannot be created: %w", path, err)
	}
	if err := errors.Join(db.Update(initialize), db.Close()); err != nil {
		return fmt.Errorf("%s cannot be created: %w", path, err)
	}
	err = os.Link(f.Name(), path) // unlike Rename, it does not replace the file of another process
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(f.Name(), path) // a file system without links
	} else {
		err = nil
	}
	return err
}

// initialize makes the buckets of a new file.
func initialize(tx *bolt.Tx) error {
	b, err := tx.CreateBucket(about)
	if err != nil {
		return err
	}
	_, err = tx.CreateBucket(records)
	return errors.Join(err, b.Put(formatKey, []byte(format)))
}

func options(readOnly bool) *bolt.Options {
	return &bolt.Options{Timeout: patience, ReadOnly: readOnly, FreelistType: bolt.FreelistMapType}
}

// explain says which file an error is about, and what to do.
func explain(path string, err error) error {
	switch {
	case errors.Is(err, bolt.ErrTimeout):
		return fmt.Errorf("%s: another process has this file open: stop it, or give another file", path)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: give a file that you can read and write", err)
	case errors.Is(err, errOther):
		return fmt.Errorf("%s is a database of another program: give another file; it was not changed", path)
	}
	return fmt.Errorf("%s is damaged, or is not a state file of aircallkit: %w: replace it with a copy, or give another file; it was not changed", path, err)
}

// withoutPanic returns a panic of f as an error, also one for memory that the operating system cannot read.
func withoutPanic(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return f()
}

// inspect checks a file without changing it. While it reads, no other process has the file open.
func inspect(path string) error {
	db, err := bolt.Open(path, 0o600, options(true))
	if err != nil {
		return explain(path, err)
	}
	defer db.Close()
	f, err := os.Open(path)
	if err != nil {
		return explain(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return explain(path, err)
	}
	has := ""
	err = checkFile(f, info.Size(), func(bucket string, key, value []byte) error {
		switch {
		case bucket == string(records):
			_, err := unseal(key, value)
			return err
		case bytes.Equal(key, formatKey):
			has = string(value)
		}
		return nil
	})
	switch {
	case err != nil:
		return explain(path, err)
	case has != format:
		return fmt.Errorf("%s has the format %.40q, and this program reads %q: use the program that wrote it, or a newer one; it was not changed", path, has, format)
	}
	return nil
}

var table = crc32.MakeTable(crc32.Castagnoli)

func sum(key, data []byte) uint32 { return crc32.Update(crc32.Checksum(key, table), table, data) }

// seal returns the value of a record in the file: its data after their checksum.
func seal(key, data []byte) []byte {
	return append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(data)), sum(key, data)), data...)
}

// unseal returns the data of a record.
func unseal(key, value []byte) ([]byte, error) {
	if len(value) < 4 || binary.BigEndian.Uint32(value) != sum(key, value[4:]) {
		return nil, fmt.Errorf("the record %.120q has a wrong checksum", key)
	}
	return value[4:], nil
}

// Load calls f with each record, in order of their keys. The data is valid until f returns.
func (s *Store) Load(f func(key string, data []byte) error) error {
	return s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(records).ForEach(func(key, value []byte) error {
			data, err := unseal(key, value)
			if err != nil {
				return explain(s.path, err)
			}
			return f(string(key), data)
		})
	})
}

// Commit puts records, and deletes those whose data is nil: all of them or none. It returns when they are on the disk.
func (s *Store) Commit(changes map[string][]byte) error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(records)
		for _, key := range slices.Sorted(maps.Keys(changes)) {
			var err error
			if data := changes[key]; data == nil {
				err = b.Delete([]byte(key))
			} else {
				err = b.Put([]byte(key), seal([]byte(key), data))
			}
			if err != nil {
				return fmt.Errorf("record %q: %w", key, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	return nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }
