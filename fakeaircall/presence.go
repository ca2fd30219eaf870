package fakeaircall

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Presence is what a user does about being reached.
type Presence string

// What a user can do: open or close an app, become available or not.
const (
	PresenceConnect    Presence = "connect"
	PresenceDisconnect Presence = "disconnect"
	PresenceOpen       Presence = "open"
	PresenceClose      Presence = "close"
)

// Presences lists what SetPresence takes.
func Presences() []Presence {
	return []Presence{PresenceConnect, PresenceDisconnect, PresenceOpen, PresenceClose}
}

var presences = map[Presence]func(t *tx, u *user, reason string){
	PresenceConnect:    func(t *tx, u *user, _ string) { t.setOnline(u, true) },
	PresenceDisconnect: func(t *tx, u *user, _ string) { t.setOnline(u, false) },
	PresenceOpen:       func(t *tx, u *user, _ string) { t.setAvailable(u, "available", "always_opened") },
	PresenceClose:      func(t *tx, u *user, reason string) { t.setAvailable(u, "unavailable", reason) },
}

// SetPresence lets a user of an account, "" for the first, open or close an app, or become
// available or not. A reason for PresenceClose is one of the substatuses, "" for none.
// Its error is a *Refusal.
func (s *Server) SetPresence(account string, userID int64, does Presence, reason string) error {
	c, err := s.company(account)
	if err != nil {
		return err
	}
	do, known := presences[does]
	switch {
	case !known:
		return mistaken("%.40q: give one of %s", does, namesOf(Presences()))
	case reason != "" && does != PresenceClose:
		return mistaken("reason %.40q goes with close", reason)
	case reason != "" && !slices.Contains(substatuses, reason):
		return mistaken("reason %.40q: give one of %s", reason, strings.Join(substatuses, ", "))
	}
	return s.do(c, func(t *tx) error {
		u, ok := t.users.get(userID)
		if !ok {
			return missing("there is no user %d", userID)
		}
		do(t, u, reason)
		return nil
	})
}

// setOnline opens or closes an app. Each tells, also the second app of a user:
// two tabs are two events (captured 2022).
func (t *tx) setOnline(u *user, online bool) {
	t.users.update(u, func() { u.Online = online })
	if online {
		t.emitUser("user.connected", u)
		return
	}
	t.emitUser("user.disconnected", u)
}

func (t *tx) setAvailable(u *user, status, substatus string) {
	t.users.update(u, func() {
		u.AvailabilityStatus = status
		u.Substatus = cmp.Or(substatus, u.Substatus)
	})
	if status == "available" {
		t.emitUser("user.opened", u)
		return
	}
	t.emitUser("user.closed", u)
}

// keepHours lets lines open and close at the hours of their place from now on. It
// begins with the first thing simulated: who never asks for any has lines as seeded.
func (t *tx) keepHours() {
	if t.keepsHours {
		return
	}
	t.keepsHours = true
	for _, n := range t.numbers.order {
		t.setHours(n)
	}
}

func (t *tx) setHours(n *number) {
	if t.keepsHours && n.AvailabilityStatus == "custom" {
		t.numbers.update(n, func() { n.Hours++ }) // what was set before comes to nothing
		t.after(t.nextHour(n).Sub(t.now), actHours, n.ID, n.Hours)
	}
}

// nextHour is when a line opens or closes next: within a weekend and a night.
func (t *tx) nextHour(n *number) time.Time {
	local := t.now.In(t.zone(n.TimeZone))
	for day := 0; ; day++ {
		for _, hour := range []int{9, 18} {
			at := time.Date(local.Year(), local.Month(), local.Day()+day, hour, 0, 0, 0, local.Location())
			if at.After(local) && officeHours(at) != officeHours(at.Add(-time.Second)) {
				return at
			}
		}
	}
}

// turnHour opens or closes a line, unless its setting changed.
func (t *tx) turnHour(m timer) {
	n, ok := t.numbers.get(m.ID)
	if !ok || n.AvailabilityStatus != "custom" || m.N != n.Hours {
		return
	}
	if open := t.isOpen(n); open != n.Open {
		t.numbers.update(n, func() { n.Open = open })
		t.emitOpening(n)
	}
	t.setHours(n)
}
