@fake
Feature: Users in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:get_user @op:retrieve-a-user
  Scenario: The example of get_user prints what the manual says
    Given a fresh fake
    When the example of "get_user" runs
    Then it prints what the manual says

  @changes @function:create_user @op:create-a-user
  Scenario: The example of create_user prints what the manual says
    Given a fresh fake
    When the example of "create_user" runs
    Then it prints what the manual says

  @changes @function:update_user @op:update-a-user
  Scenario: The example of update_user prints what the manual says
    Given a fresh fake
    When the example of "update_user" runs
    Then it prints what the manual says

  @changes @function:delete_user @op:delete-a-user
  Scenario: The example of delete_user prints what the manual says
    Given a fresh fake
    When the example of "delete_user" runs
    Then it prints what the manual says

  @reads @function:list_user_availabilities @op:retrieve-list-of-users-availability
  Scenario: The example of list_user_availabilities prints what the manual says
    Given a fresh fake
    When the example of "list_user_availabilities" runs
    Then it prints what the manual says

  @reads @function:get_user_availability @op:check-availability-of-a-user
  Scenario: The example of get_user_availability prints what the manual says
    Given a fresh fake
    When the example of "get_user_availability" runs
    Then it prints what the manual says

  @reads @function:list_user_numbers @op:list-numbers-of-a-user
  Scenario: The example of list_user_numbers prints what the manual says
    Given a fresh fake
    When the example of "list_user_numbers" runs
    Then it prints what the manual says

  @reads @function:each_user @op:list-all-users
  Scenario: The example of each_user prints what the manual says
    Given a fresh fake
    When the example of "each_user" runs
    Then it prints what the manual says

  @reads @function:each_user_availability @op:retrieve-list-of-users-availability
  Scenario: The example of each_user_availability prints what the manual says
    Given a fresh fake
    When the example of "each_user_availability" runs
    Then it prints what the manual says

  @reads @function:each_user_number @op:list-numbers-of-a-user
  Scenario: The example of each_user_number prints what the manual says
    Given a fresh fake
    When the example of "each_user_number" runs
    Then it prints what the manual says
