package conformance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/aircallkit/aircallkit/binding"
)

// lease keeps the accounts that the run may change from other runs on this machine until it is given back: two that
// change one account take each other's contacts for leaks, and each other's changes for somebody else's. The system gives
// it back if the run is killed. What runs on other machines cannot be seen.
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
		return nil, fmt.Errorf("there is no place to say which account is being changed: %w", err)
	}
	for _, name := range r.target.names() {
		if r.target.writesTo != "" && name != r.target.writesTo {
			continue
		}
		l := flock.New(filepath.Join(dir, leaseName(r.target.accounts[name])), flock.SetPermissions(0o600))
		free, err := l.TryLock()
		switch {
		case err != nil:
			err = fmt.Errorf("it cannot be said that account %q is being changed: %w", name, err)
		case !free:
			err = fmt.Errorf("account %q is being changed by another run on this machine%s: wait until it has ended", name, holder(l.Path()))
		default:
			held = append(held, l)
			// For the message of the other run. Windows lets nobody write to what is locked; then it names nobody.
			_ = os.WriteFile(l.Path(), fmt.Appendf(nil, "%s, process %d", r.id, os.Getpid()), 0o600)
		}
		if err != nil {
			return nil, errors.Join(err, release())
		}
	}
	return release, nil
}

// leaseName is the same for all who hold the same credentials of the same target, and tells nothing of them.
func leaseName(a binding.Account) string {
	sum := sha256.Sum256([]byte(a.URL + "\n" + cmp.Or(a.APIID, a.AccessToken)))
	return hex.EncodeToString(sum[:8]) + ".lease"
}

// holder is who wrote into the file of a lease.
func holder(path string) string {
	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 {
		return ""
	}
	return ", " + strings.ToValidUTF8(string(data), "")
}
