@fake
Feature: Integrations in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @reads @function:get_integration @op:retrieve-an-integration
  Scenario: The example of get_integration prints what it says
    Given a fresh fake
    When the example of "get_integration" runs
    Then it prints what the manual says

  @changes @function:enable_integration @op:enable-an-integration
  Scenario: The example of enable_integration prints what it says
    Given a fresh fake
    When the example of "enable_integration" runs
    Then it prints what the manual says

  @changes @function:disable_integration @op:disable-an-integration
  Scenario: The example of disable_integration prints what it says
    Given a fresh fake
    When the example of "disable_integration" runs
    Then it prints what the manual says
