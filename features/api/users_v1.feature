@fake
Feature: Users of version 1
  Listing, reading, creating and updating users on /v1 ended on 2026-09-30. Before, a user had no default number and no
  substatus, and numbers only in single users.

  Background:
    Given a fake whose clock is at "2026-09-30T23:59:50Z"

  @reads @op:list-all-users-v1 @assumption:users-v1-numbers
  Scenario: A list has the users first, in the older shape and without their numbers
    When I GET "/v1/users?per_page=5"
    Then the status is 200
    And the body is:
      """
      {"users":["<user_v1>*"],"meta":"<meta>"}
      """
    And "meta.count" is 5
    And "users.0.numbers" is missing

  @reads @op:retrieve-a-user-v1 @assumption:users-v1-numbers
  Scenario: A single user has numbers
    When I GET "/v2/users/owner@default.example.com"
    And "user" is kept as $owner
    And I GET "/v2/users/$owner.id/numbers?per_page=1"
    And "numbers.0.id" is kept as $number
    And I GET "/v1/users/$owner.id"
    Then the status is 200
    And the body is:
      """
      {"user":"<user_v1>"}
      """
    And "user" has:
      | email        | is    | owner@default.example.com                  |
      | direct_link  | is    | https://api.aircall.io/v1/users/$owner.id  |
      | numbers.*.id | holds | $number                                    |
    When I GET "/v1/users/me"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @changes @op:create-a-user-v1 @op:update-a-user-v1
  Scenario: A user is created and updated in the older shape, and is the same in version 2
    When I POST "/v1/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    Then the status is 201
    And the body is:
      """
      {"user":"<user_v1>"}
      """
    And "user.id" is kept as $id
    When I PUT "/v1/users/$id" with the body:
      """
      {"wrap_up_time": 12}
      """
    Then the status is 200
    And "user.wrap_up_time" is 12
    When I GET "/v2/users/$id"
    Then "user.wrap_up_time" is 12

  @changes
  Scenario Outline: <method> <path> with <body> is a <status>
    When I <method> "<path>" with the body:
      """
      <body>
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    @op:create-a-user-v1
    Examples:
      | method | path      | status | body                                                                               |
      | POST   | /v1/users | 400    | {"first_name": "Ada", "last_name": "Okafor"}                                       |
      | POST   | /v1/users | 422    | {"email": "owner@default.example.com", "first_name": "Ada", "last_name": "Okafor"} |

    @op:update-a-user-v1
    Examples:
      | method | path                  | status | body               |
      | PUT    | /v1/users/99999999999 | 404    | {"wrap_up_time":1} |

  @reads @op:list-all-users-v1 @op:retrieve-a-user-v1 @op:create-a-user-v1 @op:update-a-user-v1 @assumption:users-v1
  Scenario: After 2026-09-30 the routes are unknown, with any credentials
    When the clock moves on by 10 seconds
    And I GET "/v1/users" without credentials
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """
    When I GET "/v1/users/owner@default.example.com"
    Then the status is 404
    When I POST "/v1/users"
    Then the status is 404
    When I PUT "/v1/users/1"
    Then the body is exactly:
      """
      {"message":"Not Found"}
      """
    When I GET "/v1/users/availabilities"
    Then the status is 200
