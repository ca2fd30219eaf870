@fake @changes
Feature: Insight cards
  Cards are shown beside a call in progress. No route reads them back.

  Background:
    Given $call is a call where:
      | status | is | answered |

  @op:create-insight-cards @assumption:insight-cards
  Scenario: A title and a short text are an empty 201
    When I POST "/v1/calls/$call.id/insight_cards" with the body:
      """
      {"contents": [{"type": "title", "text": "CRM", "link": "https://crm.example.com/7"},
                    {"type": "shortText", "label": "Plan", "text": "Gold", "user_id": $call.user.id}]}
      """
    Then the status is 201
    And the body is empty
    When I GET "/v1/calls/$call.id/insight_cards"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """

  @op:create-insight-cards @assumption:insight-cards
  Scenario Outline: Cards on <id> with <body> are a <status>
    When I POST "/v1/calls/<id>/insight_cards" with the body:
      """
      <body>
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | id          | status | body                                                              |
      | $call.id    | 400    | {"cards": [{"type": "title", "text": "CRM"}]}                     |
      | $call.id    | 400    | {"contents": []}                                                  |
      | $call.id    | 400    | {"contents": [{"type": "image", "text": "CRM"}]}                  |
      | $call.id    | 400    | {"contents": [{"type": "title"}]}                                 |
      | $call.id    | 400    | {"contents": [{"type": "title", "text": "CRM", "link": "a b"}]}   |
      | 12345       | 400    | {"contents": [{"type": "title", "text": "CRM"}]}                  |
      | 99999999999 | 404    | {"contents": [{"type": "title", "text": "CRM"}]}                  |
