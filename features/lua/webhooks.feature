@fake
Feature: Webhooks in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:list_webhooks @op:list-all-webhooks
  Scenario: The example of list_webhooks prints what the manual says
    Given a fresh fake
    When the example of "list_webhooks" runs
    Then it prints what the manual says

  @changes @function:get_webhook @op:retrieve-a-webhook
  Scenario: The example of get_webhook prints what the manual says
    Given a fresh fake
    When the example of "get_webhook" runs
    Then it prints what the manual says

  @changes @function:create_webhook @op:create-a-webhook
  Scenario: The example of create_webhook prints what the manual says
    Given a fresh fake
    When the example of "create_webhook" runs
    Then it prints what the manual says

  @changes @function:update_webhook @op:update-a-webhook
  Scenario: The example of update_webhook prints what the manual says
    Given a fresh fake
    When the example of "update_webhook" runs
    Then it prints what the manual says

  @changes @function:delete_webhook @op:delete-a-webhook
  Scenario: The example of delete_webhook prints what the manual says
    Given a fresh fake
    When the example of "delete_webhook" runs
    Then it prints what the manual says

  @changes @function:each_webhook @op:list-all-webhooks
  Scenario: The example of each_webhook prints what the manual says
    Given a fresh fake
    When the example of "each_webhook" runs
    Then it prints what the manual says
