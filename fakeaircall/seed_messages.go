package fakeaircall

import (
	"time"

	"strconv"
	"sync"
)

// seedMessages decides what lines may send, and adds the templates. The first line sends in conversations and the second
// outside them, both with WhatsApp; the third belongs to a third party, and the fourth waits for its registration.
func (s *seeder) seedMessages(r random) {
	if len(s.lines) == 0 {
		return
	}
	account := newWhatsAppAccount(&r)
	texts := messageTemplates()
	id := 8000 + r.between(0, 999)
	for _, m := range texts[:min(s.amount.tags/2, len(texts))] {
		id += 1 + r.between(0, 9)
		s.messaging.templates.insert(&smsTemplate{ID: id, Name: m.Name, Body: m.SMS})
	}
	approvals := newDeck("APPROVED", "APPROVED", "APPROVED", "APPROVED", "APPROVED", "PENDING", "REJECTED")
	for i, text := range texts {
		m := &whatsappTemplate{
			ID: int64(i + 1), Account: account, Name: text.Name,
			Category: "UTILITY", Status: approvals.deal(&r), Language: "en", Body: text.WhatsApp,
		}
		if r.chance(25) {
			m.Category = "MARKETING"
		}
		if i == 0 {
			m.Category, m.Status = "UTILITY", "APPROVED"
		}
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

// newWhatsAppAccount returns the id of a WhatsApp Business account.
func newWhatsAppAccount(r *random) string {
	return strconv.FormatInt(100_000_000_000_000+r.between(0, 1_000_000_000), 10)
}

// A messageTemplate is a text that accounts keep for messages, read from seed/messages.json. {{1}} is the customer, {{2}} a
// date, a number or a link.
type messageTemplate struct{ Name, SMS, WhatsApp string }

var messageTemplates = sync.OnceValue(func() []messageTemplate { return *readSeed[[]messageTemplate]("messages") })

// seedDialer gives the second user, and some others, contacts to call. The first half of each list is already called.
func (s *seeder) seedDialer(r random) {
	for i, u := range s.users.order {
		if i%12 != 1 || s.contacts.len() == 0 {
			continue
		}
		c := &dialerCampaign{User: u.ID, ID: s.dialing.id(), Created: s.start - r.between(0, 20*day), Number: s.lineOf(u), Waiting: make(map[string]bool)}
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

// seedCampaign makes a draft of an outbound campaign.
func (s *seeder) seedCampaign(r random) {
	at := time.Unix(s.start-r.between(day, 10*day), 0)
	c := newCampaign()
	c.N, c.ID, c.Created, c.Updated = s.campaigning.id(), r.uuid7(at), at.Unix(), at.Unix()
	c.Name, c.Description, c.Users = "Renewals", "Customers whose contract ends soon", []int64{s.users.order[0].ID}
	s.campaigning.campaigns.insert(c)
	for _, p := range s.contacts.order {
		if len(p.Phones) > 0 && s.campaigning.contacts.len() < 5 {
			s.campaigning.contacts.insert(&campaignContact{
				N: s.campaigning.id(), Campaign: c.N, Phone: digits(p.Phones[0].Value),
				FirstName: p.FirstName, LastName: p.LastName, Company: p.CompanyName,
			})
		}
	}
}

// seedA2P associates the first two lines with campaigns.
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
