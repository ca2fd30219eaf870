@fake
Feature: Tags in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:list_tags @op:list-all-tags
  Scenario: The example of list_tags prints what the manual says
    Given a fresh fake
    When the example of "list_tags" runs
    Then it prints what the manual says

  @reads @function:get_tag @op:retrieve-a-tag
  Scenario: The example of get_tag prints what the manual says
    Given a fresh fake
    When the example of "get_tag" runs
    Then it prints what the manual says

  @changes @function:create_tag @op:create-a-tag
  Scenario: The example of create_tag prints what the manual says
    Given a fresh fake
    When the example of "create_tag" runs
    Then it prints what the manual says

  @changes @function:update_tag @op:update-a-tag
  Scenario: The example of update_tag prints what the manual says
    Given a fresh fake
    When the example of "update_tag" runs
    Then it prints what the manual says

  @changes @function:delete_tag @op:delete-a-tag
  Scenario: The example of delete_tag prints what the manual says
    Given a fresh fake
    When the example of "delete_tag" runs
    Then it prints what the manual says

  @reads @function:each_tag @op:list-all-tags
  Scenario: The example of each_tag prints what the manual says
    Given a fresh fake
    When the example of "each_tag" runs
    Then it prints what the manual says
