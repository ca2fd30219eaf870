package pull

import "time"

// latestClock is about what the twin's clock reads, if none is chosen: a Monday after Aircall retired version 1 of users.
var latestClock = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// A shifter moves instants by whole weeks, so that the newest call is near the twin's clock and each call keeps its hour and
// its day of the week. A call moves in the time zone of its line, where a clock may have changed in between.
type shifter struct {
	weeks  int
	before time.Time // no instant is later
}

// newShifter moves newest, the last instant of the calls, to the week before the clock. If it is there already, it moves it to
// the week before that: no call keeps its instant.
func newShifter(newest, clock time.Time) shifter {
	const week = 7 * 24 * time.Hour
	room := clock.Add(-time.Hour).Sub(newest) // an hour, as the clocks may have changed
	weeks := int(room / week)
	if room < 0 && room%week != 0 {
		weeks--
	}
	if weeks == 0 {
		weeks = -1
	}
	return shifter{weeks, clock}
}

func (s shifter) in(at time.Time, zone *time.Location) time.Time {
	return at.In(zone).AddDate(0, 0, 7*s.weeks).UTC()
}

// created moves the time at which a record was made. It returns nil for none.
func (s shifter) created(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	moved := s.in(at, time.UTC)
	if moved.After(s.before) {
		moved = s.before
	}
	if moved.Before(earliest) {
		return nil
	}
	return &moved
}

// newestInstant returns the last instant of the calls of an account.
func newestInstant(list []record) (newest time.Time) {
	for _, c := range list {
		all := []time.Time{c.instant("started_at"), c.instant("answered_at"), c.instant("ended_at")}
		for _, comment := range c.list("comments") {
			all = append(all, comment.instant("posted_at"))
		}
		for _, at := range all {
			if at.After(newest) {
				newest = at
			}
		}
	}
	return newest
}
