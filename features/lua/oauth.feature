@fake
Feature: OAuth in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:exchange_authorization_code @op:exchange-an-authorization-code
  Scenario: The example of exchange_authorization_code prints what the manual says
    Given a fresh fake
    When the example of "exchange_authorization_code" runs
    Then it prints what the manual says
