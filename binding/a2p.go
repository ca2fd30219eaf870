package binding

func a2pFunctions() []Function {
	const note = "Aircall's documentation of 2026 has this operation no more."
	gone := []string{"not_found where Aircall no longer has the operation"}
	params := func(what string) []Param {
		return []Param{
			{Name: "external_campaign_id", Kind: KindKey, Required: true, Description: "The campaign's id at its registry"},
			{Name: "numbers", Kind: KindList, Max: 100, Required: true, Items: &Param{Kind: KindID}, Description: what},
		}
	}
	const key = "a2p_campaign_associations"
	return []Function{
		{
			Name: "list_a2p_campaign_associations", Effect: EffectRead, Ops: []string{"list-a2p-campaign-associations"}, Key: key,
			Description: "List which numbers belong to campaigns that are registered for messages from applications.",
			Params:      plainPageParams(), Returns: "`a2p_campaign_associations`, a list, and `meta`.", Errors: gone, Note: note, handle: listPage,
			each: iteration{name: "each_a2p_campaign_association", item: "association"},
		},
		{
			Name: "create_a2p_campaign_association", Effect: EffectWrite, Ops: []string{"create-an-a2p-campaign-association"}, Key: key,
			Description: "Tie numbers to a campaign.", Params: params("The numbers"), Returns: "`a2p_campaign_associations`, which is one.", Errors: gone, Note: note,
		},
		{
			Name: "update_a2p_campaign_association", Effect: EffectWrite, Ops: []string{"update-an-a2p-campaign-association"}, Key: key,
			Description: "Replace the numbers of a campaign.", Params: params("The numbers it shall have"), Returns: "`a2p_campaign_associations`, which is one.", Errors: gone, Note: note,
		},
		{
			Name: "delete_a2p_campaign_association", Effect: EffectWrite, Ops: []string{"delete-an-a2p-campaign-association"},
			Description: "Delete an association.", Params: []Param{pathParam("association_id", "The unique identifier of the association")}, Returns: emptyResult, Errors: gone, Note: note,
		},
	}
}
