package binding

import (
	"errors"
	"strings"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/luabox"
)

func listUsers() Function {
	return Function{
		Name: "list_users", Effect: EffectRead,
		Note:        "It reads all pages, 50 users each and 40 pages at most; `meta.truncated` says whether there were more.",
		Description: "List all users in the Aircall account.",
		Returns:     "`users`, a list of all users, and `meta`.",
		Ops:         []string{"list-all-users"},
		Example: `local result = app.integrations.aircall.list_users({})
for _, user in ipairs(result.users) do
print(user.id .. ": " .. user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")
end
`,
		Key:    "users",
		handle: listAll, each: eachUser,
	}
}

func getCurrentUser() Function {
	return Function{
		Name: "get_current_user", Effect: EffectRead,
		Description: "Retrieve the currently authenticated Aircall user.",
		Returns:     "`user`: who authorised an access token, or whom the account's configuration names beside an API key.",
		Ops:         []string{"retrieve-an-integration", "retrieve-a-user"},
		Example: `local result = app.integrations.aircall.get_current_user({})
local user = result.user
print("Logged in as: " .. user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")
`,
		Key:    "user",
		handle: handleCurrentUser,
	}
}

// handleCurrentUser asks who authorised the access token. An API key belongs to a company and no route tells a person
// from it, so there the account says who its user is.
func handleCurrentUser(c *call) (value, error) {
	if c.account.bearer {
		reply, err := c.do("retrieve-an-integration", aircall.Request{})
		if err != nil && !errors.Is(err, aircall.ErrNotFound) {
			return value{}, err
		}
		if user := reply.get("integration").get("user"); err == nil && user != nil && user.kind == kindObject {
			return objectValue(member{"user", *user}), nil
		}
	}
	if c.account.user == "" {
		return value{}, c.noCurrentUser()
	}
	return c.do("retrieve-a-user", aircall.Request{Path: []string{c.account.user}})
}

func (c *call) noCurrentUser() error {
	why := "an API key belongs to a company, not to a person"
	if c.account.bearer {
		why = "Aircall names no user for this access token"
	}
	name := "AIRCALL_USER"
	if c.account.name != defaultName {
		name = "AIRCALL_" + strings.ToUpper(c.account.name) + "_USER"
	}
	return &ScriptError{
		Type:    TypeNoCurrentUser,
		Message: "Aircall has no current user here: " + why + ". Configure the user of account " + luabox.Quote(c.account.name) + ".",
		Hint:    "set " + name + ", or the account's user, to the id or e-mail of a user of the company",
	}
}

var eachUser = iteration{name: "each_user", item: "user", example: `local aircall = app.integrations.aircall
local n = 0
for user in aircall.each_user() do
  n = n + 1
end
print(n == aircall.get_company().company.users_count)
`}

// userParams are the fields of a user. Creating takes an e-mail and a name.
func userParams(create bool) []Param {
	params := []Param{
		{Name: "email", Kind: KindText, Required: create, Description: "E-mail, which no other user has"},
		{Name: "first_name", Kind: KindText, Required: create, Description: "First name"},
		{Name: "last_name", Kind: KindText, Required: create, Description: "Last name"},
		{Name: "availability_status", Kind: KindEnum, Enum: []string{"available", "custom", "unavailable"}, Description: "When the user takes calls"},
		{Name: "is_admin", Kind: KindBool, Description: "Whether the user is an administrator; role_ids is the newer way"},
		{Name: "role_ids", Kind: KindList, Max: 20, Items: &Param{Kind: KindText}, Description: "Roles, such as admin, agent and supervisor"},
		{Name: "wrap_up_time", Kind: KindInteger, Description: "Seconds after a call in which no other comes"},
		{Name: "language", Kind: KindText, Description: "IETF tag of the user's language, such as en-US"},
		{Name: "time_zone", Kind: KindText, Description: "IANA name of the user's time zone, such as Europe/Paris"},
		{Name: "extension", Kind: KindText, Description: "Extension the user is reached at within the company"},
	}
	if create {
		return append(params, Param{Name: "inviter_user_id", Kind: KindID, Description: "The user in whose name the invitation is sent"})
	}
	return append(params,
		Param{Name: "substatus", Kind: KindText, Description: "Why the user is away, such as out_for_lunch; always_opened and always_closed otherwise"},
		Param{Name: "default_number_id", Kind: KindID, Description: "The number the user calls from if none is chosen"})
}

func userParam() Param { return pathParam("user_id", "The unique identifier of the user") }

func userFunctions() []Function {
	return []Function{
		{
			Name: "get_user", Effect: EffectRead, Ops: []string{"retrieve-a-user"}, Key: "user",
			Description: "Retrieve a user by id or e-mail.",
			Params:      []Param{{Name: "user_id", Kind: KindKey, Required: true, In: InPath, Description: "The unique identifier of the user, or the user's e-mail"}},
			Returns:     "`user`.",
			Example: `local user = app.integrations.aircall.get_user({ user_id = "owner@default.example.com" }).user
print(user.email, user.first_name ~= "")
`,
		},
		{
			Name: "create_user", Effect: EffectWrite, Ops: []string{"create-a-user"}, Key: "user",
			Description: "Create a user, who is sent an invitation.",
			Params:      userParams(true),
			Returns:     "`user`, as created.",
			Errors:      []string{"api_error if another user has the e-mail"},
			Example: `local user = app.integrations.aircall.create_user({
  email = "ada@example.com",
  first_name = "Ada",
  last_name = "Okafor",
  role_ids = { "agent" }
}).user
print(user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")
`,
		},
		{
			Name: "update_user", Effect: EffectWrite, Ops: []string{"update-a-user"}, Key: "user",
			Description: "Change a user.",
			Params:      append([]Param{userParam()}, userParams(false)...),
			Returns:     "`user`, as it is after the update.",
			check:       atLeastOne("update", "user_id"),
			Example: `local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
local user = aircall.update_user({ user_id = owner.id, wrap_up_time = 20 }).user
print(user.wrap_up_time)
`,
		},
		{
			Name: "delete_user", Effect: EffectWrite, Ops: []string{"delete-a-user"},
			Description: "Delete a user. Aircall does it later: until then lists may still show the user.",
			Params:      []Param{userParam()},
			Returns:     emptyResult,
			Example: `local aircall = app.integrations.aircall
local user = aircall.create_user({ email = "temp@example.com", first_name = "Temp", last_name = "User" }).user
aircall.delete_user({ user_id = user.id })
print("Deleted " .. user.email)
`,
		},
		{
			Name: "list_user_availabilities", Effect: EffectRead, Ops: []string{"retrieve-list-of-users-availability"}, Key: "users",
			Description: "List what the users are doing at this moment.",
			Params:      pageParams(),
			Returns:     "`users`, a list of `id` and `availability`, and `meta`. An availability is `\"available\"`, `\"offline\"`, `\"do_not_disturb\"`, `\"in_call\"` or `\"after_call_work\"`.",
			handle:      listPage,
			Example: `local result = app.integrations.aircall.list_user_availabilities({ per_page = 3 })
print(#result.users, type(result.users[1].availability))
`,
			each: iteration{name: "each_user_availability", item: "user", example: `local aircall = app.integrations.aircall
local n = 0
for user in aircall.each_user_availability() do
  if user.availability then n = n + 1 end
end
print(n == aircall.get_company().company.users_count)
`},
		},
		{
			Name: "get_user_availability", Effect: EffectRead, Ops: []string{"check-availability-of-a-user"}, Key: "availability",
			Description: "Retrieve what a user is doing at this moment.",
			Params:      []Param{userParam()},
			Returns:     "`availability`: `\"available\"`, `\"offline\"`, `\"do_not_disturb\"`, `\"in_call\"` or `\"after_call_work\"`.",
			Example: `local aircall = app.integrations.aircall
local owner = aircall.get_current_user().user
print(type(aircall.get_user_availability({ user_id = owner.id }).availability))
`,
		},
		{
			Name: "list_user_numbers", Effect: EffectRead, Ops: []string{"list-numbers-of-a-user"}, Key: "numbers",
			Description: "List the phone numbers a user takes calls on.",
			Params:      append([]Param{userParam()}, plainPageParams()...),
			Returns:     "`numbers`, a list of numbers, and `meta`.",
			handle:      listPage,
			Example: `local aircall = app.integrations.aircall
local number = aircall.list_numbers().numbers[1]
local user = aircall.get_number({ number_id = number.id }).number.users[1]
for _, n in ipairs(aircall.list_user_numbers({ user_id = user.id }).numbers) do
  if n.id == number.id then print(user.id > 0, n.name == number.name) end
end
`,
			each: iteration{name: "each_user_number", item: "number", example: `local aircall = app.integrations.aircall
local number = aircall.list_numbers().numbers[1]
local user = aircall.get_number({ number_id = number.id }).number.users[1]
for n in aircall.each_user_number({ user_id = user.id }) do
  if n.id == number.id then print("It is among them") end
end
`},
		},
	}
}
