@fake
Feature: Contacts in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @reads @function:search_contacts @op:search-contacts
  Scenario: The example of search_contacts prints what the manual says
    Given a fresh fake
    When the example of "search_contacts" runs
    Then it prints what the manual says

  @reads @function:get_contact @op:retrieve-a-contact
  Scenario: The example of get_contact prints what the manual says
    Given a fresh fake
    When the example of "get_contact" runs
    Then it prints what the manual says

  @changes @function:delete_contact @op:delete-a-contact
  Scenario: The example of delete_contact prints what the manual says
    Given a fresh fake
    When the example of "delete_contact" runs
    Then it prints what the manual says

  @changes @function:add_contact_phone_number @op:add-phone-number-to-a-contact
  Scenario: The example of add_contact_phone_number prints what the manual says
    Given a fresh fake
    When the example of "add_contact_phone_number" runs
    Then it prints what the manual says

  @changes @function:update_contact_phone_number @op:update-phone-number-to-a-contact
  Scenario: The example of update_contact_phone_number prints what the manual says
    Given a fresh fake
    When the example of "update_contact_phone_number" runs
    Then it prints what the manual says

  @changes @function:delete_contact_phone_number @op:delete-phone-number-from-a-contact
  Scenario: The example of delete_contact_phone_number prints what the manual says
    Given a fresh fake
    When the example of "delete_contact_phone_number" runs
    Then it prints what the manual says

  @changes @function:add_contact_email @op:add-email-to-a-contact
  Scenario: The example of add_contact_email prints what the manual says
    Given a fresh fake
    When the example of "add_contact_email" runs
    Then it prints what the manual says

  @changes @function:update_contact_email @op:update-email-to-a-contact
  Scenario: The example of update_contact_email prints what the manual says
    Given a fresh fake
    When the example of "update_contact_email" runs
    Then it prints what the manual says

  @changes @function:delete_contact_email @op:delete-email-from-a-contact
  Scenario: The example of delete_contact_email prints what the manual says
    Given a fresh fake
    When the example of "delete_contact_email" runs
    Then it prints what the manual says

  @reads @function:each_contact @op:list-all-contacts
  Scenario: The example of each_contact prints what the manual says
    Given a fresh fake
    When the example of "each_contact" runs
    Then it prints what the manual says

  @reads @function:each_found_contact @op:search-contacts
  Scenario: The example of each_found_contact prints what the manual says
    Given a fresh fake
    When the example of "each_found_contact" runs
    Then it prints what the manual says
