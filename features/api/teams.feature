@fake
Feature: Teams
  The wire format of teams: their members inside, no update, and a removal whose reply is the team.

  @reads @op:list-all-teams @anywhere
  Scenario: A list has the teams first, meta second, and the members of each team
    When I GET "/v1/teams"
    Then the status is 200
    And the body is:
      """
      {"teams":["<team>*"],"meta":"<meta>"}
      """
    And "meta.per_page" is 20

  @reads @op:list-all-teams @op:retrieve-a-team
  Scenario: A team of the list is the same by its id
    When I GET "/v1/teams?per_page=1&order=desc"
    And "teams.0" is kept as $team
    And I GET "/v1/teams/$team.id"
    Then the status is 200
    And the body is:
      """
      {"team":"<team>"}
      """
    And "team" is $team
    When I GET "/v1/teams/99999999999"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @changes @op:create-a-team @op:retrieve-a-team
  Scenario: A new team is a 201 and empty
    When I POST "/v1/teams" with the body:
      """
      {"name": "Night desk made by hand"}
      """
    Then the status is 201
    And the body is:
      """
      {"team":{"id":"<id>","name":"Night desk made by hand","direct_link":"<link>","created_at":"<iso>","users":[]}}
      """
    And "team" is kept as $team
    When I GET "/v1/teams/$team.id"
    Then "team" is $team

  @changes @op:create-a-team
  Scenario: A team needs a name that no other team has
    When I POST "/v1/teams" with the body:
      """
      {}
      """
    Then the status is 400
    When I POST "/v1/teams" with the body:
      """
      {"name": "Night desk made by hand"}
      """
    And I POST "/v1/teams" with the body:
      """
      {"name": "Night desk made by hand"}
      """
    Then the status is 422

  @changes @op:add-a-user-to-a-team @op:remove-a-user-from-a-team
  Scenario: A user is added with 201 and removed with 200, and both replies have the team
    Given $user is user 1
    When I POST "/v1/teams" with the body:
      """
      {"name": "Night desk made by hand"}
      """
    And "team" is kept as $team
    And I POST "/v1/teams/$team.id/users/$user.id"
    Then the status is 201
    And the body is:
      """
      {"team":"<team>"}
      """
    And "team.users.0.email" is $user.email
    When I DELETE "/v1/teams/$team.id/users/$user.id"
    Then the status is 200
    And "team.users" is []
    When I DELETE "/v1/teams/$team.id/users/99999999999"
    Then the status is 404

  @changes @op:delete-a-team @op:retrieve-a-team
  Scenario: A deleted team is gone
    When I POST "/v1/teams" with the body:
      """
      {"name": "Night desk made by hand"}
      """
    And "team" is kept as $team
    And I DELETE "/v1/teams/$team.id"
    Then the status is 204
    And the body is empty
    When I GET "/v1/teams/$team.id"
    Then the status is 404
    When I DELETE "/v1/teams/$team.id"
    Then the status is 404

  @changes @op:create-a-team
  Scenario: A name has at most 64 characters
    When I POST "/v1/teams" with the body:
      """
      {"name": "0123456789012345678901234567890123456789012345678901234567890123"}
      """
    Then the status is 201
    When I POST "/v1/teams" with the body:
      """
      {"name": "01234567890123456789012345678901234567890123456789012345678901234"}
      """
    Then the status is 422
    And the body is:
      """
      "<refused>"
      """

  @changes @op:add-a-user-to-a-team @op:remove-a-user-from-a-team @assumption:team-member
  Scenario: A user cannot join a team twice, nor leave a team of others
    Given $user is user 1
    When I POST "/v1/teams" with the body:
      """
      {"name": "Night desk made by hand"}
      """
    And "team" is kept as $team
    And I DELETE "/v1/teams/$team.id/users/$user.id"
    Then the status is 422
    When I POST "/v1/teams/$team.id/users/$user.id"
    And I POST "/v1/teams/$team.id/users/$user.id"
    Then the status is 422
    And the body is:
      """
      "<refused>"
      """
    When I POST "/v1/teams/$team.id/users/99999999999"
    Then the status is 404
    When I POST "/v1/teams/99999999999/users/$user.id"
    Then the status is 404
