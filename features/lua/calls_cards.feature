@fake
Feature: Insight cards in Lua
  The functions beside the documented ones: each has an example, and the example prints what its chapter of the manual says.

  @changes @function:create_insight_cards @op:create-insight-cards
  Scenario: The example of create_insight_cards prints what it says
    Given a fresh fake
    When the example of "create_insight_cards" runs
    Then it prints what the manual says
