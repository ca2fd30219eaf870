@fake
Feature: Outbound campaigns in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:list_campaigns @op:list-campaigns
  Scenario: The example of list_campaigns prints what the manual says
    Given a fresh fake
    When the example of "list_campaigns" runs
    Then it prints what the manual says

  @changes @function:get_campaign @op:retrieve-a-campaign
  Scenario: The example of get_campaign prints what the manual says
    Given a fresh fake
    When the example of "get_campaign" runs
    Then it prints what the manual says

  @changes @function:create_campaign @op:create-a-campaign
  Scenario: The example of create_campaign prints what the manual says
    Given a fresh fake
    When the example of "create_campaign" runs
    Then it prints what the manual says

  @changes @function:list_campaign_contacts @op:list-campaign-contacts
  Scenario: The example of list_campaign_contacts prints what the manual says
    Given a fresh fake
    When the example of "list_campaign_contacts" runs
    Then it prints what the manual says

  @changes @function:add_campaign_contacts @op:add-campaign-contacts
  Scenario: The example of add_campaign_contacts prints what the manual says
    Given a fresh fake
    When the example of "add_campaign_contacts" runs
    Then it prints what the manual says

  @changes @function:assign_campaign_agents @op:assign-campaign-agents
  Scenario: The example of assign_campaign_agents prints what the manual says
    Given a fresh fake
    When the example of "assign_campaign_agents" runs
    Then it prints what the manual says

  @changes @function:launch_campaign @op:launch-a-campaign
  Scenario: The example of launch_campaign prints what the manual says
    Given a fresh fake
    When the example of "launch_campaign" runs
    Then it prints what the manual says

  @changes @function:pause_campaign @op:pause-a-campaign
  Scenario: The example of pause_campaign prints what the manual says
    Given a fresh fake
    When the example of "pause_campaign" runs
    Then it prints what the manual says

  @changes @function:resume_campaign @op:resume-a-campaign
  Scenario: The example of resume_campaign prints what the manual says
    Given a fresh fake
    When the example of "resume_campaign" runs
    Then it prints what the manual says

  @changes @function:archive_campaign @op:archive-a-campaign
  Scenario: The example of archive_campaign prints what the manual says
    Given a fresh fake
    When the example of "archive_campaign" runs
    Then it prints what the manual says

  @changes @function:list_campaign_outcomes @op:list-campaign-outcomes
  Scenario: The example of list_campaign_outcomes prints what the manual says
    Given a fresh fake
    When the example of "list_campaign_outcomes" runs
    Then it prints what the manual says

  @changes @function:list_campaign_call_outcomes @op:list-campaign-call-outcomes
  Scenario: The example of list_campaign_call_outcomes prints what the manual says
    Given a fresh fake
    When the example of "list_campaign_call_outcomes" runs
    Then it prints what the manual says

  @changes @function:each_campaign @op:list-campaigns
  Scenario: The example of each_campaign prints what the manual says
    Given a fresh fake
    When the example of "each_campaign" runs
    Then it prints what the manual says

  @changes @function:each_campaign_call_outcome @op:list-campaign-call-outcomes
  Scenario: The example of each_campaign_call_outcome prints what the manual says
    Given a fresh fake
    When the example of "each_campaign_call_outcome" runs
    Then it prints what the manual says
