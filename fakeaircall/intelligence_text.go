package fakeaircall

// A phrasebook is what people say on the phone in one language, and what is
// written about it. In a dialogue the two take turns.
type phrasebook struct {
	greeting  []string // of a caller, by the user first
	calling   []string // by the user who rang, first
	closing   []string // by the other first
	voicemail []string
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
	mood    int // 1 good, -1 bad
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

var english = phrasebook{
	greeting:  []string{"Good day, this is {company}, how can I help you?", "Hello, thanks for taking the time.", "Of course. What is it about?"},
	calling:   []string{"Good day, this is {company}, do you have a moment?", "Hello, yes, your call comes at a good time.", "Thank you. How is everything going?"},
	closing:   []string{"That is all, thank you very much.", "You are welcome. Have a good day.", "You too, goodbye."},
	voicemail: []string{"Hello, I tried to reach you just now.", "Could somebody call me back today, please?", "You have my number. Thank you, goodbye."},
	matters: []matter{{
		topic: "billing", mood: -1,
		said: []string{
			"I was charged twice this month, and nobody has answered my letter.", "I am sorry to hear that. May I have the number of the invoice?",
			"It is four two one seven, from the first of the month.", "Thank you. I can see both payments here.",
			"So one of them was a mistake?", "Yes, and I am starting the refund now. It takes three working days.",
		},
		summary: "The customer was charged twice for one invoice, and a refund was started.",
		action:  "Check that the refund for the double payment has arrived.",
	}, {
		topic: "delivery",
		said: []string{
			"I would like to know where my order is.", "Let me look. It left our warehouse yesterday evening.",
			"When will it be here?", "The carrier says tomorrow before noon.",
			"Can they leave it with the neighbours?", "I am adding that as a note for the driver.",
		},
		summary: "The customer asked after an order, which is due tomorrow before noon and may be left with the neighbours.",
		action:  "Send the customer the tracking link of the order.",
	}, {
		topic: "renewal", mood: 1,
		said: []string{
			"Our contract ends in spring and we would like to stay.", "I am glad to hear that. Would you keep the same plan?",
			"We need ten more seats, everyone here likes working with it.", "Then the larger plan costs you less for each seat.",
			"That sounds good to me.", "I will send you the offer this afternoon.",
		},
		summary: "The customer wants to renew with ten more seats and will get an offer for the larger plan.",
		action:  "Send the offer for the larger plan with ten more seats.",
	}, {
		topic: "account access",
		said: []string{
			"A new colleague cannot sign in since this morning.", "Does she get a message when she tries?",
			"It says that the link has run out.", "The invitation is good for one week only. I am sending another.",
			"It has just come in.", "Then she can choose a password now.",
		},
		summary: "A new colleague could not sign in because the invitation had expired, and got another one.",
		action:  "Ask next week whether the new colleague has signed in.",
	}, {
		topic: "product demo", mood: 1,
		said: []string{
			"We saw your product at the fair and want to see more of it.", "With pleasure. How many of you would take part?",
			"There are four of us, from sales and from support.", "Would next Tuesday at ten suit you?",
			"Tuesday is perfect.", "You will get the invitation in a minute.",
		},
		summary: "The customer asked for a demonstration for four people, which was fixed for Tuesday at ten.",
		action:  "Send the invitation to the demonstration on Tuesday.",
	}},
	playbook: "Customer conversation", steps: []string{"Greeting", "Understanding the need", "Solution", "Next steps"},
	verdicts: [2]string{"Covered", "Not covered"}, scorecard: "Service quality",
	template: "Call report", fields: [3]string{"Reason for the call", "Outcome", "Next steps"},
}

var french = phrasebook{
	greeting:  []string{"Bonjour, ici {company}, que puis-je faire pour vous ?", "Bonjour, merci de prendre mon appel.", "Je vous en prie. De quoi s'agit-il ?"},
	calling:   []string{"Bonjour, ici {company}, avez-vous un instant ?", "Bonjour, oui, vous tombez bien.", "Merci. Comment cela se passe-t-il ?"},
	closing:   []string{"C'est tout, merci beaucoup.", "Avec plaisir. Bonne journée à vous.", "À vous aussi, au revoir."},
	voicemail: []string{"Bonjour, j'ai essayé de vous joindre à l'instant.", "Pourriez-vous me rappeler aujourd'hui, s'il vous plaît ?", "Vous avez mon numéro. Merci, au revoir."},
	matters: []matter{{
		topic: "facturation", mood: -1,
		said: []string{
			"J'ai été débité deux fois ce mois-ci et personne n'a répondu à mon courrier.", "J'en suis désolé. Quel est le numéro de la facture ?",
			"Quarante-deux dix-sept, du premier du mois.", "Merci. Je vois bien les deux paiements.",
			"L'un des deux est donc une erreur ?", "Oui, je lance le remboursement. Comptez trois jours ouvrés.",
		},
		summary: "Le client a été débité deux fois pour une facture ; un remboursement est lancé.",
		action:  "Vérifier que le remboursement du double paiement est arrivé.",
	}, {
		topic: "livraison",
		said: []string{
			"Je voudrais savoir où en est ma commande.", "Je regarde. Elle est partie de notre entrepôt hier soir.",
			"Quand sera-t-elle ici ?", "Le transporteur annonce demain avant midi.",
			"Peut-on la laisser chez les voisins ?", "Je l'indique au livreur.",
		},
		summary: "Le client a demandé où en est sa commande, attendue demain avant midi, à laisser chez les voisins si besoin.",
		action:  "Envoyer au client le lien de suivi de la commande.",
	}, {
		topic: "renouvellement", mood: 1,
		said: []string{
			"Notre contrat se termine au printemps et nous voulons rester.", "J'en suis ravi. Gardez-vous la même formule ?",
			"Il nous faut dix postes de plus, tout le monde en est content.", "La formule supérieure vous coûte alors moins cher par poste.",
			"Cela me convient très bien.", "Je vous envoie l'offre cet après-midi.",
		},
		summary: "Le client veut renouveler avec dix postes de plus et recevra une offre pour la formule supérieure.",
		action:  "Envoyer l'offre de la formule supérieure avec dix postes de plus.",
	}},
	playbook: "Conversation client", steps: []string{"Accueil", "Compréhension du besoin", "Solution", "Suite à donner"},
	verdicts: [2]string{"Abordé", "Non abordé"}, scorecard: "Qualité de service",
	template: "Compte rendu d'appel", fields: [3]string{"Motif de l'appel", "Résultat", "Suite à donner"},
}

var german = phrasebook{
	greeting:  []string{"Guten Tag, hier ist {company}, was kann ich für Sie tun?", "Guten Tag, danke, dass Sie sich Zeit nehmen.", "Gern. Worum geht es?"},
	calling:   []string{"Guten Tag, hier ist {company}, haben Sie einen Moment?", "Guten Tag, ja, Ihr Anruf kommt gerade recht.", "Danke. Wie läuft es bei Ihnen?"},
	closing:   []string{"Das war alles, vielen Dank.", "Gern geschehen. Einen schönen Tag noch.", "Ihnen auch, auf Wiederhören."},
	voicemail: []string{"Guten Tag, ich habe gerade versucht, Sie zu erreichen.", "Könnte mich heute bitte jemand zurückrufen?", "Meine Nummer haben Sie. Danke, auf Wiederhören."},
	matters: []matter{{
		topic: "Rechnung", mood: -1,
		said: []string{
			"Mir wurde diesen Monat zweimal abgebucht, und auf meinen Brief kam keine Antwort.", "Das tut mir leid. Wie lautet die Nummer der Rechnung?",
			"Zweiundvierzig siebzehn, vom Ersten des Monats.", "Danke. Ich sehe hier beide Zahlungen.",
			"Dann war eine davon ein Versehen?", "Ja, ich veranlasse die Erstattung. Das dauert drei Werktage.",
		},
		summary: "Dem Kunden wurde eine Rechnung zweimal abgebucht; die Erstattung ist veranlasst.",
		action:  "Prüfen, ob die Erstattung der doppelten Zahlung angekommen ist.",
	}, {
		topic: "Lieferung",
		said: []string{
			"Ich wüsste gern, wo meine Bestellung ist.", "Ich sehe nach. Sie hat gestern Abend unser Lager verlassen.",
			"Wann ist sie hier?", "Der Spediteur sagt, morgen vor zwölf Uhr.",
			"Kann man sie bei den Nachbarn abgeben?", "Das gebe ich dem Fahrer weiter.",
		},
		summary: "Der Kunde fragte nach seiner Bestellung, die morgen vor zwölf Uhr kommt und bei den Nachbarn abgegeben werden kann.",
		action:  "Dem Kunden den Link zur Sendungsverfolgung schicken.",
	}, {
		topic: "Verlängerung", mood: 1,
		said: []string{
			"Unser Vertrag endet im Frühjahr, und wir möchten bleiben.", "Das freut mich. Behalten Sie den Tarif?",
			"Wir brauchen zehn Plätze mehr, alle hier arbeiten gern damit.", "Dann ist der größere Tarif für jeden Platz günstiger.",
			"Das klingt gut.", "Ich schicke Ihnen das Angebot heute Nachmittag.",
		},
		summary: "Der Kunde möchte mit zehn Plätzen mehr verlängern und bekommt ein Angebot für den größeren Tarif.",
		action:  "Das Angebot für den größeren Tarif mit zehn Plätzen mehr schicken.",
	}},
	playbook: "Kundengespräch", steps: []string{"Begrüßung", "Bedarf verstehen", "Lösung", "Nächste Schritte"},
	verdicts: [2]string{"Besprochen", "Nicht besprochen"}, scorecard: "Servicequalität",
	template: "Gesprächsnotiz", fields: [3]string{"Grund des Anrufs", "Ergebnis", "Nächste Schritte"},
}
