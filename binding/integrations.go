package binding

// noIntegration is what Aircall answers an API key with.
const noIntegration = "not_found with the credentials of an API key: only an access token has an integration"

func integrationFunctions() []Function {
	return []Function{
		{
			Name: "get_integration", Effect: EffectRead, Ops: []string{"retrieve-an-integration"}, Key: "integration",
			Description: "Retrieve the integration an access token belongs to, and who installed it.",
			Returns:     "`integration`.",
			Errors:      []string{noIntegration},
		},
		{
			Name: "enable_integration", Effect: EffectWrite, Ops: []string{"enable-an-integration"},
			Description: "Switch the integration of an access token on.",
			Returns:     emptyResult,
			Errors:      []string{noIntegration},
		},
		{
			Name: "disable_integration", Effect: EffectWrite, Ops: []string{"disable-an-integration"},
			Description: "Switch the integration of an access token off.",
			Returns:     emptyResult,
			Errors:      []string{noIntegration},
		},
	}
}
