@fake @changes
Feature: Transfers
  A call in progress is passed to exactly one user, team or external number, without asking first.

  Background:
    Given $call is a call where:
      | status    | is | answered |
      | direction | is | inbound  |

  @op:transfer-a-call @op:retrieve-a-call @assumption:transfer-user
  Scenario: A transfer shows both users at once, and the user changes when the other answers
    Given $other is a user where:
      | id | is not | $call.user.id |
    When I POST "/v1/calls/$call.id/transfers" with the body:
      """
      {"user_id": $other.id}
      """
    Then the status is 204
    And the body is empty
    When I GET "/v1/calls/$call.id"
    Then "call" has:
      | user.id           | is | $call.user.id |
      | transferred_by.id | is | $call.user.id |
      | transferred_to.id | is | $other.id     |
      | status            | is | answered      |

  @op:transfer-a-call @op:retrieve-a-call @op:list-all-teams
  Scenario: A transfer to a team shows its first user
    When I GET "/v1/teams"
    Then $team is an entry of "teams" where:
      | users.0 | is not | null |
    When I POST "/v1/calls/$call.id/transfers" with the body:
      """
      {"team_id": $team.id, "dispatching_strategy": "longest_idle"}
      """
    Then the status is 204
    When I GET "/v1/calls/$call.id"
    Then "call.transferred_to.id" is $team.users.0.id

  @op:transfer-a-call @assumption:transfer-external @assumption:transfer-target
  Scenario: Only a ringing call can be transferred to an external number, which it does not show
    Given $ringing is a call where:
      | status    | is | initial |
      | direction | is | inbound |
    When I POST "/v1/calls/$ringing.id/transfers" with the body:
      """
      {"number": "+33199009876"}
      """
    Then the status is 204
    When I GET "/v1/calls/$ringing.id"
    Then "call" is $ringing
    When I POST "/v1/calls/$call.id/transfers" with the body:
      """
      {"number": "+33199009876"}
      """
    Then the status is 422

  @op:transfer-a-call @assumption:transfer-target
  Scenario Outline: A transfer of <id> with <body> is a <status>
    When I POST "/v1/calls/<id>/transfers" with the body:
      """
      <body>
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | id          | status | body                                                            |
      | $call.id    | 400    | {}                                                              |
      | $call.id    | 400    | {"user_id": $call.user.id, "number": "+33199009876"}            |
      | $call.id    | 400    | {"user_id": $call.user.id, "dispatching_strategy": "random"}    |
      | $call.id    | 400    | {"team_id": 99999999999, "dispatching_strategy": "round_robin"} |
      | $call.id    | 400    | {"number": "0199009876"}                                        |
      | $call.id    | 404    | {"user_id": 99999999999}                                        |
      | $call.id    | 404    | {"team_id": 99999999999}                                        |
      | 12345       | 400    | {"user_id": $call.user.id}                                      |
      | 99999999999 | 404    | {"user_id": $call.user.id}                                      |
