@fake
Feature: Calls in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:search_calls @op:search-calls
  Scenario: The example of search_calls prints what the manual says
    Given a fresh fake
    When the example of "search_calls" runs
    Then it prints what the manual says

  @changes @function:add_call_comment @op:comment-a-call
  Scenario: The example of add_call_comment prints what the manual says
    Given a fresh fake
    When the example of "add_call_comment" runs
    Then it prints what the manual says

  @changes @function:add_call_tags @op:tag-a-call
  Scenario: The example of add_call_tags prints what the manual says
    Given a fresh fake
    When the example of "add_call_tags" runs
    Then it prints what the manual says

  @changes @function:archive_call @op:archive-a-call
  Scenario: The example of archive_call prints what the manual says
    Given a fresh fake
    When the example of "archive_call" runs
    Then it prints what the manual says

  @changes @function:unarchive_call @op:unarchive-a-call
  Scenario: The example of unarchive_call prints what the manual says
    Given a fresh fake
    When the example of "unarchive_call" runs
    Then it prints what the manual says

  @reads @function:each_call @op:search-calls
  Scenario: The example of each_call prints what the manual says
    Given a fresh fake
    When the example of "each_call" runs
    Then it prints what the manual says

  @reads @function:each_found_call @op:search-calls
  Scenario: The example of each_found_call prints what the manual says
    Given a fresh fake
    When the example of "each_found_call" runs
    Then it prints what the manual says
