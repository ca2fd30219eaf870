@fake
Feature: WhatsApp in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:send_whatsapp_message @op:send-whatsapp-message
  Scenario: The example of send_whatsapp_message prints what the manual says
    Given a fresh fake
    When the example of "send_whatsapp_message" runs
    Then it prints what the manual says

  @changes @function:send_whatsapp_message_in_agent_conversation @op:send-whatsapp-message-in-agent-conversation
  Scenario: The example of send_whatsapp_message_in_agent_conversation prints what the manual says
    Given a fresh fake
    When the example of "send_whatsapp_message_in_agent_conversation" runs
    Then it prints what the manual says

  @reads @function:list_whatsapp_templates @op:list-whatsapp-templates
  Scenario: The example of list_whatsapp_templates prints what the manual says
    Given a fresh fake
    When the example of "list_whatsapp_templates" runs
    Then it prints what the manual says

  @reads @function:get_whatsapp_status @op:retrieve-whatsapp-status
  Scenario: The example of get_whatsapp_status prints what the manual says
    Given a fresh fake
    When the example of "get_whatsapp_status" runs
    Then it prints what the manual says

  @reads @function:each_whatsapp_template @op:list-whatsapp-templates
  Scenario: The example of each_whatsapp_template prints what the manual says
    Given a fresh fake
    When the example of "each_whatsapp_template" runs
    Then it prints what the manual says
