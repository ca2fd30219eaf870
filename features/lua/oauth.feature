@fake
Feature: OAuth in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @changes @function:exchange_authorization_code @op:exchange-an-authorization-code
  Scenario: The example of exchange_authorization_code prints what it says
    Given a fresh fake
    When the example of "exchange_authorization_code" runs
    Then it prints what the manual says
