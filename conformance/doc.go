// Package conformance executes the documentation of the Lua functions against a target: the in-process fake, a URL, or
// a live account.
//
// The scenarios are the feature files of package features. Lua runs through the real binding; what it returns is
// compared with what the API itself holds, read over plain net/http with the same credentials. A typed client never
// judges: it would share the mistakes of the thing that is judged.
//
// A scenario ends in one of six statuses:
//
//	pass         the target does what the sentence says
//	fail         the target is wrong
//	known        it is wrong in a way that was recorded, with a reason and a date
//	unsupported  the account lacks what the sentence is about
//	skipped      it did not run, for the reason given; never counted as passed
//	error        the kit broke, or could not reach the target
//
// Godog parses the features and calls the steps, and no more: its reports call a skipped scenario passed and lose
// failures when step ids grow by a digit, so the model in report.go is our own and everything is rendered from it.
//
// What leaves this package is free of credentials. On a target that is not our own fake it is free of personal data as
// well: what a scenario found is told without the values it found.
package conformance
