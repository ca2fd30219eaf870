package binding

import (
	"net/url"
	"strconv"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func listCalls() Function {
	return Function{
		Name: "list_calls", Aliases: []string{"list"}, Effect: EffectRead,
		Description: "List calls from Aircall with optional filters and pagination.",
		Params: append(pageParams(),
			Param{Name: "from", Kind: KindTime, Sample: "2026-01-01T00:00:00Z", Description: "Start date in ISO 8601 format"},
			Param{Name: "to", Kind: KindTime, Sample: "2026-01-31T23:59:59Z", Description: "End date in ISO 8601 format"},
			Param{Name: "direction", Kind: KindEnum, Enum: []string{"inbound", "outbound"}, Description: "Filter by direction"},
			Param{Name: "user_id", Kind: KindID, Description: "Filter by user ID who handled the call"},
			Param{Name: "number_id", Kind: KindID, Description: "Filter by Aircall phone number ID"},
			Param{Name: "tags", Kind: KindTags, Description: "Filter by tags assigned to the call"},
		),
		Returns: "`calls`, a list of calls, and `meta`. A call must carry all the given tags.",
		Ops:     []string{"list-all-calls", "search-calls", "list-all-tags"},
		Example: `local result = app.integrations.aircall.list_calls({
per_page = 10,
order = "desc",
direction = "inbound"
})
for _, call in ipairs(result.calls) do
print(call.id .. ": " .. call.direction .. " from " .. (call.from or "unknown") .. " - " .. call.duration .. "s")
end
`,
		check:  checkWindow,
		handle: handleListCalls,
	}
}

func getCall() Function {
	return Function{
		Name: "get_call", Aliases: []string{"get"}, Effect: EffectRead,
		Description: "Retrieve detailed information about a specific call.",
		Params: []Param{
			{Name: "call_id", Kind: KindID, Required: true, Description: "The unique identifier of the call"},
		},
		Returns: "`call`.",
		Ops:     []string{"retrieve-a-call"},
		Example: `local result = app.integrations.aircall.get_call({
call_id = 12345
})
local call = result.call
print("Call from " .. call.from .. " to " .. call.to)
print("Duration: " .. call.duration .. "s, Status: " .. call.status)
`,
		handle: func(c *call) (value, error) {
			return c.do("retrieve-a-call", aircall.Request{Path: []string{c.args.id("call_id")}})
		},
	}
}

func checkWindow(a arguments) []string {
	if a.has("from") && a.has("to") && a["from"].(int64) > a["to"].(int64) {
		return []string{"from must not be later than to"}
	}
	return nil
}

// handleListCalls chooses between the two routes for lists of calls: only the search knows filters, and neither knows
// the number a call came in on, which is therefore sought page by page.
func handleListCalls(c *call) (value, error) {
	op, query := "list-all-calls", c.pageQuery()
	for _, name := range []string{"from", "to"} {
		if c.args.has(name) {
			query.Set(name, c.args.id(name))
		}
	}
	if c.args.has("direction") {
		op = "search-calls"
		query.Set("direction", c.args["direction"].(string))
	}
	if c.args.has("user_id") {
		op = "search-calls"
		query.Set("user_id", c.args.id("user_id"))
	}
	if c.args.has("tags") {
		ids, err := c.tagIDs(c.args["tags"].([]tag))
		if err != nil {
			return value{}, err
		}
		op = "search-calls"
		query["tags[]"] = ids
	}
	if !c.args.has("number_id") {
		return c.do(op, aircall.Request{Query: query})
	}
	number := c.args["number_id"].(int64)
	return c.find(op, "calls", query, func(v *value) bool {
		id, ok := v.get("number").get("id").int()
		return ok && id == number
	})
}

// pageQuery always says page, size and order: their defaults differ between routes, and from the documented ones.
func (c *call) pageQuery() url.Values {
	return url.Values{
		"page":     {strconv.FormatInt(c.args["page"].(int64), 10)},
		"per_page": {strconv.FormatInt(c.args["per_page"].(int64), 10)},
		"order":    {c.args["order"].(string)},
	}
}
