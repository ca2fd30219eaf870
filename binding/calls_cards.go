package binding

func callCardFunctions() []Function {
	return []Function{{
		Name: "create_insight_cards", Effect: EffectWrite, Ops: []string{"create-insight-cards"},
		Description: "Show a card beside a call that is under way.",
		Params: []Param{
			callParam(),
			{Name: "contents", Kind: KindList, Max: 20, Required: true, Description: "Lines of the card, top down",
				Items: &Param{Kind: KindObject, Fields: []Param{
					{Name: "type", Kind: KindEnum, Required: true, Enum: []string{"title", "shortText"}},
					{Name: "text", Kind: KindText, Required: true},
					{Name: "label", Kind: KindText}, {Name: "link", Kind: KindText}, {Name: "user_id", Kind: KindID},
				}}},
		},
		Objects: []Object{{"Line Object", `{"type": "shortText", "text": "Gold", "label": "Plan", "link": "https://crm.example.com/plans/gold"}`}},
		Returns: emptyResult,
		Errors:  []string{"api_error if the call is over"},
	}}
}
