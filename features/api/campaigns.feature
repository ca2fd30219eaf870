@fake
Feature: Outbound campaigns
  A campaign calls a list of contacts, for agents or for an AI voice agent. A beta of 2026: the contacts and the outcomes are
  what a client in production reads, and the event was captured; nearly everything else is an assumption.

  @reads @op:list-campaigns @op:retrieve-a-campaign @op:list-campaign-contacts @op:list-campaign-call-outcomes @assumption:campaign-paths @assumption:campaign-lists
  Scenario: A campaign is read alone and in a list, its contacts without meta
    When I GET "/v1/campaigns"
    Then the status is 200
    And the body is:
      """
      {"campaigns": ["<campaign>*"], "meta": "<meta>"}
      """
    And "campaigns.0" is kept as $listed
    And "campaigns.0.id" is kept as $id
    When I GET "/v1/campaigns/$id"
    Then the status is 200
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign" is $listed
    And "campaign.description" is "Customers whose contract ends soon"
    And "campaign.user_ids" has 1 entry
    And "campaign.name" is "Renewals"
    And "campaign.status" is "draft"
    When I GET "/v1/campaigns/$id/contacts"
    Then the status is 200
    And the body is:
      """
      {"contacts": ["<campaign_contact>*"]}
      """
    And "contacts" has 5 entries
    When I GET "/v1/campaigns/$id/call_outcomes"
    Then the status is 200
    And "call_outcomes" has 0 entries
    And "meta.total" is 0

  @reads @op:list-campaign-outcomes @assumption:campaign-outcomes @assumption:campaign-lists
  Scenario: A company has custom outcomes and a predefined one
    When I GET "/v1/campaign_outcomes"
    Then the status is 200
    And the body is:
      """
      {"campaign_outcomes": [
        {"id": "<text>", "name": "Booked"}, {"id": "<text>", "name": "Connected"}, {"id": "<text>", "name": "Referral"}, {"id": "<text>", "name": "Follow Up"},
        {"id": "<text>", "name": "More Info"}, {"id": "<text>", "name": "Not Interested"}, {"id": "no_answer", "name": "No Answer"}
      ]}
      """

  @changes @op:create-a-campaign @op:list-campaigns @assumption:campaign-reply @assumption:campaign-fields
  Scenario: A new campaign is a draft, with what the request lacks
    When I POST "/v1/campaigns" with the body:
      """
      {"name": "Spring"}
      """
    Then the status is 201
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign" has:
      | name                     | is | Spring            |
      | description              | is | null              |
      | status                   | is | draft             |
      | caller_id_strategy       | is | agent_number_pool |
      | call_attempts            | is | 3                 |
      | external_ringing_timeout | is | 30                |
      | aiva_agent_id            | is | null              |
    When I POST "/v1/campaigns" with the body:
      """
      {"name": "Summer", "description": "Offers", "caller_id_strategy": "agent_number_pool", "call_attempts": 2, "external_ringing_timeout": 20}
      """
    Then the status is 201
    And "campaign" has:
      | description              | is | Offers |
      | call_attempts            | is | 2      |
      | external_ringing_timeout | is | 20     |
    When I GET "/v1/campaigns?per_page=1&page=3"
    Then the status is 200
    And "campaigns.0.name" is "Summer"
    And "meta" has:
      | total              | is       | 3                                          |
      | previous_page_link | contains | /v1/campaigns?order=asc&page=2&per_page=1 |

  @changes @op:create-a-campaign @assumption:campaign-plan
  Scenario: A company may have campaigns of agents and of AI voice agents
    When I POST "/v1/campaigns" with the body:
      """
      {"name": "Agents"}
      """
    Then the status is 201
    When I POST "/v1/campaigns" with the body:
      """
      {"name": "Voice agent", "aiva_agent_id": "agent-def456"}
      """
    Then the status is 201
    And "campaign.aiva_agent_id" is "agent-def456"

  @changes @op:create-a-campaign @op:add-campaign-contacts @op:list-campaign-contacts @assumption:campaign-contacts
  Scenario: Contacts are found by their number, which comes back as digits
    When I POST "/v1/campaigns" with the body:
      """
      {"name": "Spring"}
      """
    And "campaign.id" is kept as $id
    And I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550147", "first_name": "Jane", "last_name": "Doe", "email": "jane@example.com", "company_name": "Acme", "note": "VIP"}, {"phone_number": "+12025550148"}, {"phone_number": "+1 202-555-0147"}]}
      """
    Then the status is 201
    And the body is:
      """
      {"contacts": [
        {"phone_number": "12025550147", "first_name": "Jane", "last_name": "Doe", "email": "jane@example.com", "company_name": "Acme", "note": "VIP"},
        {"phone_number": "12025550148", "first_name": null, "last_name": null, "email": null, "company_name": null, "note": null}
      ]}
      """
    When I GET "/v1/campaigns/$id/contacts?phone_number=%2B12025550147"
    Then the status is 200
    And the body is:
      """
      {"contacts": [{"phone_number": "12025550147", "first_name": "Jane", "last_name": "Doe", "email": "jane@example.com", "company_name": "Acme", "note": "VIP"}]}
      """
    When I GET "/v1/campaigns/$id/contacts?phone_number=%2B12025550149"
    Then the body is:
      """
      {"contacts": []}
      """
    When I GET "/v1/campaigns/$id/contacts?per_page=1&page=2"
    Then "contacts" has 1 entry
    And "contacts.0.phone_number" is "12025550148"
    When I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550150"}, {"phone_number": "nobody"}]}
      """
    Then the status is 400
    When I GET "/v1/campaigns/$id/contacts"
    Then "contacts" has 2 entries

  @changes @op:create-a-campaign @op:add-campaign-contacts @op:assign-campaign-agents @op:launch-a-campaign @op:pause-a-campaign @op:resume-a-campaign @op:archive-a-campaign @assumption:campaign-status @assumption:campaign-paths
  Scenario: A campaign is launched, paused, resumed and archived
    When I GET "/v2/users?per_page=1"
    And "users.0.id" is kept as $user
    And I POST "/v1/campaigns" with the body:
      """
      {"name": "Spring"}
      """
    And "campaign.id" is kept as $id
    And I POST "/v1/campaigns/$id/launch"
    Then the status is 422
    When I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550147"}, {"phone_number": "+12025550148"}]}
      """
    And I POST "/v1/campaigns/$id/launch"
    Then the status is 422
    When I POST "/v1/campaigns/$id/pause"
    Then the status is 405
    And the body is:
      """
      "<refused>"
      """
    When I POST "/v1/campaigns/$id/agents" with the body:
      """
      {"user_ids": [$user]}
      """
    Then the status is 200
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign.user_ids" is [$user]
    When I GET "/v1/teams?per_page=1"
    And "teams.0.id" is kept as $team
    And I POST "/v1/campaigns/$id/agents" with the body:
      """
      {"user_ids": [$user], "team_ids": [$team]}
      """
    Then "campaign.team_ids" is [$team]
    When I POST "/v1/campaigns/$id/launch"
    Then the status is 200
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign.status" is "in_progress"
    And "campaign.user_ids" is [$user]
    When I POST "/v1/campaigns/$id/launch"
    Then the status is 405
    When I POST "/v1/campaigns/$id/archive"
    Then the status is 405
    When I POST "/v1/campaigns/$id/resume"
    Then the status is 405
    When I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550149"}]}
      """
    Then the status is 405
    When I POST "/v1/campaigns/$id/agents" with the body:
      """
      {"user_ids": [$user]}
      """
    Then the status is 405
    When I POST "/v1/campaigns/$id/pause"
    Then the status is 200
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign.status" is "paused"
    And "campaign.user_ids" is [$user]
    When I POST "/v1/campaigns/$id/resume"
    Then the status is 200
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign.status" is "in_progress"
    And "campaign.user_ids" is [$user]
    When I POST "/v1/campaigns/$id/pause"
    And I POST "/v1/campaigns/$id/archive"
    Then the status is 200
    And the body is:
      """
      {"campaign": "<campaign>"}
      """
    And "campaign.status" is "archived"
    And "campaign.user_ids" is [$user]

  @changes @op:create-a-campaign @op:add-campaign-contacts @op:assign-campaign-agents @op:launch-a-campaign @op:list-campaign-call-outcomes @op:create-a-webhook @assumption:campaign-attempts @assumption:campaign-outcome @assumption:campaign-call-outcomes
  Scenario: A campaign calls its contact until somebody answers, and reports each outcome
    Given $hook is a receiver that answers 200
    And $open is a number, read by its id, where:
      | availability_status | is     | open |
      | users.0             | is not | null |
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["outbound_campaign.outcome_recorded"]}
      """
    And "webhook.token" is kept as $token
    And I POST "/v1/campaigns" with the body:
      """
      {"name": "Spring", "call_attempts": 1}
      """
    And "campaign.id" is kept as $id
    And I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550147"}]}
      """
    And I POST "/v1/campaigns/$id/agents" with the body:
      """
      {"user_ids": [$open.users.0.id]}
      """
    And I POST "/v1/campaigns/$id/launch"
    And the clock moves on by 3600 seconds
    Then $hook receives 1 post
    And "posts.0.body" is kept as $event
    And "posts.0.body" has:
      | resource            | is | outbound_campaign                  |
      | event               | is | outbound_campaign.outcome_recorded |
      | token               | is | $token                             |
      | data.campaign_id    | is | $id                                |
      | data.id             | is | $event.data.attempt_id             |
      | data.attempt_number | is | 1                                  |
      | data.max_attempts   | is | 1                                  |
    When I GET "/v1/campaigns/$id/call_outcomes"
    Then the status is 200
    And the body is:
      """
      {"call_outcomes": ["<call_outcome>*"], "meta": "<meta>"}
      """
    And "call_outcomes" is [$event.data]
    When I GET "/v1/calls/$event.data.call_id"
    Then "call" has:
      | status      | is | done              |
      | direction   | is | outbound          |
      | tags.0.name | is | Outbound Campaign |
    When I GET "/v1/campaigns/$id"
    Then "campaign.status" is "completed"

  @changes @op:launch-a-campaign @assumption:campaign-pause
  Scenario: A campaign pauses by itself when its agent is gone
    When I GET "/v2/users?per_page=1"
    And "users.0.id" is kept as $user
    And I PUT "/v2/users/$user" with the body:
      """
      {"availability_status": "unavailable"}
      """
    And I POST "/v1/campaigns" with the body:
      """
      {"name": "Spring"}
      """
    And "campaign.id" is kept as $id
    And I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550147"}]}
      """
    And I POST "/v1/campaigns/$id/agents" with the body:
      """
      {"user_ids": [$user]}
      """
    And I POST "/v1/campaigns/$id/launch"
    And the clock moves on by 3600 seconds
    And I GET "/v1/campaigns/$id"
    Then "campaign.status" is "paused"

  @changes @op:create-a-campaign @op:launch-a-campaign @op:list-campaign-call-outcomes @assumption:campaign-voice
  Scenario: An AI voice agent calls the contacts of its campaign
    When I POST "/v1/campaigns" with the body:
      """
      {"name": "Leads", "aiva_agent_id": "agent-def456"}
      """
    And "campaign.id" is kept as $id
    And I POST "/v1/campaigns/$id/agents" with the body:
      """
      {"user_ids": [1]}
      """
    Then the status is 422
    When I POST "/v1/campaigns/$id/contacts" with the body:
      """
      {"contacts": [{"phone_number": "+12025550147"}, {"phone_number": "+12025550148"}]}
      """
    And I POST "/v1/campaigns/$id/launch"
    Then "campaign.aiva_agent_id" is "agent-def456"
    When the clock moves on by 3600 seconds
    And I GET "/v1/campaigns/$id/call_outcomes"
    Then "call_outcomes" has 2 entries
    And "meta.total" is 2
    When I GET "/v1/campaigns/$id/call_outcomes?per_page=1&page=2"
    Then "call_outcomes" has 1 entry
    And "meta" has:
      | previous_page_link | contains | /call_outcomes?order=asc&page=1&per_page=1 |

  @changes
  Scenario Outline: <method> <path> with <body> is a <status>
    When I GET "/v1/campaigns"
    And "campaigns.0.id" is kept as $id
    And I <method> "/v1/<path>" with the body:
      """
      <body>
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    @op:create-a-campaign
    Examples:
      | method | path      | body                                           | status |
      | POST   | campaigns | {}                                             | 400    |
      | POST   | campaigns | {"name": 1}                                    | 400    |
      | POST   | campaigns | {"name": "A", "description": 1}                | 400    |
      | POST   | campaigns | {"name": "A", "caller_id_strategy": 1}         | 400    |
      | POST   | campaigns | {"name": "A", "call_attempts": 0}              | 400    |
      | POST   | campaigns | {"name": "A", "external_ringing_timeout": 121} | 400    |
      | POST   | campaigns | {"name": "A", "aiva_agent_id": "nobody"}       | 400    |

    @op:add-campaign-contacts
    Examples:
      | method | path                       | body                                           | status |
      | POST   | campaigns/$id/contacts     | {}                                             | 400    |
      | POST   | campaigns/$id/contacts     | {"contacts": [1]}                              | 400    |
      | POST   | campaigns/unknown/contacts | {"contacts": [{"phone_number": "+4520000001"}]} | 404    |

    @op:assign-campaign-agents
    Examples:
      | method | path                     | body                | status |
      | POST   | campaigns/$id/agents     | {}                  | 400    |
      | POST   | campaigns/$id/agents     | {"user_ids": [1]}   | 400    |
      | POST   | campaigns/$id/agents     | {"team_ids": ["a"]} | 400    |
      | POST   | campaigns/unknown/agents | {"user_ids": [1]}   | 404    |

    @op:launch-a-campaign
    Examples:
      | method | path                     | body | status |
      | POST   | campaigns/unknown/launch | {}   | 404    |

    @op:pause-a-campaign
    Examples:
      | method | path                    | body | status |
      | POST   | campaigns/unknown/pause | {}   | 404    |

    @op:resume-a-campaign
    Examples:
      | method | path                     | body | status |
      | POST   | campaigns/unknown/resume | {}   | 404    |

    @op:archive-a-campaign
    Examples:
      | method | path                      | body | status |
      | POST   | campaigns/unknown/archive | {}   | 404    |

  @reads
  Scenario Outline: GET <path> is a <status>
    When I GET "/v1/campaigns"
    And "campaigns.0.id" is kept as $id
    And I GET "/v1/<path>"
    Then the status is <status>

    @op:list-campaigns
    Examples:
      | path                   | status |
      | campaigns?per_page=0   | 400    |

    @op:retrieve-a-campaign
    Examples:
      | path              | status |
      | campaigns/unknown | 404    |

    @op:list-campaign-contacts
    Examples:
      | path                              | status |
      | campaigns/unknown/contacts        | 404    |
      | campaigns/$id/contacts?per_page=0 | 400    |

    @op:list-campaign-call-outcomes
    Examples:
      | path                                   | status |
      | campaigns/unknown/call_outcomes        | 404    |
      | campaigns/$id/call_outcomes?per_page=0 | 400    |
