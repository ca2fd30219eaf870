package conformance

import (
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/defect"
	"github.com/aircallkit/aircallkit/fakeaircall"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

// Variations of a rig: each is something that a live account may be, or may meet, without being wrong.

func ofASmallTeam(*rig) {}

func ofATeam(r *rig) { r.options.Scale = fakeaircall.ScaleTeam }

// --- Accounts

// configure gives the kit accounts of these names, for a company of the fake each.
func (r *rig) configure(names ...string) {
	r.accounts = map[string]binding.Account{}
	for i, name := range names {
		a := r.companies[i]
		r.accounts[name] = binding.Account{APIID: a.APIID, APIToken: a.APIToken, User: a.User}
	}
}

func oneAccount(r *rig)  { r.configure("default") }
func twoAccounts(r *rig) { r.configure("default", "sales") }
func otherNames(r *rig)  { r.configure("acme", "globex", "initech") }
func oneOther(r *rig)    { r.configure("acme") }

func fiveAccounts(r *rig) {
	r.accounts = map[string]binding.Account{}
	for i, name := range []string{"emea", "labs"} {
		a := r.companies[i]
		a.Name, a.APIID, a.Bearer, a.User = name, name+"-"+a.APIID, name+"-"+a.Bearer, ""
		r.companies = append(r.companies, a)
	}
	r.options.Accounts = r.companies
	r.configure("default", "sales", "apac", "emea", "labs")
}

// severalKeys gives the company of default two more keys.
func severalKeys(r *rig) {
	r.configure("default")
	for _, name := range []string{"backup", "crm"} {
		r.accounts[name] = binding.Account{APIID: name + "-" + r.companies[0].APIID, APIToken: name + "-" + r.companies[0].APIToken}
	}
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if id, token, _ := req.BasicAuth(); strings.HasPrefix(id, "backup-") || strings.HasPrefix(id, "crm-") {
			_, id, _ = strings.Cut(id, "-")
			_, token, _ = strings.Cut(token, "-")
			req.SetBasicAuth(id, token)
		}
		next.ServeHTTP(w, req)
	})
}

func tokens(r *rig) {
	for _, a := range r.companies {
		r.accounts[a.Name] = binding.Account{AccessToken: a.Bearer}
	}
}

func oneToken(r *rig) {
	r.accounts = map[string]binding.Account{"default": {AccessToken: r.companies[0].Bearer}}
}

func withoutUsers(r *rig) {
	for name, a := range r.accounts {
		a.User = ""
		r.accounts[name] = a
	}
}

// --- Infrastructure

// replies changes every reply on its way out.
func (r *rig) replies(alter func(*http.Request, *defect.Reply)) {
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		p := defect.Take(req, next)
		alter(req, p)
		p.Send(w)
	})
}

func withoutHeader(name string) func(*rig) {
	return func(r *rig) { r.replies(func(_ *http.Request, p *defect.Reply) { p.Header().Del(name) }) }
}

func withoutHeaders(r *rig) {
	r.replies(func(_ *http.Request, p *defect.Reply) {
		for name := range p.Header() {
			if name != "Content-Type" && name != "Date" {
				p.Header().Del(name)
			}
		}
	})
}

func moreHeaders(r *rig) {
	r.replies(func(_ *http.Request, p *defect.Reply) {
		p.Header().Set("Via", "1.1 proxy.example.com")
		p.Header().Set("Alt-Svc", `h3=":443"; ma=86400`)
		p.Header().Add("Set-Cookie", "AWSALB=abc; Path=/")
	})
}

// chunked sends replies in two pieces and without their length.
func chunked(r *rig) {
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		p := defect.Take(req, next)
		data := p.Body.Bytes()
		maps.Copy(w.Header(), p.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(p.Code)
		w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
		w.Write(data[len(data)/2:])
	})
}

func gzipped(r *rig) {
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		p := defect.Take(req, next)
		if !strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") || p.Body.Len() == 0 {
			p.Send(w)
			return
		}
		maps.Copy(w.Header(), p.Header())
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Del("Content-Length")
		w.WriteHeader(p.Code)
		z := gzip.NewWriter(w)
		z.Write(p.Body.Bytes())
		z.Close()
	})
}

func http2(r *rig) {
	r.server.Protocols = new(http.Protocols)
	r.server.Protocols.SetHTTP1(true)
	r.server.Protocols.SetHTTP2(true)
}

// --- What replies hold

// ofKind changes calls, contacts, users, numbers and so on wherever a reply has them under their own name.
func ofKind(p *defect.Reply, kinds []string, e defect.Alteration) {
	for _, kind := range kinds {
		p.JSON = defect.Under(strings.TrimSuffix(kind, "s"), e)(defect.Under(kind, e)(p.JSON))
	}
}

func unknownFields(r *rig) {
	r.replies(func(_ *http.Request, p *defect.Reply) {
		ofKind(p, []string{"calls", "contacts", "users", "numbers"}, defect.With("ai_summary_enabled", true))
	})
}

func otherKeyOrder(r *rig) {
	var turn func(any) any
	turn = func(v any) any {
		switch v := v.(type) {
		case orderedjson.Object:
			for i := range v {
				v[i].Value = turn(v[i].Value)
			}
			slices.Reverse(v)
		case []any:
			for i := range v {
				v[i] = turn(v[i])
			}
		}
		return v
	}
	r.replies(func(_ *http.Request, p *defect.Reply) {
		if p.JSON != nil {
			p.JSON = turn(p.JSON).(orderedjson.Object)
		}
	})
}

// oldContacts changes those contacts that the kit did not make.
func (r *rig) oldContacts(e defect.Alteration) {
	r.replies(func(_ *http.Request, p *defect.Reply) {
		ofKind(p, []string{"contacts"}, func(o orderedjson.Object) orderedjson.Object {
			made, _ := o.Get("created_at")
			if at, ok := orderedjson.Integer(made); ok && at < today.Unix() {
				return e(o)
			}
			return o
		})
	})
}

func nonLatinNames(r *rig) {
	r.oldContacts(func(o orderedjson.Object) orderedjson.Object {
		id, _ := o.Get("id")
		n, _ := orderedjson.Integer(id)
		given, family := []string{"Ольга", "美咲", "محمد", "Ελένη"}, []string{"Иванова", "佐藤", "الأحمد", "Παπαδοπούλου"}
		return defect.With("first_name", given[n%4])(defect.With("last_name", family[n/4%4])(defect.With("company_name", "株式会社")(o)))
	})
}

func nullsEverywhere(r *rig) {
	r.oldContacts(func(o orderedjson.Object) orderedjson.Object {
		for _, key := range textFields {
			o = defect.With(key, nil)(o)
		}
		return defect.With("emails", []any{})(o)
	})
	r.replies(func(_ *http.Request, p *defect.Reply) {
		ofKind(p, []string{"calls"}, func(o orderedjson.Object) orderedjson.Object {
			for _, key := range []string{"contact", "assigned_to", "transferred_by", "transferred_to", "recording", "voicemail", "asset"} {
				if _, has := o.Get(key); has {
					o = defect.With(key, nil)(o)
				}
			}
			return o
		})
	})
}

// otherIDs moves all ids of calls, contacts, users, numbers, teams and tags up, in each company by something else: Aircall
// gives an id once.
func otherIDs(most int64) func(*rig) {
	inReply := regexp.MustCompile(`"id":(\d+)|/v[12]/(?:calls|contacts|users|numbers|teams|tags)/(\d+)`)
	inPath := regexp.MustCompile(`/(?:calls|contacts|users|numbers|teams|tags)/(\d+)|/(?:phone|email)_details/(\d+)`)
	moved := func(text string, re *regexp.Regexp, by int64) string {
		return re.ReplaceAllStringFunc(text, func(s string) string {
			i := strings.LastIndexAny(s, ":/") + 1
			n, err := strconv.ParseInt(s[i:], 10, 64)
			if err != nil {
				return s
			}
			return s[:i] + strconv.FormatInt(n+by, 10)
		})
	}
	return func(r *rig) {
		r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			by := most
			for i, a := range r.companies {
				if id, _, _ := req.BasicAuth(); id == a.APIID {
					by -= int64(1000 * i)
				}
			}
			if path := moved(req.URL.Path, inPath, -by); path != req.URL.Path {
				req.URL.Path, req.URL.RawPath = path, ""
			}
			q := req.URL.Query()
			for _, key := range []string{"user_id", "tags[]"} {
				for i, v := range q[key] {
					if n, err := strconv.ParseInt(v, 10, 64); err == nil {
						q[key][i] = strconv.FormatInt(n-by, 10)
					}
				}
			}
			req.URL.RawQuery = q.Encode()
			p := defect.Take(req, next)
			p.JSON = nil
			text := moved(p.Body.String(), inReply, by)
			text = regexp.MustCompile(`"(?:next|previous)_page_link":"[^"]*"`).ReplaceAllStringFunc(text, func(link string) string {
				return regexp.MustCompile(`((?:user_id|tags%5B%5D)=)(\d+)`).ReplaceAllStringFunc(link, func(s string) string {
					name, id, _ := strings.Cut(s, "=")
					n, _ := strconv.ParseInt(id, 10, 64)
					return name + "=" + strconv.FormatInt(n+by, 10)
				})
			})
			p.Body.Reset()
			p.Body.WriteString(text)
			p.Send(w)
		})
	}
}

// nothingDocumented is an account without call 12345, contact 5678 and anybody called John.
func nothingDocumented(r *rig) {
	r.oldContacts(func(o orderedjson.Object) orderedjson.Object {
		first, _ := o.Get("first_name")
		if text, _ := first.(string); strings.Contains(text, "John") {
			o = defect.With("first_name", "Otto")(o)
		}
		return defect.With("last_name", "Meyer")(o)
	})
	otherIDs(1_000_003)(r)
}

func bigIDs(r *rig) { otherIDs(1 << 33)(r) }

func emptyCompany(r *rig) { r.options.Scale = fakeaircall.ScaleEmpty }

func contactsOnly(r *rig) {
	r.options.Scale = fakeaircall.ScaleEmpty
	var many []fakeaircall.ContactFixture
	for i := range 20_000 {
		text := func(s string) *string { return &s }
		made := today.AddDate(0, 0, -300).Add(time.Duration(i) * time.Minute)
		many = append(many, fakeaircall.ContactFixture{
			FirstName: text(fmt.Sprintf("Ada%d", i)), LastName: text("Okafor"), CreatedAt: &made,
			PhoneNumbers: []fakeaircall.DetailFixture{{Label: text("Work"), Value: text(fmt.Sprintf("+3319900%04d", i%10_000))}},
		})
	}
	r.options.Fixtures = map[string]fakeaircall.Fixtures{"default": {Contacts: many}}
}

// --- Weather

// fault adds a rule of the fake's.
func (r *rig) fault(f fakeaircall.Fault) {
	r.prepare = append(r.prepare, func() {
		if _, err := r.fake.AddFault(f); err != nil {
			r.t.Fatal(err)
		}
	})
}

func latency(r *rig) {
	n := 0
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		n++
		time.Sleep(time.Duration(n%7) * 400 * time.Millisecond)
		next.ServeHTTP(w, req)
	})
}

// every meets each nth request that it is for with what it does; the others pass.
func every(n int, meant func(*http.Request) bool, do defect.Defect) func(*rig) {
	return func(r *rig) {
		var mu sync.Mutex
		seen := 0
		r.storm(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			hit := false
			if meant(req) {
				mu.Lock()
				seen++
				hit = seen%n == 0
				mu.Unlock()
			}
			if hit {
				do(w, req, next)
				return
			}
			next.ServeHTTP(w, req)
		})
	}
}

func anything(*http.Request) bool { return true }
func writes(r *http.Request) bool { return r.Method != http.MethodGet }
func creates(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == "/v1/contacts"
}
func hangUp(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }

// lose lets the request have its effect, and no reply.
func lose(w http.ResponseWriter, r *http.Request, next http.Handler) {
	next.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// gateway answers as the machine in front of Aircall does when that is not there.
func gateway(status int) defect.Defect {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<html><head><title>%d %s</title></head></html>\r\n", status, http.StatusText(status))
	}
}

// throttle answers as Aircall does when colleagues used up the minute.
func throttle(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	now := time.Now().Unix()
	w.Header().Set("Content-Type", defect.JSONType)
	w.Header().Set("X-AircallApi-Limit", "120")
	w.Header().Set("X-AircallApi-Remaining", "0")
	w.Header().Set("X-AircallApi-Reset", strconv.FormatInt((now/60+1)*60, 10))
	w.WriteHeader(http.StatusTooManyRequests)
	io.WriteString(w, `{"error":"Too Many Requests","troubleshoot":"Rate limit exceeded"}`)
}

// endingAfter is a storm that begins with the nth request and meets all from then on.
func endingAfter(n int, do defect.Defect) func(*rig) {
	return func(r *rig) { r.storm(after(int64(n), do)) }
}

// endingOnceMade is a storm that begins when the first contact was made.
func endingOnceMade(do defect.Defect) func(*rig) {
	return func(r *rig) {
		var made atomic.Bool
		r.storm(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			if made.Load() {
				do(w, req, next)
				return
			}
			next.ServeHTTP(w, req)
			if creates(req) {
				made.Store(true)
			}
		})
	}
}

// colleagues ask the same company as often as the kit does.
func colleagues(r *rig) {
	r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		theirs := httptest.NewRequest("GET", "https://api.aircall.io/v1/ping", nil)
		theirs.Header.Set("Authorization", req.Header.Get("Authorization"))
		next.ServeHTTP(httptest.NewRecorder(), theirs)
		next.ServeHTTP(w, req)
	})
}

// others makes, changes and deletes contacts beside the kit, one of them for each nth request.
func others(n int) func(*rig) {
	var mine []string
	return func(r *rig) {
		send := func(next http.Handler, method, path, body string) []byte {
			req := httptest.NewRequest(method, "https://api.aircall.io"+path, strings.NewReader(body))
			req.SetBasicAuth(r.companies[0].APIID, r.companies[0].APIToken)
			req.Header.Set("Content-Type", "application/json")
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, req)
			return rec.Body.Bytes()
		}
		turn := 0
		every(n, anything, func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			turn++
			switch turn % 3 {
			case 1:
				id, _ := answeredLook(send(next, "POST", "/v1/contacts", fmt.Sprintf(`{"first_name":"Somebody %d","phone_numbers":[{"label":"Work","value":"+3319900%04d"}]}`, turn, turn)))
				mine = append(mine, id)
			case 2:
				send(next, "POST", contactPath(mine[len(mine)-1]), fmt.Sprintf(`{"company_name":"Theirs %d"}`, turn))
			case 0:
				send(next, "DELETE", contactPath(mine[0]), "")
				mine = mine[1:]
			}
			next.ServeHTTP(w, req)
		})(r)
	}
}

func busyLines(r *rig) {
	r.prepare = append(r.prepare, func() {
		for _, a := range r.fake.Accounts() {
			if err := r.fake.SetTraffic(a.Name, fakeaircall.Traffic{CallsPerDay: 2000}); err != nil {
				r.t.Fatal(err)
			}
		}
	})
}

// lagging lets some reads answer for a while as before the last write.
func lagging(path string, d time.Duration) func(*rig) {
	return func(r *rig) { r.fault(fakeaircall.Fault{Method: "GET", Path: path, Stale: d}) }
}

// hidesNew does not find a contact by its id for a while after it was made.
func hidesNew(d time.Duration) func(*rig) {
	return func(r *rig) {
		var mu sync.Mutex
		hidden := map[string]time.Time{} // until when, by path
		r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			mu.Lock()
			defer mu.Unlock()
			if req.Method == http.MethodGet && time.Now().Before(hidden[req.URL.Path]) {
				req.URL.Path = contactPath("1")
			}
			p := defect.Take(req, next)
			if id, _ := answeredLook(p.Body.Bytes()); creates(req) && p.Code == http.StatusCreated {
				hidden[contactPath(id)] = time.Now().Add(d)
			}
			p.Send(w)
		})
	}
}

// planWithout is a plan without a feature.
func planWithout(prefixes ...string) func(*rig) {
	return func(r *rig) {
		r.front(func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			for _, p := range prefixes {
				if strings.HasPrefix(req.URL.Path, p) {
					p := defect.Take(req, next)
					if p.Code == http.StatusUnauthorized {
						p.Send(w)
						return
					}
					defect.Answer("", http.StatusForbidden, `{"error":"Forbidden","troubleshoot":"Your plan does not include this feature"}`)(w, req, next)
					return
				}
			}
			next.ServeHTTP(w, req)
		})
	}
}

func refused(status int) defect.Defect {
	return defect.Answer("", status, `{"message":"Unauthorized"}`)
}
