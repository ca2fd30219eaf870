@fake
Feature: Conversation intelligence in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:get_transcription @op:retrieve-a-transcription
  Scenario: The example of get_transcription prints what the manual says
    Given a fresh fake
    When the example of "get_transcription" runs
    Then it prints what the manual says

  @reads @function:get_realtime_transcription @op:retrieve-a-realtime-transcription
  Scenario: The example of get_realtime_transcription prints what the manual says
    Given a fake whose clock is at "2026-11-20T10:00:00Z"
    When the example of "get_realtime_transcription" runs
    Then it prints what the manual says

  @reads @function:get_sentiments @op:retrieve-sentiments
  Scenario: The example of get_sentiments prints what the manual says
    Given a fresh fake
    When the example of "get_sentiments" runs
    Then it prints what the manual says

  @reads @function:get_topics @op:retrieve-topics
  Scenario: The example of get_topics prints what the manual says
    Given a fresh fake
    When the example of "get_topics" runs
    Then it prints what the manual says

  @reads @function:get_summary @op:retrieve-a-summary
  Scenario: The example of get_summary prints what the manual says
    Given a fresh fake
    When the example of "get_summary" runs
    Then it prints what the manual says

  @reads @function:get_custom_summary_result @op:retrieve-a-custom-summary-result
  Scenario: The example of get_custom_summary_result prints what the manual says
    Given a fresh fake
    When the example of "get_custom_summary_result" runs
    Then it prints what the manual says

  @reads @function:get_action_items @op:retrieve-action-items
  Scenario: The example of get_action_items prints what the manual says
    Given a fresh fake
    When the example of "get_action_items" runs
    Then it prints what the manual says

  @reads @function:get_playbook_result @op:retrieve-a-playbook-result
  Scenario: The example of get_playbook_result prints what the manual says
    Given a fresh fake
    When the example of "get_playbook_result" runs
    Then it prints what the manual says

  @reads @function:get_evaluations @op:retrieve-evaluations
  Scenario: The example of get_evaluations prints what the manual says
    Given a fresh fake
    When the example of "get_evaluations" runs
    Then it prints what the manual says

  @reads @function:get_predicted_csat @op:retrieve-a-predicted-csat
  Scenario: The example of get_predicted_csat prints what the manual says
    Given a fresh fake
    When the example of "get_predicted_csat" runs
    Then it prints what the manual says
