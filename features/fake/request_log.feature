@fake @changes
Feature: Request log
  The fake keeps the requests it got, without secrets, and marks what Aircall would not understand.

  @op:create-a-tag @op:list-all-tags
  Scenario: The log marks unknown parameters of requests
    Given a fresh fake with a control API
    When I POST "/v1/tags" with the body:
      """
      {"name": "Logged", "color": "#00ff00", "hue": "red"}
      """
    And I GET "/v1/tags?perpage=5&per_page=5"
    And I GET "/v1/tag"
    And I GET "/_fake/requests"
    Then the status is 200
    And "requests" has 3 entries
    And "requests.0.op" is "create-a-tag"
    And "requests.0.status" is 201
    And "requests.0.account" is "default"
    And "requests.0.unknown_parameters" is ["hue"]
    And "requests.1.op" is "list-all-tags"
    And "requests.1.unknown_parameters" is ["perpage"]
    And "requests.2.op" is ""
    And "requests.2.unknown_route" is true
    And "requests.2.path" is "/v1/tag"
    When I GET "/_fake/requests?op=create-a-tag&status=201&wait=2s"
    Then "requests" has 1 entry
    When I GET "/_fake/requests?op=delete-a-tag&wait=1ms"
    Then "requests" has 0 entries
    When I GET "/_fake/requests?unknown=true&since=1"
    Then "requests" has 2 entries

  @op:exchange-an-authorization-code
  Scenario: The log holds no secrets
    Given a fresh fake with a control API
    When I POST "/v1/oauth/token" with the body:
      """
      {"client_id": "fake-client-id", "client_secret": "a-secret", "code": "a-code", "grant_type": "authorization_code"}
      """
    Then the status is 400
    When I GET "/_fake/requests?detail=true"
    Then "requests.0.request.headers.Authorization" is ["Basic [removed]"]
    And "requests.0.request.body" is "{\"client_id\": \"fake-client-id\", \"client_secret\": \"[removed]\", \"code\": \"[removed]\", \"grant_type\": \"authorization_code\"}"

  @op:ping @op:list-all-tags @op:create-a-tag
  Scenario: A reset empties the log and restores the data
    Given a fresh fake with a control API
    When I GET "/v1/tags"
    Then "meta.total" is kept as $before
    When I POST "/v1/tags" with the body:
      """
      {"name": "Gone", "color": "#00ff00"}
      """
    And I POST "/_fake/faults" with the body:
      """
      {"op": "ping", "status": 429}
      """
    And I POST "/_fake/reset"
    Then the status is 200
    When I GET "/_fake/requests"
    Then "requests" has 0 entries
    When I GET "/v1/tags"
    Then "meta.total" is $before
    When I GET "/v1/ping"
    Then the status is 200
