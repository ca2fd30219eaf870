@fake
Feature: Transfers in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @changes @function:transfer_call @op:transfer-a-call
  Scenario: The example of transfer_call prints what it says
    Given a fresh fake
    When the example of "transfer_call" runs
    Then it prints what the manual says
