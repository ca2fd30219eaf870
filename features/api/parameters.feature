@fake
Feature: Parameters and refusals
  Parameters and refusals of the contract that no other scenario needs: each parameter has an effect, and each refusal
  happens.

  @reads @anywhere
  Scenario Outline: <path> takes <query>, and finds nothing in the future or before the first entry
    When I GET "<path>?<query>"
    Then the status is 200
    And "<list>" is []
    And "meta.total" is 0

    @op:list-all-numbers
    Examples:
      | path        | query           | list    |
      | /v1/numbers | from=4000000000 | numbers |
      | /v1/numbers | to=1            | numbers |

    @op:list-all-users
    Examples:
      | path      | query           | list  |
      | /v2/users | from=4000000000 | users |
      | /v2/users | to=1            | users |

    @op:retrieve-list-of-users-availability
    Examples:
      | path                     | query           | list  |
      | /v1/users/availabilities | from=4000000000 | users |
      | /v1/users/availabilities | to=1            | users |

    @op:search-contacts
    Examples:
      | path                | query                               | list     |
      | /v1/contacts/search | from=4000000000&order_by=updated_at | contacts |
      | /v1/contacts/search | to=1                                | contacts |

  @reads @op:list-all-users-v1
  Scenario: Users of version 1 take a period, an order and a page
    Given a fake whose clock is at "2026-09-01T12:00:00Z"
    When I GET "/v1/users?from=4000000000"
    Then "users" is []
    When I GET "/v1/users?to=1"
    Then "users" is []
    When I GET "/v1/users?order=asc&per_page=2"
    And "users.1.id" is kept as $second
    And I GET "/v1/users?order=asc&per_page=1&page=2"
    Then "users.0.id" is $second
    When I GET "/v1/users?per_page=0"
    Then the status is 400

  @reads
  Scenario Outline: <path> has short URLs, agents and pressed keys on request
    When I GET "<path>?fetch_short_urls=true&fetch_aiva_conv=true&fetch_call_timeline=true&order=desc&per_page=50"
    Then the status is 200
    And $one is an entry of "calls" where:
      | recording_short_url | is not | null |
    And "calls.*.ai_voice_agents" has 50 entries
    And "calls.*.ivr_options_selected" has 50 entries

    @op:list-all-calls
    Examples:
      | path      |
      | /v1/calls |

    @op:search-calls
    Examples:
      | path             |
      | /v1/calls/search |

  @reads @op:retrieve-a-call @op:list-all-calls
  Scenario: A single call has its contact on request
    When I GET "/v1/calls?fetch_contact=true&per_page=50&order=desc"
    And $call is an entry of "calls" where:
      | contact | is not | null |
    And I GET "/v1/calls/$call.id?fetch_contact=true"
    Then "call.contact" is $call.contact

  @reads @op:list-whatsapp-templates
  Scenario: Templates can be listed in reverse order
    Given $line is number 1
    When I GET "/v1/numbers/$line.id/templates?limit=100"
    And "templates.0" is kept as $first
    And I GET "/v1/numbers/$line.id/templates?limit=100&sort=desc"
    Then "templates.29" is $first
    When I GET "/v1/numbers/$line.id/templates?limit=0"
    Then the status is 400

  @reads
  Scenario Outline: <path> is refused with <status>
    Given $one is user 1
    When I GET "<path>"
    Then the status is <status>

    @op:list-all-numbers
    Examples:
      | path                   | status |
      | /v1/numbers?per_page=0 | 400    |

    @op:list-all-tags
    Examples:
      | path                | status |
      | /v1/tags?per_page=0 | 400    |

    @op:list-all-teams
    Examples:
      | path                 | status |
      | /v1/teams?per_page=0 | 400    |

    @op:list-all-users
    Examples:
      | path                 | status |
      | /v2/users?per_page=0 | 400    |

    @op:list-all-webhooks
    Examples:
      | path                    | status |
      | /v1/webhooks?per_page=0 | 400    |

    @op:list-numbers-of-a-user
    Examples:
      | path                                 | status |
      | /v2/users/$one.id/numbers?per_page=0 | 400    |

    @op:retrieve-list-of-users-availability
    Examples:
      | path                                | status |
      | /v1/users/availabilities?per_page=0 | 400    |

    @op:search-contacts
    Examples:
      | path                           | status |
      | /v1/contacts/search?per_page=0 | 400    |

    @op:retrieve-phone-numbers
    Examples:
      | path                                                  | status |
      | /v1/users/99999999999/dialer_campaign/phone_numbers   | 404    |

    @op:retrieve-registration-status
    Examples:
      | path                                        | status |
      | /v1/numbers/99999999999/registration_status | 404    |

  @reads
  Scenario Outline: The <read> of an invalid id is a 400, of an unknown call a 404
    When I GET "/v1/calls/latest/<read>"
    Then the status is 400
    When I GET "/v1/calls/99999999999/<read>"
    Then the status is 404

    @op:retrieve-a-custom-summary-result
    Examples:
      | read                  |
      | custom_summary_result |

    @op:retrieve-a-playbook-result
    Examples:
      | read            |
      | playbook_result |

    @op:retrieve-a-summary
    Examples:
      | read    |
      | summary |

    @op:retrieve-action-items
    Examples:
      | read         |
      | action_items |

    @op:retrieve-evaluations
    Examples:
      | read        |
      | evaluations |

    @op:retrieve-sentiments
    Examples:
      | read       |
      | sentiments |

    @op:retrieve-topics
    Examples:
      | read   |
      | topics |

  @reads @op:retrieve-a-realtime-transcription
  Scenario: The live transcript of an invalid id was a 400
    Given a fake whose clock is at "2026-03-01T12:00:00Z"
    When I GET "/v1/calls/latest/realtime_transcription"
    Then the status is 400

  @changes @op:create-a-user @op:update-a-user
  Scenario: A user is created and updated with every field
    Given $line is number 1
    When I GET "/v2/users?per_page=1"
    And "users.0.id" is kept as $inviter
    And I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor", "availability_status": "unavailable",
       "extension": "987", "inviter_user_id": $inviter, "is_admin": true, "language": "fr-FR", "time_zone": "Europe/Paris",
       "wrap_up_time": 7}
      """
    Then the status is 201
    And "user" has:
      | availability_status | is | unavailable  |
      | language            | is | fr-FR        |
      | time_zone           | is | Europe/Paris |
      | wrap_up_time        | is | 7            |
    And "user.extension" is "987"
    And "user.id" is kept as $id
    When I PUT "/v2/users/$id" with the body:
      """
      {"extension": "986", "language": "de-DE", "time_zone": "Europe/Berlin", "role_ids": ["admin"]}
      """
    Then the status is 200
    And "user" has:
      | language  | is | de-DE         |
      | time_zone | is | Europe/Berlin |
    When I POST "/v2/users" with the body:
      """
      {"email": "kim@default.example.com", "first_name": "Kim", "last_name": "Lund"}
      """
    And "user.id" is kept as $other
    And I PUT "/v2/users/$other" with the body:
      """
      {"extension": "986"}
      """
    Then the status is 422

  @changes @op:update-a-user
  Scenario: A user gets a default number
    Given $number is a number, read by its id, where:
      | users.0 | is not | null |
    When I PUT "/v2/users/$number.users.0.id" with the body:
      """
      {"default_number_id": $number.id}
      """
    Then the status is 200
    And "user.default_number_id" is $number.id

  @changes @op:create-a-user-v1 @op:update-a-user-v1
  Scenario: A user of version 1 is created and updated with every field
    Given a fake whose clock is at "2026-09-01T12:00:00Z"
    When I GET "/v1/users?per_page=1"
    And "users.0.id" is kept as $inviter
    And I POST "/v1/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor", "availability_status": "unavailable",
       "extension": "987", "inviter_user_id": $inviter, "is_admin": true, "role_ids": ["admin"], "language": "fr-FR",
       "time_zone": "Europe/Paris", "wrap_up_time": 7}
      """
    Then the status is 201
    And "user.language" is "fr-FR"
    And "user.id" is kept as $id
    When I PUT "/v1/users/$id" with the body:
      """
      {"first_name": "Adah", "last_name": "Oke", "availability_status": "unavailable", "substatus": "out_for_lunch",
       "extension": "986", "language": "de-DE", "time_zone": "Europe/Berlin", "role_ids": ["admin"]}
      """
    Then the status is 200
    And "user.name" is "Adah Oke"
    And "user.time_zone" is "Europe/Berlin"
    When I PUT "/v1/users/$id" with the body:
      """
      {"first_name": " "}
      """
    Then the status is 400
    When I PUT "/v1/users/$inviter" with the body:
      """
      {"extension": "986"}
      """
    Then the status is 422

  @changes @op:update-a-webhook @op:create-a-webhook
  Scenario: A webhook takes another name, and the reply does not have it
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.ended"]}
      """
    And "webhook.webhook_id" is kept as $id
    And I PUT "/v1/webhooks/$id?events_action=add" with the body:
      """
      {"custom_name": "CRM"}
      """
    Then the status is 200
    And "webhook.custom_name" is missing

  @changes
  Scenario Outline: <method> <path> of an unknown line is not found
    When I <method> "/v1/numbers/99999999999/messages/<path>" with the body:
      """
      {"to": "+4520000001", "participants": ["+13000000001", "+13000000002"], "body": "Hi", "callbackUrl": "https://hooks.example.com/sms"}
      """
    Then the status is 404

    @op:send-message
    Examples:
      | method | path |
      | POST   | send |

    @op:send-message-in-agent-conversation
    Examples:
      | method | path        |
      | POST   | native/send |

    @op:send-group-message
    Examples:
      | method | path       |
      | POST   | group/send |

    @op:send-group-message-in-agent-conversation
    Examples:
      | method | path              |
      | POST   | group/native/send |

    @op:create-number-configuration
    Examples:
      | method | path          |
      | POST   | configuration |

    @op:delete-number-configuration
    Examples:
      | method | path          |
      | DELETE | configuration |

  @changes @op:send-message-in-agent-conversation @op:send-group-message-in-agent-conversation @op:send-whatsapp-message-in-agent-conversation
  Scenario: A message in a conversation has an agent, under either name, and files
    When I GET "/v1/numbers?per_page=2"
    And "numbers" is kept as $line
    And I GET "/v2/users?per_page=1"
    And "users.0.id" is kept as $agent
    And I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi", "user_id": $agent, "mediaUrl": ["https://files.example.com/a.png"]}
      """
    Then the status is 200
    And "media_url" is ["https://files.example.com/a.png"]
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi", "agentId": $agent}
      """
    Then the status is 200
    When I POST "/v1/numbers/$line.0.id/messages/group/native/send" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "body": "Hi", "user_id": $agent}
      """
    Then the status is 200
    When I POST "/v1/numbers/$line.0.id/messages/group/native/send" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "body": "Hi", "agentId": $agent}
      """
    Then the status is 200
    When I POST "/v1/numbers/$line.0.id/messages/group/native/send" with the body:
      """
      {"participants": ["+13000000001"], "body": "Hi"}
      """
    Then the status is 400
    When I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $line.0.id, "externalNumber": "+4520000001", "text": "Hi", "user_id": $agent}
      """
    Then the status is 200
    When I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $line.0.id, "externalNumber": "+4520000001", "text": "Hi", "agentId": $agent}
      """
    Then the status is 200

  @changes @op:send-whatsapp-message @op:send-message @op:list-whatsapp-templates
  Scenario: A line of the API sends its templates and refuses others
    When I GET "/v1/numbers?per_page=2"
    And "numbers" is kept as $line
    And I GET "/v1/numbers/$line.1.id/templates?status=APPROVED"
    And "templates.0.id" is kept as $template
    And I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.1.id, "to": "+4520000001", "templateParams": {"id": $template,
       "body": [{"key": "{{1}}", "value": "Kim"}, {"key": "{{2}}", "value": "A-7"}]}}
      """
    Then the status is 200
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": 99999999999, "to": "+4520000001", "text": "Hi"}
      """
    Then the status is 404
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.0.id, "to": "+4520000001", "text": "Hi"}
      """
    Then the status is 400
    When I POST "/v1/numbers/$line.1.id/messages/send" with the body:
      """
      {"body": "Hi"}
      """
    Then the status is 400

  @changes @op:list-a2p-campaign-associations @op:create-an-a2p-campaign-association @op:update-an-a2p-campaign-association
  Scenario: A2P campaign associations have pages, and invalid parameters are refused
    Given a fresh fake that answers "a2p" with "keep"
    When I GET "/v1/a2p_campaign_associations?page=1&per_page=1"
    Then the status is 200
    And "meta.per_page" is 1
    When I GET "/v1/a2p_campaign_associations?per_page=0"
    Then the status is 400
    When I POST "/v1/a2p_campaign_associations" with the body:
      """
      {"numbers": "all"}
      """
    Then the status is 400
    When I POST "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": []}
      """
    And I POST "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": []}
      """
    Then the status is 422
    When I PUT "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": "all"}
      """
    Then the status is 400

  @changes @op:add-phone-numbers @op:retrieve-phone-numbers
  Scenario: Numbers are added to a campaign as a list, and read in pages of at least one
    When I GET "/v2/users?per_page=2"
    And "users.1.id" is kept as $busy
    And I POST "/v1/users/$busy/dialer_campaign/phone_numbers" with the body:
      """
      {"phone_numbers": "+4520000001"}
      """
    Then the status is 400
    When I GET "/v1/users/$busy/dialer_campaign/phone_numbers?per_page=0"
    Then the status is 400

  @changes
  Scenario Outline: With another answer to the assumption <assumption>, <path> is a <status>
    Given a fresh fake that answers "<assumption>" with "<status>"
    When I GET "/v1/numbers?per_page=2"
    And "numbers" is kept as $line
    And I GET "/v1/calls?order=desc&per_page=50"
    And $live is an entry of "calls" where:
      | status | is | answered |
    And I <method> "<path>" with the body:
      """
      <body>
      """
    Then the status is <status>

    Examples:
      | assumption       | method | path                                               | status | body                                                               |
      | insight-cards    | POST   | /v1/calls/$live.id/insight_cards                   | 204    | {"contents": [{"type": "title", "text": "CRM"}]}                   |
      | recording-delete | DELETE | /v1/calls/12345/recording                          | 200    | {}                                                                 |
      | recording-delete | DELETE | /v1/calls/12345/voicemail                          | 200    | {}                                                                 |

  @changes @op:send-group-message
  Scenario: A group message has files instead of text
    When I GET "/v1/numbers?per_page=2"
    And "numbers.1.id" is kept as $line
    And I POST "/v1/numbers/$line/messages/group/send" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "mediaUrl": ["https://files.example.com/a.png"]}
      """
    Then the status is 200

  @changes @op:create-an-analytics-report-export
  Scenario: A report takes its own options
    When I POST "/v1/analytics/report/export" with the body:
      """
      {"input": {"reportName": "CALLS_HISTORY", "filter": {"dateFilter": {"relative": "LAST_WEEK"}, "timezone": "Europe/Paris"}, "options": {"anything": true}}}
      """
    Then the status is 201

  @changes @op:update-a-user-v1
  Scenario: A user of version 1 gets a default number
    Given a fake whose clock is at "2026-09-01T12:00:00Z"
    And $number is a number, read by its id, where:
      | users.0 | is not | null |
    When I PUT "/v1/users/$number.users.0.id" with the body:
      """
      {"default_number_id": $number.id}
      """
    Then the status is 200
    When I GET "/v2/users/$number.users.0.id"
    Then "user.default_number_id" is $number.id
