@fake
Feature: Users, version 1 in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:list_users_v1 @op:list-all-users-v1
  Scenario: The example of list_users_v1 prints what the manual says
    Given a fake whose clock is at "2026-11-20T10:00:00Z"
    When the example of "list_users_v1" runs
    Then it prints what the manual says

  @reads @function:get_user_v1 @op:retrieve-a-user-v1
  Scenario: The example of get_user_v1 prints what the manual says
    Given a fake whose clock is at "2026-11-20T10:00:00Z"
    When the example of "get_user_v1" runs
    Then it prints what the manual says

  @changes @function:create_user_v1 @op:create-a-user-v1
  Scenario: The example of create_user_v1 prints what the manual says
    Given a fake whose clock is at "2026-11-20T10:00:00Z"
    When the example of "create_user_v1" runs
    Then it prints what the manual says

  @changes @function:update_user_v1 @op:update-a-user-v1
  Scenario: The example of update_user_v1 prints what the manual says
    Given a fake whose clock is at "2026-11-20T10:00:00Z"
    When the example of "update_user_v1" runs
    Then it prints what the manual says

  @reads @function:each_user_v1 @op:list-all-users-v1
  Scenario: The example of each_user_v1 prints what the manual says
    Given a fake whose clock is at "2026-11-20T10:00:00Z"
    When the example of "each_user_v1" runs
    Then it prints what the manual says
