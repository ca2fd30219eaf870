@fake
Feature: Integrations in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:get_integration @op:retrieve-an-integration
  Scenario: The example of get_integration prints what the manual says
    Given a fresh fake
    When the example of "get_integration" runs
    Then it prints what the manual says

  @changes @function:enable_integration @op:enable-an-integration
  Scenario: The example of enable_integration prints what the manual says
    Given a fresh fake
    When the example of "enable_integration" runs
    Then it prints what the manual says

  @changes @function:disable_integration @op:disable-an-integration
  Scenario: The example of disable_integration prints what the manual says
    Given a fresh fake
    When the example of "disable_integration" runs
    Then it prints what the manual says
