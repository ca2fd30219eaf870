@fake
Feature: Calls that users start in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:start_outbound_call @op:start-an-outbound-call
  Scenario: The example of start_outbound_call prints what the manual says
    Given a fresh fake
    When the example of "start_outbound_call" runs
    Then it prints what the manual says

  @changes @function:dial_phone_number @op:dial-a-phone-number-in-the-phone
  Scenario: The example of dial_phone_number prints what the manual says
    Given a fresh fake
    When the example of "dial_phone_number" runs
    Then it prints what the manual says
