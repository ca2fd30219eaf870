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

  Scenario Outline: A new entry of the <list> is as it was sent, then as it was changed, then gone
    When I POST "/v1/contacts/$made.id/<route>" with:
      """
      {"label": "Home", "value": "<new>"}
      """
    Then the status is 201
    And "<entry>.label" is "Home"
    And "<entry>.value" is "<new>"
    And "<entry>" is kept as $entry
    When I PUT "/v1/contacts/$made.id/<route>/$entry.id" with:
      """
      {"value": "<other>"}
      """
    Then the status is 200
    And "<entry>.id" is $entry.id
    And "<entry>.value" is "<other>"
    When I GET "/v1/contacts/$made.id"
    Then "contact.<list>" hold one, $kept, where:
      | id    | is | $entry.id |
      | label | is | Home      |
      | value | is | <other>   |
    When I DELETE "/v1/contacts/$made.id/<route>/$entry.id"
    Then the status is 204
    When I GET "/v1/contacts/$made.id"
    Then "contact.<list>" hold none where:
      | id | is | $entry.id |

    @op:add-phone-number-to-a-contact @op:update-phone-number-to-a-contact @op:delete-phone-number-from-a-contact @op:retrieve-a-contact
    Examples:
      | list          | route         | entry        | new          | other        |
      | phone_numbers | phone_details | phone_detail | +33612345670 | +33612345671 |

    @op:add-email-to-a-contact @op:update-email-to-a-contact @op:delete-email-from-a-contact @op:retrieve-a-contact
    Examples:
      | list   | route         | entry        | new                        | other                        |
      | emails | email_details | email_detail | conny.new@example.com      | conny.other@example.com      |
