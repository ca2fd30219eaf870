package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/features"
)

// TestLease: of two runs that may change an account one is told to wait, until the other has ended.
func TestLease(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	s, url, _ := limited(t)
	one := func(account string, writes bool) *run {
		o := Options{Target: kindLive, Accounts: FakeAccounts(s.Accounts(), url), AllowWrites: writes, WriteAccount: account}
		r, err := prepare(checkedRun(t, o), features.FS, planOf(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.target.close)
		return r
	}
	first := one("default", true)
	release, err := first.lease()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one("default", true).lease(); err == nil || !strings.Contains(err.Error(), `account "default" is being changed by another run on this machine, `+first.id) {
		t.Errorf("a second run on the account: %v", err)
	}
	if other, err := one("sales", true).lease(); err != nil {
		t.Errorf("a run on another account: %v", err)
	} else if err := other(); err != nil {
		t.Error(err)
	}
	if _, err := one("", false).lease(); err != nil {
		t.Errorf("a run that changes nothing: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	again, err := one("default", true).lease()
	if err != nil {
		t.Fatalf("once the first has ended: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
	for _, a := range s.Accounts() {
		files, _ := filepath.Glob(filepath.Join(StateDir(), "*"))
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(f+string(data), a.APIToken) || strings.Contains(f+string(data), a.APIID) {
				t.Errorf("%s shows the credentials of %s", f, a.Name)
			}
		}
	}
}
