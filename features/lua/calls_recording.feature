@fake
Feature: Recordings in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:pause_recording @op:pause-recording
  Scenario: The example of pause_recording prints what the manual says
    Given a fresh fake
    When the example of "pause_recording" runs
    Then it prints what the manual says

  @changes @function:resume_recording @op:resume-recording
  Scenario: The example of resume_recording prints what the manual says
    Given a fresh fake
    When the example of "resume_recording" runs
    Then it prints what the manual says

  @changes @function:delete_recording @op:delete-a-recording
  Scenario: The example of delete_recording prints what the manual says
    Given a fresh fake
    When the example of "delete_recording" runs
    Then it prints what the manual says

  @changes @function:delete_voicemail @op:delete-a-voicemail
  Scenario: The example of delete_voicemail prints what the manual says
    Given a fresh fake
    When the example of "delete_voicemail" runs
    Then it prints what the manual says
