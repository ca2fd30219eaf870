package aircall

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Op is one operation of Aircall's REST API. Name is the anchor of its chapter in the documentation,
// Path its route with a placeholder such as {id} for each value that [Request.Path] must hold.
type Op struct{ Name, Method, Path string }

// ops has every operation, in the documentation's order.
var ops = [...]Op{
	{"ping", "GET", "/v1/ping"},
	{"retrieve-company", "GET", "/v1/company"},
	{"retrieve-an-integration", "GET", "/v1/integrations/me"},
	{"enable-an-integration", "POST", "/v1/integrations/enable"},
	{"disable-an-integration", "POST", "/v1/integrations/disable"},
	{"list-all-users", "GET", "/v2/users"},
	{"retrieve-a-user", "GET", "/v2/users/{id}"},
	{"create-a-user", "POST", "/v2/users"},
	{"update-a-user", "PUT", "/v2/users/{id}"},
	{"delete-a-user", "DELETE", "/v1/users/{id}"},
	{"retrieve-list-of-users-availability", "GET", "/v1/users/availabilities"},
	{"check-availability-of-a-user", "GET", "/v1/users/{id}/availability"},
	{"list-numbers-of-a-user", "GET", "/v2/users/{id}/numbers"},
	{"list-all-users-v1", "GET", "/v1/users"},
	{"retrieve-a-user-v1", "GET", "/v1/users/{id}"},
	{"create-a-user-v1", "POST", "/v1/users"},
	{"update-a-user-v1", "PUT", "/v1/users/{id}"},
	{"start-an-outbound-call", "POST", "/v1/users/{id}/calls"},
	{"dial-a-phone-number-in-the-phone", "POST", "/v1/users/{id}/dial"},
	{"list-all-teams", "GET", "/v1/teams"},
	{"retrieve-a-team", "GET", "/v1/teams/{id}"},
	{"create-a-team", "POST", "/v1/teams"},
	{"delete-a-team", "DELETE", "/v1/teams/{id}"},
	{"add-a-user-to-a-team", "POST", "/v1/teams/{id}/users/{user_id}"},
	{"remove-a-user-from-a-team", "DELETE", "/v1/teams/{id}/users/{user_id}"},
	{"list-all-calls", "GET", "/v1/calls"},
	{"search-calls", "GET", "/v1/calls/search"},
	{"retrieve-a-call", "GET", "/v1/calls/{id}"},
	{"comment-a-call", "POST", "/v1/calls/{id}/comments"},
	{"tag-a-call", "POST", "/v1/calls/{id}/tags"},
	{"archive-a-call", "PUT", "/v1/calls/{id}/archive"},
	{"unarchive-a-call", "PUT", "/v1/calls/{id}/unarchive"},
	{"transfer-a-call", "POST", "/v1/calls/{id}/transfers"},
	{"pause-recording", "POST", "/v1/calls/{id}/pause_recording"},
	{"resume-recording", "POST", "/v1/calls/{id}/resume_recording"},
	{"delete-a-recording", "DELETE", "/v1/calls/{id}/recording"},
	{"delete-a-voicemail", "DELETE", "/v1/calls/{id}/voicemail"},
	{"create-insight-cards", "POST", "/v1/calls/{id}/insight_cards"},
	{"retrieve-a-transcription", "GET", "/v1/calls/{id}/transcription"},
	{"retrieve-a-realtime-transcription", "GET", "/v1/calls/{id}/realtime_transcription"},
	{"retrieve-sentiments", "GET", "/v1/calls/{id}/sentiments"},
	{"retrieve-topics", "GET", "/v1/calls/{id}/topics"},
	{"retrieve-a-summary", "GET", "/v1/calls/{id}/summary"},
	{"retrieve-a-custom-summary-result", "GET", "/v1/calls/{id}/custom_summary_result"},
	{"retrieve-action-items", "GET", "/v1/calls/{id}/action_items"},
	{"retrieve-a-playbook-result", "GET", "/v1/calls/{id}/playbook_result"},
	{"retrieve-evaluations", "GET", "/v1/calls/{id}/evaluations"},
	{"retrieve-a-predicted-csat", "GET", "/v1/calls/{id}/predicted_csat"},
	{"list-all-numbers", "GET", "/v1/numbers"},
	{"retrieve-a-number", "GET", "/v1/numbers/{id}"},
	{"update-a-number", "PUT", "/v1/numbers/{id}"},
	{"retrieve-registration-status", "GET", "/v1/numbers/{id}/registration_status"},
	{"create-number-configuration", "POST", "/v1/numbers/{id}/messages/configuration"},
	{"fetch-number-configuration", "GET", "/v1/numbers/{id}/messages/configuration"},
	{"delete-number-configuration", "DELETE", "/v1/numbers/{id}/messages/configuration"},
	{"send-message", "POST", "/v1/numbers/{id}/messages/send"},
	{"send-message-in-agent-conversation", "POST", "/v1/numbers/{id}/messages/native/send"},
	{"send-group-message", "POST", "/v1/numbers/{id}/messages/group/send"},
	{"send-group-message-in-agent-conversation", "POST", "/v1/numbers/{id}/messages/group/native/send"},
	{"list-sms-templates", "GET", "/v1/sms/templates"},
	{"send-whatsapp-message", "POST", "/v1/messages/whatsapp/send"},
	{"send-whatsapp-message-in-agent-conversation", "POST", "/v1/messages/send/whatsapp/native"},
	{"list-whatsapp-templates", "GET", "/v1/numbers/{id}/templates"},
	{"retrieve-whatsapp-status", "GET", "/v1/numbers/{id}/whatsapp_status"},
	{"retrieve-a-dialer-campaign", "GET", "/v1/users/{id}/dialer_campaign"},
	{"create-a-dialer-campaign", "POST", "/v1/users/{id}/dialer_campaign"},
	{"delete-a-dialer-campaign", "DELETE", "/v1/users/{id}/dialer_campaign"},
	{"retrieve-phone-numbers", "GET", "/v1/users/{id}/dialer_campaign/phone_numbers"},
	{"add-phone-numbers", "POST", "/v1/users/{id}/dialer_campaign/phone_numbers"},
	{"delete-a-phone-number", "DELETE", "/v1/users/{id}/dialer_campaign/phone_numbers/{phone_number_id}"},
	{"list-campaigns", "GET", "/v1/campaigns"},
	{"create-a-campaign", "POST", "/v1/campaigns"},
	{"retrieve-a-campaign", "GET", "/v1/campaigns/{id}"},
	{"list-campaign-contacts", "GET", "/v1/campaigns/{id}/contacts"},
	{"add-campaign-contacts", "POST", "/v1/campaigns/{id}/contacts"},
	{"assign-campaign-agents", "POST", "/v1/campaigns/{id}/agents"},
	{"launch-a-campaign", "POST", "/v1/campaigns/{id}/launch"},
	{"pause-a-campaign", "POST", "/v1/campaigns/{id}/pause"},
	{"resume-a-campaign", "POST", "/v1/campaigns/{id}/resume"},
	{"archive-a-campaign", "POST", "/v1/campaigns/{id}/archive"},
	{"list-campaign-outcomes", "GET", "/v1/campaign_outcomes"},
	{"list-campaign-call-outcomes", "GET", "/v1/campaigns/{id}/call_outcomes"},
	{"list-all-contacts", "GET", "/v1/contacts"},
	{"search-contacts", "GET", "/v1/contacts/search"},
	{"retrieve-a-contact", "GET", "/v1/contacts/{id}"},
	{"create-a-contact", "POST", "/v1/contacts"},
	{"update-a-contact", "POST", "/v1/contacts/{id}"}, // POST, not PUT: recorded
	{"delete-a-contact", "DELETE", "/v1/contacts/{id}"},
	{"add-phone-number-to-a-contact", "POST", "/v1/contacts/{id}/phone_details"},
	{"update-phone-number-to-a-contact", "PUT", "/v1/contacts/{id}/phone_details/{detail_id}"},
	{"delete-phone-number-from-a-contact", "DELETE", "/v1/contacts/{id}/phone_details/{detail_id}"},
	{"add-email-to-a-contact", "POST", "/v1/contacts/{id}/email_details"},
	{"update-email-to-a-contact", "PUT", "/v1/contacts/{id}/email_details/{detail_id}"},
	{"delete-email-from-a-contact", "DELETE", "/v1/contacts/{id}/email_details/{detail_id}"},
	{"list-all-tags", "GET", "/v1/tags"},
	{"retrieve-a-tag", "GET", "/v1/tags/{id}"},
	{"create-a-tag", "POST", "/v1/tags"},
	{"update-a-tag", "PUT", "/v1/tags/{id}"},
	{"delete-a-tag", "DELETE", "/v1/tags/{id}"},
	{"list-a2p-campaign-associations", "GET", "/v1/a2p_campaign_associations"},
	{"create-an-a2p-campaign-association", "POST", "/v1/a2p_campaign_associations"},
	{"update-an-a2p-campaign-association", "PUT", "/v1/a2p_campaign_associations"},
	{"delete-an-a2p-campaign-association", "DELETE", "/v1/a2p_campaign_associations/{id}"},
	{"trigger-an-outbound-call", "POST", "/v1/outbound-calls/agents/{agent_id}"},
	{"create-an-analytics-report-export", "POST", "/v1/analytics/report/export"},
	{"retrieve-an-analytics-report-export", "GET", "/v1/analytics/report/export/{id}"},
	{"list-all-webhooks", "GET", "/v1/webhooks"},
	{"retrieve-a-webhook", "GET", "/v1/webhooks/{id}"},
	{"create-a-webhook", "POST", "/v1/webhooks"},
	{"update-a-webhook", "PUT", "/v1/webhooks/{id}"},
	{"delete-a-webhook", "DELETE", "/v1/webhooks/{id}"},
	{"exchange-an-authorization-code", "POST", "/v1/oauth/token"},
}

// Ops returns every operation of the client, in the documentation's order. The caller may change the slice.
func Ops() []Op { return slices.Clone(ops[:]) }

func opNamed(name string) (Op, bool) {
	for _, op := range ops {
		if op.Name == name {
			return op, true
		}
	}
	return Op{Name: name}, false
}

// read reports whether the operation changes nothing, so that sending it twice does no harm.
func (op Op) read() bool { return op.Method == http.MethodGet }

// fill replaces the placeholders of the path with values, in order, each escaped to stay one segment.
func (op Op) fill(values []string) (string, error) {
	if want := strings.Count(op.Path, "{"); len(values) != want {
		return "", fmt.Errorf("%s takes %d path values, got %d", op.Path, want, len(values))
	}
	segments := strings.Split(op.Path, "/")
	for i, s := range segments {
		if !strings.HasPrefix(s, "{") {
			continue
		}
		if err := checkSegment(values[0]); err != nil {
			return "", fmt.Errorf("%s of %s: %w", strings.Trim(s, "{}"), op.Path, err)
		}
		// PathEscape leaves "@" as it is, and Aircall wants an e-mail's "@" raw.
		segments[i], values = url.PathEscape(values[0]), values[1:]
	}
	return strings.Join(segments, "/"), nil
}

// checkSegment fails for a value that would lead to another route: servers and proxies resolve "." and ".." even when
// escaped, and drop an empty segment.
func checkSegment(v string) error {
	const most = 1024
	switch {
	case len(v) > most:
		return fmt.Errorf("the value has %d bytes, the most is %d", len(v), most)
	case v == "" || v == "." || v == ".." || !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		return fmt.Errorf("%q is not an id", v)
	}
	return nil
}
