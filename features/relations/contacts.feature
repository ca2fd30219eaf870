@changes
Feature: Contacts
  A contact is there from its creation to its deletion, as it was last written, wherever one looks, and in no other account.

  Background:
    Given $made is a contact of my own:
      """json
      {
        "first_name": "Conny", "last_name": "Kit", "company_name": "Before Ltd",
        "phone_numbers": [{"label": "Work", "value": "+33612345679"}],
        "emails": [{"label": "Work", "value": "conny.relations@example.com"}]
      }
      """

  @op:create-a-contact @op:retrieve-a-contact @op:list-all-contacts @op:search-contacts
  Scenario: A new contact is the same by its id, in the list and in what a search finds
    Then $read is $made as it is now
    And $read differs from $made in nothing
    And $made stands once among the newest
    And $made is found by its e-mail and its phone number

  @op:create-a-contact @op:retrieve-a-contact @op:update-a-contact @op:list-all-contacts
  Scenario: A change is kept, shows at once, and changes nothing beside
    When $read is $made as it is now
    And $made is changed to:
      """json
      {"first_name": "Later"}
      """
    Then $later is $made as it is now
    And $later has:
      | first_name | is | Later |
    And $later differs from $read in nothing but "first_name"
    And $later stands once among the newest

  @op:create-a-contact @op:retrieve-a-contact @op:delete-a-contact @op:list-all-contacts @op:search-contacts
  Scenario: A deleted contact is gone by its id, from the list and from what a search finds
    When $read is $made as it is now
    And $made stands once among the newest
    And $made is deleted
    Then $made is found no more

  @op:create-a-contact @op:retrieve-a-contact @op:list-all-contacts @op:search-contacts
  Scenario: No other account sees a new contact
    Given there is another account
    Then no other account holds $made
