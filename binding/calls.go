package binding

import (
	"encoding/json"
	"strconv"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func listCalls() Function {
	return Function{
		Name: "list_calls", Effect: EffectRead,
		Note:        "Aircall has no filter for number_id: with it the function reads page after page, at most 40 pages of 50 calls, and `meta.scanned` and `meta.truncated` say how many it read.",
		Description: "List calls from Aircall with optional filters and pagination.",
		Params: append(pageParams(),
			Param{Name: "from", Kind: KindTime, Sample: "2026-01-01T00:00:00Z", Description: "Start date in ISO 8601 format"},
			Param{Name: "to", Kind: KindTime, Sample: "2026-01-31T23:59:59Z", Description: "End date in ISO 8601 format"},
			Param{Name: "direction", Kind: KindEnum, Enum: []string{"inbound", "outbound"}, Description: "Filter by direction"},
			Param{Name: "user_id", Kind: KindID, Description: "Filter by user ID who handled the call"},
			Param{Name: "number_id", Kind: KindID, Description: "Filter by Aircall phone number ID"},
			Param{Name: "tags", Kind: KindTags, Description: "Filter by tags assigned to the call"},
		),
		Returns: "`calls`, a list of calls, and `meta`. A call must have all the given tags.",
		Ops:     []string{"list-all-calls", "search-calls", "list-all-tags"},
		Key:     "calls",
		check:   checkWindow, extra: fetchParams(),
		list: callListing, each: iteration{name: "each_call", item: "call"},
	}
}

func getCall() Function {
	return Function{
		Name: "get_call", Effect: EffectRead,
		Description: "Retrieve detailed information about a specific call.",
		Key:         "call",
		Ops:         []string{"retrieve-a-call"},
		extra:       fetchParams(),
	}
}

func checkWindow(a arguments) []string {
	if a.has("from") && a.has("to") && a["from"].(int64) > a["to"].(int64) {
		return []string{"from must not be later than to"}
	}
	return nil
}

// callListing chooses between the two routes for lists of calls: only the search knows filters, and neither knows the number
// of a call, so that the function looks for it page by page. Tags may have names.
//
// Aircall leaves out the calls that start in the second of from itself (recorded 2026-09-28), which scripts are promised:
// the function asks for them from one second earlier on.
func callListing(c *call) (listing, error) {
	l := listing{op: c.fn.Ops[0], key: "calls", req: c.request()}
	query := l.req.Query
	if from, ok := c.args["from"].(int64); ok {
		query.Set("from", strconv.FormatInt(max(from-1, 0), 10))
	}
	if c.args.has("direction") || c.args.has("user_id") || c.args.has("tags") {
		l.op = "search-calls"
	}
	if tags, ok := c.args["tags"].([]tag); ok {
		ids, err := c.tagIDs(tags)
		if err != nil {
			return l, err
		}
		query.Del("tags")
		query["tags[]"] = ids
	}
	if number, ok := c.args["number_id"].(int64); ok {
		query.Del("number_id")
		l.keep = func(v *value) bool {
			id, ok := v.get("number").get("id").int()
			return ok && id == number
		}
	}
	return l, nil
}

// fetchParams request parts of a call that Aircall leaves out by default.
func fetchParams() []Param {
	return []Param{
		{Name: "fetch_contact", Kind: KindBool, Description: "Whether to include `contact`"},
		{Name: "fetch_short_urls", Kind: KindBool, Description: "Whether to include `recording_short_url` and `voicemail_short_url`"},
		{Name: "fetch_call_timeline", Kind: KindBool, Description: "Whether to include `ivr_options_selected`"},
	}
}

func callFunctions() []Function {
	search := append(append(pageParams(), windowParams("calls started")...), []Param{
		{Name: "direction", Kind: KindEnum, Enum: []string{"inbound", "outbound"}, Description: "Filter by direction"},
		{Name: "user_id", Kind: KindID, Description: "Filter by user ID who handled the call"},
		{Name: "phone_number", Kind: KindPhone, Description: "Filter by the other party's number, or the company's own, in E.164"},
		{Name: "tags", Kind: KindTags, Description: "Filter by tags, names or ids; a call must have all of them"},
	}...)
	return []Function{{
		Name: "search_calls", Effect: EffectRead, Ops: []string{"search-calls", "list-all-tags"}, Key: "calls",
		Description: "Search calls by participants, direction and tags.",
		Params:      append(search, fetchParams()...),
		check:       checkWindow, list: callListing,
		each: iteration{name: "each_found_call", item: "call"},
	}, {
		Name: "add_call_comment", Effect: EffectWrite, Ops: []string{"comment-a-call"},
		Description: "Add a comment to a call: at most five, and none can be deleted.",
		Params:      []Param{{Name: "content", Kind: KindText, Required: true, Description: "The comment"}},
		Errors:      []string{"api_error if the call has five comments"},
	}, {
		Name: "add_call_tags", Effect: EffectWrite, Ops: []string{"tag-a-call", "list-all-tags"},
		Description: "Add tags to a call.",
		Params:      []Param{{Name: "tags", Kind: KindTags, Required: true, Description: "Tags to add, names or ids"}},
		handle:      handleAddCallTags,
	}, {
		Name: "archive_call", Effect: EffectWrite, Ops: []string{"archive-a-call"}, Key: "call",
		Description: "Archive a call: remove it from the list of open calls.",
	}, {
		Name: "unarchive_call", Effect: EffectWrite, Ops: []string{"unarchive-a-call"}, Key: "call",
		Description: "Put an archived call back on the list of open calls.",
	}}
}

func handleAddCallTags(c *call) (value, error) {
	tags, _ := c.args["tags"].([]tag)
	ids, err := c.tagIDs(tags)
	if err != nil {
		return value{}, err
	}
	numbers := make([]any, len(ids))
	for i, id := range ids {
		numbers[i] = json.Number(id)
	}
	return c.do("tag-a-call", aircall.Request{Path: []string{c.args.id("call_id")}, Body: body(objectValue("tags", numbers))})
}

// callActionFunctions returns the functions for calls in progress and their recordings.
func callActionFunctions() []Function {
	over := []string{"api_error if the call is over or not recorded"}
	return []Function{{
		Name: "transfer_call", Effect: EffectWrite, Ops: []string{"transfer-a-call"},
		Description: "Transfer a call in progress to a user, a team or an external number.",
		Params: []Param{
			{Name: "user_id", Kind: KindID, Description: "The user to transfer the call to"},
			{Name: "team_id", Kind: KindID, Description: "The team to transfer the call to"},
			{Name: "number", Kind: KindPhone, Description: "The external number to transfer the call to, in E.164; only for an inbound call that nobody has answered"},
			{Name: "dispatching_strategy", Kind: KindEnum, Enum: []string{"simultaneous", "random", "longest_idle"}, Description: "In which order the users of the team ring"},
		},
		Errors: []string{"api_error if the call is over"},
		check: func(a arguments) []string {
			wrong := exactlyOne("user_id", "team_id", "number")(a)
			if a.has("dispatching_strategy") && !a.has("team_id") {
				wrong = append(wrong, "dispatching_strategy goes with team_id")
			}
			return wrong
		},
	}, {
		Name: "pause_recording", Effect: EffectWrite, Ops: []string{"pause-recording"},
		Description: "Pause the recording of a call in progress.",
		Errors:      over,
	}, {
		Name: "resume_recording", Effect: EffectWrite, Ops: []string{"resume-recording"},
		Description: "Resume the recording of a call in progress.",
		Errors:      over,
	}, {
		Name: "delete_recording", Effect: EffectWrite, Ops: []string{"delete-a-recording"},
		Description: "Delete the recording of a call, with its transcript and summaries.",
	}, {
		Name: "delete_voicemail", Effect: EffectWrite, Ops: []string{"delete-a-voicemail"},
		Description: "Delete the voicemail of a call.",
	}, {
		Name: "create_insight_cards", Effect: EffectWrite, Ops: []string{"create-insight-cards"},
		Description: "Show a card beside a call in progress.",
		Params: []Param{
			{Name: "contents", Kind: KindList, Max: 20, Required: true, Description: "Lines of the card, from top to bottom",
				Items: &Param{Kind: KindObject, Fields: []Param{
					{Name: "type", Kind: KindEnum, Required: true, Enum: []string{"title", "shortText"}},
					{Name: "text", Kind: KindText, Required: true},
					{Name: "label", Kind: KindText}, {Name: "link", Kind: KindText}, {Name: "user_id", Kind: KindID},
				}}},
		},
		Objects: []Object{{"Line Object", `{"type": "shortText", "text": "Gold", "label": "Plan", "link": "https://crm.example.com/plans/gold"}`}},
		Errors:  []string{"api_error if the call is over"},
	}}
}
