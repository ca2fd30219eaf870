@fake
Feature: Company in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @reads @function:ping @op:ping
  Scenario: The example of ping prints what it says
    Given a fresh fake
    When the example of "ping" runs
    Then it prints what the manual says

  @reads @function:get_company @op:retrieve-company
  Scenario: The example of get_company prints what it says
    Given a fresh fake
    When the example of "get_company" runs
    Then it prints what the manual says
