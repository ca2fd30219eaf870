// Package conformance executes the documentation of the Lua functions against a target: the in-process fake, a URL, or
// a live account.
//
// The scenarios are the feature files of package features. Lua runs in the real binding; its results are compared with what the API
// itself holds, read over plain net/http with the same credentials. A typed client never judges, because it would share the mistakes
// of the code under test.
//
// A scenario ends with one of six statuses:
//
//	pass         the target does what the sentence says
//	fail         the target is wrong
//	known        it is wrong in a way that was recorded, with a reason and a date
//	unsupported  the account lacks what the sentence is about
//	skipped      it did not run, for the given reason; it never counts as passed
//	error        the suite broke, or could not reach the target
//
// Godog only parses the features and calls the steps. Its own reports count a skipped scenario as passed and lose failures when step
// ids get longer, so package report has a model of its own, from which all files are rendered.
//
// The output of this package holds no credentials. On a target that is not our own fake it holds no personal data either: it reports
// findings without the values.
package conformance
