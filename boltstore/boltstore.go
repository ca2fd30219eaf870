// Package boltstore keeps what a fakeaircall.Server knows in a file, so that a
// later server goes on from there: it is a fakeaircall.Store.
//
//	store, err := boltstore.Open("fake.db")
//	srv, err := fakeaircall.New(fakeaircall.Options{Store: store})
//	…
//	srv.Close()
//	store.Close()
//
// The file is bbolt's. One process at a time has it. A record has a checksum of its
// own, as bbolt has none of what it holds: damage is found when the file is opened,
// and such a file is left as it is.
package boltstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// format is the version of the file. What the records say has one of its own.
const format = "aircallkit 1"

var (
	about     = []byte("about")
	records   = []byte("records")
	formatKey = []byte("format")
)

// patience is how long Open waits for a process that has the file.
const patience = time.Second

// A Store is an open file.
type Store struct {
	path string
	db   *bolt.DB
}

// Open opens a file, and makes it if it is not there. It refuses, and does not touch,
// a file that another process has, that a newer version wrote, that is damaged, or
// that is something else.
func Open(path string) (*Store, error) {
	info, err := os.Stat(path)
	there := err == nil && info.Size() > 0
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	if there {
		if err := inspect(path); err != nil {
			return nil, err
		}
	}
	db, err := bolt.Open(path, 0o600, options(false))
	if err != nil {
		return nil, inWords(path, err)
	}
	if !there {
		err = db.Update(func(tx *bolt.Tx) error {
			b, err := tx.CreateBucket(about)
			if err == nil {
				err = b.Put(formatKey, []byte(format))
			}
			if err == nil {
				_, err = tx.CreateBucket(records)
			}
			return err
		})
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
		}
	}
	return &Store{path, db}, nil
}

func options(readOnly bool) *bolt.Options {
	return &bolt.Options{Timeout: patience, ReadOnly: readOnly, FreelistType: bolt.FreelistMapType}
}

func inWords(path string, err error) error {
	switch {
	case errors.Is(err, bolt.ErrTimeout):
		return fmt.Errorf("%s: another process has this file: stop it, or give another file", path)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return err
	}
	return damaged(path, err)
}

func damaged(path string, err error) error {
	return fmt.Errorf("%s is damaged, or no state of aircallkit: %w; it was left as it is: put a copy in its place, or give another file", path, err)
}

// inspect looks through a file without a change to it.
func inspect(path string) (err error) {
	// bbolt panics on pages that are none, and memory that a file does not fill faults.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged(path, fmt.Errorf("%v", p))
		}
	}()
	db, err := bolt.Open(path, 0o600, options(true))
	if err != nil {
		return inWords(path, err)
	}
	defer db.Close()
	return db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(about)
		if b == nil || tx.Bucket(records) == nil {
			return fmt.Errorf("%s is a database of another program; give another file", path)
		}
		if got := string(b.Get(formatKey)); got != format {
			return fmt.Errorf("%s has the format %q, and this program reads %q: use the program that wrote it, or a newer one; it was left as it is", path, got, format)
		}
		var wrong error
		for err := range tx.Check() {
			wrong = errors.Join(wrong, err)
		}
		if wrong == nil {
			wrong = each(tx, func(string, []byte) error { return nil })
		}
		if wrong != nil {
			return damaged(path, wrong)
		}
		return nil
	})
}

var table = crc32.MakeTable(crc32.Castagnoli)

func sum(key, data []byte) uint32 { return crc32.Update(crc32.Checksum(key, table), table, data) }

func each(tx *bolt.Tx, f func(key string, data []byte) error) error {
	return tx.Bucket(records).ForEach(func(key, value []byte) error {
		if len(value) < 4 || binary.BigEndian.Uint32(value) != sum(key, value[4:]) {
			return fmt.Errorf("the record %q is not what was written", key)
		}
		return f(string(key), value[4:])
	})
}

// Load calls f with each record, in order of their keys. The data is good until f
// returns.
func (s *Store) Load(f func(key string, data []byte) error) error {
	return s.db.View(func(tx *bolt.Tx) error { return each(tx, f) })
}

// Commit puts records, and takes out those whose data is nil: all of it or nothing.
// It returns when they are on the disk.
func (s *Store) Commit(changes map[string][]byte) error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(records)
		for _, key := range slices.Sorted(maps.Keys(changes)) {
			if err := change(b, []byte(key), changes[key]); err != nil {
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

func change(b *bolt.Bucket, key, data []byte) error {
	if data == nil {
		return b.Delete(key)
	}
	value := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(data)), sum(key, data))
	return b.Put(key, append(value, data...))
}

// Close gives the file free.
func (s *Store) Close() error { return s.db.Close() }
