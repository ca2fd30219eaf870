@fake @changes
Feature: Calls in the app of a user
  Calls and dialed numbers for a user are an empty 204, or a 405 if the user is not available.

  Background:
    Given $owner is a user where:
      | email | is | owner@default.example.com |
    And $line is a number, read by its id, where:
      | users.*.id          | holds | $owner.id |
      | availability_status | is    | open      |

  @op:start-an-outbound-call @op:search-calls @op:check-availability-of-a-user
  Scenario: A started call is an initial outbound call with its user
    When I GET "/v1/calls/search?user_id=$owner.id&direction=outbound"
    And "meta.total" is kept as $before
    And I POST "/v1/users/$owner.id/calls" with the body:
      """
      {"number_id": $line.id, "to": "+33 1 99 00 98 76"}
      """
    Then the status is 204
    And the body is empty
    When I GET "/v1/calls/search?user_id=$owner.id&direction=outbound&order=desc"
    Then "meta.total" is $before plus 1
    And the body is:
      """
      {"calls":["<call>*"],"meta":"<meta>"}
      """
    And "calls.0" has:
      | status             | is | initial           |
      | user.id            | is | $owner.id         |
      | number.id          | is | $line.id          |
      | raw_digits         | is | +33 1 99 00 98 76 |
      | answered_at        | is | null              |
      | missed_call_reason | is | null              |
    When I GET "/v1/users/$owner.id/availability"
    Then "availability" is "in_call"
    When I POST "/v1/users/$owner.id/calls" with the body:
      """
      {"number_id": $line.id, "to": "+33199009876"}
      """
    Then the status is 405

  @op:start-an-outbound-call
  Scenario Outline: A call <what> is a <status>
    When I POST "/v1/users/<user>/calls" with the body:
      """
      {"number_id": <number>, "to": <to>}
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | what                       | user        | number      | to             | status |
      | to an invalid phone number | $owner.id   | $line.id    | "0199009876"   | 400    |
      | without a phone number     | $owner.id   | $line.id    | null           | 400    |
      | from an unknown number     | $owner.id   | 99999999999 | "+33199009876" | 400    |
      | without a number           | $owner.id   | null        | "+33199009876" | 400    |
      | of an unknown user         | 99999999999 | $line.id    | "+33199009876" | 404    |

  @op:start-an-outbound-call @op:update-a-number @op:create-a-user
  Scenario: A call from a number of others, or from a closed number, is refused
    When I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    And "user.id" is kept as $stranger
    And I POST "/v1/users/$stranger/calls" with the body:
      """
      {"number_id": $line.id, "to": "+33199009876"}
      """
    Then the status is 400
    When I PUT "/v1/numbers/$line.id" with the body:
      """
      {"availability_status": "closed"}
      """
    And I POST "/v1/users/$owner.id/calls" with the body:
      """
      {"number_id": $line.id, "to": "+33199009876"}
      """
    Then the status is 400

  @op:dial-a-phone-number-in-the-phone @op:list-all-calls
  Scenario: A dialed number does not create a call
    When I GET "/v1/calls"
    And "meta.total" is kept as $before
    And I POST "/v1/users/$owner.id/dial" with the body:
      """
      {"to": "+33199009876"}
      """
    Then the status is 204
    And the body is empty
    When I GET "/v1/calls"
    Then "meta.total" is $before

  @assumption:call-start-order @assumption:call-start-unavailable
  Scenario Outline: A user whose app is closed cannot <verb>
    When I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    And "user.id" is kept as $id
    And I POST "/v1/users/$id/dial" with the body:
      """
      {"to": "+33199009876"}
      """
    Then the status is 405
    And the body is exactly:
      """
      {"error":"Method Not Allowed","troubleshoot":"The user is currently unavailable","success":false}
      """
    When I POST "/v1/users/$id/<verb>" with the body:
      """
      {"to": "0199009876", "number_id": $line.id}
      """
    Then the status is 400
    When I POST "/v1/users/99999999999/<verb>" with the body:
      """
      {"to": "+33199009876", "number_id": $line.id}
      """
    Then the status is 404

    @op:dial-a-phone-number-in-the-phone
    Examples:
      | verb |
      | dial |

    @op:start-an-outbound-call
    Examples:
      | verb  |
      | calls |
