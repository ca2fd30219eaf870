package fakeaircall

// A phrasebook is what people say on the phone in one language, and what is
// written about it. In a dialogue the two take turns.
type phrasebook struct {
	greeting  [][]string // of a caller, by the user first
	calling   [][]string // by the user who rang, first
	closing   [][]string // by the other first
	voicemail []voiceMessage
	matters   []matter

	playbook  string
	steps     []string  // of the playbook
	verdicts  [2]string // on a step: kept, or not
	scorecard string
	template  string    // of custom summaries
	fields    [3]string // of the template: why, what came of it, what next
}

// A matter is something to talk about.
type matter struct {
	topic   string
	said    []string // by who is outside first
	summary string
	action  string
	mood    int      // 1 good, -1 bad
	notes   []string // templates of what the user may comment on the call
	tags    []string // how tags of companies begin that fit
}

// A voiceMessage is what a caller leaves, and templates of what a user may comment on it.
type voiceMessage struct {
	said  []string
	notes []string
}

// languageOf is the language spoken on a line: its country's, where Aircall
// lists it. Of those it does (en, fr, es, de, nl and it, some with a country)
// the seeded lines speak three; a Swedish one stays without intelligence.
func languageOf(countryCode string) string {
	for _, c := range countries {
		if c.code == countryCode {
			if c.language == "en-CA" {
				return "en" // not listed with this country
			}
			return c.language
		}
	}
	return "en"
}

var phrasebooks = map[string]*phrasebook{
	"en": &english, "en-GB": &english, "en-US": &english, "en-AU": &english,
	"fr-FR": &french,
	"de-DE": &german,
}

// Comments are written in English on calls in other languages, too: companies have offices in
// several countries.
var (
	billingNotes = []string{
		"Charged twice in {month}. Refund started, should arrive within three business days.",
		"{Who} was upset about a duplicate charge. Apologized and started the refund.",
		"Duplicate payment on invoice {ref} confirmed, refund is on its way.",
		"Refund for {firm} requested from accounting. Check {day}.",
		"Billing: second payment was our mistake. E-mail with the refund details sent.",
	}
	deliveryNotes = []string{
		"Order {ref} left the warehouse, due tomorrow before noon.",
		"{Who} asked about order {ref}. Neighbors may take the package.",
		"Added a note for the driver and sent the tracking link.",
		"Delivery for {firm} is on schedule. Tracking link sent by text message.",
	}
	renewalNotes = []string{
		"{Firm} wants to renew with ten more seats. Quote goes out this afternoon.",
		"Renewal call went well, {who} likes the product. Send the quote for the larger plan.",
		"Happy customer, ten additional seats at renewal.",
		"{Who} agreed to the larger plan in principle. Contract to be sent {day}.",
	}
)

var english = phrasebook{
	greeting: [][]string{
		{"Thank you for calling {company}, how can I help you today?", "Hi, thanks for picking up.", "Of course. What can I do for you?"},
		{"Hello, this is {company}. How may I help you?", "Hi there, I have a quick question.", "Sure, go ahead."},
		{"{company}, good to hear from you. What's going on?", "Hello, I hope you can help me.", "I'll do my best. Tell me more."},
	},
	calling: [][]string{
		{"Hi, this is {company} calling. Is now a good time to talk?", "Hi, yes, I have a few minutes.", "Great. How is everything going?"},
		{"Hello, I'm calling from {company} about your last request.", "Oh, good, I was hoping you would call.", "Let's get it sorted out, then."},
		{"Good morning, this is {company}. Do you have a moment?", "Sure, what is it about?", "I just wanted to check in with you."},
	},
	closing: [][]string{
		{"That's all, thank you so much.", "You're welcome. Have a great day.", "You too, bye."},
		{"Great, that was everything I needed.", "Happy to help. Take care.", "Thanks, bye now."},
		{"Perfect, thanks for your help.", "My pleasure. Talk to you soon.", "Sounds good, goodbye."},
	},
	voicemail: []voiceMessage{{
		said:  []string{"Hi, I just tried to reach you.", "Could somebody call me back today, please?", "You have my number. Thanks, bye."},
		notes: []string{"Voicemail: {who} asks for a callback today.", "{Who} left a short message and wants a call back today."},
	}, {
		said:  []string{"Hello, I'm calling about my last invoice.", "The amount doesn't look right to me.", "Please give me a call when you get this."},
		notes: []string{"Voicemail about the last invoice: {who} thinks the amount is wrong.", "{Who} questions the amount on the last invoice. Needs a callback."},
	}, {
		said:  []string{"Hi, it's about the delivery that was due this morning.", "It hasn't shown up yet.", "Can you find out where it is and let me know?"},
		notes: []string{"Voicemail: this morning's delivery has not arrived. Check with the carrier.", "{Who} is still waiting for this morning's delivery, see voicemail."},
	}, {
		said:  []string{"Hello, I need to move our appointment.", "Later this week would work better for me.", "Call me back and we'll find a time. Thank you."},
		notes: []string{"Voicemail: {who} needs to move the appointment to later this week.", "Appointment has to be rescheduled, {who} suggests later this week."},
	}, {
		said:  []string{"Hi, I'm locked out of my account again.", "I've tried the reset link twice.", "Please call me, I'm at my desk until five."},
		notes: []string{"Voicemail: locked out of the account, reset link does not help. At the desk until five.", "{Who} can't log in. Please reset the account and call back before five."},
	}, {
		said:  []string{"Hi, I'm following up on the quote you sent me.", "I have a couple of questions before we sign.", "Talk to you soon, bye."},
		notes: []string{"Voicemail: {who} has questions about the quote before signing.", "{Who} followed up on our quote and is close to signing. Call back soon."},
	}},
	matters: []matter{{
		topic: "billing", mood: -1,
		said: []string{
			"I was charged twice this month, and nobody has answered my e-mail.", "I'm sorry to hear that. Could I have the invoice number, please?",
			"It's four two one seven, from the first of the month.", "Thank you. I can see both payments here.",
			"So one of them was a mistake?", "Yes, and I'm starting the refund now. It takes about three business days.",
		},
		summary: "The customer was charged twice for one invoice, and the agent started a refund.",
		action:  "Check that the refund for the duplicate charge has gone through.",
		tags:    []string{"Billing", "Refund", "Invoice"},
		notes:   billingNotes,
	}, {
		topic: "delivery",
		said: []string{
			"I'd like to know where my order is.", "Let me take a look. It left our warehouse yesterday evening.",
			"When will it get here?", "The carrier says tomorrow before noon.",
			"Can they leave it with the neighbors?", "I'm adding that as a note for the driver.",
		},
		summary: "The customer asked about an order, which is due tomorrow before noon and may be left with the neighbors.",
		action:  "Send the customer the tracking link for the order.",
		tags:    []string{"Shipping"},
		notes:   deliveryNotes,
	}, {
		topic: "renewal", mood: 1,
		said: []string{
			"Our contract ends in the spring, and we'd like to stay.", "I'm glad to hear that. Would you keep the same plan?",
			"We need ten more seats, everyone here likes working with it.", "Then the larger plan costs you less per seat.",
			"That sounds good to me.", "I'll send you the quote this afternoon.",
		},
		summary: "The customer wants to renew with ten more seats and will get a quote for the larger plan.",
		action:  "Send the quote for the larger plan with ten more seats.",
		tags:    []string{"Renewal", "Contract", "Upgrade"},
		notes:   renewalNotes,
	}, {
		topic: "account access",
		said: []string{
			"A new colleague hasn't been able to sign in since this morning.", "Does she get an error message?",
			"It says that the link has expired.", "The invitation is only good for a week. I'm sending a new one.",
			"It just came in.", "Then she can choose a password now.",
		},
		summary: "A new colleague could not sign in because the invitation had expired, and the agent sent a new one.",
		action:  "Ask next week whether the new colleague has signed in.",
		tags:    []string{"Login", "Onboarding"},
		notes: []string{
			"Invitation of a new colleague had expired. Sent a new one while on the phone.",
			"Login issue at {firm} solved: new invitation sent, colleague can set a password.",
			"{Who} reported that a colleague can't sign in. Expired link, resent.",
			"Access problem fixed. Check {day} that the new user is active.",
		},
	}, {
		topic: "product demo", mood: 1,
		said: []string{
			"We saw your product at the trade show and would like to see more of it.", "Great. How many of you would join?",
			"There are four of us, from sales and support.", "Would next Tuesday at ten work for you?",
			"Tuesday is perfect.", "You'll get the invitation in a minute.",
		},
		summary: "The customer asked for a demo for four people, which was set for Tuesday at ten.",
		action:  "Send the invitation for the demo on Tuesday.",
		tags:    []string{"Demo"},
		notes: []string{
			"Demo booked for Tuesday at ten, four people from sales and support.",
			"{Who} saw us at the trade show and wants a demo. Invitation goes out today.",
			"Warm lead at {firm}: demo on Tuesday, prepare the support use case.",
			"Demo for {firm} confirmed. {agent} should join for the technical part.",
		},
	}, {
		topic: "cancellation", mood: -1,
		said: []string{
			"I'm thinking about canceling our subscription.", "I'm sorry to hear that. May I ask why?",
			"We only use a small part of it, and it's getting expensive.", "There is a smaller plan that would cut the price by a third.",
			"I didn't know about that one.", "I'll send you a comparison, and you can decide next week.",
		},
		summary: "The customer considered canceling because of the price and will compare the smaller plan.",
		action:  "Send the comparison of the plans and follow up next week.",
		tags:    []string{"Cancellation", "Contract", "Pricing"},
		notes: []string{
			"At risk: {who} thinks about canceling because of the price. Offered the smaller plan.",
			"Sent {firm} the plan comparison, decision next week.",
			"Price is the issue, not the product. Follow up {day} before the notice period ends.",
			"{Who} did not know the smaller plan. Good chance to keep the account.",
		},
	}, {
		topic: "technical issue", mood: -1,
		said: []string{
			"The app has been freezing since the update.", "That sounds annoying. Which version do you have?",
			"The latest one, I installed it on Monday.", "We know about the bug, and a fix comes out tomorrow.",
			"Is there anything I can do until then?", "Yes, please turn off the sync, that avoids it.",
		},
		summary: "The app freezes since the update; the agent gave a workaround until the fix comes out tomorrow.",
		action:  "Tell the customer when the fix is out.",
		tags:    []string{"Bug", "Outage", "Integration", "Complaint"},
		notes: []string{
			"App freezes after the update. Workaround: turn off sync until the fix is out.",
			"Known bug, added {firm} to the ticket. Let {who} know when it is fixed.",
			"{Who} is affected by the freeze after the update and has the workaround.",
			"Ticket updated with the version {who} is on. Fix is scheduled for tomorrow.",
		},
	}, {
		topic: "change of address",
		said: []string{
			"We're moving to a new office next month.", "Congratulations. Should I update the billing address, too?",
			"Yes, please, for billing and for shipping.", "All right, from which date?",
			"From the first of the month.", "It's in the system. You'll get a confirmation by e-mail.",
		},
		summary: "The customer moves to a new office and had the billing and shipping addresses changed from the first of the month.",
		action:  "Send the confirmation of the new addresses.",
		tags:    []string{"Address"},
		notes: []string{
			"{Firm} moves offices. New billing and shipping address from the first of the month.",
			"Address change done, confirmation sent by e-mail.",
			"{Who} gave us the new address. Update the contract before the next invoice.",
			"New address is in the system from the first. Shipping knows.",
		},
	}, {
		topic: "pricing", mood: 1,
		said: []string{
			"What would it cost us for twenty people?", "With twenty seats you get the volume discount.",
			"That's fifteen percent, right?", "Exactly, if you pay once a year.",
			"I need that in writing for my boss.", "You'll have the quote in your inbox within the hour.",
		},
		summary: "The customer asked for the price of twenty seats and will get a quote with the volume discount.",
		action:  "Send the quote for twenty seats with the annual discount.",
		tags:    []string{"Pricing", "Upgrade"},
		notes: []string{
			"Quote for twenty seats with annual discount, {who} needs it for internal approval.",
			"Pricing question from {firm}: volume discount of 15 percent explained, quote sent.",
			"{Who} will get back to us once the boss has approved the quote.",
			"Sent the quote for twenty seats. Check in {day}.",
		},
	}, {
		topic: "rescheduling",
		said: []string{
			"I can't make it to our appointment on Thursday.", "No problem. When would suit you better?",
			"Friday, any time after two.", "I have a slot at three.",
			"That works for me.", "Done. You'll get a new calendar invite.",
		},
		summary: "The customer moved the appointment from Thursday to Friday at three.",
		action:  "Send the calendar invite for Friday at three.",
		tags:    []string{"Appointment"},
		notes: []string{
			"Appointment moved from Thursday to Friday at three.",
			"{Who} can't make Thursday. New slot: Friday, 3 p.m., invite sent.",
			"Rescheduled with {who}, please keep Friday at three free.",
		},
	}},

	playbook: "Customer conversation", steps: []string{"Greeting", "Understanding the need", "Solution", "Next steps"},
	verdicts: [2]string{"Covered", "Not covered"}, scorecard: "Service quality",
	template: "Call report", fields: [3]string{"Reason for the call", "Outcome", "Next steps"},
}

var french = phrasebook{
	greeting: [][]string{
		{"Bonjour, ici {company}, que puis-je faire pour vous ?", "Bonjour, merci de prendre mon appel.", "Je vous en prie. De quoi s'agit-il ?"},
		{"{company}, bonjour, je vous écoute.", "Bonjour, j'aurais une question.", "Bien sûr, allez-y."},
	},
	calling: [][]string{
		{"Bonjour, ici {company}, avez-vous un instant ?", "Bonjour, oui, vous tombez bien.", "Merci. Comment cela se passe-t-il ?"},
		{"Bonjour, {company}, je vous appelle au sujet de votre demande.", "Ah, très bien, j'attendais votre appel.", "Voyons cela ensemble."},
	},
	closing: [][]string{
		{"C'est tout, merci beaucoup.", "Avec plaisir. Bonne journée à vous.", "À vous aussi, au revoir."},
		{"Parfait, merci pour votre aide.", "Je vous en prie. À bientôt.", "À bientôt, au revoir."},
	},
	voicemail: []voiceMessage{{
		said:  []string{"Bonjour, j'ai essayé de vous joindre à l'instant.", "Pourriez-vous me rappeler aujourd'hui, s'il vous plaît ?", "Vous avez mon numéro. Merci, au revoir."},
		notes: []string{"Voicemail: {who} asks for a callback today.", "{Who} left a message in French and wants a call back today."},
	}, {
		said:  []string{"Bonjour, je vous appelle au sujet de ma dernière facture.", "Le montant ne me semble pas correct.", "Merci de me rappeler dès que possible."},
		notes: []string{"Voicemail about the last invoice: {who} thinks the amount is wrong.", "{Who} questions the amount on the last invoice. Callback in French, please."},
	}, {
		said:  []string{"Bonjour, ma livraison devait arriver ce matin.", "Je n'ai encore rien reçu.", "Pouvez-vous me dire où elle se trouve ?"},
		notes: []string{"Voicemail: this morning's delivery has not arrived. Check with the carrier.", "{Who} is still waiting for this morning's delivery, see voicemail."},
	}},
	matters: []matter{{
		topic: "facturation", mood: -1,
		said: []string{
			"J'ai été débité deux fois ce mois-ci et personne n'a répondu à mon courrier.", "J'en suis désolé. Quel est le numéro de la facture ?",
			"Quarante-deux dix-sept, du premier du mois.", "Merci. Je vois bien les deux paiements.",
			"L'un des deux est donc une erreur ?", "Oui, je lance le remboursement. Comptez trois jours ouvrés.",
		},
		summary: "Le client a été débité deux fois pour une facture ; un remboursement est lancé.",
		action:  "Vérifier que le remboursement du double paiement est arrivé.",
		tags:    []string{"Billing", "Refund", "Invoice"},
		notes:   billingNotes,
	}, {
		topic: "livraison",
		said: []string{
			"Je voudrais savoir où en est ma commande.", "Je regarde. Elle est partie de notre entrepôt hier soir.",
			"Quand sera-t-elle ici ?", "Le transporteur annonce demain avant midi.",
			"Peut-on la laisser chez les voisins ?", "Je l'indique au livreur.",
		},
		summary: "Le client a demandé où en est sa commande, attendue demain avant midi, à laisser chez les voisins si besoin.",
		action:  "Envoyer au client le lien de suivi de la commande.",
		tags:    []string{"Shipping"},
		notes:   deliveryNotes,
	}, {
		topic: "renouvellement", mood: 1,
		said: []string{
			"Notre contrat se termine au printemps et nous voulons rester.", "J'en suis ravi. Gardez-vous la même formule ?",
			"Il nous faut dix postes de plus, tout le monde en est content.", "La formule supérieure vous coûte alors moins cher par poste.",
			"Cela me convient très bien.", "Je vous envoie l'offre cet après-midi.",
		},
		summary: "Le client veut renouveler avec dix postes de plus et recevra une offre pour la formule supérieure.",
		action:  "Envoyer l'offre de la formule supérieure avec dix postes de plus.",
		tags:    []string{"Renewal", "Contract", "Upgrade"},
		notes:   renewalNotes,
	}},
	playbook: "Conversation client", steps: []string{"Accueil", "Compréhension du besoin", "Solution", "Suite à donner"},
	verdicts: [2]string{"Abordé", "Non abordé"}, scorecard: "Qualité de service",
	template: "Compte rendu d'appel", fields: [3]string{"Motif de l'appel", "Résultat", "Suite à donner"},
}

var german = phrasebook{
	greeting: [][]string{
		{"Guten Tag, hier ist {company}, was kann ich für Sie tun?", "Guten Tag, danke, dass Sie sich Zeit nehmen.", "Gern. Worum geht es?"},
		{"{company}, guten Tag, wie kann ich helfen?", "Guten Tag, ich habe eine kurze Frage.", "Natürlich, gern."},
	},
	calling: [][]string{
		{"Guten Tag, hier ist {company}, haben Sie einen Moment?", "Guten Tag, ja, Ihr Anruf kommt gerade recht.", "Danke. Wie läuft es bei Ihnen?"},
		{"Guten Tag, {company}, ich rufe wegen Ihrer Anfrage an.", "Ah, gut, darauf habe ich gewartet.", "Dann klären wir das gleich."},
	},
	closing: [][]string{
		{"Das war alles, vielen Dank.", "Gern geschehen. Einen schönen Tag noch.", "Ihnen auch, auf Wiederhören."},
		{"Wunderbar, danke für Ihre Hilfe.", "Sehr gern. Bis bald.", "Bis bald, auf Wiederhören."},
	},
	voicemail: []voiceMessage{{
		said:  []string{"Guten Tag, ich habe gerade versucht, Sie zu erreichen.", "Könnte mich heute bitte jemand zurückrufen?", "Meine Nummer haben Sie. Danke, auf Wiederhören."},
		notes: []string{"Voicemail: {who} asks for a callback today.", "{Who} left a message in German and wants a call back today."},
	}, {
		said:  []string{"Guten Tag, es geht um meine letzte Rechnung.", "Der Betrag stimmt nach meiner Meinung nicht.", "Bitte rufen Sie mich zurück."},
		notes: []string{"Voicemail about the last invoice: {who} thinks the amount is wrong.", "{Who} questions the amount on the last invoice. Callback in German, please."},
	}, {
		said:  []string{"Guten Tag, meine Lieferung sollte heute Morgen kommen.", "Bis jetzt ist nichts da.", "Können Sie bitte nachsehen, wo sie ist?"},
		notes: []string{"Voicemail: this morning's delivery has not arrived. Check with the carrier.", "{Who} is still waiting for this morning's delivery, see voicemail."},
	}},
	matters: []matter{{
		topic: "Rechnung", mood: -1,
		said: []string{
			"Mir wurde diesen Monat zweimal abgebucht, und auf meinen Brief kam keine Antwort.", "Das tut mir leid. Wie lautet die Nummer der Rechnung?",
			"Zweiundvierzig siebzehn, vom Ersten des Monats.", "Danke. Ich sehe hier beide Zahlungen.",
			"Dann war eine davon ein Versehen?", "Ja, ich veranlasse die Erstattung. Das dauert drei Werktage.",
		},
		summary: "Dem Kunden wurde eine Rechnung zweimal abgebucht; die Erstattung ist veranlasst.",
		action:  "Prüfen, ob die Erstattung der doppelten Zahlung angekommen ist.",
		tags:    []string{"Billing", "Refund", "Invoice"},
		notes:   billingNotes,
	}, {
		topic: "Lieferung",
		said: []string{
			"Ich wüsste gern, wo meine Bestellung ist.", "Ich sehe nach. Sie hat gestern Abend unser Lager verlassen.",
			"Wann ist sie hier?", "Der Spediteur sagt, morgen vor zwölf Uhr.",
			"Kann man sie bei den Nachbarn abgeben?", "Das gebe ich dem Fahrer weiter.",
		},
		summary: "Der Kunde fragte nach seiner Bestellung, die morgen vor zwölf Uhr kommt und bei den Nachbarn abgegeben werden kann.",
		action:  "Dem Kunden den Link zur Sendungsverfolgung schicken.",
		tags:    []string{"Shipping"},
		notes:   deliveryNotes,
	}, {
		topic: "Verlängerung", mood: 1,
		said: []string{
			"Unser Vertrag endet im Frühjahr, und wir möchten bleiben.", "Das freut mich. Behalten Sie den Tarif?",
			"Wir brauchen zehn Plätze mehr, alle hier arbeiten gern damit.", "Dann ist der größere Tarif für jeden Platz günstiger.",
			"Das klingt gut.", "Ich schicke Ihnen das Angebot heute Nachmittag.",
		},
		summary: "Der Kunde möchte mit zehn Plätzen mehr verlängern und bekommt ein Angebot für den größeren Tarif.",
		action:  "Das Angebot für den größeren Tarif mit zehn Plätzen mehr schicken.",
		tags:    []string{"Renewal", "Contract", "Upgrade"},
		notes:   renewalNotes,
	}},
	playbook: "Kundengespräch", steps: []string{"Begrüßung", "Bedarf verstehen", "Lösung", "Nächste Schritte"},
	verdicts: [2]string{"Besprochen", "Nicht besprochen"}, scorecard: "Servicequalität",
	template: "Gesprächsnotiz", fields: [3]string{"Grund des Anrufs", "Ergebnis", "Nächste Schritte"},
}
