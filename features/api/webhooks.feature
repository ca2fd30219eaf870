@fake
Feature: Webhooks
  The wire format of webhooks, a separate service: no charset, four keys in meta, two ids.

  @changes @op:create-a-webhook @op:list-all-webhooks
  Scenario: A list has meta first, without links, and the old number of each webhook
    Given an empty fake
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.created", "call.ended"]}
      """
    And I GET "/v1/webhooks"
    Then the status is 200
    And the body is:
      """
      {"meta":{"count":1,"total":1,"current_page":1,"per_page":20},"webhooks":["<webhook>"]}
      """
    And the header "Content-Type" is "application/json"
    And the header "ETag" is missing

  @changes @op:create-a-webhook @op:retrieve-a-webhook
  Scenario: A new webhook has a token and no number, and can be read by either id
    Given an empty fake
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a?key=b", "custom_name": "CRM", "events": ["call.ended"]}
      """
    Then the status is 201
    And the body is:
      """
      {"webhook":{"direct_link":"<link>","url":"https://hooks.example.com/a?key=b","active":true,"events":["call.ended"],
        "token":"<hex>","created_at":"<instant>","webhook_id":"<uuid>"}}
      """
    And "webhook" is kept as $made
    When I GET "/v1/webhooks/$made.webhook_id"
    Then the status is 200
    And the body is:
      """
      {"webhook":"<webhook>"}
      """
    And "webhook.token" is $made.token
    And "webhook" is kept as $read
    When I GET "/v1/webhooks/$read.id"
    Then "webhook" is $read

  @changes @op:create-a-webhook @assumption:webhook-events
  Scenario Outline: A webhook with <what> gets all 68 events
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a"<events>}
      """
    Then the status is 201
    And "webhook.events" has 68 entries

    Examples:
      | what           | events         |
      | none           |                |
      | an empty list  | , "events": [] |

  @changes @op:create-a-webhook @assumption:webhook-url @assumption:webhook-events
  Scenario Outline: A webhook with <what> is a 400
    When I POST "/v1/webhooks" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      {"error":"Bad Request","troubleshoot":"<text>"}
      """

    Examples:
      | what                          | body                                                                                   |
      | no url                        | {"events": ["call.ended"]}                                                             |
      | a url without TLS             | {"url": "http://hooks.example.com/a"}                                                  |
      | an event that does not exist  | {"url": "https://hooks.example.com/a", "events": ["call.missed"]}                      |
      | an event of the future        | {"url": "https://hooks.example.com/a", "events": ["team.created"]}                     |
      | an event of one client's test | {"url": "https://hooks.example.com/a", "events": ["outbound_campaign.status_changed"]} |

  @changes @op:create-a-webhook
  Scenario: The outcome of an outbound campaign is an event
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["outbound_campaign.outcome_recorded"]}
      """
    Then the status is 201
    And "webhook.events" is ["outbound_campaign.outcome_recorded"]

  @changes @op:update-a-webhook
  Scenario: A webhook that is activated again gets all events
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.ended"]}
      """
    And "webhook" is kept as $made
    And I PUT "/v1/webhooks/$made.webhook_id" with the body:
      """
      {"active": true}
      """
    Then the status is 200
    And the body is:
      """
      {"webhook":"<written_webhook>"}
      """
    And "webhook.token" is $made.token
    And "webhook.events" has 68 entries

  @changes @op:update-a-webhook
  Scenario Outline: With events_action=<action> the events are <what>
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.ended", "call.created"]}
      """
    And "webhook" is kept as $made
    And I PUT "/v1/webhooks/$made.webhook_id?events_action=<action>" with the body:
      """
      <body>
      """
    Then the status is 200
    And "webhook.events" has <n> entries

    Examples:
      | action | what               | body                                      | n |
      | add    | those and one more | {"events": ["call.tagged", "call.ended"]} | 3 |
      | remove | those without one  | {"events": ["call.tagged", "call.ended"]} | 1 |
      | add    | as they were       | {"active": false}                         | 2 |

  @changes @op:update-a-webhook @assumption:webhook-events-action
  Scenario: An unknown action is refused
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.ended"]}
      """
    And "webhook" is kept as $made
    And I PUT "/v1/webhooks/$made.webhook_id?events_action=replace" with the body:
      """
      {"events": ["call.tagged"]}
      """
    Then the status is 400

  @changes @op:delete-a-webhook @op:retrieve-a-webhook @op:update-a-webhook
  Scenario: A deleted webhook is gone
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a"}
      """
    And "webhook" is kept as $made
    And I DELETE "/v1/webhooks/$made.webhook_id"
    Then the status is 204
    And the body is empty
    When I GET "/v1/webhooks/$made.webhook_id"
    Then the status is 404
    And the body is exactly:
      """
      {"error":"Not Found","troubleshoot":"Check ID of the resource"}
      """
    When I PUT "/v1/webhooks/$made.webhook_id" with the body:
      """
      {"active": true}
      """
    Then the status is 404

  @changes @op:list-all-webhooks @op:create-a-webhook @op:delete-a-webhook @assumption:webhook-visibility
  Scenario: An app and an API key do not see each other's webhooks
    Given an empty fake
    When I POST "/v1/webhooks" with the authorization "Bearer fake-default-bearer" and the body:
      """
      {"url": "https://app.example.com/hooks"}
      """
    Then the status is 201
    And "webhook" is kept as $made
    When I GET "/v1/webhooks"
    Then "meta.total" is 0
    When I DELETE "/v1/webhooks/$made.webhook_id"
    Then the status is 404
    When I GET "/v1/webhooks" with the authorization "Bearer fake-default-bearer"
    Then "meta.total" is 1

  @changes @op:create-a-webhook
  Scenario: The 101st webhook of a company is refused
    Given an empty fake
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.ended"]}
      """
    And I repeat that until the status is not 201, at most 100 times
    Then the status is 400
    And the body is:
      """
      {"error":"Bad Request","troubleshoot":"<text>"}
      """
    When I GET "/v1/webhooks?order=desc&per_page=50&page=2"
    Then the body is:
      """
      {"meta":{"count":50,"total":100,"current_page":2,"per_page":50},"webhooks":["<webhook>*"]}
      """
    And "webhooks" are in descending order of "id"

  @changes @op:update-a-webhook @op:retrieve-a-webhook @assumption:webhook-events-action
  Scenario Outline: A webhook cannot get <what>
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.ended"]}
      """
    And "webhook" is kept as $made
    And I PUT "/v1/webhooks/$made.webhook_id?events_action=<action>" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      {"error":"Bad Request","troubleshoot":"<text>"}
      """
    When I GET "/v1/webhooks/$made.webhook_id"
    Then "webhook" has:
      | url    | is | $made.url    |
      | events | is | $made.events |
      | active | is | true         |

    Examples:
      | what                     | action | body                                       |
      | an address without https |        | {"url": "http://hooks.example.com/a"}      |
      | no address               |        | {"url": null}                              |
      | an unknown event         | add    | {"events": ["call.tagged", "call.missed"]} |
      | an empty list of events  | remove | {"events": ["call.ended"]}                 |
      | a word for active        | add    | {"active": "no"}                           |
