package binding

import (
	"github.com/aircallkit/aircallkit/binding/aircall"
)

func companyFunctions() []Function {
	const noIntegration = "not_found with the credentials of an API key: only an access token has an integration"
	return []Function{{
		Name: "ping", Effect: EffectRead, Ops: []string{"ping"},
		Description: "Check that Aircall answers and accepts the account's credentials.",
		Returns:     "`ping`, which is `\"pong\"`.",
	}, {
		Name: "get_company", Effect: EffectRead, Ops: []string{"retrieve-company"}, Key: "company",
		Description: "Retrieve the company of the account: its name, and how many users and numbers it has.",
	}, {
		Name: "get_integration", Effect: EffectRead, Ops: []string{"retrieve-an-integration"}, Key: "integration",
		Description: "Retrieve the integration that an access token belongs to, and the user who installed it.",
		Errors:      []string{noIntegration},
	}, {
		Name: "enable_integration", Effect: EffectWrite, Ops: []string{"enable-an-integration"},
		Description: "Enable the integration of an access token.",
		Errors:      []string{noIntegration},
	}, {
		Name: "disable_integration", Effect: EffectWrite, Ops: []string{"disable-an-integration"},
		Description: "Disable the integration of an access token.",
		Errors:      []string{noIntegration},
	}}
}

func oauthFunctions() []Function {
	text := func(name, description string) Param {
		return Param{Name: name, Kind: KindKey, Required: true, Description: description}
	}
	return []Function{{
		Name: "exchange_authorization_code", Effect: EffectWrite, Ops: []string{"exchange-an-authorization-code"},
		Description: "Exchange the authorization code of an app for an access token.",
		Params: []Param{
			text("client_id", "The app's id"), text("client_secret", "The app's secret"),
			text("code", "The code: it is valid for ten minutes and works once"),
			text("redirect_uri", "The address in the authorization request"),
		},
		Returns: "`access_token`, `token_type` and `created_at`.",
		Errors:  []string{"api_error if the code is wrong, used or too old"},
		Note:    "The request goes to the account's url without the account's credentials. The token is a secret: never print it.",
		handle:  handleExchange,
	}}
}

func handleExchange(c *call) (value, error) {
	text := func(name string) string { return valueOf(c.args[name]).text }
	if c.hold(operation(c.fn.Ops[0]), aircall.Request{}) { // a dry run does not show the secrets
		return value{}, nil
	}
	c.requests++
	token, err := aircall.ExchangeCode(c.ctx, c.account.options, aircall.CodeParams{
		ClientID: text("client_id"), ClientSecret: aircall.Secret(text("client_secret")),
		Code: aircall.Secret(text("code")), RedirectURI: text("redirect_uri"),
	})
	if err != nil {
		return value{}, err
	}
	result := objectValue("access_token", string(token.Token), "token_type", token.Type)
	if at := token.CreatedAt; !at.IsZero() {
		result.set("created_at", at.Unix())
	}
	return result, nil
}
