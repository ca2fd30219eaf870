@fake
Feature: A2P campaigns in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:list_a2p_campaign_associations @op:list-a2p-campaign-associations
  Scenario: The example of list_a2p_campaign_associations prints what the manual says
    Given a fresh fake
    When the example of "list_a2p_campaign_associations" runs
    Then it prints what the manual says

  @changes @function:create_a2p_campaign_association @op:create-an-a2p-campaign-association
  Scenario: The example of create_a2p_campaign_association prints what the manual says
    Given a fresh fake
    When the example of "create_a2p_campaign_association" runs
    Then it prints what the manual says

  @changes @function:update_a2p_campaign_association @op:update-an-a2p-campaign-association
  Scenario: The example of update_a2p_campaign_association prints what the manual says
    Given a fresh fake
    When the example of "update_a2p_campaign_association" runs
    Then it prints what the manual says

  @changes @function:delete_a2p_campaign_association @op:delete-an-a2p-campaign-association
  Scenario: The example of delete_a2p_campaign_association prints what the manual says
    Given a fresh fake
    When the example of "delete_a2p_campaign_association" runs
    Then it prints what the manual says

  @reads @function:each_a2p_campaign_association @op:list-a2p-campaign-associations
  Scenario: The example of each_a2p_campaign_association prints what the manual says
    Given a fresh fake
    When the example of "each_a2p_campaign_association" runs
    Then it prints what the manual says
