@fake
Feature: WhatsApp
  The wire format of WhatsApp: the line is in the body, the two sends have different names for the receiver, and templates have
  a cursor. The first line of the fake belongs to agents and the second to the API, both with WhatsApp; the third has none.

  Background:
    When I GET "/v1/numbers?per_page=4"
    And "numbers" is kept as $line

  @changes @assumption:message-plan
  Scenario Outline: A text by <path> is accepted for <receiver>
    When I POST "/v1/messages/<path>" with the body:
      """
      {"lineId": $line.<line>.id, "<receiver>": "+4520000001", "text": "Hello"}
      """
    Then the status is 200
    And the body is:
      """
      "<message>"
      """
    And "number.id" is $line.<line>.id
    When I POST "/v1/messages/<path>" with the body:
      """
      {"lineId": $line.<line>.id, "<other>": "+4520000001", "text": "Hello"}
      """
    Then the status is 400

    @op:send-whatsapp-message
    Examples:
      | path          | line | receiver | other          |
      | whatsapp/send | 1    | to       | externalNumber |

    @op:send-whatsapp-message-in-agent-conversation
    Examples:
      | path                 | line | receiver       | other |
      | send/whatsapp/native | 0    | externalNumber | to    |

  @changes @op:send-whatsapp-message-in-agent-conversation @assumption:whatsapp-template
  Scenario: A template is sent with a value for each of its variables
    When I GET "/v1/numbers/$line.0.id/templates?status=APPROVED"
    And "templates.0.id" is kept as $template
    And I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $line.0.id, "externalNumber": "+4520000001", "templateParams": {"id": $template,
       "body": [{"key": "{{1}}", "value": "Kim"}, {"key": "{{2}}", "value": "A-7"}]}}
      """
    Then the status is 200
    And "body" is "Hello Kim, your order A-7 is confirmed."

  @changes @op:send-whatsapp-message-in-agent-conversation @assumption:whatsapp-template @assumption:message-mode
  Scenario Outline: A message with <rest> is a <status>
    When I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"externalNumber": "+4520000001", <rest>}
      """
    Then the status is <status>

    Examples:
      | rest                                                            | status |
      | "text": "Hi"                                                    | 400    |
      | "lineId": 99999999999, "text": "Hi"                             | 404    |
      | "lineId": $line.1.id, "text": "Hi"                              | 403    |
      | "lineId": $line.3.id, "text": "Hi"                              | 403    |
      | "lineId": $line.0.id                                            | 400    |
      | "lineId": $line.0.id, "text": "Hi", "templateParams": {"id": 1} | 400    |
      | "lineId": $line.0.id, "templateParams": {"id": 1}               | 400    |
      | "lineId": $line.0.id, "templateParams": {"id": 999999}          | 400    |

  @changes @op:send-whatsapp-message
  Scenario: A line that is not configured sends a WhatsApp message only through the inbox
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.0.id, "to": "+4520000001", "text": "Hi"}
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

  @changes @op:send-whatsapp-message-in-agent-conversation @op:list-whatsapp-templates
  Scenario: A template that is not approved is a 400
    When I GET "/v1/numbers/$line.0.id/templates?status=PENDING"
    And "templates.0.id" is kept as $template
    And I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $line.0.id, "externalNumber": "+4520000001", "templateParams": {"id": $template,
       "body": [{"key": "{{1}}", "value": "Kim"}, {"key": "{{2}}", "value": "A-7"}]}}
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

  @changes @op:send-whatsapp-message @op:send-whatsapp-message-in-agent-conversation @assumption:whatsapp-media
  Scenario: Files are sent only past the inbox
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.1.id, "to": "+4520000001", "mediaUrl": ["https://files.example.com/a.png"]}
      """
    Then the status is 200
    And "media_url" is ["https://files.example.com/a.png"]
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.1.id, "to": "+4520000001", "text": "Hi", "mediaUrl": ["https://files.example.com/a.png"]}
      """
    Then the status is 200
    And the body is:
      """
      "<message>"
      """
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.1.id, "to": "+4520000001", "mediaUrl": ["https://files.example.com/a.png"], "templateParams": {"id": 1}}
      """
    Then the status is 400
    When I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $line.0.id, "externalNumber": "+4520000001", "mediaUrl": ["https://files.example.com/a.png"]}
      """
    Then the status is 400

  @reads @op:list-whatsapp-templates @assumption:whatsapp-paging
  Scenario: Templates have a cursor and no pages
    When I GET "/v1/numbers/$line.0.id/templates"
    Then the status is 200
    And "templates" has 10 entries
    And "meta" is missing
    And "pageInfo" is {"currentToken":0,"nextToken":10,"totalCount":30}
    When I GET "/v1/numbers/$line.0.id/templates?token=20&limit=20"
    Then the body is:
      """
      {"templates": ["<template>*"], "pageInfo": {"currentToken": 20, "nextToken": null, "totalCount": 30}}
      """
    And "templates" has 10 entries

  @reads @op:list-whatsapp-templates
  Scenario: Templates can be filtered by status and category
    When I GET "/v1/numbers/$line.1.id/templates?status=APPROVED&category=MARKETING&limit=100"
    Then each of "templates" has:
      | status   | is | APPROVED  |
      | category | is | MARKETING |
    When I GET "/v1/numbers/$line.2.id/templates"
    Then the status is 404

  @reads @op:retrieve-whatsapp-status @assumption:whatsapp-line
  Scenario: The status of a line has keys in camel case
    When I GET "/v1/numbers/$line.0.id/whatsapp_status"
    Then the status is 200
    And the body is:
      """
      {"wabaId": "<text>", "status": "ONLINE", "canSendMessage": true, "messagingLimitTier": "<text>",
       "qualityRating": "<text>", "businessVerificationStatus": "<text>"}
      """
    When I GET "/v1/numbers/$line.2.id/whatsapp_status"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """
