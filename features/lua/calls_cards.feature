@fake
Feature: Insight cards in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:create_insight_cards @op:create-insight-cards
  Scenario: The example of create_insight_cards prints what the manual says
    Given a fresh fake
    When the example of "create_insight_cards" runs
    Then it prints what the manual says
