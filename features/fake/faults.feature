@fake @changes
Feature: Faults
  A rule makes Aircall slow, throttled, broken or stale for some requests, and ends. It applies after the rate limit and
  before the operation.

  @op:ping
  Scenario: A rule throttles an account twice
    Given a fresh fake with a control API
    When I POST "/_fake/faults" with the body:
      """
      {"op": "ping", "account": "default", "times": 2, "status": 429, "retry_after": "30s"}
      """
    Then the status is 201
    And "fault.id" is "fault-1"
    When I GET "/v1/ping"
    Then the status is 429
    And the header "Retry-After" is "30"
    And the header "X-AircallApi-Limit" is "120"
    And the header "X-AircallApi-Remaining" is "0"
    And the header "X-AircallApi-Reset" is "1781514030"
    When I GET "/v1/ping" as "sales"
    Then the status is 200
    When I GET "/v1/ping"
    Then the status is 429
    When I GET "/v1/ping"
    Then the status is 200
    When I GET "/_fake/faults"
    Then "faults.0.hits" is 2
    And "faults.0.ended" is true
    When I DELETE "/_fake/faults/fault-1"
    Then the status is 200
    And "removed" is 1
    When I DELETE "/_fake/faults/fault-1"
    Then the status is 404

  @op:retrieve-a-contact @op:update-a-contact
  Scenario: A write that fails after its effect has happened
    Given a fresh fake with a control API
    When I POST "/_fake/faults" with the body:
      """
      {"op": "update-a-contact", "status": 429, "times": 1, "late": true}
      """
    And I POST "/v1/contacts/5678" with the body:
      """
      {"first_name": "Late"}
      """
    Then the status is 429
    When I GET "/v1/contacts/5678"
    Then "contact.first_name" is "Late"

  @op:retrieve-a-contact @op:update-a-contact
  Scenario: A write that fails before its effect has not happened
    Given a fresh fake with a control API
    When I GET "/v1/contacts/5678"
    Then "contact.first_name" is kept as $before
    When I POST "/_fake/faults" with the body:
      """
      {"path": "/v1/contacts/{id}", "method": "POST", "status": 429}
      """
    And I POST "/v1/contacts/5678" with the body:
      """
      {"first_name": "Never"}
      """
    Then the status is 429
    When I GET "/v1/contacts/5678"
    Then "contact.first_name" is $before

  @op:retrieve-a-contact @op:update-a-contact
  Scenario: A read right after a write is stale
    Given a fresh fake with a control API
    When I GET "/v1/contacts/5678"
    Then "contact.first_name" is kept as $before
    When I POST "/_fake/faults" with the body:
      """
      {"stale": "5s"}
      """
    And I POST "/v1/contacts/5678" with the body:
      """
      {"first_name": "Fresh"}
      """
    Then "contact.first_name" is "Fresh"
    When I GET "/v1/contacts/5678"
    Then "contact.first_name" is $before
    When the clock moves on by 5 seconds
    And I GET "/v1/contacts/5678"
    Then "contact.first_name" is "Fresh"

  @op:search-contacts @op:create-a-contact
  Scenario: A search finds a new contact late
    Given a fresh fake with a control API
    When I POST "/_fake/faults" with the body:
      """
      {"search_lag": "10s"}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"first_name": "Ann", "phone_numbers": [{"label": "Work", "value": "+33199000042"}], "emails": [{"label": "Work", "value": "ann@late.example.com"}]}
      """
    And I GET "/v1/contacts/search?email=ann@late.example.com"
    Then "contacts" has 0 entries
    When the clock moves on by 10 seconds
    And I GET "/v1/contacts/search?email=ann@late.example.com"
    Then "contacts" has 1 entry

  @op:ping
  Scenario Outline: A rule without an effect is refused: <why>
    Given a fresh fake with a control API
    When I POST "/_fake/faults" with the body:
      """
      <rule>
      """
    Then the status is 400
    And "error" is "<why>"
    When I GET "/v1/ping"
    Then the status is 200

    Examples:
      | rule                          | why                                                                                                                           |
      | {"op": "ping"}                | fault: it does nothing: give one of status, delay, reset, truncate, malformed, content_type, headers, slow, stale, search_lag |
      | {"op": "ping", "status": 200} | fault: status 200: give 400 to 599                                                                                            |
      | {"delay": "2m"}               | fault: delay 2m0s: give 0s to 1m0s                                                                                            |
      | {"dealy": "2s"}               | there is no field dealy                                                                                                       |
