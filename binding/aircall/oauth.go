package aircall

import (
	"context"
	"encoding/json"
	"strings"
)

// CodeParams has the values of an authorization code exchange: those of the app, and the code from its redirect URI.
type CodeParams struct {
	ClientID     string
	ClientSecret Secret
	Code         Secret // lives ten minutes and works once
	RedirectURI  string // as in the authorization request
}

// AccessToken gives access to the company whose admin authorized the app. It does not expire and is not refreshed: it ends
// when the app is uninstalled.
type AccessToken struct {
	Token     Secret `json:"access_token"` // for [Options].AccessToken
	Type      string `json:"token_type"`   // Bearer
	CreatedAt Time   `json:"created_at"`
}

// ExchangeCode exchanges an authorization code for an access token. It uses base URL, transport, timeout, retries and user
// agent of the options, but not their credentials, which may be missing.
func ExchangeCode(ctx context.Context, o Options, p CodeParams) (*AccessToken, error) {
	c, err := o.client("", p.redact)
	if err != nil {
		return nil, err
	}
	if o.Transport == nil {
		defer c.CloseIdleConnections()
	}
	res, err := c.Do(ctx, "exchange-an-authorization-code", Request{Body: map[string]string{
		"client_id": p.ClientID, "client_secret": string(p.ClientSecret), "code": string(p.Code),
		"redirect_uri": p.RedirectURI, "grant_type": "authorization_code",
	}})
	if err != nil {
		return nil, err
	}
	var t AccessToken
	if json.Unmarshal(res.Body, &t) != nil || t.Token == "" {
		return nil, res.sent.invalidReply(res.Status, "the reply has no access token", hintForeign)
	}
	return &t, nil
}

// redact removes the values that were sent. It hides a text with a token completely.
func (p CodeParams) redact(s string) string {
	if strings.Contains(s, "access_token") {
		return redacted
	}
	return redactor(string(p.ClientSecret), string(p.Code))(s)
}
