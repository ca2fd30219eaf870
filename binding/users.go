package binding

import (
	"errors"
	"strings"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func listUsers() Function {
	return Function{
		Name: "list_users", Effect: EffectRead,
		Description: "List all users in the Aircall account.",
		Returns:     "`users`, a list of all users, and `meta`.",
		Ops:         []string{"list-all-users"},
		Example: `local result = app.integrations.aircall.list_users({})
for _, user in ipairs(result.users) do
print(user.id .. ": " .. user.first_name .. " " .. user.last_name .. " (" .. user.email .. ")")
end
`,
		handle: func(c *call) (value, error) { return c.all("list-all-users", "users") },
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
		Message: "Aircall has no current user here: " + why + ". Configure the user of account " + quote(c.account.name) + ".",
		Hint:    "set " + name + ", or the account's user, to the id or e-mail of a user of the company",
	}
}
