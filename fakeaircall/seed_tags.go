package fakeaircall

var (
	topics = []string{"Billing", "Refund", "Invoice", "Onboarding", "Demo", "Renewal", "Shipping", "Upgrade", "Login", "Integration", "Contract", "Feedback", "Complaint", "Outage", "Pricing", "Hiring"}
	stages = []string{"", "urgent", "open", "solved", "escalated", "waiting", "question", "idea"}
	colors = []string{"#00B388", "#1F77B4", "#29C8FF", "#5C6BC0", "#7A5195", "#AA3300", "#B285D1", "#E45756", "#F58518", "#FCBB26", "#54A24B", "#8C564B"}
)

// seedTags begins with those that every company has from its first second.
func (s *seeder) seedTags() {
	for _, g := range systemTags {
		s.last.tag++
		s.tags.insert(&tag{id: s.last.tag, created: s.founded, name: g.name, color: g.color, description: &g.description})
	}
	names := s.combinations(topics, stages)
	for i, at := range s.times(s.amount.tags-len(systemTags), s.founded+day, s.settled) {
		s.tags.insert(&tag{id: s.random.newID(&s.last.tag), created: at, name: names[i], color: pick(&s.random, colors)})
	}
}
