package conformance

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// undoLog records what a run changes. Each line is on the disk before the request that it is about is sent, so that another
// process can undo a run that is killed: see Sweep. The file holds personal data of the target, is readable by its owner only,
// belongs to no report, and is removed when everything in it is undone. For our own fake it is kept in memory.
type undoLog struct {
	mu      sync.Mutex
	head    undoHead
	path    string   // of the file; "": none
	file    *os.File // nil until the first line
	whole   int64    // bytes of whole lines, in a file that was read
	seq     int
	changes []*contactChange
}

const undoLogVersion = 1

// notSent is the status of a write that was planned and then not sent.
const notSent = -1

// undoHead is the first line of the file.
type undoHead struct {
	Version int       `json:"version"`
	Run     string    `json:"run"`
	Target  string    `json:"target"` // kind, or the address
	Started time.Time `json:"started"`
	Process int       `json:"process"`
}

// undoLine is any other line. It plans a write, says how one ended, or that changes are undone.
type undoLine struct {
	Seq      int       `json:"seq,omitempty"` // of a planned write
	At       time.Time `json:"at,omitzero"`   // by the target's clock
	Scenario string    `json:"scenario,omitempty"`
	Account  string    `json:"account,omitempty"`
	Op       string    `json:"op,omitempty"`
	Method   string    `json:"method,omitempty"`
	Route    string    `json:"route,omitempty"`
	Contact  string    `json:"contact,omitempty"` // "" of one that is yet to be made
	Before   *look     `json:"before,omitempty"`
	Sent     *look     `json:"sent,omitempty"`

	Done   int   `json:"done,omitempty"`   // the Seq that ended
	Status int   `json:"status,omitempty"` // 0: its reply never came
	After  *look `json:"after,omitempty"`

	Undone []int `json:"undone,omitempty"` // the Seqs
}

// contactChange is everything that a run did to one contact.
type contactChange struct {
	scenario, account string
	id                string         // "": made, perhaps, by a request whose reply never came
	made              bool           // the run created it
	at                time.Time      // of the first write
	before            *look          // nil: it was not there
	wrote             []*look        // what was sent and what was answered
	ops               map[int]string // of the planned writes, by Seq
	deleted           bool           // the target confirmed its deletion
	waited            bool           // the run has waited until its writes have settled
	settled           bool           // it is undone
}

// known is everything that the contact may hold without anybody else having touched it.
func (c *contactChange) known() []*look {
	before := c.before
	if before == nil {
		before = &look{Text: map[string]any{}}
		for _, key := range textFields {
			before.Text[key] = nil
		}
	}
	return append([]*look{before}, c.wrote...)
}

// StateDir returns the directory of undo logs and of the locks on accounts: $XDG_STATE_HOME/aircallkit, or ~/.local/state/aircallkit.
func StateDir() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if home, err := os.UserHomeDir(); dir == "" && err == nil {
		dir = filepath.Join(home, ".local", "state")
	}
	if dir == "" {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "aircallkit")
}

// find returns the open change of a contact, or nil.
func (l *undoLog) find(account, id string) *contactChange {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.findLocked(account, id)
}

func (l *undoLog) findLocked(account, id string) *contactChange {
	i := slices.IndexFunc(l.changes, func(c *contactChange) bool { return c.account == account && c.id == id && !c.settled })
	if i < 0 {
		return nil
	}
	return l.changes[i]
}

// open returns the changes that are not undone, of one scenario, or of all if it is "".
func (l *undoLog) open(scenario string) (out []*contactChange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.changes {
		if !c.settled && (scenario == "" || c.scenario == scenario) {
			out = append(out, c)
		}
	}
	return out
}

// plan records a write that is about to be sent. An error means that it must not be sent.
func (l *undoLog) plan(n undoLine) (seq int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.Seq = l.seq + 1
	if err := l.write(n); err != nil {
		return 0, fmt.Errorf("the undo log cannot be written, so nothing is changed: %w", err)
	}
	l.apply(n)
	return n.Seq, nil
}

// record adds a line about a write that ended, or about changes that are undone.
func (l *undoLog) record(n undoLine) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.apply(n)
	return l.write(n)
}

// apply updates the changes by a line, for the run that writes it and for the sweep that reads it.
func (l *undoLog) apply(n undoLine) {
	switch {
	case n.Seq > 0:
		l.seq = max(l.seq, n.Seq)
		c := l.findLocked(n.Account, n.Contact)
		if c == nil || n.Contact == "" {
			c = &contactChange{
				scenario: n.Scenario, account: n.Account, id: n.Contact, made: n.Contact == "", at: n.At, before: n.Before, ops: map[int]string{},
			}
			l.changes = append(l.changes, c)
		}
		c.ops[n.Seq] = n.Op
		if n.Sent != nil {
			c.wrote = append(c.wrote, n.Sent)
		}
	case n.Done > 0:
		c := l.of(n.Done)
		if c == nil {
			return
		}
		if c.made && c.id == "" {
			c.id = n.Contact
			c.settled = n.Status/100 == 4 || n.Status == notSent // there is nothing
		}
		c.deleted = c.deleted || n.Status/100 == 2 && c.ops[n.Done] == "delete-a-contact"
		if n.After != nil {
			c.wrote = append(c.wrote, n.After)
		}
	case len(n.Undone) > 0:
		if c := l.of(n.Undone[0]); c != nil {
			c.settled = true
		}
	}
}

// of returns the change that a planned write belongs to, or nil.
func (l *undoLog) of(seq int) *contactChange {
	for _, c := range l.changes {
		if _, ok := c.ops[seq]; ok {
			return c
		}
	}
	return nil
}

// write appends a line and waits until it is on the disk. The first one creates the file, with the head before it.
func (l *undoLog) write(n undoLine) error {
	if l.path == "" {
		return nil
	}
	var data []byte
	if l.file == nil {
		if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
			return err
		}
		f, err := os.OpenFile(l.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
		switch {
		case errors.Is(err, fs.ErrExist):
			return fmt.Errorf("%s already exists: sweep --undo-log undoes what it records", l.path)
		case err != nil:
			return err
		}
		l.file = f
		head, err := json.Marshal(l.head)
		if err != nil {
			return err
		}
		data = append(head, '\n')
	}
	line, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if _, err := l.file.Write(append(append(data, line...), '\n')); err != nil {
		return err
	}
	return l.file.Sync()
}

// close removes the file, or returns its path if something in it is not undone.
func (l *undoLog) close() (left string, err error) {
	open := l.open("")
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return "", nil
	}
	err = l.file.Close()
	l.file = nil
	if len(open) > 0 {
		return l.path, err
	}
	return "", errors.Join(err, os.Remove(l.path))
}

const mostUndoLog = 64 << 20 // bytes

// readUndoLog reads the file of a run that ended. The last line may be cut off: what it planned was not sent.
func readUndoLog(path string) (*undoLog, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostUndoLog+1))
	if err != nil {
		return nil, err
	}
	l := &undoLog{path: path, whole: int64(bytes.LastIndexByte(data, '\n') + 1)}
	head, lines, _ := bytes.Cut(data[:l.whole], []byte("\n"))
	switch {
	case len(data) > mostUndoLog:
		return nil, fmt.Errorf("%s: this is not an undo log: it has more than %d bytes", path, mostUndoLog)
	case len(data) == 0:
		return l, nil
	case json.Unmarshal(head, &l.head) != nil || l.head.Run == "":
		return nil, fmt.Errorf("%s: this is not an undo log", path)
	case l.head.Version != undoLogVersion:
		return nil, fmt.Errorf("%s: the undo log has version %d; this program reads version %d", path, l.head.Version, undoLogVersion)
	}
	n := 1
	for text := range bytes.Lines(lines) {
		n++
		var line undoLine
		if err := json.Unmarshal(text, &line); err != nil {
			return nil, fmt.Errorf("%s:%d: this is not a line of an undo log", path, n)
		}
		l.apply(line)
	}
	return l, nil
}

// resume opens the file of a run that ended, to record what is undone. It removes a line that is cut off.
func (l *undoLog) resume() (err error) {
	if l.file, err = os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		return err
	}
	return l.file.Truncate(l.whole)
}

// alive reports whether the run of the file is still going, as far as this machine can tell.
func (l *undoLog) alive() bool {
	p, err := os.FindProcess(l.head.Process)
	return err == nil && l.head.Process > 0 && l.head.Process != os.Getpid() && p.Signal(syscall.Signal(0)) == nil
}

// lease locks the accounts that the run may change against other runs on this machine, until release is called: two runs that
// change one account would take each other's contacts for leaks. The system releases the locks of a killed run. It cannot see runs
// on other machines.
func (r *run) lease() (release func() error, err error) {
	var held []*flock.Flock
	release = func() (err error) {
		for _, l := range held {
			err = errors.Join(err, l.Unlock())
		}
		return err
	}
	if r.target.kind == kindFake || !r.target.writes {
		return release, nil
	}
	dir := StateDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot create the directory for the locks on accounts: %w", err)
	}
	for _, name := range r.target.names() {
		if r.target.writesTo != "" && name != r.target.writesTo {
			continue
		}
		// The same for everybody who has the same credentials of the same target; it does not show them.
		a := r.target.accounts[name]
		sum := sha256.Sum256([]byte(a.URL + "\n" + cmp.Or(a.APIID, a.AccessToken)))
		path := filepath.Join(dir, hex.EncodeToString(sum[:8])+".lease")
		l := flock.New(path, flock.SetPermissions(0o600))
		free, err := l.TryLock()
		switch {
		case err != nil:
			return nil, errors.Join(fmt.Errorf("account %q cannot be locked: %w", name, err), release())
		case !free:
			holder, _ := os.ReadFile(path)
			err = fmt.Errorf("account %q is being changed by another run on this machine%s: wait until it has ended", name, prefixed(", ", strings.ToValidUTF8(string(holder), "")))
			return nil, errors.Join(err, release())
		}
		held = append(held, l)
		// For the message of the other run. Windows lets nobody write to a locked file; then the message has no name.
		_ = os.WriteFile(path, fmt.Appendf(nil, "%s, process %d", r.id, os.Getpid()), 0o600)
	}
	return release, nil
}
