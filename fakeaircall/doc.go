// Package fakeaircall is a stateful fake of Aircall's REST API, api.aircall.io,
// for tests and local development.
//
//	srv := fakeaircall.RunT(t, fakeaircall.Options{})
//	req, _ := http.NewRequest("GET", srv.URL()+"/v1/contacts/5678", nil)
//	req.SetBasicAuth("fake-default-id", "fake-default-token")
//
// A server holds several companies that share nothing: default, sales and
// support unless told otherwise. Each has believable data, made from a seed, and
// in it call 12345 and contact 5678. What is written is read back: in lists,
// searches and wherever a resource is embedded in another.
//
// Apps get tokens through OAuth: people allow them on /oauth/authorize, and the
// code that comes back is good at /v1/oauth/token, see [App]. Webhooks
// get their events over HTTP, with Aircall's retries on the server's clock, see
// [Server.Deliveries] and [DeliveryOptions].
//
// The fake obeys the wire and not the documentation: errors, key order, nulls,
// headers and limits are as recorded from Aircall, as relied on by production
// clients, or as documented, in this order of trust. Unknown behavior is a
// named assumption, see [Assumptions].
//
// A request passes, in this order: route (routes.go), credentials (auth.go),
// rate limit (limits.go), faults (faults.go), handler (one file per resource; read
// contacts.go first), state under its lock (state.go), reply (reply.go), request log
// (request_log.go). Time comes only from clock.go, data from the seed files.
//
// The requests that a test caused are in the request log, see
// [Server.Requests] and [Server.WaitForRequest]. Rules make Aircall slow, throttled
// or broken, see [Fault]. The same over HTTP is [Server.Control].
//
// The package does not log, does not exit and does not reach the network beyond
// what Listen is told and what is registered as the address of a webhook.
package fakeaircall
