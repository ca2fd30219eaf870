package fakeaircall

import "slices"

// Tags that people make: plain ones first, and in companies with many of them a topic and its stage.
var (
	plainTags = []string{
		"Billing", "Refund requested", "Invoice copy", "Onboarding", "Demo booked", "Renewal", "Shipping delay", "Upgrade",
		"Login issue", "Integration", "Contract question", "High priority", "Complaint", "Bug report", "Pricing", "Appointment",
		"Address change", "Cancellation risk", "Needs callback", "VIP customer", "Escalation", "Resolved", "Key account", "Follow-up e-mail",
		"Training", "New customer", "Try again tomorrow", "Partner",
	}
	// generalTags fit a call whatever it is about.
	generalTags = []string{"Needs callback", "VIP customer", "Escalation", "Key account", "Follow-up e-mail", "Training", "New customer", "Partner", "High priority"}
	// unspokenTags fit a call where nobody spoke.
	unspokenTags = []string{"Needs callback", "Try again tomorrow", "High priority", "Follow-up e-mail", "VIP customer", "Key account"}
	// acquainted fit calls with contacts only.
	acquainted = []string{"VIP customer", "Key account", "Partner"}
	// rivals are tags of which a call has one at most, beside the stages of a topic.
	rivals    = [][]string{{"Key account", "New customer"}, {"Resolved", "Needs callback", "Try again tomorrow", "High priority", "Escalation"}}
	tagTopics = []string{
		"Billing", "Refund", "Onboarding", "Demo", "Renewal", "Shipping", "Upgrade", "Login", "Integration", "Contract", "Complaint", "Outage", "Pricing",
	}
	tagStages = []string{"new", "urgent", "in progress", "waiting for customer", "escalated", "solved", "reopened"}
	tagColors = []string{"#00B388", "#1F77B4", "#29C8FF", "#5C6BC0", "#7A5195", "#AA3300", "#B285D1", "#E45756", "#F58518", "#FCBB26", "#54A24B", "#8C564B"}
)

// seedTags begins with those that every company has from its first second.
func (s *seeder) seedTags() {
	for _, g := range systemTags {
		s.last.Tag++
		s.tags.insert(&tag{ID: s.last.Tag, Created: s.founded, Name: g.name, Color: g.color, Description: &g.description})
	}
	names := slices.Clone(plainTags)
	shuffle(&s.random, names)
	names = append(names, s.combinations(tagTopics, tagStages, ": ")...)
	for i, at := range s.times(s.amount.tags-len(systemTags), s.founded+day, s.settled) {
		s.tags.insert(&tag{ID: s.random.newID(&s.last.Tag), Created: at, Name: names[i], Color: pick(&s.random, tagColors)})
	}
}
