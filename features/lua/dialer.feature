@fake
Feature: Power Dialer in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:get_dialer_campaign @op:retrieve-a-dialer-campaign
  Scenario: The example of get_dialer_campaign prints what the manual says
    Given a fresh fake
    When the example of "get_dialer_campaign" runs
    Then it prints what the manual says

  @changes @function:create_dialer_campaign @op:create-a-dialer-campaign
  Scenario: The example of create_dialer_campaign prints what the manual says
    Given a fresh fake
    When the example of "create_dialer_campaign" runs
    Then it prints what the manual says

  @changes @function:delete_dialer_campaign @op:delete-a-dialer-campaign
  Scenario: The example of delete_dialer_campaign prints what the manual says
    Given a fresh fake
    When the example of "delete_dialer_campaign" runs
    Then it prints what the manual says

  @changes @function:list_dialer_campaign_phone_numbers @op:retrieve-phone-numbers
  Scenario: The example of list_dialer_campaign_phone_numbers prints what the manual says
    Given a fresh fake
    When the example of "list_dialer_campaign_phone_numbers" runs
    Then it prints what the manual says

  @changes @function:add_dialer_campaign_phone_numbers @op:add-phone-numbers
  Scenario: The example of add_dialer_campaign_phone_numbers prints what the manual says
    Given a fresh fake
    When the example of "add_dialer_campaign_phone_numbers" runs
    Then it prints what the manual says

  @changes @function:delete_dialer_campaign_phone_number @op:delete-a-phone-number
  Scenario: The example of delete_dialer_campaign_phone_number prints what the manual says
    Given a fresh fake
    When the example of "delete_dialer_campaign_phone_number" runs
    Then it prints what the manual says

  @changes @function:each_dialer_campaign_phone_number @op:retrieve-phone-numbers
  Scenario: The example of each_dialer_campaign_phone_number prints what the manual says
    Given a fresh fake
    When the example of "each_dialer_campaign_phone_number" runs
    Then it prints what the manual says
