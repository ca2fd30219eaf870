@fake
Feature: AI voice agents in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @changes @function:trigger_outbound_call @op:trigger-an-outbound-call
  Scenario: The example of trigger_outbound_call prints what it says
    Given a fresh fake
    When the example of "trigger_outbound_call" runs
    Then it prints what the manual says
