package fakeaircall

import (
	"strconv"
)

// seedMessages decides what lines may send, and writes the templates. The first
// line is in conversations and the second past the inbox, both with WhatsApp; the
// third is a third party's, the fourth waits for its registration.
func (s *seeder) seedMessages(r random) {
	if len(s.lines) == 0 {
		return
	}
	account := strconv.FormatInt(100_000_000_000_000+r.between(0, 1_000_000_000), 10)
	for _, m := range smsTemplates(&r, s.amount.tags/2) {
		s.messaging.templates.insert(m)
	}
	for _, m := range whatsappTemplates(&r, account) {
		s.messaging.whatsapp.insert(m)
	}
	modes := newDeck(nativeMode, nativeMode, nativeMode, nativeMode, nativeMode, nativeMode, publicMode, thirdPartyMode)
	registrations := newDeck("approved", "approved", "approved", "approved", "approved", "approved", "approved", "pending", "rejected")
	statuses := newDeck("ONLINE", "ONLINE", "ONLINE", "OFFLINE")
	for i, line := range s.lines {
		l := &messageLine{Number: line.ID, Mode: modes.deal(&r), Registration: registrations.deal(&r)}
		status := statuses.deal(&r)
		if i < 4 {
			l.Mode = []messageMode{nativeMode, publicMode, thirdPartyMode, nativeMode}[i]
			l.Registration, status = []string{"approved", "approved", "approved", "pending"}[i], "ONLINE"
		}
		if l.Mode == publicMode {
			l.Token, l.Callback = r.uuid(), "https://hooks."+s.domain+"/aircall/messages"
		}
		if i < 2 || r.chance(20) {
			l.Whatsapp = &whatsappLine{
				Account: account, Status: status, Quality: pick(&r, []string{"GREEN", "GREEN", "GREEN", "YELLOW"}),
				Limit: pick(&r, []string{"TIER_250", "TIER_1K", "TIER_10K"}), Verification: "VERIFIED",
			}
		}
		s.messaging.lines.insert(l)
	}
}

// messageTemplates are texts that companies keep for messages; {{1}} is the customer, {{2}} a
// date, a number or a link.
var messageTemplates = []struct{ name, sms, whatsapp string }{
	{"order_confirmed", "Thanks for your order! We'll let you know as soon as it ships.", "Hello {{1}}, your order {{2}} is confirmed."},
	{"appointment_confirmed", "Your appointment is confirmed. See you soon!", "Hello {{1}}, your appointment on {{2}} is confirmed."},
	{"invoice_sent", "Your new invoice is in your inbox. Thanks for your business!", "Hello {{1}}, we've sent you invoice {{2}}."},
	{"delivery_today", "Your delivery arrives today. Reply to this message if nobody is at home.", "Hello {{1}}, your delivery {{2}} arrives today."},
	{"missed_call", "Sorry we missed your call. We'll call you back within one business day.", "Hello {{1}}, sorry we missed your call. We'll call you back on {{2}}."},
	{"ticket_opened", "We've opened a ticket for your request and will get back to you today.", "Hello {{1}}, we've opened ticket {{2}} for your request."},
	{"order_shipped", "Good news: your order is on its way.", "Hello {{1}}, your order {{2}} is on its way."},
	{"appointment_reminder", "A friendly reminder of your appointment tomorrow. Reply to this message to move it.", "Hello {{1}}, a friendly reminder of your appointment on {{2}}."},
	{"invoice_due", "Your invoice is due tomorrow. Please ignore this message if you've already paid.", "Hello {{1}}, your invoice {{2}} is due tomorrow."},
	{"delivery_delayed", "We're sorry, your delivery is delayed by one day.", "Hello {{1}}, we're sorry, your delivery {{2}} is delayed by one day."},
	{"callback_scheduled", "Your callback is scheduled. Please keep your phone close.", "Hello {{1}}, your callback is scheduled for {{2}}."},
	{"ticket_solved", "Your ticket is solved. Reply to this message if you still need help.", "Hello {{1}}, your ticket {{2}} is solved."},
	{"order_returned", "We've received your return and are checking it now.", "Hello {{1}}, we've received your return of order {{2}}."},
	{"appointment_moved", "Your appointment was moved. Please check your e-mail for the new time.", "Hello {{1}}, your appointment was moved to {{2}}."},
	{"invoice_overdue", "Your invoice is overdue. Please call us if you need more time.", "Hello {{1}}, your invoice {{2}} is overdue."},
	{"delivery_pickup", "Your package is ready for pickup until Saturday.", "Hello {{1}}, your package {{2}} is ready for pickup."},
	{"after_hours", "Our office is closed right now. We're back at 9 a.m. on the next business day.", "Hello {{1}}, our office is closed right now. We're back on {{2}}."},
	{"demo_invitation", "Your demo is booked. You'll find the link in your e-mail.", "Hello {{1}}, your demo on {{2}} is booked."},
	{"renewal_reminder", "Your subscription renews next month. Call us to change your plan.", "Hello {{1}}, your subscription renews on {{2}}."},
	{"appointment_canceled", "Your appointment was canceled. Call us to find a new time.", "Hello {{1}}, your appointment on {{2}} was canceled."},
	{"invoice_paid", "We received your payment for the invoice. Thank you!", "Hello {{1}}, we received your payment for invoice {{2}}. Thank you!"},
	{"refund_started", "Your refund is on its way and takes about three business days.", "Hello {{1}}, your refund for {{2}} is on its way."},
	{"trial_ending", "Your trial ends in three days. Reply to this message to talk about your options.", "Hello {{1}}, your trial ends on {{2}}."},
	{"feedback_request", "How was our call? Reply with a number from 1 to 5.", "Hello {{1}}, how was our call on {{2}}? Reply with a number from 1 to 5."},
	{"document_sent", "We've sent the documents to your e-mail address.", "Hello {{1}}, you'll find the documents here: {{2}}."},
	{"quote_ready", "Your quote is ready. Take a look and call us with any questions.", "Hello {{1}}, your quote {{2}} is ready."},
	{"invoice_corrected", "We've corrected your invoice and sent it again. Sorry for the mix-up.", "Hello {{1}}, we've corrected invoice {{2}}. Sorry for the mix-up."},
	{"welcome", "Welcome! Save this number to reach us by call or text.", "Hello {{1}}, welcome! Your customer number is {{2}}."},
	{"password_reset", "We've reset your password. You'll find the link in your e-mail.", "Hello {{1}}, we've reset your password. Your ticket is {{2}}."},
	{"holiday_hours", "We're closed for the holiday on Monday and back on Tuesday.", "Hello {{1}}, we're closed for the holiday on {{2}}."},
}

// smsTemplates are n, as far as there are things to say.
func smsTemplates(r *random, n int) []*smsTemplate {
	var all []*smsTemplate
	id := 8000 + r.between(0, 999)
	for _, m := range messageTemplates[:min(n, len(messageTemplates))] {
		id += 1 + r.between(0, 9)
		all = append(all, &smsTemplate{ID: id, Name: m.name, Body: m.sms})
	}
	return all
}

// whatsappTemplates are approved but for some, the first of them surely.
func whatsappTemplates(r *random, account string) []*whatsappTemplate {
	statuses := newDeck("APPROVED", "APPROVED", "APPROVED", "APPROVED", "APPROVED", "PENDING", "REJECTED")
	var all []*whatsappTemplate
	for i, text := range messageTemplates {
		m := &whatsappTemplate{
			ID: int64(i + 1), Account: account, Name: text.name,
			Category: "UTILITY", Status: statuses.deal(r), Language: "en", Body: text.whatsapp,
		}
		if r.chance(25) {
			m.Category = "MARKETING"
		}
		if i == 0 {
			m.Category, m.Status = "UTILITY", "APPROVED"
		}
		all = append(all, m)
	}
	return all
}

// seedDialer gives the second user, and some others, contacts to call. The first
// half of each list was called already.
func (s *seeder) seedDialer(r random) {
	for i, u := range s.users.order {
		if i%12 != 1 || s.contacts.len() == 0 {
			continue
		}
		c := &campaign{User: u.ID, ID: s.dialing.id(), Created: s.start - r.between(0, 20*day), Number: s.lineOf(u), Waiting: make(map[string]bool)}
		c.Created = max(c.Created, u.Created)
		n := int(r.between(4, 30))
		for j := range n {
			phone := pick(&r, pick(&r, s.contacts.order).Phones).Value
			if c.Waiting[digits(phone)] {
				continue
			}
			d := dialed{ID: s.dialing.id(), Created: c.Created, Number: phone, Called: j < n/2}
			c.Phones = append(c.Phones, d)
			if !d.Called {
				c.Waiting[digits(phone)] = true
			}
		}
		s.dialing.campaigns.insert(c)
	}
}

// seedA2P ties the first lines to two campaigns.
func (s *seeder) seedA2P(r random) {
	for i := range min(2, len(s.lines)) {
		l := s.lines[i]
		at := max(l.Created, s.start-r.between(0, 100*day))
		s.associations.insert(&association{
			ID: r.newID(&s.last.Association), Created: at, Updated: at,
			External: "C" + r.hex(6), Numbers: []int64{l.ID},
		})
	}
}
