@fake
Feature: AI voice agents in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:trigger_outbound_call @op:trigger-an-outbound-call
  Scenario: The example of trigger_outbound_call prints what the manual says
    Given a fresh fake
    When the example of "trigger_outbound_call" runs
    Then it prints what the manual says
