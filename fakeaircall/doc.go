// Package fakeaircall is a stateful fake of Aircall's REST API, api.aircall.io, for tests and local development.
//
//	srv := fakeaircall.RunT(t, fakeaircall.Options{})
//	req, _ := http.NewRequest("GET", srv.URL()+"/v1/contacts/5678", nil)
//	req.SetBasicAuth("fake-default-id", "fake-default-token")
//
// A server has several accounts that share nothing, by default: default, sales and support. Each has realistic data from a
// seed, with call 12345 and contact 5678. Changes show in lists, in searches and in resources that embed what changed.
//
// Apps get tokens through OAuth: a person allows an app on /oauth/authorize, and the app exchanges the code at
// /v1/oauth/token, see [App]. Webhooks get their events over HTTP, with Aircall's retries on the server's clock, see
// [Server.Deliveries] and [DeliveryOptions].
//
// The fake follows Aircall's behavior rather than its documentation: errors, key order, nulls, headers and limits are as
// recorded from Aircall, as production clients rely on, or as documented, in this order of trust. Unknown behavior is a
// named assumption, see [Assumptions].
//
// A request passes these steps: route (routes.go), credentials (auth.go), rate limit (limits.go), faults (faults.go),
// handler (one file per resource; read contacts.go first, then resource.go), state under its lock (state.go), reply
// (reply.go), request log (request_log.go). Only clock.go reads the time, and only the seed files make data.
//
// The request log has the requests that a test caused, see [Server.Requests] and [Server.WaitForRequest]. Fault rules make
// Aircall slow, throttled or broken, see [Fault]. Package control serves the same over HTTP.
//
// The package does not log or exit. It uses the network only to listen and to deliver to webhooks.
package fakeaircall
