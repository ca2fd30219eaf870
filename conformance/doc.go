// Package conformance runs the documentation of the Lua functions against a target: the in-process fake, a URL, or a live
// account.
//
// The scenarios are the feature files of package features. Lua runs through the real binding. Its results are
// compared with the data of the API, read over plain net/http with the same credentials. A typed client would share the
// mistakes of the binding.
//
// A scenario ends with one of six statuses:
//
//	pass         the target behaves as the scenario says
//	fail         the target is wrong
//	known        the target is wrong in a recorded way, with a reason and a date
//	unsupported  the account lacks what the scenario needs
//	skipped      it did not run, for the reason given; never counted as passed
//	error        the kit broke, or could not reach the target
//
// Godog only parses the features and calls the steps. Its reports count a skipped scenario as passed and lose failures when
// step ids grow by a digit, so that package report has another model, from which all reports are rendered.
//
// Reports hold no credentials. On targets other than our own fake they hold no personal data either: a finding does not
// have the values of the target.
package conformance
