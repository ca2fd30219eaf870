@fake
Feature: Messages in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:get_number_registration_status @op:retrieve-registration-status
  Scenario: The example of get_number_registration_status prints what the manual says
    Given a fresh fake
    When the example of "get_number_registration_status" runs
    Then it prints what the manual says

  @changes @function:create_number_configuration @op:create-number-configuration
  Scenario: The example of create_number_configuration prints what the manual says
    Given a fresh fake
    When the example of "create_number_configuration" runs
    Then it prints what the manual says

  @reads @function:get_number_configuration @op:fetch-number-configuration
  Scenario: The example of get_number_configuration prints what the manual says
    Given a fresh fake
    When the example of "get_number_configuration" runs
    Then it prints what the manual says

  @changes @function:delete_number_configuration @op:delete-number-configuration
  Scenario: The example of delete_number_configuration prints what the manual says
    Given a fresh fake
    When the example of "delete_number_configuration" runs
    Then it prints what the manual says

  @changes @function:send_message @op:send-message
  Scenario: The example of send_message prints what the manual says
    Given a fresh fake
    When the example of "send_message" runs
    Then it prints what the manual says

  @changes @function:send_message_in_agent_conversation @op:send-message-in-agent-conversation
  Scenario: The example of send_message_in_agent_conversation prints what the manual says
    Given a fresh fake
    When the example of "send_message_in_agent_conversation" runs
    Then it prints what the manual says

  @changes @function:send_group_message @op:send-group-message
  Scenario: The example of send_group_message prints what the manual says
    Given a fresh fake
    When the example of "send_group_message" runs
    Then it prints what the manual says

  @changes @function:send_group_message_in_agent_conversation @op:send-group-message-in-agent-conversation
  Scenario: The example of send_group_message_in_agent_conversation prints what the manual says
    Given a fresh fake
    When the example of "send_group_message_in_agent_conversation" runs
    Then it prints what the manual says

  @reads @function:list_sms_templates @op:list-sms-templates
  Scenario: The example of list_sms_templates prints what the manual says
    Given a fresh fake
    When the example of "list_sms_templates" runs
    Then it prints what the manual says

  @reads @function:each_sms_template @op:list-sms-templates
  Scenario: The example of each_sms_template prints what the manual says
    Given a fresh fake
    When the example of "each_sms_template" runs
    Then it prints what the manual says
