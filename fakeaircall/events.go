package fakeaircall

import "slices"

// An event is what a webhook can subscribe to, and the family of what it carries.
type event struct{ name, resource string }

// events are the 67 names of the reference of 2026 and one that was captured on
// 2026-10-08, by family. There is no call.missed, call.recording, call.updated or
// message.created, though public clients subscribe to them; see doubtfulEvents for
// names that stand in one source alone.
var events = slices.Concat(
	family("call",
		"call.created", "call.ringing_on_agent", "call.agent_declined", "call.answered", "call.hold", "call.unhold",
		"call.ivr_option_selected", "call.transferred", "call.external_transferred", "call.unsuccessful_transfer",
		"call.hungup", "call.ended", "call.comm_assets_generated", "call.voicemail_left", "call.assigned", "call.archived",
		"call.tagged", "call.untagged", "call.commented"),
	family("user",
		"user.created.v2", "user.deleted.v2", "user.connected.v2", "user.disconnected.v2",
		"user.opened.v2", "user.closed.v2", "user.wut_start.v2", "user.wut_end.v2",
		"user.created", "user.deleted", "user.connected", "user.disconnected",
		"user.opened", "user.closed", "user.wut_start", "user.wut_end"),
	family("number", "number.created", "number.opened", "number.closed", "number.deleted"),
	family("contact", "contact.created", "contact.updated", "contact.deleted"),
	family("message",
		"message.sent", "message.received", "message.status_updated",
		"group_message.sent", "group_message.received", "group_message.status_updated"),
	family("conversation_intelligence",
		"transcription.created", "summary.created", "topics.created", "sentiment.created", "action_item.created",
		"playbook_result.created", "playbook_result.updated", "realtime_transcription.utterances_received",
		"custom_summary.result_created", "custom_summary.result_updated", "call_evaluation.created", "call_evaluation.updated"),
	family("ai_voice_agent", "ai_voice_agent.started", "ai_voice_agent.ended", "ai_voice_agent.escalated", "ai_voice_agent.summary"),
	family("analytics", "analytics.report_created", "analytics.report_failed"),
	family("integration", "integration.deleted"),
	family("outbound_campaign", "outbound_campaign.outcome_recorded"), // captured; the fake has no campaigns that cause it
)

func family(resource string, names ...string) []event {
	list := make([]event, len(names))
	for i, name := range names {
		list[i] = event{name, resource}
	}
	return list
}

func allEvents() []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.name
	}
	return names
}

// resourceOf is the family of an event.
func resourceOf(name string) string {
	for _, e := range events {
		if e.name == name {
			return e.resource
		}
	}
	return ""
}

func isEvent(name string) bool {
	return resourceOf(name) != ""
}
