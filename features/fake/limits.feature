@fake @reads
Feature: Rate limit of the fake
  An account has a number of requests for each minute of its clock, with any of its credentials.

  @op:ping @assumption:throttled-body @assumption:rate-limit-window @assumption:rate-limit-headers
  Scenario: Only a 429 has the headers of the rate limit
    Given a fresh fake that allows 2 requests a minute
    When I GET "/v1/ping"
    Then the status is 200
    And the header "X-AircallApi-Limit" is missing
    And the header "X-AircallApi-Remaining" is missing
    And the header "X-AircallApi-Reset" is missing
    When I GET "/v1/ping" with the authorization "Bearer fake-default-bearer"
    Then the status is 200
    When I GET "/v1/ping"
    Then the status is 429
    And the header "X-AircallApi-Limit" is "2"
    And the header "X-AircallApi-Remaining" is "0"
    And the header "X-AircallApi-Reset" is "1781514060"
    And the header "Retry-After" is missing
    And "error" is "Too Many Requests"

  @op:ping @assumption:rate-limit-window
  Scenario: The next minute has its own limit
    Given a fresh fake that allows 1 request a minute
    When I GET "/v1/ping"
    And I GET "/v1/ping"
    Then the status is 429
    When the clock moves on by 59 seconds
    And I GET "/v1/ping"
    Then the status is 429
    When the clock moves on by 1 second
    And I GET "/v1/ping"
    Then the status is 200

  @op:ping
  Scenario: Another account has its own limit
    Given a fresh fake that allows 1 request a minute
    When I GET "/v1/ping"
    And I GET "/v1/ping"
    Then the status is 429
    When I GET "/v1/ping" as "sales"
    Then the status is 200

  @op:ping
  Scenario: Requests that are rejected at the edge do not count
    Given a fresh fake that allows 1 request a minute
    When I GET "/v1/nothing"
    And I GET "/v1/ping" without credentials
    And I GET "/v1/ping"
    Then the status is 200
