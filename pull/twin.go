package pull

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// The ids in the documentation's examples. The fake has them at every scale with data, so the twin has them too.
const (
	documentedCall    = 12345
	documentedContact = 5678
)

// twin makes the file of the twins of accounts.
func (m *maker) twin(accounts []*source) (*twinFile, *Report, error) {
	rep := newReport(accounts)
	file := &twinFile{Speed: 1, Scale: fakeaircall.ScaleEmpty, Seed: cmp.Or(m.options.Seed, 1)}
	move := m.clock(file, accounts)
	for i, s := range accounts {
		rep.Accounts[i].Name = s.twin
		rep.Accounts[i].unused(len(s.records[users]) == 0, len(s.records[numbers]) == 0)
		file.Accounts = append(file.Accounts, m.accountTwin(s, move, &rep.Accounts[i]))
	}
	if err := m.fail(); err != nil {
		return nil, nil, err
	}
	if err := leaveOutRefused(file, rep); err != nil {
		return nil, nil, err
	}
	for i := range file.Accounts {
		rep.Accounts[i].written(&file.Accounts[i].Fixtures)
	}
	m.fill(rep)
	rep.Clock = file.Clock
	return file, rep, nil
}

// clock chooses the file's clock, and how far instants move.
func (m *maker) clock(file *twinFile, accounts []*source) shifter {
	newest := time.Time{}
	for _, s := range accounts {
		if at := newestInstant(s.records[calls]); at.After(newest) {
			newest = at
		}
	}
	file.Clock = m.options.Clock
	if newest.IsZero() {
		file.Clock = cmp.Or(file.Clock, latestClock)
		return shifter{before: file.Clock}
	}
	move := newShifter(newest, cmp.Or(file.Clock, latestClock))
	if file.Clock.IsZero() {
		const after = 90 * time.Minute // the hour by which clocks change, and half an hour
		file.Clock = move.in(newest, time.UTC).Truncate(time.Minute).Add(after)
		move.before = file.Clock
	}
	file.Clock = file.Clock.UTC()
	return move
}

// An accountMaker makes the twin of an account.
type accountMaker struct {
	*maker
	*source
	shifter
	fx fakeaircall.Fixtures

	emailOf  map[string]string // of users, by their id in the source
	digitsOf map[string]string // of lines
	teamOf   map[string]string // names
	tagOf    map[string]string
	zoneOf   map[string]*time.Location // of lines
	rep      *AccountReport
}

func (m *maker) accountTwin(s *source, move shifter, rep *AccountReport) twinAccount {
	a := &accountMaker{maker: m, source: s, shifter: move, rep: rep,
		emailOf: map[string]string{}, digitsOf: map[string]string{}, teamOf: map[string]string{}, tagOf: map[string]string{}, zoneOf: map[string]*time.Location{}}
	slices.SortStableFunc(s.records[users], func(x, y record) int {
		return cmp.Or(-compareBools(a.isOwner(x), a.isOwner(y)), x.instant("created_at").Compare(y.instant("created_at")))
	})
	for _, k := range []string{numbers, teams, tags, webhooks, contacts} {
		slices.SortStableFunc(s.records[k], func(x, y record) int { return x.instant("created_at").Compare(y.instant("created_at")) })
	}
	slices.SortStableFunc(s.records[calls], func(x, y record) int { return x.instant("started_at").Compare(y.instant("started_at")) })
	a.addUsers()
	a.addNumbers()
	a.addTeams()
	a.addTags()
	a.addWebhooks()
	a.addContacts()
	a.addCalls()
	if a.fx.Numbers == nil { // no line, rather than that of a new account
		a.fx.Numbers = []fakeaircall.NumberFixture{}
	}
	a.fx.Traffic = s.statistics(m.options.Days, a.zone)
	of := fakeaircall.StandardAccount(s.twin)
	out := twinAccount{Name: s.twin, APIID: of.APIID, APIToken: of.APIToken, Bearer: of.Bearer, Assume: s.assumptions(), Fixtures: a.fx}
	if len(a.fx.Users) > 0 {
		out.User = *a.fx.Users[0].Email
	} else {
		out.User = m.email("", m.firstName(""), m.lastName(""))
	}
	return out
}

// isOwner reports whether a user is the one that the account names.
func (a *accountMaker) isOwner(u record) bool {
	return a.owner != "" && (a.owner == u.id("id") || strings.EqualFold(a.owner, u.text("email")))
}

func (a *accountMaker) zone(line string) *time.Location {
	if zone := a.zoneOf[line]; zone != nil {
		return zone
	}
	return time.UTC
}

func (a *accountMaker) addUsers() {
	for _, u := range a.records[users] {
		first, last, _ := strings.Cut(u.text("name"), " ")
		x := fakeaircall.UserFixture{
			FirstName: new(a.firstName(first)), LastName: new(a.lastName(strings.TrimSpace(last))),
			Language: a.setting("users.language", u.text("language")), TimeZone: a.setting("users.time_zone", u.text("time_zone")),
			AvailabilityStatus: a.setting("users.availability_status", u.text("availability_status")),
			Substatus:          a.setting("users.substatus", u.text("substatus")), CreatedAt: a.created(u.instant("created_at")),
		}
		address := a.email(u.text("email"), *x.FirstName, *x.LastName)
		for slices.ContainsFunc(a.fx.Users, func(o fakeaircall.UserFixture) bool { return *o.Email == address }) { // the source has it twice
			address = a.email("", *x.FirstName, *x.LastName)
		}
		x.Email = &address
		if u.text("availability_status") != "unavailable" && u.has("available") { // an unavailable user may be online
			x.Online = new(u.isTrue("available"))
		}
		if n, ok := u.number("wrap_up_time"); ok && n > 0 && n <= 24*60*60 {
			x.WrapUpTime = &n
		}
		a.emailOf[u.id("id")] = address
		a.fx.Users = append(a.fx.Users, x)
	}
}

func (a *accountMaker) addNumbers() {
	fields := messageFields()
	for _, n := range a.records[numbers] {
		x := fakeaircall.NumberFixture{
			Name:    new(a.namedLike(madeLine, n.text("name"))),
			Country: a.setting("numbers.country", n.text("country")), TimeZone: a.setting("numbers.time_zone", n.text("time_zone")),
			AvailabilityStatus: a.setting("numbers.availability_status", n.text("availability_status")),
			IsIVR:              new(n.isTrue("is_ivr")), LiveRecordingActivated: new(n.isTrue("live_recording_activated")),
			CreatedAt: a.created(n.instant("created_at")),
		}
		country := a.home
		if x.Country != nil {
			country = *x.Country
		}
		digits := a.phone(n.text("digits"), country)
		if slices.ContainsFunc(a.fx.Numbers, func(o fakeaircall.NumberFixture) bool { return *o.Digits == digits }) { // the source has it twice
			digits = a.draw(a.freshPhone(n.text("digits"), country))
		}
		x.Digits = &digits
		if x.Country != nil && a.fiction.CountryOf(digits) == *x.Country {
			x.Country = nil // the default
		}
		if n.has("open") {
			x.Open = new(n.isTrue("open"))
		}
		if p, ok := n.number("priority"); ok && p == 1 { // lists show 0 for none
			x.Priority = &p
		}
		if sounds := n.object("messages"); sounds != nil {
			x.Messages = map[string]string{}
			for _, f := range fields {
				x.Messages[f] = strconv.FormatBool(sounds.text(f) != "")
			}
		}
		x.Users = a.emails(n.list("users"))
		id := n.id("id")
		a.digitsOf[id] = digits
		if x.TimeZone != nil {
			a.zoneOf[id], _ = time.LoadLocation(*x.TimeZone)
		}
		a.fx.Numbers = append(a.fx.Numbers, x)
	}
	for i, u := range a.records[users] {
		if digits, ok := a.digitsOf[u.id("default_number_id")]; ok {
			a.fx.Users[i].DefaultNumber = &digits
		}
	}
}

// messageFields returns the names of the messages of a line.
func messageFields() (names []string) {
	for _, kind := range fakeaircall.FixtureKinds() {
		for _, f := range kind.Fields {
			if kind.Name == numbers && f.Name == "messages" {
				for _, of := range f.Fields {
					names = append(names, of.Name)
				}
			}
		}
	}
	return names
}

const mostReferences = 1_000 // in a list of the file

// emails returns the e-mails of those users that the twin has.
func (a *accountMaker) emails(of []record) (list []string) {
	for _, u := range of {
		if e := a.emailOf[u.id("id")]; e != "" && !slices.Contains(list, e) && len(list) < mostReferences {
			list = append(list, e)
		}
	}
	return list
}

func (a *accountMaker) addTeams() {
	const most = 64 // characters of a name
	for _, t := range a.records[teams] {
		name := clip(a.namedLike(madeTeam, t.text("name")), most)
		if slices.ContainsFunc(a.fx.Teams, func(o fakeaircall.TeamFixture) bool { return *o.Name == name }) {
			name = clip(a.namedLike(madeTeam, ""), most)
		}
		a.teamOf[t.id("id")] = name
		a.fx.Teams = append(a.fx.Teams, fakeaircall.TeamFixture{Name: &name, Users: a.emails(t.list("users")), CreatedAt: a.created(t.instant("created_at"))})
	}
}

// addTags adds the tags. The system tags are those that every account has, so that the file need not have them.
func (a *accountMaker) addTags() {
	known := map[string]bool{}
	for _, t := range a.records[tags] {
		name, id := t.text("name"), t.id("id")
		if settingForms()["calls.system_tag"].accepts(name) && !known[name] {
			known[name], a.tagOf[id] = true, name
			a.rep.Systemic++
			continue
		}
		made := a.namedLike(madeTag, name)
		if slices.ContainsFunc(a.fx.Tags, func(o fakeaircall.TagFixture) bool { return *o.Name == made }) {
			made = a.namedLike(madeTag, "")
		}
		a.tagOf[id] = made
		color := a.setting("tags.color", t.text("color"))
		if color == nil {
			color = new("#29C8FF")
		}
		a.fx.Tags = append(a.fx.Tags, fakeaircall.TagFixture{Name: &made, Color: color, CreatedAt: a.created(t.instant("created_at"))})
	}
}

func (a *accountMaker) addWebhooks() {
	for _, h := range a.records[webhooks] {
		x := fakeaircall.WebhookFixture{URL: new(a.url(h.text("url"))), CreatedAt: a.created(h.instant("created_at"))}
		for _, e := range h.texts("events") {
			if e := a.setting("webhooks.events", e); e != nil {
				x.Events = append(x.Events, *e)
			}
		}
		if !h.isTrue("active") {
			x.Active = new(false)
		}
		a.fx.Webhooks = append(a.fx.Webhooks, x)
	}
}

var entryForm = regexp.MustCompile(`^(\w+)\[(\d+)\]`)

// leaveOutRefused removes the entries that the fake refuses, such as a call before its line existed.
func leaveOutRefused(file *twinFile, rep *Report) error {
	const most = 10 // rounds: an entry may be refused because another was removed
	for range most {
		fake, err := fakeaircall.New(file.options())
		if err == nil {
			return fake.Close()
		}
		wrong, ok := errors.AsType[fakeaircall.FixtureMistakes](err)
		if !ok {
			return fmt.Errorf("make the twin: %w", err)
		}
		refused := map[string]map[int]bool{} // by account and kind
		for _, w := range wrong {
			found := entryForm.FindStringSubmatch(w.Path)
			if found == nil {
				return errors.New("make the twin: the fake refuses the file: this is a defect of aircallkit")
			}
			key := w.Account + " " + found[1]
			if refused[key] == nil {
				refused[key] = map[int]bool{}
			}
			at, _ := strconv.Atoi(found[2])
			refused[key][at] = true
		}
		for i := range file.Accounts {
			a := &file.Accounts[i]
			without(refused[a.Name+" "+users], &a.Users, users, &rep.Accounts[i])
			without(refused[a.Name+" "+numbers], &a.Numbers, numbers, &rep.Accounts[i])
			without(refused[a.Name+" "+teams], &a.Teams, teams, &rep.Accounts[i])
			without(refused[a.Name+" "+tags], &a.Tags, tags, &rep.Accounts[i])
			without(refused[a.Name+" "+webhooks], &a.Webhooks, webhooks, &rep.Accounts[i])
			without(refused[a.Name+" "+contacts], &a.Contacts, contacts, &rep.Accounts[i])
			without(refused[a.Name+" "+calls], &a.Calls, calls, &rep.Accounts[i])
		}
	}
	return errors.New("make the twin: the fake refuses the file: this is a defect of aircallkit")
}

func without[T any](refused map[int]bool, list *[]T, kind string, rep *AccountReport) {
	if len(refused) == 0 {
		return
	}
	var kept []T
	for i, v := range *list {
		if !refused[i] {
			kept = append(kept, v)
		}
	}
	*list = kept
	rep.note("%d %s were left out: they contradict other records", len(refused), kind)
}

// assumptions returns the answers that give the twin the same parts of the plan.
func (s *source) assumptions() map[string]string {
	out := map[string]string{}
	for _, of := range []struct{ feature, assumption, answer string }{
		{analytics, "analytics-licence", "none"}, {campaigns, "campaign-plan", "none"}, {messaging, "message-plan", "essentials"},
		{intelligence, "intelligence-licence", "none"}, {intelligence, "intelligence-unlicensed", "403"},
	} {
		if s.features[of.feature] == "no" {
			out[of.assumption] = of.answer
		}
	}
	return out
}
