package proxy

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/har"
)

// A Count is how many exchanges of an operation ended with a status.
type Count struct {
	Op     string // "" for a path that Aircall does not have
	Status int    // 0: no reply came
	Times  int
}

// A Summary describes a recording.
type Summary struct {
	Recorded int     // exchanges in the file
	Lost     int     // exchanges that are not in the file, because it was full or could not be written
	Refused  int     // requests that the proxy did not forward
	Size     int64   // of the file, in bytes
	Counts   []Count // of the exchanges in the file, by operation and status
	Host     string  // of the requests in the file, which is not that of the target if it is masked
	Err      error   // the first failure to write the file
}

// recording writes entries. It is safe for concurrent use.
type recording struct {
	o    Options
	mu   sync.Mutex
	file *boundedFile
	har  *har.Writer
	full bool

	counts map[Count]int // with Times 0
	lost   int
	err    error
}

func newRecording(file *os.File, o Options) (*recording, error) {
	r := &recording{o: o, file: &boundedFile{file: file, most: o.MaxSize}, counts: map[Count]int{}}
	var err error
	r.har, err = har.NewWriter(r.file, "aircallkit", o.Version)
	if errors.Is(err, errFull) {
		err = fmt.Errorf("a recording needs more than %d bytes", o.MaxSize)
	}
	return r, err
}

// add writes an entry. It reports a failure and never returns one: the program's requests go on.
func (r *recording) add(op string, e har.Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := errFull
	if !r.full {
		err = r.har.Write(e)
	}
	switch {
	case err == nil:
		r.counts[Count{Op: op, Status: e.Status}]++
		return
	case errors.Is(err, errFull) && !r.full:
		r.full = true
		r.o.Warn(fmt.Sprintf("the next exchange does not fit into %s: further requests are forwarded and not recorded", cmp.Or(r.o.MaxSizeName, fmt.Sprintf("%d bytes", r.o.MaxSize))))
	case !r.full && r.err == nil:
		r.err = fmt.Errorf("write the recording: %w", err)
		r.o.Warn(r.err.Error() + ": requests are forwarded, but this one is not recorded")
	}
	r.lost++
}

func (r *recording) summary() Summary {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Summary{Lost: r.lost, Size: r.file.size, Err: r.err}
	for c, n := range r.counts {
		c.Times = n
		s.Recorded += n
		s.Counts = append(s.Counts, c)
	}
	slices.SortFunc(s.Counts, func(a, b Count) int { return cmp.Or(cmp.Compare(a.Op, b.Op), cmp.Compare(a.Status, b.Status)) })
	return s
}

// errFull is the error of a write that would make the file larger than its bound.
var errFull = errors.New("the file is full")

// boundedFile writes to a file up to a bound. A write either succeeds or leaves the file as it was.
type boundedFile struct {
	file           *os.File
	at, size, most int64
}

// Seek moves to an offset from the start.
func (b *boundedFile) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 || offset > b.size {
		return b.at, errors.New("it only seeks to an offset in the file")
	}
	b.at = offset
	return offset, nil
}

// Write fails with errFull if the file would be too large.
func (b *boundedFile) Write(data []byte) (int, error) {
	if b.at+int64(len(data)) > b.most {
		return 0, errFull
	}
	before := make([]byte, b.size-b.at) // the end of the archive, which an entry replaces
	if _, err := b.file.ReadAt(before, b.at); err != nil && len(before) > 0 {
		return 0, err
	}
	if _, err := b.file.WriteAt(data, b.at); err != nil {
		_, undone := b.file.WriteAt(before, b.at)
		return 0, errors.Join(err, undone, b.file.Truncate(b.size))
	}
	b.at += int64(len(data))
	b.size = max(b.size, b.at)
	return len(data), nil
}
