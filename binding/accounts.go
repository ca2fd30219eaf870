package binding

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// An Account has the credentials of one Aircall company. Functions of an account without credentials raise
// not_configured. No verb of fmt, no encoder and no slog handler shows its secrets.
type Account struct {
	APIID, APIToken string // the API key: both or neither; it wins over AccessToken
	AccessToken     string // OAuth bearer token
	URL             string // base URL; "": https://api.aircall.io
	User            string // id or e-mail of the current user for an API key; "": get_current_user raises no_current_user
}

// String returns the names of the fields that are set.
func (a Account) String() string {
	var set []string
	for _, f := range []struct{ name, value string }{
		{"api_id", a.APIID}, {"api_token", a.APIToken}, {"access_token", a.AccessToken}, {"url", a.URL}, {"user", a.User},
	} {
		if f.value != "" {
			set = append(set, f.name)
		}
	}
	return "binding.Account{" + strings.Join(set, " ") + "}"
}

// Format writes String for every verb, because some verbs would print the fields instead.
func (a Account) Format(w fmt.State, _ rune) { io.WriteString(w, a.String()) }

// MarshalText returns String, so that encoders and loggers do not write the secrets.
func (a Account) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// defaultName is the namespace that always exists beside the flat one.
const defaultName = "default"

// An account is an Account that a runner has checked. Only its client has the secrets.
type account struct {
	name    string
	client  *aircall.Client // nil without credentials
	missing string          // what to configure in that case
	bearer  bool
	user    string

	options aircall.Options // of the client, without credentials
}

// label returns the account's name, or "" for a namespace without an account.
func (a *account) label() string {
	if a == nil {
		return ""
	}
	return a.name
}

var accountName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// luaKeywords cannot follow a dot in Lua.
var luaKeywords = strings.Fields("and break do else elseif end false for function goto if in local nil not or repeat return then true until while")

func checkAccountName(name string, fns []Function, of string) error {
	if !accountName.MatchString(name) {
		return fmt.Errorf("account %q: the name must be a lower-case letter, then at most 31 of a-z, 0-9 and _", name)
	}
	if slices.Contains(luaKeywords, name) {
		return fmt.Errorf("account %q is reserved: it is a keyword of Lua", name)
	}
	for _, f := range fns {
		if f.Name == name || slices.Contains(f.Aliases, name) {
			return fmt.Errorf("account %q is reserved: it is a function of app.integrations.%s", name, of)
		}
	}
	return nil
}

func newAccount(name string, a Account, c Config) (*account, error) {
	out := &account{name: name, bearer: a.APIID == "" && a.AccessToken != "", user: strings.TrimSpace(a.User)}
	if strings.ContainsFunc(out.user, unicode.IsControl) || len(out.user) > maxQuery {
		return nil, fmt.Errorf("account %q: user is neither an id nor an e-mail", name)
	}
	if (a.APIID == "") != (a.APIToken == "") {
		set, lacks := "api_id", "api_token"
		if a.APIID == "" {
			set, lacks = lacks, set
		}
		return nil, fmt.Errorf("account %q: %s is set but %s is empty; set both, or only access_token", name, set, lacks)
	}
	if a.APIID == "" && a.AccessToken == "" {
		out.missing = fmt.Sprintf("account %q: set api_id and api_token, or access_token", name)
		return out, nil
	}
	out.options = aircall.Options{BaseURL: a.URL, Transport: c.Transport, Timeout: c.Limits.RequestTimeout}
	keyed := out.options
	keyed.APIID, keyed.APIToken, keyed.AccessToken = a.APIID, a.APIToken, a.AccessToken
	var err error
	if out.client, err = aircall.New(keyed); err != nil {
		return nil, fmt.Errorf("account %q: %w", name, err)
	}
	return out, nil
}

// defaultAccount returns the account of the flat namespace: the one called default, else the one that the configuration
// names, else the only one, else "".
func defaultAccount(accounts map[string]*account, named string) (string, error) {
	if named != "" && accounts[named] == nil {
		return "", fmt.Errorf("default account %q is not configured; configured accounts: %s", named, listed(accounts))
	}
	if accounts[defaultName] != nil {
		if named != "" && named != defaultName {
			return "", fmt.Errorf("default account %q: an account is called default, and is the default; rename it or name no other", named)
		}
		return defaultName, nil
	}
	if named == "" && len(accounts) == 1 {
		for name := range accounts {
			return name, nil
		}
	}
	return named, nil
}

// listed returns the names of accounts for messages.
func listed(accounts map[string]*account) string {
	if len(accounts) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(accounts)), ", ")
}

// accountVars returns the fields of an account by the end of their variables.
func accountVars(a *Account) map[string]*string {
	return map[string]*string{
		"API_ID": &a.APIID, "API_TOKEN": &a.APIToken, "ACCESS_TOKEN": &a.AccessToken, "API_URL": &a.URL, "USER": &a.User,
	}
}

// AccountsFromEnv returns the accounts of an environment in the form of [os.Environ]. AIRCALL_API_ID and
// AIRCALL_API_TOKEN, or AIRCALL_ACCESS_TOKEN, make the account "default"; AIRCALL_API_URL and AIRCALL_USER complete it.
// AIRCALL_SALES_API_ID and so on make the account "sales". An account exists if one of its credentials is set. Empty
// variables count as unset, and spaces around a value are removed. AccountsFromEnv fails if a name is reserved, if half of
// an API key is missing, or if two variables have the same meaning.
func AccountsFromEnv(environ []string) (map[string]Account, error) {
	found, vars := map[string]Account{}, map[string]string{}
	for _, pair := range environ {
		key, val, _ := strings.Cut(pair, "=")
		val = strings.TrimSpace(val)
		rest, ours := strings.CutPrefix(key, "AIRCALL_")
		if !ours || val == "" || key != strings.ToUpper(key) {
			continue
		}
		for suffix := range accountVars(&Account{}) {
			name, ok := strings.CutSuffix(rest, suffix)
			if !ok || name != "" && !strings.HasSuffix(name, "_") {
				continue
			}
			name = cmp.Or(strings.ToLower(strings.TrimSuffix(name, "_")), defaultName)
			if first, twice := vars[name+suffix]; twice && first != key {
				return nil, fmt.Errorf("%s and %s are both set and mean the same; keep one", first, key)
			}
			vars[name+suffix] = key
			a := found[name]
			*accountVars(&a)[suffix] = val
			found[name] = a
		}
	}
	maps.DeleteFunc(found, func(_ string, a Account) bool { return a.APIID+a.APIToken+a.AccessToken == "" })
	if err := checkEnvironment(found); err != nil {
		return nil, err
	}
	return found, nil
}

func checkEnvironment(found map[string]Account) error {
	fns := everyFunction()
	for _, name := range slices.Sorted(maps.Keys(found)) {
		a, prefix := found[name], "AIRCALL_"
		if name != defaultName {
			prefix += strings.ToUpper(name) + "_"
		}
		if err := checkAccountName(name, fns, integration); err != nil {
			return fmt.Errorf("%s…: %w", prefix, err)
		}
		set, lacks := prefix+"API_ID", prefix+"API_TOKEN"
		if a.APIID == "" {
			set, lacks = lacks, set
		}
		if (a.APIID == "") != (a.APIToken == "") {
			return fmt.Errorf("%s is set but %s is empty; set both, or only %sACCESS_TOKEN", set, lacks, prefix)
		}
	}
	return nil
}
