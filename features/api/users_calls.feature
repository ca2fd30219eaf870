@fake @changes
Feature: Calls from a user's app
  Calling and dialling for a user are answered with an empty 204, or with 405 when he is not available.

  Background:
    Given $owner is a user where:
      | email | is | owner@default.example.com |
    And $line is a number, read by its id, where:
      | users.*.id          | holds | $owner.id |
      | availability_status | is    | open      |

  @op:start-an-outbound-call @op:search-calls @op:check-availability-of-a-user
  Scenario: A started call is an initial outbound call of the user, who is in it from then on
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
  Scenario Outline: A call <what> is refused with <status>
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
      | what                               | user        | number      | to             | status |
      | to what is no phone number         | $owner.id   | $line.id    | "0199009876"   | 400    |
      | to nobody                          | $owner.id   | $line.id    | null           | 400    |
      | from a number that is none         | $owner.id   | 99999999999 | "+33199009876" | 400    |
      | from no number                     | $owner.id   | null        | "+33199009876" | 400    |
      | of nobody                          | 99999999999 | $line.id    | "+33199009876" | 404    |

  @op:start-an-outbound-call @op:update-a-number @op:create-a-user
  Scenario: A call from a number the user is not on is refused, and from a closed one
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
  Scenario: Dialling for a user makes no call
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
  Scenario Outline: A user whose app is closed cannot be made to <verb>
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
