package fakeaircall

import (
	"fmt"
	"slices"
	"strings"
)

// An Assumption is behavior of Aircall that is not known outside Aircall, and what the fake does instead. Answers are the
// choices for Options.Assume, the default first; most assumptions have no choices, because only one answer is plausible.
type Assumption struct {
	ID      string
	Says    string
	Reason  string
	Answers []string

	// Unseen is the reason why no scenario can check it; "": a scenario does.
	Unseen string
}

// Assumptions returns all assumptions, ordered by the part of the API that they belong to.
func Assumptions() []Assumption { return slices.Clone(assumptionTable) }

// assumptionTable has all assumptions.
var assumptionTable = []Assumption{
	{ID: "bearer-rejected", Says: "An unknown bearer token gets 403 {\"message\":\"Forbidden\"}.",
		Reason: "Measured for Basic; the same authorizer handles both."},
	{ID: "wrong-method", Says: "A known path with an unsupported method gets the edge's 404.",
		Reason: "API Gateway has no route for it; Aircall keeps 405 for refusals by state."},
	{ID: "escaped-path", Says: "Routes are matched on the path as it is sent: %2F is part of a value and not a slash, %63 is not a c; values are unescaped afterwards.",
		Reason: "Rails does so by default; what API Gateway does to the path before it is not known."},
	{ID: "body-too-large", Says: "A body over 10 MB gets 413 {\"message\":\"Request Entity Too Large\"}.",
		Reason: "API Gateway's documented quota.",
		Unseen: "The kit sends no body of more than 8 MB."},
	{ID: "throttled-body", Says: "The body of a 429 is {\"error\":\"Too Many Requests\",\"troubleshoot\":…}; there is no Retry-After.",
		Reason: "The documented shape; no source shows one."},
	{ID: "rate-limit-window", Says: "The window is the minute of the clock; Reset is its end in UNIX seconds.",
		Reason: "A sample value is a multiple of 60; six clients of seven read seconds."},
	{ID: "rate-limit-headers", Says: "The X-AircallApi headers come with a 429 only.",
		Reason:  "Seven untouched recordings lack them, and the reference says so; some clients look for them anyway.",
		Answers: []string{"throttled", "always"}},
	{ID: "success-false", Says: "Errors of the Rails tier have \"success\":false, those of contacts do not.",
		Reason:  "Both Rails bodies that are known word for word have it, a 405 and a 422.",
		Answers: []string{"all", "refusals"}},
	{ID: "contact-errors", Says: "Errors of contacts and messages are an error and a troubleshoot.",
		Reason:  "Documented; a client's type has a list of status, title and detail beside them, which may be missing.",
		Answers: []string{"plain", "listed"}},
	{ID: "webhook-errors", Says: "Errors of webhooks are an error and a troubleshoot, without a charset.",
		Reason: "The documented shape; the charset is missing from recorded replies of that service."},
	{ID: "server-error", Says: "A failure inside the fake is the edge's 500 {\"message\":\"Internal Server Error\"}.",
		Reason:  "Only the status is documented; the application might have the words of its other errors.",
		Answers: []string{"edge", "application"},
		Unseen:  "Aircall cannot be made to fail on purpose, and should not."},
	{ID: "conditional-get", Says: "If-None-Match gets a 304 as in Rack and Express: Rack accepts only its tag, Express accepts a list or a star and compares weakly.",
		Reason: "The tags are recorded, a 304 is not; both are the defaults of the frameworks."},
	{ID: "error-tags", Says: "Errors of contacts have an ETag, no others have one.",
		Reason: "Express tags every body, Rack those of 200 and 201; no error was recorded with all its headers."},
	{ID: "repeated-keys", Says: "If a query key comes twice, Rails uses the last value and the others use the first; keys in brackets are lists.",
		Reason: "Rails does so by default; the others were not tried."},
	{ID: "json-escape", Says: "<, > and & are escaped in every body.",
		Reason: "Recorded in events, which Rails writes; whether the contacts service does is not known."},
	{ID: "per-page-range", Says: "per_page below 1, or not an integer, is a 400; on webhooks a per_page above 50 counts as 50.",
		Reason:  "More than 50 was tried on calls, contacts, tags and users, less than 1 nowhere.",
		Answers: []string{"refuse", "clamp"}},
	{ID: "page-range", Says: "page below 1, or not an integer, is a 400.", Reason: "As per_page."},
	{ID: "empty-parameter", Says: "A parameter without a value counts as absent.", Reason: "No source shows it."},
	{ID: "contacts-per-page", Says: "GET /v1/contacts returns 50 contacts a page without per_page.",
		Reason:  "One recording, against a documented 20.",
		Answers: []string{"50", "20"}},
	{ID: "contacts-above-50", Says: "A per_page above 50 on contacts serves as many contacts as it asks for.",
		Reason:  "meta shows the per_page that was sent (recorded 2026-09-28), on a company with three contacts; whether 51 are served is not known.",
		Answers: []string{"asked", "50"}},
	{ID: "page-links", Says: "Links of a page have their parameters in alphabetical order, on contacts with page last; those of contacts name order and order_by, all others order.",
		Reason: "Recorded 2026-09-28 without a window and without filters; their places are inferred."},
	{ID: "result-cap", Says: "page × per_page above 10,000 is the recorded 400 on every list, webhooks included, however few results there are.",
		Reason: "Recorded 2026-09-28 on calls, contacts and tags; the other lists are inferred."},
	{ID: "order-unknown", Says: "An unknown order or order_by counts as the default.",
		Reason: "Unknown parameters are ignored where it was tried."},
	{ID: "tags-order", Says: "Tags and availabilities take an order.",
		Reason: "Their links name one (recorded 2026-09-28); whether it reverses the list was not tried."},
	{ID: "window-not-seconds", Says: "from or to that is not in UNIX seconds selects nothing.",
		Reason:  "One reader of the reference expects an empty list.",
		Answers: []string{"empty", "refuse"}},
	{ID: "window-bounds", Says: "from and to of numbers, users and availabilities include their ends.",
		Reason: "Recorded are calls, whose from is exclusive, and contacts, which include both ends; the others were not tried."},
	{ID: "malformed-json", Says: "A body that is not a JSON object is a 400.", Reason: "Inferred."},
	{ID: "content-type", Says: "The content type of a request is ignored.", Reason: "Clients send none and succeed."},
	{ID: "not-found-body", Says: "Every unknown or non-numeric id gets 404 with \"Check ID of the resource\".",
		Reason: "A client compares with these words for calls and contacts; the rest is inferred."},
	{ID: "validation-words", Says: "The words of troubleshoot in a 400 or 422 are the fake's own.", Reason: "None is public.",
		Unseen: "The words are the fake's own; that Aircall has others is certain."},
	{ID: "unique-422", Says: "A user's e-mail and extension and a team's name that are taken are a 422, a tag's name a 400.",
		Reason: "The reference's tables of statuses."},
	{ID: "user-delete", Says: "A deleted user is gone at once, also from past calls.",
		Reason: "Aircall queues it; that calls lose the user was reported in 2026."},
	{ID: "users-v1", Says: "Listing, reading, creating and updating users on /v1 are unknown routes from 2026-10-01 on, by the clock.",
		Reason:  "A changelog removes them on 2026-09-30; the reply after that date is inferred.",
		Answers: []string{"sunset", "keep"}},
	{ID: "users-v1-numbers", Says: "On /v1 only a user read alone has numbers, not one created, updated or in a list.",
		Reason: "The reference has them there and in events; a list of 2025 lacked them."},
	{ID: "user-contact", Says: "A user who is invited brings a shared contact of that name and e-mail, which is deleted with the user. The first user of a company has none.",
		Reason: "An event log of 2022; in a new company of 2026-09-28 the first user had none."},
	{ID: "team-member", Says: "Adding a member twice, or removing a user who is not a member, is a 422.", Reason: "The reference has 422 with a reason."},
	{ID: "integration-basic", Says: "/v1/integrations/me, enable and disable with an API key are a 404.",
		Reason:  "Only OAuth is documented; a refusal of the credentials is as likely.",
		Answers: []string{"404", "403"}},
	{ID: "integration-toggle", Says: "Enabling and disabling an integration is a 204, even if it already is; install=true changes nothing.",
		Reason: "A success is documented, its body is not."},
	{ID: "integration-status", Says: "The status of an integration is active or inactive, as its active says.", Reason: "No source lists the words."},
	{ID: "integration-disabled", Says: "The token of a disabled integration still works, and can enable it again.",
		Reason:  "There is an operation to enable it; tokens are documented to end with the app's removal, which one client does by disabling.",
		Answers: []string{"keep", "uninstall"}},
	{ID: "integration-installed", Says: "An app that was installed a moment ago is active.",
		Reason:  "No source says whether it must enable itself first.",
		Answers: []string{"active", "inactive"}},
	{ID: "call-agents", Says: "assigned_to, transferred_by and transferred_to have the twelve keys of user.",
		Reason: "Recorded 2026-09-28 only for user; the others were null."},
	{ID: "call-alone", Says: "A call read alone has the keys of a call in a list, in the same order.",
		Reason: "A list was recorded on 2026-09-28, a call alone was not; one serializer is likely."},
	{ID: "call-country", Says: "country_code_a2 is the country of the other party, null if the caller hides the number.",
		Reason: "Recorded 2026-09-28 with both parties in one country; a hidden caller was not seen."},
	{ID: "number-alone", Says: "A line read alone has the keys of a line in a list, in the same order, and users behind them.",
		Reason: "A list was recorded on 2026-09-28. A client reports users on a single line only; which keys they have is not known."},
	{ID: "number-priority", Says: "A line whose priority nobody set shows 0 and its calls show null; a priority that was set is the same in both.",
		Reason: "Recorded 2026-09-28 for one line; what a change shows was not tried."},
	{ID: "number-messages", Says: "A line shows null for a message it does not have. Its calls, the numbers of a user and messages show Aircall's default in its place.",
		Reason: "Recorded 2026-09-28 in the list and in a call; the other places are inferred."},
	{ID: "call-tag-author", Says: "A tag set through the API has \"tagged_by\":{}.", Reason: "Recorded for tags set by the system."},
	{ID: "call-search-phone", Says: "phone_number finds calls by the other party and by the line.",
		Reason: "The reference says by which line the search finds a transferred call."},
	{ID: "call-direction-list", Says: "GET /v1/calls ignores direction and the other filters of the search.",
		Reason: "They are documented only for the search."},
	{ID: "call-tags", Says: "Tagging adds to the tags of a call; the same tag twice counts once; an unknown id is a 400 and adds no tag.",
		Reason:  "Whether the sent tags are added to the existing ones or replace them is undocumented.",
		Answers: []string{"add", "replace"}},
	{ID: "call-comments", Says: "The sixth comment is refused.",
		Reason:  "The reference says five; an app of 2025 compares with a message that says four. A call accepted four on 2026-09-28, which fits both.",
		Answers: []string{"5", "4"}},
	{ID: "call-contact", Says: "fetch_contact finds the oldest contact that has the number now.", Reason: "Undocumented."},
	{ID: "call-finalization", Says: "A call has provisional values for 2 to 20 minutes after its end: cost is 0.0, pricing_type is null, about one call in three has a duration that is a second too long, and about one answered call in three starts a second too early. No event reports the final ones.",
		Reason:  "Recorded on three outbound calls up to two and twenty minutes after their end; the exact time, and the behavior of inbound calls, are not known.",
		Answers: []string{"later", "at-once"}},
	{ID: "call-cost", Says: "An answered outbound call costs 3.0, however long; any other call costs 0.0.",
		Reason: "Recorded on outbound calls of 9, 20 and 21 seconds; no other call was recorded."},
	{ID: "call-pricing-type", Says: "The final pricing_type of every call is in_bundle.",
		Reason: "Recorded on three outbound calls; no source lists the values."},
	{ID: "intelligence-none", Says: "A read of something that Aircall has not produced for a call is a 404, as if the call did not exist.",
		Reason: "Three clients treat it as normal; only 400 and 403 are documented."},
	{ID: "intelligence-id", Says: "An id that is not an integer is a 400 on these reads.", Reason: "A documented 400 for a bad call_id."},
	{ID: "intelligence-delay", Says: "All results are available two minutes after the end of the call.", Reason: "Documented as seconds to minutes."},
	{ID: "intelligence-short", Says: "A call with less than 60 seconds of talk, or without a recording, has no results.",
		Reason: "A client in production mentions the minute, and the guides require a recording; whether ringing counts is not known."},
	{ID: "intelligence-voicemail", Says: "A voicemail of any length has a transcription, and no other results.",
		Reason: "Its type is documented only for transcriptions."},
	{ID: "intelligence-licence", Says: "Every company has AI Assist Pro. With assist alone there are no custom summaries, playbooks, evaluations and CSAT.",
		Reason:  "The guides say which reads need Pro; not every one is named.",
		Answers: []string{"pro", "assist", "none"}},
	{ID: "realtime-licence", Says: "What was said so far, with mode=realtime or as the live transcript, needs AI Assist Pro.",
		Reason:  "Aircall sells live help for agents with Pro; the guides say that some reads need it, not which.",
		Answers: []string{"pro", "assist"}},
	{ID: "intelligence-unlicensed", Says: "A read without the necessary license is a 404.",
		Reason:  "Three clients see it; the reference has a 403 without saying when.",
		Answers: []string{"404", "403"}},
	{ID: "intelligence-language", Says: "The language is that of the line's country; calls of a Swedish line have no results.",
		Reason: "The list of languages is documented; how Aircall detects the language is not."},
	{ID: "intelligence-phone", Says: "Participants have phone numbers in E.164; a hidden one is left out of utterances and null in sentiments.", Reason: "Undocumented."},
	{ID: "intelligence-scores", Says: "adherence_score, normalized_score and the CSAT are integers from 0 to 100; the result of a playbook's topic is a string.",
		Reason: "Documented only for the CSAT."},
	{ID: "transcription-mode", Says: "mode=realtime has what was said so far, from the first second of a recorded line; another mode counts as async.",
		Reason: "It is the documented successor of the live transcript."},
	{ID: "realtime-transcription", Says: "From 2026-04-01 on the fake's clock, GET …/realtime_transcription is an unknown route.",
		Reason:  "The reference removes it on 2026-03-31; the reply after that date is inferred.",
		Answers: []string{"removed", "keep"}},
	{ID: "call-start", Says: "A started call rings for a minute as an initial outbound call of the user, who is in_call, unless somebody answers or ends it.",
		Reason:  "The reply has no body, and what follows depends on people.",
		Answers: []string{"rings", "answered"}},
	{ID: "hungup-missed", Says: "A call that nobody answered has a call.hungup before its call.ended.",
		Reason:  "A capture has it; its author wrote that it can be missing.",
		Answers: []string{"told", "none"}},
	{ID: "audio-events", Says: "After the end of a call come call.ended at 30 s, call.voicemail_left at 33 s and call.comm_assets_generated at 35 s.",
		Reason: "The first two were captured; the third is only known to come later."},
	{ID: "short-abandoned", Says: "A call that the caller ends within ten seconds is short_abandoned.", Reason: "The threshold is documented as about that."},
	{ID: "declined-next", Says: "An agent who declines does not cause another agent to ring.", Reason: "How calls are distributed is a matter of each line's settings."},
	{ID: "ringing-twice", Says: "A call rings for one agent at a time, the one who has had no call for the longest; no agent has two ringing calls.", Reason: "As above."},
	{ID: "wrap-up", Says: "A user without a wrap-up time has no wrap-up events; tagging the call ends the wrap-up early.",
		Reason: "Documented for calls that were tagged before their end; a capture has 15 of 90 seconds."},
	{ID: "call-start-order", Says: "An invalid request is a 400, even if the user is unavailable, which is a 405.", Reason: "Undocumented."},
	{ID: "call-start-unavailable", Says: "A user with any availability other than available cannot start calls or dial.",
		Reason: "An app in production gets the 405 when the agent's app is closed or busy."},
	{ID: "transfer-user", Says: "A call keeps its user until the target of its transfer answers; transferred_by and transferred_to are set at once.",
		Reason: "A capture of a failed transfer has the user who transferred, and both fields."},
	{ID: "transfer-target", Says: "A user or team that does not exist is a 404, a team without users and an outside number for an answered or outbound call a 422.",
		Reason: "The reference has both without saying when; outside numbers are documented only for unanswered inbound calls."},
	{ID: "transfer-answered", Says: "When the target of a transfer answers, there is a second call.answered, with the new user and the first answered_at.",
		Reason:  "No source shows the events.",
		Answers: []string{"again", "silent"}},
	{ID: "transfer-pick-up", Says: "The target of a transfer answers after five seconds if it is free; otherwise the caller hangs up after twenty.",
		Reason: "Documented is only that there is no second try."},
	{ID: "transfer-external", Says: "A transfer to an outside number frees the user and does not change the call in reads; the call ends after a minute.",
		Reason: "Its two fields are documented only for the event."},
	{ID: "recording-pause", Says: "Pausing or resuming twice, or while the call rings, is a 204. If the call has ended and recording is off, the error is that it has ended.", Reason: "Undocumented."},
	{ID: "recording-delete", Says: "Deleting a recording or voicemail is a 204, even if the call does not have it, and removes the URLs and the audio at once.",
		Reason:  "Transcriptions differ between 200 and 204; other deletes are 204. Aircall takes up to 24 hours.",
		Answers: []string{"204", "200"}},
	{ID: "audio-life", Says: "On the fake's clock, recording and voicemail URLs are valid for an hour and short ones for three; S3's error is the same for both.",
		Reason: "Both are documented, also in a transcription of 2026; URLs of 2022 were valid for ten minutes."},
	{ID: "audio-short", Says: "A short URL is a 302 to a newly signed long one, for GET and HEAD, and refuses an Authorization header as the long one does. In place of https://short-urls.aircall.io/v1/UUID it is /_assets/short-urls/v1/UUID of the fake.",
		Reason: "The address and that it redirects are documented, no reply was seen. A client must be able to follow it, and the fake has one host; /v1/UUID of the host short-urls.aircall.io is served, too."},
	{ID: "audio-each", Says: "All audio is the same three seconds of silence as MP3, whatever the duration of the call.", Reason: "There are no real conversations.",
		Unseen: "The fake has silence in place of people who speak."},
	{ID: "insight-cards", Says: "Insight cards are a 201 without a body; 10,000 bytes or more, an unknown type, a blank text and an unknown user_id are a 400.",
		Reason:  "Transcriptions differ between 201 and 204; the limits are documented, the replies are not.",
		Answers: []string{"201", "204"}},
	{ID: "contact-entry-order", Says: "Each phone number and e-mail of a contact has its keys in the order value, id, label.",
		Reason: "Three orders came in one reply (recorded 2026-09-28), so the order means nothing: compare entries as sets."},
	{ID: "contact-phone", Says: "A phone number is a plus and 4 to 15 digits, with blanks, dots, dashes and brackets; anything else is a 400.",
		Reason: "The reference demands E.164. That a value comes back as it was sent was recorded on 2026-09-28."},
	{ID: "contact-label", Says: "A phone number or e-mail without label is a 400.",
		Reason:  "The reference requires label and value; every client whose requests are known sends both.",
		Answers: []string{"required", "optional"}},
	{ID: "contact-blank", Says: "Updating a field with \"\" is a 400, with null clears it.", Reason: "The reference forbids blanks."},
	{ID: "contact-last-phone", Says: "The last phone number of a contact can be deleted.", Reason: "Contacts without one exist."},
	{ID: "contact-search-both", Says: "phone_number and email in one search must both hold.", Reason: "Undocumented."},
	{ID: "delete-twice", Says: "Deleting something twice is a 404 the second time.", Reason: "Inferred."},
	{ID: "system-tags", Says: "The nine system tags can be changed and deleted.", Reason: "Undocumented and not tried."},
	{ID: "message-tier", Says: "Messages, their configuration and WhatsApp have the headers and errors of contacts; SMS templates and registration have those of Rails.",
		Reason: "No headers are known; milliseconds, camel case and missing envelopes are not Rails'."},
	{ID: "message-mode", Says: "Configuring a third party's line, and a native WhatsApp send on a configured line, get the 403 of an SMS in the wrong mode; one mode holds for SMS and WhatsApp.",
		Reason: "A set-up guide of 2026 reports the 403 for SMS in both directions; Aircall documents a 400 for a WhatsApp send on a line that is not configured. The rest is inferred."},
	{ID: "message-errors", Says: "The error member of a refused send is InvalidPayload for any fault of its body, SameDestinationAsSender, LineIsNotNativeException, or the text of the status.",
		Reason: "A set-up guide of 2026 lists these keys with their statuses, and InvalidPayload for a bad to; it shows no body."},
	{ID: "message-registration", Says: "A line that is not registered is refused with a 403 in the form of the application.",
		Reason: "The 403 is documented and reported, without its body."},
	{ID: "message-plan", Says: "Every company has the Professional plan and the WhatsApp add-on. Without the plan, sending and configuring are a 403; without the add-on, sending in WhatsApp is.",
		Reason:  "Aircall documents the 403 for both; only the test knows which plan it needs.",
		Answers: []string{"whatsapp", "professional", "essentials"}},
	{ID: "registration-status", Says: "The registration is {\"registration_status\":…}, one of approved, pending and rejected.",
		Reason: "The operation is documented, its reply is not in any source."},
	{ID: "message-configuration", Says: "Configuring a line again keeps its token and takes the URL of the new body, or none; a URL is https, or http on a loopback address.",
		Reason: "A set-up guide of 2026 configures without a body, and says that only deleting the configuration changes the token; https is documented."},
	{ID: "message-id", Says: "The id of a message is its milliseconds and 16 letters, and its link ends in another one.",
		Reason: "An id in an event of 2026, and the reference's sample of a link."},
	{ID: "message-reply", Says: "After the line, which has no users, the reply has body, and media_url also when it is empty; it has no contact.",
		Reason: "Aircall's help pages show the members up to the line, an app in production reads the others; two readings of the reference differ on which are there."},
	{ID: "message-body", Says: "A message must have a text, even with files; at most ten files, with URLs of at most 2,048 characters.",
		Reason: "The reference limits the text to 1,600 characters; the other limits are usual for carriers."},
	{ID: "message-agent", Says: "user_id and agentId both name the agent of a message in conversation; an unknown user is a 400.",
		Reason: "A client in production sends the first, a reader of the reference the second."},
	{ID: "group-size", Says: "A group has two to ten different participants; the same participants always have the same conversation.", Reason: "Undocumented."},
	{ID: "whatsapp-line", Says: "A line without WhatsApp has neither status nor templates (404).",
		Reason: "Undocumented. That sending from it is a 400, as from one that is OFFLINE or BLOCKED, is documented."},
	{ID: "whatsapp-template", Says: "templateParams has one value for each placeholder of a template of the line; the body of the reply is the filled text.",
		Reason: "The form of the request is documented, and a 400 for a template that is not approved; the other checks are not."},
	{ID: "whatsapp-media", Says: "Outside the inbox, mediaUrl has the files of a WhatsApp message, as it has those of an SMS; a text may come with them, a template may not. In a conversation it is an unknown parameter. An event of files has type media.",
		Reason: "Aircall's guides of 2026 name text, template and media messages outside the inbox, text and template messages in conversations; how a request names the files could not be read."},
	{ID: "whatsapp-failure", Says: "A text outside the window has the events of any text, and a second later that of a failure, with \"error_code\":63016; a failure without a known reason has 131000.",
		Reason: "Aircall documents the 200, a callback with this error afterwards, and codes of Meta, not the member that has them."},
	{ID: "whatsapp-cap", Says: "A template outside the window starts a conversation. A line can start conversations with at most as many customers in 24 hours as its messagingLimitTier says; the next gets a 429 without headers of the rate limit. A tier without a number has no limit.",
		Reason:  "Aircall documents the 429 and that it ends within 24 hours. Meta counts customers who get messages outside the window, once by line, now by company.",
		Answers: []string{"line", "company"},
		Unseen:  "It takes at least 250 customers in one day."},
	{ID: "whatsapp-paging", Says: "token is a position in the list, limit is 1 to 100 with a default of 10, nextToken is null at the end, and sort=desc reverses the list.",
		Reason: "The reference's sample has the tokens 0 and 10 of 50."},
	{ID: "dialer-envelope", Says: "A dialer campaign is not wrapped.",
		Reason:  "Two clients read it from dialer_campaign, one reads it bare as the reference has it.",
		Answers: []string{"bare", "wrapped"}},
	{ID: "dialer-status", Says: "Creating a campaign and adding numbers to it are a 204.", Reason: "The clients expect no body."},
	{ID: "dialer-number", Says: "A campaign calls from the user's default line, else from the first line, else number is null.", Reason: "Only the type, a string, is documented."},
	{ID: "dialer-import", Says: "A number that was called can be added again; the fake imports at most 10,000; a campaign without a valid number is not created, and one whose numbers are all deleted remains.",
		Reason: "A client in production has one message, about numbers that were not called; the fake invents the others."},
	{ID: "campaign-paths", Says: "Campaigns are read at /v1/campaigns and /v1/campaigns/:uuid; POST adds contacts at …/contacts, assigns user_ids and team_ids at …/agents, and changes the status at …/launch, …/pause, …/resume and …/archive.",
		Reason: "POST /v1/campaigns is documented, and that adding, assigning, launching and pausing exist; a client in production reads …/contacts, …/call_outcomes and /v1/campaign_outcomes. The other paths and bodies are inferred."},
	{ID: "campaign-reply", Says: "A campaign is under the key campaign, with the documented members of its request and its id, status, user_ids, team_ids and times; creating is a 201, any other change a 200.",
		Reason: "Only the name of the campaign and the status draft are documented; no source shows a reply."},
	{ID: "campaign-fields", Says: "name is required; without the others, caller_id_strategy is agent_number_pool, call_attempts 3 of at most 10, external_ringing_timeout 30 of at most 120 seconds; any caller_id_strategy is taken, and calls come from the number of the agent.",
		Reason: "These are the values of Aircall's sample, which tells neither bounds nor the unit of the timeout."},
	{ID: "campaign-contacts", Says: "Contacts come in pages without meta, in the order of import; phone_number is compared by its digits. Adding them is a 201 with the new ones, a number counts once, and one that is invalid makes it a 400.",
		Reason: "A client in production reads six members of one contact, and no meta; more is not known."},
	{ID: "campaign-lists", Says: "Campaigns and call outcomes come with meta, as other lists of Rails; /v1/campaign_outcomes has only the key campaign_outcomes with ids and names.",
		Reason: "A client in production took ids and names from there; no envelope is known."},
	{ID: "campaign-outcomes", Says: "Every company has the custom outcomes Booked, Connected, Referral, Follow Up, More Info and Not Interested, and the predefined no_answer.",
		Reason: "These names were seen in production, and UUIDs of version 7 as ids. That an id may also be a predefined code is reported, but no code was seen."},
	{ID: "campaign-call-outcomes", Says: "A call outcome has the members of its event.",
		Reason: "A client in production names the list as the way to recover a lost event."},
	{ID: "campaign-plan", Says: "Every company may have campaigns of agents and of AI voice agents. Without the entitlement of its kind, creating a campaign is a 403; without both, every request is.",
		Reason:  "Aircall documents two entitlements that do not imply each other, and no refusal.",
		Answers: []string{"both", "agents", "voice-agents", "none"}},
	{ID: "campaign-status", Says: "Only a draft can be edited or launched; launching needs contacts and an agent (422). Only a campaign in progress can be paused, only a paused one resumed, and any other than one in progress archived. Anything else is a 405.",
		Reason: "The statuses and their meaning are documented; 405 is Aircall's status for other refusals by state."},
	{ID: "campaign-pause", Says: "A campaign pauses by itself when all its agents are offline or do not disturb, or their lines are closed; it stays so until somebody resumes it. A call under way goes on.",
		Reason: "The causes are documented, and that the call under way may finish; what ends such a pause is not."},
	{ID: "campaign-attempts", Says: "Each free agent calls the next contact. A call that nobody answers rings for external_ringing_timeout; half an hour later the contact is due again, until call_attempts. A contact who answered is not called again.",
		Reason: "Only the two parameters are documented, and a captured event has the second attempt of three."},
	{ID: "campaign-outcome", Says: "The outcome is recorded when the call is hung up, after call.hungup; two of five attempts are answered.",
		Reason: "A client in production reads the call as done when the event arrives. At Aircall the agent chooses the outcome; here the fake does."},
	{ID: "campaign-voice", Says: "An AI voice agent calls the contacts of its campaign like those of a call that the API requests, and each of them answers.",
		Reason: "Only aiva_agent_id is documented."},
	{ID: "a2p", Says: "A2P campaign associations are unknown routes.",
		Reason:  "They were in the reference of 2024 and are not in that of 2026.",
		Answers: []string{"gone", "keep"}},
	{ID: "a2p-shape", Says: "An association has update_status success and no update_message. Its key is external_campaign_id; a second one with the same key is a 422.",
		Reason: "One client names the members and sends no id with an update."},
	{ID: "agent-calls", Says: "An AI voice agent starts a requested call two seconds later, or when a line is free; it is answered after six seconds and lasts 45.",
		Reason: "They are documented as queued, 5 at a time for a company and 1 for a line; only events show their progress."},
	{ID: "agent-order", Says: "The events of an agent's call are call.created, ai_voice_agent.started, call.answered, ai_voice_agent.ended, call.hungup, and half a minute later call.ended and ai_voice_agent.summary.",
		Reason: "That the agent's start comes first and the summary last is inferred; the other events are those of any call."},
	{ID: "agent-participant", Says: "An AI voice agent is a participant of its call with the type ai_voice_agent: with id and name in events of the call, and with ai_voice_agent_id in place of user_id in transcripts.",
		Reason:  "ai_voice_agent_id is documented for participants in events of conversation intelligence; no source shows one.",
		Answers: []string{"ai_voice_agent", "internal"}},
	{ID: "agent-ids", Says: "Every company with a line has the agents agent-abc123, with the variables first_name and appointment_time, and agent-def456, with none.",
		Reason: "No route lists agents."},
	{ID: "agent-refusals", Says: "A missing variable, or a time in UTC without a timezone, is a 400 and does not use up its key; the fake remembers the keys of 1,000 calls.",
		Reason: "Documented as rejected, without a status."},
	{ID: "analytics-status", Says: "Requesting an export is a 201.", Reason: "Undocumented."},
	{ID: "analytics-time", Says: "An export is ready a minute after the request; the fake keeps the last 100.", Reason: "Documented as seconds to minutes."},
	{ID: "analytics-failed", Says: "An export fails if a filter of statuses is used on CALLS_HISTORY, or one of calls on USER_STATUS_HISTORY.",
		Reason: "Unsupported combinations are documented to fail, but not listed."},
	{ID: "analytics-licence", Says: "Every company has Analytics+; without it, both reads are a 403.",
		Reason:  "The 403 is documented, its body is not.",
		Answers: []string{"plus", "none"}},
	{ID: "ai-tier", Says: "Conversation intelligence, voice agents and analytics have the headers and errors of the Rails tier.", Reason: "None of their replies was recorded."},
	{ID: "webhook-url", Says: "The url of a webhook is https with 2,048 bytes at most, or http on a loopback address; anything else is a 400.",
		Reason: "https is documented. Aircall could never reach a loopback address, and tests listen there."},
	{ID: "webhook-events-order", Says: "Events of a webhook come in reverse alphabetical order, each once.",
		Reason: "Two came back swapped (recorded 2026-06-19); more is not known, so compare them as a set."},
	{ID: "webhook-events", Says: "The 67 events of the reference of 2026 and outbound_campaign.outcome_recorded are accepted; any other is a 400.",
		Reason:  "The last was captured on 2026-10-08. One third party's list has team.created and team.destroyed too, one client's test outbound_campaign.status_changed. The fake sends only this one, with the answer campaigns: its data is the campaign's id, company_id, status and previous_status.",
		Answers: []string{"reference", "teams", "campaigns"}},
	{ID: "webhook-events-action", Says: "An events_action other than add and remove is a 400, and so is removing the last event.",
		Reason: "Both would otherwise mean all events."},
	{ID: "webhook-visibility", Says: "A webhook of another app is a 404, but counts toward the company's limit of one hundred.",
		Reason: "Lists are documented to be per app, and the limit to be per company."},
	{ID: "webhook-retry", Says: "A failed event is tried again after a second, then after twice as long each time, up to 1,024 seconds; the fiftieth retry is due after 11 h 40 min.",
		Reason: "Fifty retries and twelve hours are documented, the waits are not."},
	{ID: "webhook-deactivation", Says: "A webhook is disabled after 50 failed attempts in a row, of whichever events; one success resets the count.",
		Reason:  "The reference has 50 retries, a guide 50 consecutive failures, an old tutorial 10 failed requests.",
		Answers: []string{"50", "10"}},
	{ID: "webhook-disabled", Says: "While a webhook is disabled no events are generated for it; earlier failures are retried for up to twelve hours.",
		Reason: "That retries go on and that one success enables it again is documented."},
	{ID: "webhook-inactive", Says: "Setting active to false ends the retries; setting it to true resets the count of failures.",
		Reason: "Only a webhook that was disabled by failures is documented to become active again by itself."},
	{ID: "webhook-changed", Says: "A retry uses the url that the webhook has at that time; a deleted webhook gets no retries.", Reason: "Undocumented."},
	{ID: "webhook-timeout", Says: "A receiver has five seconds for its whole reply: on the fake's clock if that stands still and is moved, otherwise in real time at any speed.",
		Reason: "Five seconds are documented. A real receiver cannot reply in time on an accelerated clock."},
	{ID: "webhook-order", Says: "A webhook gets one event after the other while its receiver replies within a second, and up to four at once while it is slower.",
		Reason: "Aircall promises no order, but tests need one. Options.Deliveries can shuffle."},
	{ID: "webhook-redirect", Says: "A redirect is a failure, like every status that is not 2xx.", Reason: "Success is documented as a 2xx; the client that Aircall uses follows redirects unless it is configured otherwise."},
	{ID: "callback-data", Says: "The callback of a line in proxy mode gets messages in the form of message events, with resource message; a sent message reports its first step, as message.updated for SMS and message.status_updated for WhatsApp.",
		Reason: "The envelope is documented, and the names differ between the guides of SMS and WhatsApp; no sample shows its data and resource."},
	{ID: "callback-missing", Says: "Nobody gets the messages of a configured line without callbackUrl.",
		Reason:  "Aircall's guides say that webhooks get no messages of a configured line; a set-up guide of 2026 configures one without a URL, and gets message.received by a webhook.",
		Answers: []string{"nobody", "webhooks"}},
	{ID: "event-absent", Says: "Users, contacts and transfers of a call that are null in REST are absent from its events.",
		Reason:  "Captures of 2022 leave them out; a sample of 2024 prints them.",
		Answers: []string{"absent", "null"}},
	{ID: "event-audio", Says: "call.ended has the recording or the voicemail, and the events before it have none.",
		Reason:  "It is documented to come when everything is ready; clients also saw it without audio.",
		Answers: []string{"ended", "late"}},
	{ID: "event-contact-times", Says: "Contacts in events have times such as 2026-03-02T12:00:00Z.",
		Reason:  "The reference of 2026; captures of 2022 have seconds, as REST has.",
		Answers: []string{"text", "seconds"}},
	{ID: "event-number-api", Says: "Opening or closing a line through the API sends number.opened or number.closed.",
		Reason:  "A capture of 2022 has both; a note in it says that closing by hand in the Dashboard sent no event.",
		Answers: []string{"told", "silent"}},
	{ID: "number-deleted", Says: "What happened on a line that was deleted still shows the line, closed; calls in progress go on.",
		Reason:  "The event has a closed line without users. That calls keep it is inferred: every call that was seen has a line; the user of a call is null once deleted.",
		Answers: []string{"shown", "null"}},
	{ID: "event-cost", Says: "The cost of a call in events has a fraction; hangup_cause is null.",
		Reason: "Captures of 2022 have \"0.0\", a sample of 2024 \"0\"; REST had a fraction, too, on 2026-09-28. No cause was ever seen."},
	{ID: "event-e164", Says: "e164_digits of a line is its number without blanks.", Reason: "Documented only for events, without a sample."},
	{ID: "event-participants", Says: "Participants of a call are the other party, in E.164, and its user.", Reason: "Two members of one sample."},
	{ID: "event-call-contact", Says: "A call's events have the oldest contact with the number, in the form of contact events.",
		Reason: "Captures of calls without a match lack it; other payloads are not known word for word."},
	{ID: "event-short-urls", Says: "Only call.comm_assets_generated has short URLs.",
		Reason: "One client reads them from late events; captures of the others lack them."},
	{ID: "event-transfer-user", Says: "user in call.transferred is the user who transferred the call.", Reason: "A capture of a failed transfer shows it."},
	{ID: "event-decliner", Says: "user in call.agent_declined is the user who declined.", Reason: "user in call.ringing_on_agent is the user whose phone rings."},
	{ID: "event-missed", Says: "A missed inbound call has neither user nor assigned_to until somebody assigns it.",
		Reason: "Captures lack both; in a count of 2026 over REST, none of 128 missed inbound calls had a user."},
	{ID: "event-tag", Says: "Tagging and commenting through the API send call.tagged and call.commented; setting a tag again and unarchiving send nothing.",
		Reason: "Documented for the app; there is no event for unarchiving."},
	{ID: "event-substatus", Says: "Closing with a reason sends user.closed twice, the second time with the substatus.",
		Reason: "Documented for companies that use substatuses."},
	{ID: "event-message-times", Says: "Messages in events have times as text with milliseconds; replies have integers.",
		Reason: "Both were seen; one transcription has text in replies too."},
	{ID: "event-message-status", Says: "A message changes from pending to sent to delivered within seconds; a WhatsApp message is read a minute later; an inbound message is received.",
		Reason: "pending, sent and delivered were seen; no source lists all values."},
	{ID: "event-message-timestamp", Says: "The timestamp of an event of a message is in seconds, as that of every event.",
		Reason:  "The reference; a set-up guide of 2026 shows one with 13 digits, as callbacks have it.",
		Answers: []string{"seconds", "milliseconds"}},
	{ID: "event-message-origin", Says: "Messages in events have \"origin\":\"native\" behind their channel, whoever sent them; group messages and callbacks have no origin.",
		Reason:  "A third party's sample of 2026 has the member; Aircall's reference lacks it.",
		Answers: []string{"native", "absent"}},
	{ID: "event-insights", Says: "Each result of a call has an event at the time when it becomes readable, each action item has its own event, and call_id is text.",
		Reason: "Documented as seconds to minutes; a client in production turns the call_id of a summary into a number."},
	{ID: "event-integration", Says: "integration.deleted goes to the webhooks of the app that was removed; its integration_id is an integer.",
		Reason: "Documented for webhooks made with OAuth; disabling an integration without removing it sends no event."},
	{ID: "oauth-errors", Says: "A refused exchange of a code is a 400 with only an error of RFC 6749, and does not count toward a rate limit.",
		Reason: "The status and the member are documented, the texts are not."},
	{ID: "oauth-code", Says: "A code works once, and a refused exchange does not use it up.", Reason: "Ten minutes are documented; the rest is inferred."},
	{ID: "oauth-scope", Says: "An authorization without scope=public_api comes back as error=invalid_scope.",
		Reason: "The reference names only the parameter and this value."},
	{ID: "oauth-tokens", Says: "Allowing an app again gives it another token, and the first still works.", Reason: "Tokens are documented not to expire."},
}

// assumptions is what the answers mean to the handlers.
type assumptions struct {
	limitHeadersAlways bool
	clampPerPage       bool
	fewContacts        bool // 50 in a page, whatever is asked for
	contactsPerPage    int
	refuseDates        bool
	licence            licence
	forbidUnlicensed   bool
	keepRealtime       bool
	noAnalytics        bool
	disableUninstalls  bool
	installedInactive  bool
	keepUsersV1        bool
	noMessages         bool
	sharedTier         bool
	noWhatsApp         bool
	dialerEnvelope     bool
	keepA2P            bool
	campaigns          campaignPlan
	deactivateAfter    int // failures of a webhook in a row
	startedAnswered    bool
	hungUpMissed       bool
	silentTakeOver     bool
	eventNulls         bool
	lateAudio          bool
	contactSeconds     bool
	silentNumbers      bool
	forgetNumbers      bool
	successOnRefusals  bool
	listedErrors       bool
	applicationFails   bool
	forbidKeys         bool
	replaceTags        bool
	fourComments       bool
	moreEvents         []string
	audioDeleted       int // a status, as the next
	cardsStatus        int
	finalAtOnce        bool // calls
	realtimeLicence    licence
	optionalLabels     bool // contacts
	noOrigin           bool // messages, as the next two
	messagesInMillis   bool
	webhooksWithoutURL bool
	internalAgents     bool // AI voice agents
	campaignEvents     bool // outbound_campaign.status_changed
}

func assumed(answers map[string]string) (assumptions, error) {
	for id, answer := range answers {
		i := slices.IndexFunc(assumptionTable, func(a Assumption) bool { return a.ID == id })
		switch {
		case i < 0:
			return assumptions{}, fmt.Errorf("options: there is no assumption %q", id)
		case len(assumptionTable[i].Answers) == 0:
			return assumptions{}, fmt.Errorf("options: assumption %q has one answer only", id)
		case !slices.Contains(assumptionTable[i].Answers, answer):
			return assumptions{}, fmt.Errorf("options: assumption %q: answer %q is not one of %s", id, answer, strings.Join(assumptionTable[i].Answers, ", "))
		}
	}
	a := assumptions{
		limitHeadersAlways: answers["rate-limit-headers"] == "always",
		clampPerPage:       answers["per-page-range"] == "clamp",
		fewContacts:        answers["contacts-above-50"] == "50",
		contactsPerPage:    maxPerPage,
		refuseDates:        answers["window-not-seconds"] == "refuse",
		licence:            licences[answers["intelligence-licence"]],
		forbidUnlicensed:   answers["intelligence-unlicensed"] == "403",
		keepRealtime:       answers["realtime-transcription"] == "keep",
		noAnalytics:        answers["analytics-licence"] == "none",
		disableUninstalls:  answers["integration-disabled"] == "uninstall",
		installedInactive:  answers["integration-installed"] == "inactive",
		keepUsersV1:        answers["users-v1"] == "keep",
		noMessages:         answers["message-plan"] == "essentials",
		sharedTier:         answers["whatsapp-cap"] == "company",
		noWhatsApp:         answers["message-plan"] == "professional",
		dialerEnvelope:     answers["dialer-envelope"] == "wrapped",
		keepA2P:            answers["a2p"] == "keep",
		deactivateAfter:    50,
		startedAnswered:    answers["call-start"] == "answered",
		hungUpMissed:       answers["hungup-missed"] != "none",
		silentTakeOver:     answers["transfer-answered"] == "silent",
		eventNulls:         answers["event-absent"] == "null",
		lateAudio:          answers["event-audio"] == "late",
		silentNumbers:      answers["event-number-api"] == "silent",
		forgetNumbers:      answers["number-deleted"] == "null",
		contactSeconds:     answers["event-contact-times"] == "seconds",
		successOnRefusals:  answers["success-false"] == "refusals",
		listedErrors:       answers["contact-errors"] == "listed",
		applicationFails:   answers["server-error"] == "application",
		forbidKeys:         answers["integration-basic"] == "403",
		replaceTags:        answers["call-tags"] == "replace",
		fourComments:       answers["call-comments"] == "4",
		campaigns:          campaignPlans[answers["campaign-plan"]],
		moreEvents:         doubtfulEvents[answers["webhook-events"]],
		audioDeleted:       204,
		cardsStatus:        201,
		finalAtOnce:        answers["call-finalization"] == "at-once",
		realtimeLicence:    proLicence,
		messagesInMillis:   answers["event-message-timestamp"] == "milliseconds",
		webhooksWithoutURL: answers["callback-missing"] == "webhooks",
		noOrigin:           answers["event-message-origin"] == "absent",
		optionalLabels:     answers["contact-label"] == "optional",
		internalAgents:     answers["agent-participant"] == "internal",
		campaignEvents:     answers["webhook-events"] == "campaigns",
	}
	if answers["realtime-licence"] == "assist" {
		a.realtimeLicence = assistLicence
	}
	if answers["recording-delete"] == "200" {
		a.audioDeleted = 200
	}
	if answers["insight-cards"] == "204" {
		a.cardsStatus = 204
	}
	if answers["contacts-per-page"] == "20" {
		a.contactsPerPage = defaultPerPage
	}
	if answers["webhook-deactivation"] == "10" {
		a.deactivateAfter = 10
	}
	return a, nil
}
