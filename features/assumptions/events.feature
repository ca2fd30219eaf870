@fake @changes
Feature: Assumptions about the events of calls
  The events that webhooks get of a call, and when. On Aircall people and phones are needed to see them; here the fake makes
  the calls.

  Background:
    Given a fresh fake with a control API
    And $line is a number, read by its id, where:
      | live_recording_activated | is     | true   |
      | availability_status      | is     | open   |
      | is_ivr                   | is     | false  |
      | users.0.available        | is     | true   |
      | users.1.available        | is     | true   |
      | country                  | is not | SE     |
    And $hook is a receiver that answers 200
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url}
      """

  @op:create-a-webhook @op:retrieve-a-call @assumption:call-finalization
  Scenario: A call has provisional values for minutes after its end, and no event has the final ones
    When I POST "/_fake/calls" with the body:
      """
      {"direction": "outbound", "number_id": $line.id, "user_id": $line.users.0.id, "to": "+33199000042", "outcome": "answered", "ring": "6s", "talk": "20s"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 120 seconds
    And I GET "/v1/calls/$id"
    And "call.ended_at" is kept as $ended
    Then "call.cost" is "0.0"
    And "call.pricing_type" is null
    And $hook receives about $id, in this order:
      """
      call.created
      call.answered
      call.hungup
      call.ended
      call.comm_assets_generated
      """
    And "posts.3.body.data.cost" is "0.0"
    When the clock moves on by 1200 seconds
    And I GET "/v1/calls/$id"
    Then "call.cost" is "3.0"
    And "call.pricing_type" is "in_bundle"
    And "call.ended_at" is $ended
    And $hook receives about $id, in this order:
      """
      """

  @op:create-a-webhook @op:retrieve-a-call @op:retrieve-a-number @assumption:number-deleted
  Scenario: A call still shows its line after the line was deleted
    When I POST "/_fake/calls" with the body:
      """
      {"direction": "outbound", "number_id": $line.id, "user_id": $line.users.0.id, "to": "+33199000042", "outcome": "answered", "ring": "6s", "talk": "20s"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 120 seconds
    And I DELETE "/_fake/numbers/$line.id"
    And I GET "/v1/numbers/$line.id"
    Then the status is 404
    When I GET "/v1/calls/$id"
    Then the status is 200
    And "call.number.id" is $line.id
    And "call.number.open" is false

  @op:create-a-webhook @assumption:hungup-missed @assumption:event-missed
  Scenario: A missed call has the event call.hungup before call.ended, and no user
    When I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "from": "+33199000042", "outcome": "missed", "ring": "20s"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 120 seconds
    Then $hook receives about $id, in this order:
      """
      call.created
      call.ringing_on_agent
      call.hungup
      call.ended
      """
    And "posts.3.body.data.user" is missing
    And "posts.3.body.data.assigned_to" is missing

  @op:create-a-webhook @assumption:event-audio @assumption:event-short-urls @assumption:audio-events @assumption:event-cost @assumption:event-absent @assumption:event-participants @assumption:event-e164
  Scenario: The events of an answered call have these times and values
    When I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "user_id": $line.users.0.id, "from": "+33199000042", "outcome": "answered", "ring": "6s", "talk": "20s"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 27 seconds
    Then $hook receives about $id, in this order:
      """
      call.created
      call.ringing_on_agent
      call.answered
      call.hungup
      """
    And "posts.3.body.data" has:
      | hangup_cause        | is | null         |
      | recording           | is | null         |
      | participants.0.type | is | external     |
      | participants.1.type | is | user         |
    And "posts.3.body.data.cost" is "0.0"
    And "posts.3.body.data.participants.0.phone_number" is "+33199000042"
    And "posts.3.body.data.participants.1.id" is $line.users.0.id
    And "posts.3.body.data.transferred_to" is missing
    And "posts.3.body.data.recording_short_url" is missing
    When the clock moves on by 28 seconds
    Then $hook receives about $id, in this order:
      """
      """
    When the clock moves on by 1 second
    Then $hook receives about $id, in this order:
      """
      call.ended
      """
    And "posts.0.body.data.recording_short_url" is missing
    And "posts.0.body.data" has:
      | recording | is not | null |
    When the clock moves on by 5 seconds
    Then $hook receives about $id, in this order:
      """
      call.comm_assets_generated
      """
    And "posts.0.body.data" has:
      | recording_short_url | is not | null |

  @op:create-a-webhook @assumption:short-abandoned
  Scenario: A caller who hangs up within ten seconds is short_abandoned
    When I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "from": "+33199000042"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 9 seconds
    And I POST "/_fake/calls/$id/actions" with the body:
      """
      {"do": "hangup"}
      """
    And I GET "/v1/calls/$id"
    Then "call.missed_call_reason" is "short_abandoned"

  @op:create-a-webhook @assumption:declined-next @assumption:event-decliner @assumption:ringing-twice
  Scenario: A call rings for one agent, and a decline alone does not ring for another
    When I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "from": "+33199000042"}
      """
    And "call.id" is kept as $id
    And I POST "/_fake/calls/$id/actions" with the body:
      """
      {"do": "ring", "user_id": $line.users.0.id}
      """
    And I POST "/_fake/calls/$id/actions" with the body:
      """
      {"do": "ring", "user_id": $line.users.1.id}
      """
    Then the status is 409
    When I POST "/_fake/calls/$id/actions" with the body:
      """
      {"do": "decline"}
      """
    And the clock moves on by 10 seconds
    Then $hook receives about $id, in this order:
      """
      call.created
      call.ringing_on_agent
      call.agent_declined
      """
    And "posts.1.body.data.user.id" is $line.users.0.id
    And "posts.2.body.data.user.id" is $line.users.0.id

  @op:create-a-webhook @assumption:transfer-answered @assumption:transfer-pick-up @assumption:event-transfer-user
  Scenario: The target of a transfer answers after five seconds, with a second call.answered
    When I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "user_id": $line.users.0.id, "from": "+33199000042", "outcome": "answered", "talk": "5m"}
      """
    And "call.id" is kept as $id
    And I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    And "user.id" is kept as $target
    And I POST "/_fake/users/$target/presence" with the body:
      """
      {"do": "connect"}
      """
    And the clock moves on by 20 seconds
    And I POST "/v1/calls/$id/transfers" with the body:
      """
      {"user_id": $target}
      """
    And the clock moves on by 4 seconds
    And I GET "/v1/calls/$id"
    Then "call.user.id" is $line.users.0.id
    When the clock moves on by 1 second
    And I GET "/v1/calls/$id"
    Then "call.user.id" is $target
    And "call.answered_at" is kept as $answered
    And $hook receives about $id, in this order:
      """
      call.created
      call.ringing_on_agent
      call.answered
      call.transferred
      call.ringing_on_agent
      call.answered
      """
    And "posts.3.body.data.user.id" is $line.users.0.id
    And "posts.5.body.data.user.id" is $target
    And "posts.5.body.data.answered_at" is $answered

  @op:create-a-webhook @assumption:event-tag
  Scenario: New tags and comments have events, repeated tags and unarchiving have none
    Given $call is call 3
    When I POST "/v1/tags" with the body:
      """
      {"name": "By hand", "color": "#aa3300"}
      """
    And "tag.id" is kept as $tag
    And I POST "/v1/calls/$call.id/tags" with the body:
      """
      {"tags": [$tag]}
      """
    And I POST "/v1/calls/$call.id/tags" with the body:
      """
      {"tags": [$tag]}
      """
    And I POST "/v1/calls/$call.id/comments" with the body:
      """
      {"content": "By hand"}
      """
    And I PUT "/v1/calls/$call.id/archive"
    And I PUT "/v1/calls/$call.id/unarchive"
    Then $hook receives about $call, in this order:
      """
      call.tagged
      call.commented
      call.archived
      """

  @op:create-a-webhook @assumption:wrap-up
  Scenario: A tag ends the wrap-up, and a user without a wrap-up time has none
    When I PUT "/v2/users/$line.users.0.id" with the body:
      """
      {"wrap_up_time": 90}
      """
    And I GET "/v1/tags"
    And "tags.0.id" is kept as $tag
    And I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "user_id": $line.users.0.id, "from": "+33199000042", "outcome": "answered", "ring": "6s", "talk": "20s"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 30 seconds
    And I GET "/v1/users/$line.users.0.id/availability"
    Then "availability" is "after_call_work"
    When I POST "/_fake/calls/$id/actions" with the body:
      """
      {"do": "tag", "user_id": $line.users.0.id, "tag_id": $tag}
      """
    And I GET "/v1/users/$line.users.0.id/availability"
    Then "availability" is "available"
    When I PUT "/v2/users/$line.users.0.id" with the body:
      """
      {"wrap_up_time": 0}
      """
    And I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "user_id": $line.users.0.id, "from": "+33199000043", "outcome": "answered", "ring": "6s", "talk": "20s"}
      """
    And the clock moves on by 27 seconds
    And I GET "/v1/users/$line.users.0.id/availability"
    Then "availability" is "available"

  @op:create-a-webhook @op:create-a-contact @assumption:event-call-contact
  Scenario: The events of a call have the oldest contact with the number
    When I POST "/v1/contacts" with the body:
      """
      {"first_name": "Old", "phone_numbers": [{"label": "Work", "value": "+33199000077"}]}
      """
    And "contact.id" is kept as $oldest
    And the clock moves on by 1 second
    And I POST "/v1/contacts" with the body:
      """
      {"first_name": "New", "phone_numbers": [{"label": "Work", "value": "+33199000077"}]}
      """
    And I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "from": "+33199000077"}
      """
    And "call.id" is kept as $id
    Then $hook receives about $id, in this order:
      """
      call.created
      call.ringing_on_agent
      """
    And "posts.0.body.data.contact.id" is $oldest

  @op:create-a-webhook @assumption:event-insights @assumption:intelligence-delay
  Scenario: Conversation data has its events when it can be read, two minutes after the call
    When I POST "/_fake/calls" with the body:
      """
      {"number_id": $line.id, "user_id": $line.users.0.id, "from": "+33199000042", "outcome": "answered", "ring": "6s", "talk": "2m"}
      """
    And "call.id" is kept as $id
    And the clock moves on by 245 seconds
    And I GET "/v1/calls/$id/topics"
    Then the status is 404
    And $hook receives about $id, in this order:
      """
      call.created
      call.ringing_on_agent
      call.answered
      call.hungup
      call.ended
      call.comm_assets_generated
      """
    When the clock moves on by 1 second
    And I GET "/v1/calls/$id/topics"
    Then the status is 200
    And $hook receives about $id, in this order:
      """
      transcription.created
      summary.created
      topics.created
      sentiment.created
      action_item.created
      action_item.created
      action_item.created
      action_item.created
      playbook_result.created
      custom_summary.result_created
      call_evaluation.created
      """

  @op:create-a-webhook @op:start-an-outbound-call @assumption:call-start
  Scenario: A started call rings for a minute unless someone answers
    When I POST "/v1/users/$line.users.0.id/calls" with the body:
      """
      {"number_id": $line.id, "to": "+33199009900"}
      """
    Then the status is 204
    When I GET "/v1/calls?order=desc&per_page=1"
    And "calls.0.id" is kept as $id
    And the clock moves on by 59 seconds
    And I GET "/v1/calls/$id"
    Then "call.status" is "initial"
    When the clock moves on by 1 second
    And I GET "/v1/calls/$id"
    Then "call.status" is "done"

  @op:create-a-webhook @op:update-a-number @assumption:event-number-api
  Scenario: A line that is opened or closed through the API has events
    When I PUT "/v1/numbers/$line.id" with the body:
      """
      {"open": false}
      """
    And I PUT "/v1/numbers/$line.id" with the body:
      """
      {"open": true}
      """
    Then $hook receives about $line, in this order:
      """
      number.closed
      number.opened
      """

  @op:create-a-webhook @op:create-a-contact @assumption:event-contact-times
  Scenario: Contacts in events have times as text
    When I POST "/v1/contacts" with the body:
      """
      {"first_name": "Kim", "phone_numbers": [{"label": "Work", "value": "+33199000078"}]}
      """
    And "contact.id" is kept as $id
    Then $hook receives about $id, in this order:
      """
      contact.created
      """
    And "posts.0.body.data.created_at" is "2026-06-15T09:00:00Z"

  @op:create-a-webhook @op:send-message-in-agent-conversation @assumption:event-message-times @assumption:event-message-status @assumption:event-message-origin @assumption:event-message-timestamp @assumption:message-id
  Scenario: A message has two events, with times as text
    When I GET "/v1/numbers?per_page=1"
    And "numbers.0.id" is kept as $number
    And I POST "/v1/numbers/$number/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hello"}
      """
    And "id" is kept as $id
    And the body contains the text "id":"1781514000000
    And the clock moves on by 60 seconds
    Then $hook receives about $id, in this order:
      """
      message.sent
      message.status_updated
      message.status_updated
      """
    And "posts.0.body.data.created_at" is "2026-06-15T09:00:00.000Z"
    And "posts.0.body.timestamp" is 1781514000
    And "posts.0.body.data.origin" is "native"
    And "posts.2.body.data.status" is "delivered"

  @op:create-a-webhook @op:send-whatsapp-message-in-agent-conversation @assumption:whatsapp-failure
  Scenario: A WhatsApp text reaches a customer who wrote within a day, and fails a day later
    When I GET "/v1/numbers?per_page=1"
    And "numbers.0.id" is kept as $number
    And I POST "/_fake/messages" with the body:
      """
      {"number_id": $number, "from": "+4520000001", "body": "Hello", "whatsapp": true}
      """
    And the clock moves on by 86399 seconds
    And I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $number, "externalNumber": "+4520000001", "text": "Hello"}
      """
    Then the status is 200
    And "id" is kept as $within
    When the clock moves on by 60 seconds
    Then $hook receives about $within, in this order:
      """
      message.sent
      message.status_updated
      message.status_updated
      """
    And "posts.2.body.data.status" is "delivered"
    And "posts.2.body.data.error_code" is missing
    When I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $number, "externalNumber": "+4520000001", "text": "Hello"}
      """
    Then the status is 200
    And "id" is kept as $late
    When the clock moves on by 60 seconds
    Then $hook receives about $late, in this order:
      """
      message.sent
      message.status_updated
      """
    And "posts.1.body.data.status" is "failed"
    And "posts.1.body.data.error_code" is 63016

  @op:create-a-webhook @op:trigger-an-outbound-call @assumption:agent-order @assumption:agent-calls
  Scenario: The call of an agent has its events in this order
    When I POST "/v1/outbound-calls/agents/agent-def456" with the body:
      """
      {"contact_phone": "+15551234567", "idempotency_key": "appt-1"}
      """
    And the clock moves on by 1 second
    And I GET "/v1/calls?order=desc&per_page=1"
    And "calls.0.id" is kept as $before
    And the clock moves on by 1 second
    And I GET "/v1/calls?order=desc&per_page=1"
    Then "calls.0.id" is not $before
    When "calls.0.id" is kept as $id
    And the clock moves on by 100 seconds
    Then $hook receives about $id, in this order:
      """
      call.created
      ai_voice_agent.started
      call.answered
      ai_voice_agent.ended
      call.hungup
      call.ended
      ai_voice_agent.summary
      call.comm_assets_generated
      """
    When the clock moves on by 1200 seconds
    And I GET "/v1/calls/$id"
    Then "call.duration" is 51

  @op:create-a-webhook @op:trigger-an-outbound-call @op:retrieve-a-call @op:retrieve-a-transcription @assumption:agent-participant
  Scenario: An AI voice agent is a participant of its call
    When I POST "/v1/outbound-calls/agents/agent-def456" with the body:
      """
      {"contact_phone": "+15551234567", "idempotency_key": "appt-1"}
      """
    And the clock moves on by 2 seconds
    And I GET "/v1/calls?order=desc&per_page=1"
    And "calls.0.id" is kept as $id
    And the clock moves on by 30 seconds
    Then $hook receives about $id, in this order:
      """
      call.created
      ai_voice_agent.started
      call.answered
      """
    And "posts.2.body.data.participants" is [{"phone_number":"+15551234567","type":"external"},{"id":"agent-def456","name":"Leads","type":"ai_voice_agent"}]
    When I GET "/v1/calls/$id?fetch_aiva_conv=true"
    Then "call.ai_voice_agents.0.agent_id" is "agent-def456"
    And "call.ai_voice_agents.0.end_reason" is null
    When I GET "/v1/calls/$id/transcription?mode=realtime"
    Then the status is 200
    And "transcription.content.utterances.0.participant_type" is "ai_voice_agent"
    And "transcription.content.utterances.0.ai_voice_agent_id" is "agent-def456"
    And "transcription.content.utterances.0.user_id" is missing
