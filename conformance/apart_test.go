package conformance

import (
	"testing"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/report"
)

// TestAccountsOfOneCompany: two keys of one company show the same data, on any target, and that is not a leak.
func TestAccountsOfOneCompany(t *testing.T) {
	s, url, _ := limited(t)
	key := s.Accounts()[0]
	accounts := map[string]binding.Account{
		"key":   {APIID: key.APIID, APIToken: key.APIToken, URL: url},
		"token": {AccessToken: key.Bearer, URL: url},
	}
	apart := []string{
		"relations/lists/no-two-accounts-share-the-id-of-the-tags-at-v1-tags",
		"relations/lists/no-two-accounts-share-the-id-of-the-teams-at-v1-teams",
		"relations/lists/a-user-of-one-account-does-not-exist-in-another",
	}
	for _, target := range []string{kindLive, url} {
		run := runJSON(t, Options{Target: target, Accounts: accounts, Scenarios: apart})
		for _, sc := range run.Scenarios {
			if sc.Status != report.Unsupported || sc.Reason != "it needs an account of another company" {
				t.Errorf("%s: %s %s: %s", target, sc.Status, sc.ID, sc.Reason)
			}
		}
	}
}
