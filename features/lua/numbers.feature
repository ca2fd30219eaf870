@fake
Feature: Numbers in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:get_number @op:retrieve-a-number
  Scenario: The example of get_number prints what the manual says
    Given a fresh fake
    When the example of "get_number" runs
    Then it prints what the manual says

  @changes @function:update_number @op:update-a-number
  Scenario: The example of update_number prints what the manual says
    Given a fresh fake
    When the example of "update_number" runs
    Then it prints what the manual says

  @reads @function:each_number @op:list-all-numbers
  Scenario: The example of each_number prints what the manual says
    Given a fresh fake
    When the example of "each_number" runs
    Then it prints what the manual says
