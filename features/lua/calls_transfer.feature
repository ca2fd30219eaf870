@fake
Feature: Transfers in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:transfer_call @op:transfer-a-call
  Scenario: The example of transfer_call prints what the manual says
    Given a fresh fake
    When the example of "transfer_call" runs
    Then it prints what the manual says
