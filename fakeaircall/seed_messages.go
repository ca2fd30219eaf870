package fakeaircall

import (
	"fmt"
	"strconv"
	"strings"
)

// seedMessages decides what lines may send, and writes the templates. The first
// line is in conversations and the second past the inbox, both with WhatsApp; the
// third is a third party's, the fourth waits for its registration.
func (s *seeder) seedMessages(r random) {
	if len(s.lines) == 0 {
		return
	}
	account := strconv.FormatInt(100_000_000_000_000+r.between(0, 1_000_000_000), 10)
	s.messaging.templates = smsTemplates(&r, s.amount.tags/2)
	s.messaging.whatsapp = whatsappTemplates(&r, account)
	modes := newDeck(nativeMode, nativeMode, nativeMode, nativeMode, nativeMode, nativeMode, publicMode, thirdPartyMode)
	registrations := newDeck("approved", "approved", "approved", "approved", "approved", "approved", "approved", "pending", "rejected")
	statuses := newDeck("ONLINE", "ONLINE", "ONLINE", "OFFLINE")
	for i, line := range s.lines {
		l := &messageLine{mode: modes.deal(&r), registration: registrations.deal(&r)}
		status := statuses.deal(&r)
		if i < 4 {
			l.mode = []messageMode{nativeMode, publicMode, thirdPartyMode, nativeMode}[i]
			l.registration, status = []string{"approved", "approved", "approved", "pending"}[i], "ONLINE"
		}
		if l.mode == publicMode {
			l.token, l.callback = r.uuid(), "https://hooks."+s.domain+"/aircall/messages"
		}
		if i < 2 || r.chance(20) {
			l.whatsapp = &whatsappLine{
				account: account, status: status, quality: pick(&r, []string{"GREEN", "GREEN", "GREEN", "YELLOW"}),
				limit: pick(&r, []string{"TIER_250", "TIER_1K", "TIER_10K"}), verification: "VERIFIED",
			}
		}
		s.messaging.lines[line.id] = l
	}
}

var (
	messageSubjects = []string{"order", "appointment", "invoice", "delivery", "subscription", "ticket"}
	messageEvents   = []string{"is confirmed", "was changed", "is due tomorrow", "is ready", "was cancelled"}
)

// smsTemplates are n, as far as there are things to say.
func smsTemplates(r *random, n int) []smsTemplate {
	var all []smsTemplate
	id := 8000 + r.between(0, 999)
	for _, event := range messageEvents {
		for _, subject := range messageSubjects {
			words := strings.Fields(event)
			id += 1 + r.between(0, 9)
			all = append(all, smsTemplate{
				id: id, name: subject + "_" + words[len(words)-1],
				body: fmt.Sprintf("Your %s %s. Reply to this message if you have a question.", subject, event),
			})
		}
	}
	return all[:min(n, len(all))]
}

// whatsappTemplates are approved but for some, the first of them surely.
func whatsappTemplates(r *random, account string) []whatsappTemplate {
	statuses := newDeck("APPROVED", "APPROVED", "APPROVED", "APPROVED", "APPROVED", "PENDING", "REJECTED")
	languages := []string{"en", "fr", "es", "de", "it"}
	var all []whatsappTemplate
	for i, event := range messageEvents {
		for j, subject := range messageSubjects {
			words := strings.Fields(event)
			m := whatsappTemplate{
				id: int64(len(all) + 1), account: account, name: subject + "_" + words[len(words)-1],
				category: "UTILITY", status: statuses.deal(r), language: languages[(i+j)%len(languages)],
				body: fmt.Sprintf("Hello {{1}}, your %s {{2}} %s.", subject, event),
			}
			if r.chance(25) {
				m.category = "MARKETING"
			}
			if len(all) == 0 {
				m.category, m.status = "UTILITY", "APPROVED"
			}
			all = append(all, m)
		}
	}
	return all
}
