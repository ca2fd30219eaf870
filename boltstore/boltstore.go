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
// it open, a newer version wrote it, it is damaged, or it is something else.
func Open(path string) (*Store, error) {
	info, err := os.Stat(path)
	there := err == nil && info.Size() > 0
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
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
		if err := db.Update(initialize); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
		}
	}
	return &Store{path, db}, nil
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

func inWords(path string, err error) error {
	switch {
	case errors.Is(err, bolt.ErrTimeout):
		return fmt.Errorf("%s: another process has this file open: stop it, or give another file", path)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist):
		return err
	}
	return damaged(path, err)
}

func damaged(path string, err error) error {
	return fmt.Errorf("%s is damaged, or is not a state file of aircallkit: %w; it was not changed: replace it by a copy, or give another file", path, err)
}

// inspect checks a file without changing it.
func inspect(path string) (err error) {
	// bbolt panics on invalid pages, and memory beyond the end of a truncated file faults.
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
			return fmt.Errorf("%s has the format %q, and this program reads %q: use the program that wrote it, or a newer one; it was not changed", path, got, format)
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
			return fmt.Errorf("the record %q has a wrong checksum", key)
		}
		return f(string(key), value[4:])
	})
}

// Load calls f with each record, in order of their keys. The data is valid until f returns.
func (s *Store) Load(f func(key string, data []byte) error) error {
	return s.db.View(func(tx *bolt.Tx) error { return each(tx, f) })
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
				value := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(data)), sum([]byte(key), data))
				err = b.Put([]byte(key), append(value, data...))
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
