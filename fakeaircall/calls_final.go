package fakeaircall

import "time"

// actFinalize gives the call id its final values; n is the end of the call that the timer was set at.
const actFinalize = act("finalize call")

// The time from the end of a call to its final values. On the wire they were missing two minutes after the end, and
// there after twenty (recorded 2026-09-28 on three outbound calls).
const (
	soonestFinal = 2 * 60
	latestFinal  = 20 * 60
)

const (
	noCost   = "0.0"
	flatCost = "3.0" // of an answered outbound call, however long (recorded on calls of 9, 20 and 21 seconds)
)

// finalizeLater shows provisional values of a call that ended, until it is time for the final ones. A call that
// ended so long ago that it has its final values by now keeps the times that it has.
func (t *tx) finalizeLater(c *call) {
	left := c.Ended + c.finalAfter() - t.unix()
	if t.company.assume.finalAtOnce || left <= 0 {
		t.calls.update(c, c.finalize)
		return
	}
	t.calls.update(c, func() { c.Provisional, c.Cost = true, noCost })
	t.after(time.Duration(left)*time.Second, actFinalize, c.ID, c.Ended)
}

// finalizeCall is silent: no event is known that tells of it.
func (t *tx) finalizeCall(m timer) {
	c, ok := t.calls.get(m.ID)
	if !ok || !c.Provisional || c.Ended != m.N {
		return
	}
	t.calls.update(c, func() {
		if c.startsLater() {
			c.Started++
		}
		c.finalize()
	})
}

func (c *call) finalize() {
	c.Provisional, c.Cost = false, noCost
	if !c.Inbound && c.Answered != 0 {
		c.Cost = flatCost
	}
}

// finalAfter is how many seconds after its end a call gets its final values.
func (c *call) finalAfter() int64 {
	r := random{uint64(c.ID)}
	return r.between(soonestFinal, latestFinal)
}

// Of three calls about one shows a duration that is a second too long, and one a start that is a second too early
// (recorded on three calls: 22, 10 and 20 seconds became 21, 9 and 20, and one start moved).

func (c *call) lastsTooLong() bool { return c.Provisional && c.ID%3 == 0 }

// startsLater is so of answered calls alone: the recorded ones were answered.
func (c *call) startsLater() bool { return c.ID%3 == 1 && c.Started < c.Answered }

// pricingType is nil until the call has its final values.
func (c *call) pricingType() *string {
	if c.Ended == 0 || c.Provisional {
		return nil
	}
	return new("in_bundle")
}
