@fake
Feature: Teams in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:list_teams @op:list-all-teams
  Scenario: The example of list_teams prints what the manual says
    Given a fresh fake
    When the example of "list_teams" runs
    Then it prints what the manual says

  @reads @function:get_team @op:retrieve-a-team
  Scenario: The example of get_team prints what the manual says
    Given a fresh fake
    When the example of "get_team" runs
    Then it prints what the manual says

  @changes @function:create_team @op:create-a-team
  Scenario: The example of create_team prints what the manual says
    Given a fresh fake
    When the example of "create_team" runs
    Then it prints what the manual says

  @changes @function:delete_team @op:delete-a-team
  Scenario: The example of delete_team prints what the manual says
    Given a fresh fake
    When the example of "delete_team" runs
    Then it prints what the manual says

  @changes @function:add_team_user @op:add-a-user-to-a-team
  Scenario: The example of add_team_user prints what the manual says
    Given a fresh fake
    When the example of "add_team_user" runs
    Then it prints what the manual says

  @changes @function:remove_team_user @op:remove-a-user-from-a-team
  Scenario: The example of remove_team_user prints what the manual says
    Given a fresh fake
    When the example of "remove_team_user" runs
    Then it prints what the manual says

  @reads @function:each_team @op:list-all-teams
  Scenario: The example of each_team prints what the manual says
    Given a fresh fake
    When the example of "each_team" runs
    Then it prints what the manual says
