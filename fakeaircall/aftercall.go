package fakeaircall

import (
	"slices"
	"time"
)

const (
	gathering  = 30 * time.Second // from the end of a call to call.ended (captured 2022: 30 and 31)
	leaving    = 33 * time.Second // to call.voicemail_left (captured 2022)
	generating = 35 * time.Second // to call.comm_assets_generated; only that it comes later is known

	longestVoicemail = 2 * time.Minute // of one that nobody ends
)

// speak lets the caller leave a voicemail, which is over when he hangs up.
func (t *tx) speak(c *call, a Action) error {
	if err := c.mustRing(a); err != nil {
		return err
	}
	if !c.Inbound {
		return conflict("call %d is outbound: only those who call leave a voicemail", c.ID)
	}
	t.stopAllRinging(c)
	t.calls.update(c, func() { c.Ongoing.Voicemail = true })
	t.then(c, Action{Do: "hangup", After: longestVoicemail})
	return nil
}

// requestCallback is why a missed call can have no reason (captured 2022).
func (t *tx) requestCallback(c *call, a Action) error {
	if err := c.mustRing(a); err != nil {
		return err
	}
	if !c.Inbound {
		return conflict("call %d is outbound: only those who call ask for a callback", c.ID)
	}
	t.calls.update(c, func() { c.Ongoing.Callback = true })
	return nil
}

func (t *tx) giveUp(c *call, a Action) error {
	if err := c.mustRing(a); err != nil || c.Ongoing.Voicemail || c.isOutside() {
		return err
	}
	if c.Inbound {
		a.Reason = "agents_did_not_answer"
	}
	return t.hangUp(c, a)
}

// hangUp ends a call. Its data is gathered half a minute later.
func (t *tx) hangUp(c *call, a Action) error {
	if err := c.mustLive(a); err != nil {
		return err
	}
	if a.Reason != "" && (!c.Inbound || !slices.Contains(missedReasons, a.Reason)) {
		return mistaken("reason %.40q: an inbound call is missed for one of %v, an outbound one for none", a.Reason, missedReasons)
	}
	t.calls.update(c, func() {
		c.Ended = t.unix()
		c.Ongoing.Held, c.Ongoing.Target = false, 0
		if c.Inbound && c.Answered == 0 && !c.Ongoing.Callback && !c.isOutside() {
			c.MissedReason = t.missedFor(c, a.Reason)
		}
	})
	t.finalizeLater(c)
	t.stopAllRinging(c)
	if u, ok := t.users.get(c.User); ok && !c.isOutside() {
		t.idle[u.ID] = t.unix()
		if c.Answered != 0 {
			t.startWrapUp(u, c)
		}
	}
	if c.Answered != 0 || t.company.assume.hungUpMissed {
		t.emitCall("call.hungup", c)
	}
	if c.Ongoing.Callback {
		t.tagAs(c, "Callback Request")
	}
	t.then(c, Action{Do: "end", After: gathering})
	t.expectInsights(c)
	return nil
}

// missedFor is the reason given, or the one that the call tells itself.
func (t *tx) missedFor(c *call, reason string) string {
	n, ok := t.numbers.get(c.Number)
	switch {
	case reason != "":
		return reason
	case ok && !t.isOpen(n) && len(c.Ongoing.Asked) == 0:
		return "out_of_opening_hours"
	case c.Ongoing.Voicemail && len(c.Ongoing.Asked) > 0:
		return "agents_did_not_answer"
	case time.Duration(c.Ended-c.Started)*time.Second < shortAbandoned:
		return "short_abandoned"
	case len(c.Ongoing.Asked) == 0 && ok && n.IsIVR:
		return "abandoned_in_ivr"
	case len(c.Ongoing.Asked) == 0:
		return "no_available_agent"
	}
	return "abandoned_in_classic"
}

// conclude is call.ended, and sets what comes after it. The audio is there with
// it, unless assumed to be late.
func (t *tx) conclude(c *call, _ Action) error {
	n, ok := t.numbers.get(c.Number)
	t.calls.update(c, func() {
		c.Voicemail = c.Ongoing.Voicemail
		c.Recorded = ok && n.Recording && c.Answered != 0 && !c.Ongoing.Paused
		c.Ongoing.Pending = t.company.assume.lateAudio
	})
	t.emitCall("call.ended", c)
	if c.Voicemail {
		t.after(leaving-gathering, actVoicemail, c.ID, 0)
	}
	if c.Voicemail || c.Recorded {
		t.after(generating-gathering, actAssets, c.ID, 0)
	}
	return nil
}

func (t *tx) emitVoicemail(m timer) {
	if c, ok := t.calls.get(m.ID); ok && c.Voicemail {
		t.emitCall("call.voicemail_left", c)
	}
}

// tellAssets is once a call, and not for audio that was deleted by then.
func (t *tx) emitAssets(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok {
		return
	}
	t.calls.update(c, func() { c.Ongoing.Pending = false })
	if c.hasAudio() {
		t.emitCall("call.comm_assets_generated", c)
	}
}

// pause keeps what is said from the recording. That one who never resumes has no
// recording at all is a simplification: parts of one are not modelled.
func pausing(on bool) func(*tx, *call, Action) error {
	return func(t *tx, c *call, a Action) error {
		if err := c.mustTalk(a); err != nil {
			return err
		}
		if n, ok := t.numbers.get(c.Number); !ok || !n.Recording {
			return conflict("number %d does not record: there is nothing to %s", c.Number, a.Do)
		}
		t.calls.update(c, func() { c.Ongoing.Paused = on })
		return nil
	}
}

func (t *tx) tagBy(c *call, a Action) error {
	if _, ok := t.tags.get(a.TagID); !ok {
		return missing("there is no tag %d", a.TagID)
	}
	u, ok := t.users.get(a.UserID)
	if a.UserID != 0 && !ok {
		return missing("there is no user %d", a.UserID)
	}
	if c.hasTag(a.TagID) {
		return conflict("call %d has the tag %d already", c.ID, a.TagID)
	}
	t.calls.tag(c, callTag{TagID: a.TagID, At: t.unix(), By: a.UserID})
	t.emitCall("call.tagged", c)
	if ok && c.Ended != 0 { // tagging is what the wrap-up is for
		t.endWrapUp(timer{ID: u.ID, N: c.ID})
	}
	return nil
}

// tagAs is the system's, which has tags of its own.
func (t *tx) tagAs(c *call, name string) {
	for _, g := range t.tags.order {
		if g.Name == name {
			_ = t.tagBy(c, Action{TagID: g.ID})
			return
		}
	}
}

func (t *tx) untag(c *call, a Action) error {
	if !c.hasTag(a.TagID) {
		return conflict("call %d has no tag %d", c.ID, a.TagID)
	}
	t.calls.untag(c, a.TagID)
	t.emitCall("call.untagged", c)
	return nil
}

func (t *tx) commentBy(c *call, a Action) error {
	if _, ok := t.users.get(a.UserID); a.UserID != 0 && !ok {
		return missing("there is no user %d", a.UserID)
	}
	return t.comment(c, a.Content, a.UserID)
}

func (t *tx) assign(c *call, a Action) error {
	if _, ok := t.users.get(a.UserID); !ok {
		return missing("there is no user %d to assign to", a.UserID)
	}
	t.calls.update(c, func() { c.AssignedTo = a.UserID })
	t.emitCall("call.assigned", c)
	return nil
}

func (t *tx) archive(c *call, _ Action) error {
	t.calls.update(c, func() { c.Archived = true })
	t.emitCall("call.archived", c)
	return nil
}
