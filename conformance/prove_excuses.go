package conformance

import "regexp"

// excuse says why the mutants of some ids may survive. One of a mutant that is killed fails the self-test, and so does one of
// no mutant at all.
type excuse struct {
	of     *regexp.Regexp // of the whole id
	reason string
}

func excused(of, reason string) excuse { return excuse{regexp.MustCompile("^(?:" + of + ")$"), reason} }

// excuses are the mutants that no scenario can notice, because what they spoil is not promised.
var excuses = []excuse{
	excused(`wire create-a-dialer-campaign 422 errors\.dialer_campaign (empty|double)`,
		"how many sentences say what is wrong is promised nowhere"),
	excused(`wire retrieve-(a-realtime-transcription|a-transcription|a-playbook-result|a-predicted-csat|action-items|topics) 200 `+
		`((transcription\.)?content\.utterances|playbook_result_topics|csat\.drivers|action_items|topic\.content) (empty|double)`,
		"an analysis holds as many entries as it found"),
	excused(`wire retrieve-a-realtime-transcription 200 content\.utterances\[\]\.(phone_number|user_id) drop`,
		"who speaks has the one or the other"),
	excused(`wire retrieve-a-dialer-campaign 200 number_id null`,
		"a campaign may be without a line of its own"),
	excused(`wire retrieve-an-integration 200 integration\.number_ids (empty|double)`,
		"which lines an integration has is up to who installed it"),
	excused(`wire retrieve-sentiments 200 sentiment\.participants\[\]\.phone_number null`,
		"participants of the company have no number"),
}
