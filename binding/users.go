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
		Note:        "It reads all pages, at most 40 of 50 users; `meta.truncated` says whether there are more.",
		Description: "List all users in the Aircall account.",
		Returns:     "`users`, a list of all users, and `meta`.",
		Ops:         []string{"list-all-users"},
		Key:         "users",
		handle:      listAll, each: iteration{name: "each_user", item: "user"},
	}
}

func getCurrentUser() Function {
	return Function{
		Name: "get_current_user", Effect: EffectRead,
		Description: "Retrieve the currently authenticated Aircall user.",
		Returns:     "`user`: the user who authorized the access token, or the one that the account's configuration names for an API key.",
		Ops:         []string{"retrieve-an-integration", "retrieve-a-user"},
		Key:         "user",
		handle:      handleCurrentUser,
	}
}

// handleCurrentUser returns the user who authorized the access token. An API key belongs to a company and no route returns
// its user, so that the account's configuration must name one.
func handleCurrentUser(c *call) (value, error) {
	if c.account.bearer {
		reply, err := c.do("retrieve-an-integration", aircall.Request{})
		if err != nil && !errors.Is(err, aircall.KindNotFound) {
			return value{}, err
		}
		if user := reply.get("integration").get("user"); err == nil && user != nil && user.kind == kindObject {
			return objectValue("user", *user), nil
		}
	}
	if c.account.user == "" {
		return value{}, c.noCurrentUser()
	}
	return c.do("retrieve-a-user", aircall.Request{Path: []string{c.account.user}})
}

func (c *call) noCurrentUser() error {
	why := "an API key belongs to a company, not to a user"
	if c.account.bearer {
		why = "Aircall reports no user for this access token"
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

// userParams returns the fields of a user. A new user requires an e-mail and a name.
func userParams(create bool) []Param {
	params := []Param{
		{Name: "email", Kind: KindText, Required: create, Description: "E-mail, unique in Aircall"},
		{Name: "first_name", Kind: KindText, Required: create, Description: "First name"},
		{Name: "last_name", Kind: KindText, Required: create, Description: "Last name"},
		{Name: "availability_status", Kind: KindEnum, Enum: []string{"available", "custom", "unavailable"}, Description: "When the user takes calls"},
		{Name: "is_admin", Kind: KindBool, Description: "Whether the user is an administrator; role_ids is the newer parameter"},
		{Name: "role_ids", Kind: KindList, Max: 20, Items: &Param{Kind: KindText}, Description: "Roles, such as admin, agent and supervisor"},
		{Name: "wrap_up_time", Kind: KindInteger, Description: "Seconds after a call without a new call"},
		{Name: "language", Kind: KindText, Description: "IETF tag of the user's language, such as en-US"},
		{Name: "time_zone", Kind: KindText, Description: "IANA name of the user's time zone, such as Europe/Paris"},
		{Name: "extension", Kind: KindText, Description: "Extension of the user within the company"},
	}
	if create {
		return append(params, Param{Name: "inviter_user_id", Kind: KindID, Description: "The user who sends the invitation"})
	}
	return append(params,
		Param{Name: "substatus", Kind: KindText, Description: "Why the user is away, such as out_for_lunch; always_opened and always_closed otherwise"},
		Param{Name: "default_number_id", Kind: KindID, Description: "The number the user calls from by default"})
}

func userFunctions() []Function {
	busy := []string{"api_error with status 405 if the user's app is closed or the user is busy"}
	return []Function{{
		Name: "get_user", Effect: EffectRead, Ops: []string{"retrieve-a-user"}, Key: "user",
		Description: "Retrieve a user by id or e-mail.",
		Params:      []Param{{Name: "user_id", Kind: KindKey, Required: true, in: inPath, Description: "The unique identifier of the user, or the user's e-mail"}},
	}, {
		Name: "create_user", Effect: EffectWrite, Ops: []string{"create-a-user"}, Key: "user",
		Description: "Create a user. Aircall sends the user an invitation.",
		Params:      userParams(true),
		Errors:      []string{"api_error if another user has the e-mail"},
	}, {
		Name: "update_user", Effect: EffectWrite, Ops: []string{"update-a-user"}, Key: "user",
		Description: "Change a user.",
		Params:      userParams(false),
		check:       atLeastOne("update", "user_id"),
	}, {
		Name: "delete_user", Effect: EffectWrite, Ops: []string{"delete-a-user"},
		Description: "Delete a user. Aircall does so later: until then lists may still contain the user.",
	}, {
		Name: "list_user_availabilities", Effect: EffectRead, Ops: []string{"retrieve-list-of-users-availability"}, Key: "users", plain: true,
		Description: "List the current availability of the users.",
		Params:      pageParams(),
		Returns:     "`users`, a list of `id` and `availability`, and `meta`. An availability is `\"available\"`, `\"offline\"`, `\"do_not_disturb\"`, `\"in_call\"` or `\"after_call_work\"`.",
		each:        iteration{name: "each_user_availability", item: "user"},
	}, {
		Name: "get_user_availability", Effect: EffectRead, Ops: []string{"check-availability-of-a-user"}, Key: "availability",
		Description: "Retrieve the current availability of a user.",
		Returns:     "`availability`: `\"available\"`, `\"offline\"`, `\"do_not_disturb\"`, `\"in_call\"` or `\"after_call_work\"`.",
	}, {
		Name: "list_user_numbers", Effect: EffectRead, Ops: []string{"list-numbers-of-a-user"}, Key: "numbers",
		Description: "List the phone numbers a user takes calls on.",
		Params:      plainPageParams(),
		each:        iteration{name: "each_user_number", item: "number"},
	}, {
		Name: "start_outbound_call", Effect: EffectWrite, Ops: []string{"start-an-outbound-call"},
		Description: "Make the app of a user call a number, from one of the user's numbers.",
		Params: []Param{
			{Name: "number_id", Kind: KindID, Required: true, Description: "The number to call from"},
			{Name: "to", Kind: KindPhone, Required: true, Description: "The number to call, in E.164"},
		},
		Errors: busy,
		Note:   "The reply has no call id. Two calls of the function make two phone calls.",
	}, {
		Name: "dial_phone_number", Effect: EffectWrite, Ops: []string{"dial-a-phone-number-in-the-phone"},
		Description: "Enter a phone number in the app of a user, who decides whether to call it.",
		Params: []Param{
			{Name: "to", Kind: KindPhone, Required: true, Description: "The phone number, in E.164"},
		},
		Errors: busy,
	}}
}

// userV1Functions returns the functions of version 1.
func userV1Functions() []Function {
	const note = "Aircall announced the end of this route for 2026-09-30. Use "
	gone := []string{"not_found after the end of the route"}
	return []Function{{
		Name: "list_users_v1", Effect: EffectRead, Ops: []string{"list-all-users-v1"}, Key: "users",
		Description: "List users in the form of version 1 of Aircall's API.",
		Params:      append(pageParams(), windowParams("users created")...),
		Errors:      gone, Note: note + "list_users.",
		check: checkWindow,
		each:  iteration{name: "each_user_v1", item: "user"},
	}, {
		Name: "get_user_v1", Effect: EffectRead, Ops: []string{"retrieve-a-user-v1"}, Key: "user",
		Description: "Retrieve a user in the form of version 1 of Aircall's API, with the numbers the user takes calls on.",
		Params:      []Param{{Name: "user_id", Kind: KindKey, Required: true, in: inPath, Description: "The unique identifier of the user, or the user's e-mail"}},
		Errors:      gone, Note: note + "get_user and list_user_numbers.",
	}, {
		Name: "create_user_v1", Effect: EffectWrite, Ops: []string{"create-a-user-v1"}, Key: "user",
		Description: "Create a user with version 1 of Aircall's API.",
		Params:      userParams(true),
		Errors:      gone, Note: note + "create_user.",
	}, {
		Name: "update_user_v1", Effect: EffectWrite, Ops: []string{"update-a-user-v1"}, Key: "user",
		Description: "Change a user with version 1 of Aircall's API.",
		Params:      userParams(false),
		Errors:      gone, Note: note + "update_user.",
		check: atLeastOne("update", "user_id"),
	}}
}
