@fake
Feature: Messages
  The wire format of SMS and MMS: replies without an envelope, times in milliseconds, and lines that belong to agents, to
  the API or to a third party, never to two of them. The first four lines of the fake are one of each, and one that is not
  registered. No route lists sent messages.

  Background:
    When I GET "/v1/numbers?per_page=4"
    And "numbers" is kept as $line

  @changes @op:send-message-in-agent-conversation @assumption:message-reply @assumption:message-tier
  Scenario: A message in a conversation is accepted, with times in milliseconds
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+45 20 00 00 01", "body": "Hello <Kim>"}
      """
    Then the status is 200
    And the body is:
      """
      "<message>"
      """
    And "raw_digits" is "4520000001"
    And "body" is "Hello <Kim>"
    And "number.id" is $line.0.id
    And "contact" is missing
    And "external_number" is missing
    And the header "X-Powered-By" is "Express"

  @changes @op:send-message-in-agent-conversation
  Scenario: The same request twice sends two messages
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hello"}
      """
    And "id" is kept as $first
    And I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hello"}
      """
    Then the status is 200
    And "id" is not $first

  @changes @op:send-message
  Scenario: Files have camel case in requests and snake case in replies
    When I POST "/v1/numbers/$line.1.id/messages/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi", "mediaUrl": ["https://files.example.com/a.png"], "media_url": ["https://files.example.com/b.png"]}
      """
    Then the status is 200
    And the body is:
      """
      "<message>"
      """
    And "media_url" is ["https://files.example.com/a.png"]

  @changes @assumption:message-errors @assumption:message-registration
  Scenario Outline: <path> of line <line> is a <status> <error>
    When I POST "/v1/numbers/$line.<line>.id/messages/<path>" with the body:
      """
      {"to": "+4520000001", "participants": ["+4520000001", "+4520000002"], "body": "Hi"}
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """
    And "error" is "<error>"

    @op:send-message
    Examples:
      | line | path | status | error                    |
      | 0    | send | 403    | LineIsNotNativeException |
      | 2    | send | 403    | LineIsNotNativeException |
      | 3    | send | 403    | Forbidden                |

    @op:send-message-in-agent-conversation
    Examples:
      | line | path        | status | error                    |
      | 1    | native/send | 403    | LineIsNotNativeException |
      | 2    | native/send | 403    | LineIsNotNativeException |
      | 3    | native/send | 403    | Forbidden                |

    @op:send-group-message
    Examples:
      | line | path       | status | error                    |
      | 0    | group/send | 403    | LineIsNotNativeException |

    @op:send-group-message-in-agent-conversation
    Examples:
      | line | path              | status | error                    |
      | 1    | group/native/send | 403    | LineIsNotNativeException |

  @changes @assumption:message-errors
  Scenario Outline: <path> from a line to itself is a 400
    When I POST "/v1/numbers/$line.<line>.id/messages/<path>" with the body:
      """
      {"to": $line.<line>.digits, "participants": ["+4520000001", $line.<line>.digits], "body": "Hi"}
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    And "error" is "SameDestinationAsSender"

    @op:send-message
    Examples:
      | line | path |
      | 1    | send |

    @op:send-message-in-agent-conversation
    Examples:
      | line | path        |
      | 0    | native/send |

    @op:send-group-message
    Examples:
      | line | path       |
      | 1    | group/send |

    @op:send-group-message-in-agent-conversation
    Examples:
      | line | path              |
      | 0    | group/native/send |

  @changes @op:send-message-in-agent-conversation @assumption:message-body @assumption:message-agent @assumption:message-errors
  Scenario Outline: The message <body> is a 400
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    And "error" is "InvalidPayload"

    Examples:
      | body                                                    |
      | {"body": "Hi"}                                          |
      | {"to": "20000001", "body": "Hi"}                        |
      | {"to": "+4520000001"}                                   |
      | {"to": "+4520000001", "body": "Hi", "user_id": 1}       |
      | {"to": "+4520000001", "body": "Hi", "mediaUrl": ["no"]} |

  @changes @assumption:group-size
  Scenario Outline: A group message by <path> has its own kind of id, and the same people have the same conversation
    When I POST "/v1/numbers/$line.<line>.id/messages/group/<path>" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "body": "Hi"}
      """
    Then the status is 200
    And the body is:
      """
      "<group_message>"
      """
    And "group_conversation_id" is kept as $conversation
    When I POST "/v1/numbers/$line.<line>.id/messages/group/<path>" with the body:
      """
      {"participants": ["+13000000002", "+13000000001"], "body": "And?"}
      """
    Then "group_conversation_id" is $conversation

    @op:send-group-message-in-agent-conversation
    Examples:
      | line | path        |
      | 0    | native/send |

    @op:send-group-message
    Examples:
      | line | path |
      | 1    | send |

  @changes @op:send-group-message @assumption:group-size
  Scenario Outline: The group message <body> is a 400
    When I POST "/v1/numbers/$line.1.id/messages/group/send" with the body:
      """
      <body>
      """
    Then the status is 400

    Examples:
      | body                                                                                                              |
      | {"participants": ["+13000000001"], "body": "Hi"}                                                                  |
      | {"participants": ["+13000000001", "+13000000001"], "body": "Hi"}                                                  |
      | {"participants": ["+13000000001", "+13000000002"]}                                                                |
      | {"participants": ["+13000000001", "+13000000002"], "body": "Hi", "mediaUrl": ["https://files.example.com/a.png"]} |

  @changes @op:create-number-configuration @op:fetch-number-configuration @op:delete-number-configuration
  Scenario: A configured line belongs to the API until the configuration is deleted
    When I GET "/v1/numbers/$line.0.id/messages/configuration"
    Then the status is 404
    When I POST "/v1/numbers/$line.0.id/messages/configuration" with the body:
      """
      {"callbackUrl": "https://hooks.example.com/sms", "type": "whatsapp"}
      """
    Then the status is 200
    And the body is:
      """
      {"token": "<uuid>", "callbackUrl": "https://hooks.example.com/sms", "type": "Public Api"}
      """
    And "token" is kept as $token
    When I GET "/v1/numbers/$line.0.id/messages/configuration"
    Then "token" is $token
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi"}
      """
    Then the status is 403
    When I POST "/v1/numbers/$line.0.id/messages/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi"}
      """
    Then the status is 200
    When I DELETE "/v1/numbers/$line.0.id/messages/configuration"
    Then the status is 204
    And the body is empty
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi"}
      """
    Then the status is 200

  @changes @op:create-number-configuration @op:fetch-number-configuration @op:delete-number-configuration
  Scenario: A line can be configured without a URL
    When I POST "/v1/numbers/$line.0.id/messages/configuration"
    Then the status is 200
    And the body is:
      """
      {"token": "<uuid>", "type": "Public Api"}
      """
    And "token" is kept as $token
    When I GET "/v1/numbers/$line.0.id/messages/configuration"
    Then the status is 200
    And the body is:
      """
      {"token": $token, "callbackUrl": null, "type": "Public Api"}
      """
    When I DELETE "/v1/numbers/$line.0.id/messages/configuration"
    Then the status is 204

  @changes @op:create-number-configuration @assumption:message-registration @assumption:message-mode
  Scenario Outline: A configuration of line <line> with <body> is a <status>
    When I POST "/v1/numbers/$line.<line>.id/messages/configuration" with the body:
      """
      <body>
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | line | body                                             | status |
      | 0    | {"callbackUrl": "http://hooks.example.com/sms"}  | 400    |
      | 2    | {"callbackUrl": "https://hooks.example.com/sms"} | 403    |
      | 3    | {"callbackUrl": "https://hooks.example.com/sms"} | 403    |

  @reads @op:retrieve-registration-status @assumption:registration-status
  Scenario Outline: The registration of line <line> is <word>
    When I GET "/v1/numbers/$line.<line>.id/registration_status"
    Then the status is 200
    And the body is:
      """
      {"registration_status": "<word>"}
      """

    Examples:
      | line | word     |
      | 0    | approved |
      | 3    | pending  |

  @reads @op:list-sms-templates
  Scenario: A page has at most 100 SMS templates, and they can be searched
    When I GET "/v1/sms/templates?per_page=100"
    Then the status is 200
    And the body is:
      """
      {"templates": ["<sms_template>*"], "meta": "<meta>"}
      """
    And "meta.per_page" is 100
    When I GET "/v1/sms/templates?search=Invoice"
    Then each of "templates" has:
      | body | contains | invoice |
    When I GET "/v1/sms/templates?per_page=101"
    Then the status is 200
    And "meta.per_page" is 100
    When I GET "/v1/sms/templates?per_page=0"
    Then the status is 400
