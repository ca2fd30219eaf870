package boltstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// The checks of a file read it without mapping it into memory, and without bbolt, which trusts what it finds in a page:
// it faults beyond the end of a truncated file, and never ends in a tree with a cycle. The layout of pages is that of
// bbolt's internal/common. bbolt writes numbers in the byte order of the machine.
const (
	headerSize  = 16 // id, flags, count, overflow
	elementSize = 16
	bucketSize  = 16 // root page, sequence
	metaSize    = 64

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketFlag   = 0x01 // of an element
	noFreelist   = 1<<64 - 1

	magic       = 0xED0CDAED
	version     = 2
	minPageSize = 1 << 10
	maxPageSize = 1 << 24
	maxDepth    = 64 // of a tree: 2 keys per page reach more than a file can have
)

var order = binary.NativeEndian

// errOther is the error of a sound database without the buckets of a state file.
var errOther = errors.New("another program's")

// A meta is the first page of a tree. A file has two: the newer one counts.
type meta struct {
	pageSize             int64
	root, freelist, high uint64 // pages; pages from high on are not in use
	txid                 uint64
}

// readMeta reads a meta page at an offset.
func readMeta(f io.ReaderAt, at int64) (m meta, err error) {
	b := make([]byte, headerSize+metaSize)
	if _, err := f.ReadAt(b, at); err != nil {
		return m, fmt.Errorf("it has no page %d", min(at, 1))
	}
	b = b[headerSize:]
	h := fnv.New64a()
	h.Write(b[:metaSize-8])
	switch {
	case order.Uint32(b) != magic || order.Uint32(b[4:]) != version:
		return m, fmt.Errorf("page %d is not that of a database", min(at, 1))
	case order.Uint64(b[metaSize-8:]) != h.Sum64():
		return m, fmt.Errorf("page %d has a wrong checksum", min(at, 1))
	}
	return meta{int64(order.Uint32(b[8:])), order.Uint64(b[16:]), order.Uint64(b[32:]), order.Uint64(b[40:]), order.Uint64(b[48:])}, nil
}

// A checker checks the pages of a file. Each page is in use once, or free.
type checker struct {
	f io.ReaderAt
	meta
	used []bool // by page
}

// checkFile reads all pages of a file, and refuses what bbolt would not have written. It returns errOther for a database
// without our buckets, and calls each with the contents of the buckets.
//
// bbolt falls back on the older of the two meta pages if the newer is damaged, and so loses the last commit without a
// word. Both must be sound: they fit into a disk sector, so that even a power failure writes them as a whole.
func checkFile(f io.ReaderAt, size int64, each func(bucket string, key, value []byte) error) error {
	first, err := readMeta(f, 0)
	if err != nil {
		return err
	}
	if n := first.pageSize; n < minPageSize || n > maxPageSize || n&(n-1) != 0 {
		return fmt.Errorf("pages cannot have %d bytes", n)
	}
	second, err := readMeta(f, first.pageSize)
	if err != nil {
		return err
	}
	c := &checker{f: f, meta: first}
	if second.txid > first.txid {
		c.meta = second
	}
	if pages := uint64(size / c.pageSize); c.pageSize != first.pageSize || c.high > pages || c.high < 2 {
		return fmt.Errorf("it is cut off: it has %d bytes, and needs %d", size, c.high*uint64(first.pageSize))
	}
	c.used = make([]bool, c.high)
	c.used[0], c.used[1] = true, true
	if err := c.buckets(each); err != nil {
		return err
	}
	return c.free()
}

// buckets checks the tree of the file, whose elements are its buckets.
func (c *checker) buckets(each func(bucket string, key, value []byte) error) error {
	roots := make(map[string][]byte)
	_, _, err := c.tree(c.root, 0, func(flags uint32, key, value []byte) error {
		if flags != bucketFlag || len(value) < bucketSize {
			return errors.New("it has an entry outside of its buckets")
		}
		roots[string(key)] = bytes.Clone(value)
		return nil
	})
	if err != nil {
		return err
	}
	if len(roots) != 2 || roots[string(about)] == nil || roots[string(records)] == nil {
		return errOther
	}
	for name, root := range roots {
		f := func(flags uint32, key, value []byte) error {
			if flags != 0 {
				return fmt.Errorf("the record %q has the flags %x", key, flags)
			}
			return each(name, key, value)
		}
		if page := order.Uint64(root); page != 0 {
			_, _, err = c.tree(page, 0, f)
		} else {
			_, _, err = c.inline(root[bucketSize:], f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// read reads a page with its overflow, and marks it as used.
func (c *checker) read(id uint64) ([]byte, error) {
	head := make([]byte, headerSize)
	if id >= c.high {
		return nil, fmt.Errorf("it refers to page %d of %d", id, c.high)
	}
	if _, err := c.f.ReadAt(head, int64(id)*c.pageSize); err != nil {
		return nil, err
	}
	n := 1 + uint64(order.Uint32(head[12:]))
	if order.Uint64(head) != id || id+n > c.high {
		return nil, fmt.Errorf("page %d is not what it should be", id)
	}
	for i := id; i < id+n; i++ {
		if c.used[i] {
			return nil, fmt.Errorf("page %d is in use twice", i)
		}
		c.used[i] = true
	}
	b := make([]byte, int64(n)*c.pageSize)
	_, err := c.f.ReadAt(b, int64(id)*c.pageSize)
	return b, err
}

// tree checks the pages of a bucket, and calls each with its elements. It returns the first and the last key.
func (c *checker) tree(id uint64, depth int, each func(flags uint32, key, value []byte) error) (first, last []byte, err error) {
	b, err := c.read(id)
	if err != nil {
		return nil, nil, err
	}
	wrong := fmt.Errorf("page %d is not what it should be", id)
	switch flags := order.Uint16(b[8:]); {
	case flags == leafPage:
		first, last, err = leaf(b, each)
		if err == nil && first == nil && depth > 0 {
			err = errLayout
		}
	case flags == branchPage && depth < maxDepth:
		first, last, err = c.branch(b, depth, each)
	default:
		err = errLayout
	}
	if errors.Is(err, errLayout) {
		err = wrong
	}
	return first, last, err
}

// inline checks a bucket that is small enough to be in its element.
func (c *checker) inline(b []byte, each func(flags uint32, key, value []byte) error) (first, last []byte, err error) {
	if len(b) < headerSize || order.Uint64(b) != 0 || order.Uint16(b[8:]) != leafPage || order.Uint32(b[12:]) != 0 {
		return nil, nil, errLayout
	}
	return leaf(b, each)
}

// errLayout is the error of a page whose elements are not where bbolt puts them.
var errLayout = errors.New("a bucket is not what it should be")

// leaf checks the elements of a leaf. bbolt writes their keys and values one after the other, in order of the keys.
func leaf(b []byte, each func(flags uint32, key, value []byte) error) (first, last []byte, err error) {
	n := uint64(order.Uint16(b[10:]))
	end := headerSize + n*elementSize
	for i := range n {
		at := headerSize + i*elementSize
		if at+elementSize > uint64(len(b)) {
			return nil, nil, errLayout
		}
		e := b[at:]
		keySize, valueSize := uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
		start := at + uint64(order.Uint32(e[4:]))
		if start != end || keySize == 0 || start+keySize+valueSize > uint64(len(b)) {
			return nil, nil, errLayout
		}
		end = start + keySize + valueSize
		key := b[start : start+keySize]
		if last != nil && bytes.Compare(last, key) >= 0 {
			return nil, nil, errLayout
		}
		if err := each(order.Uint32(e), key, b[start+keySize:end]); err != nil {
			return nil, nil, err
		}
		if last = key; first == nil {
			first = key
		}
	}
	return first, last, nil
}

// branch checks the elements of a branch: the key of each is the first key of its page. bbolt relies on that.
func (c *checker) branch(b []byte, depth int, each func(flags uint32, key, value []byte) error) (first, last []byte, err error) {
	n := uint64(order.Uint16(b[10:]))
	end := headerSize + n*elementSize
	for i := range n {
		at := headerSize + i*elementSize
		if at+elementSize > uint64(len(b)) {
			return nil, nil, errLayout
		}
		e := b[at:]
		keySize := uint64(order.Uint32(e[4:]))
		start := at + uint64(order.Uint32(e))
		if start != end || start+keySize > uint64(len(b)) {
			return nil, nil, errLayout
		}
		end = start + keySize
		low, high, err := c.tree(order.Uint64(e[8:]), depth+1, each)
		switch {
		case err != nil:
			return nil, nil, err
		case !bytes.Equal(low, b[start:end]) || last != nil && bytes.Compare(last, low) >= 0:
			return nil, nil, errLayout
		}
		if last = high; first == nil {
			first = low
		}
	}
	if first == nil {
		return nil, nil, errLayout
	}
	return first, last, nil
}

// free checks the list of free pages: they are all those that are not in use.
func (c *checker) free() error {
	if c.freelist == noFreelist {
		return errors.New("it has no list of free pages")
	}
	b, err := c.read(c.freelist)
	if err != nil {
		return err
	}
	n, ids := uint64(order.Uint16(b[10:])), b[headerSize:]
	if n == 0xFFFF { // the count is the first number
		n, ids = order.Uint64(ids), ids[8:]
	}
	if order.Uint16(b[8:]) != freelistPage || n > uint64(len(ids)/8) {
		return fmt.Errorf("page %d is not what it should be", c.freelist)
	}
	for i := range n {
		id := order.Uint64(ids[8*i:])
		if id >= c.high || c.used[id] {
			return fmt.Errorf("page %d is free and in use", id)
		}
		c.used[id] = true
	}
	for id, used := range c.used {
		if !used {
			return fmt.Errorf("page %d is neither free nor in use", id)
		}
	}
	return nil
}
