@fake
Feature: Company in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:ping @op:ping
  Scenario: The example of ping prints what the manual says
    Given a fresh fake
    When the example of "ping" runs
    Then it prints what the manual says

  @reads @function:get_company @op:retrieve-company
  Scenario: The example of get_company prints what the manual says
    Given a fresh fake
    When the example of "get_company" runs
    Then it prints what the manual says
