@fake
Feature: Numbers in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @reads @function:get_number @op:retrieve-a-number
  Scenario: The example of get_number prints what it says
    Given a fresh fake
    When the example of "get_number" runs
    Then it prints what the manual says

  @changes @function:update_number @op:update-a-number
  Scenario: The example of update_number prints what it says
    Given a fresh fake
    When the example of "update_number" runs
    Then it prints what the manual says

  @reads @function:each_number @op:list-all-numbers
  Scenario: The example of each_number prints what it says
    Given a fresh fake
    When the example of "each_number" runs
    Then it prints what the manual says
