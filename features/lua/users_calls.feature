@fake
Feature: Calls that users start in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @changes @function:start_outbound_call @op:start-an-outbound-call
  Scenario: The example of start_outbound_call prints what it says
    Given a fresh fake
    When the example of "start_outbound_call" runs
    Then it prints what the manual says

  @changes @function:dial_phone_number @op:dial-a-phone-number-in-the-phone
  Scenario: The example of dial_phone_number prints what it says
    Given a fresh fake
    When the example of "dial_phone_number" runs
    Then it prints what the manual says
