@changes
Feature: Contacts
  A contact exists from its creation to its deletion, as it was last written, in every list, and in no other account.

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
  Scenario: A new contact is the same by its id, in the list and in search results
    Then $read is $made as it is now
    And $read differs from $made only in "updated_at"
    When I GET "/v1/contacts?order=desc&per_page=50"
    Then $listed is an entry of "contacts" where:
      | id         | is | $made.id |
      | first_name | is | Conny    |
    When I GET "/v1/contacts/search?order=desc&per_page=50&email=$made.emails.0.value"
    Then $found is an entry of "contacts" where:
      | id         | is | $made.id |
      | first_name | is | Conny    |
    When I GET "/v1/contacts/search?order=desc&per_page=50&phone_number=$made.phone_numbers.0.value"
    Then $found is an entry of "contacts" where:
      | id         | is | $made.id |
      | first_name | is | Conny    |

  @op:create-a-contact @op:retrieve-a-contact @op:update-a-contact @op:list-all-contacts
  Scenario: An update is visible at once and changes nothing else
    Given $read is $made as it is now
    When I POST "/v1/contacts/$made.id" with the body:
      """
      {"first_name": "Later"}
      """
    Then the status is 200
    And "contact.first_name" is "Later"
    And $later is $made as it is now
    And $later has:
      | first_name | is | Later |
    And $later differs from $read only in "first_name"
    When I GET "/v1/contacts?order=desc&per_page=50"
    Then $listed is an entry of "contacts" where:
      | id         | is | $made.id |
      | first_name | is | Later    |

  @op:create-a-contact @op:retrieve-a-contact @op:delete-a-contact @op:list-all-contacts @op:search-contacts
  Scenario: A deleted contact is gone by its id, from the list and from search results
    Given $read is $made as it is now
    When I DELETE "/v1/contacts/$made.id"
    Then the status is 204
    When I GET "/v1/contacts/$made.id"
    Then the status is 404
    When I GET "/v1/contacts?order=desc&per_page=50"
    Then "contacts" has no entry where:
      | id | is | $made.id |
    When I GET "/v1/contacts/search?order=desc&per_page=50&email=$made.emails.0.value"
    Then "contacts" has no entry where:
      | id | is | $made.id |
    When I GET "/v1/contacts/search?order=desc&per_page=50&phone_number=$made.phone_numbers.0.value"
    Then "contacts" has no entry where:
      | id | is | $made.id |

  @op:create-a-contact @op:retrieve-a-contact @op:list-all-contacts @op:search-contacts
  Scenario: No other account sees a new contact
    Given $other is an account of another company
    When I GET "/v1/contacts/$made.id" as "$other"
    Then "contact.information" is not $made.information
    When I GET "/v1/contacts?order=desc&per_page=50" as "$other"
    Then "contacts" has no entry where:
      | information | is | $made.information |
    When I GET "/v1/contacts/search?order=desc&per_page=50&email=$made.emails.0.value" as "$other"
    Then "contacts" has no entry where:
      | information | is | $made.information |
    When I GET "/v1/contacts/search?order=desc&per_page=50&phone_number=$made.phone_numbers.0.value" as "$other"
    Then "contacts" has no entry where:
      | information | is | $made.information |

  Scenario Outline: An entry of the <list> is added, changed and deleted
    When I POST "/v1/contacts/$made.id/<route>" with the body:
      """
      {"label": "Home", "value": "<new>"}
      """
    Then the status is 201
    And "<entry>.label" is "Home"
    And "<entry>.value" is "<new>"
    And "<entry>" is kept as $entry
    When I PUT "/v1/contacts/$made.id/<route>/$entry.id" with the body:
      """
      {"value": "<other>"}
      """
    Then the status is 200
    And "<entry>.id" is $entry.id
    And "<entry>.value" is "<other>"
    When I GET "/v1/contacts/$made.id"
    Then $kept is an entry of "contact.<list>" where:
      | id    | is | $entry.id |
      | label | is | Home      |
      | value | is | <other>   |
    When I DELETE "/v1/contacts/$made.id/<route>/$entry.id"
    Then the status is 204
    When I GET "/v1/contacts/$made.id"
    Then "contact.<list>" has no entry where:
      | id | is | $entry.id |

    @op:add-phone-number-to-a-contact @op:update-phone-number-to-a-contact @op:delete-phone-number-from-a-contact @op:retrieve-a-contact
    Examples:
      | list          | route         | entry        | new          | other        |
      | phone_numbers | phone_details | phone_detail | +33612345670 | +33612345671 |

    @op:add-email-to-a-contact @op:update-email-to-a-contact @op:delete-email-from-a-contact @op:retrieve-a-contact
    Examples:
      | list   | route         | entry        | new                        | other                        |
      | emails | email_details | email_detail | conny.new@example.com      | conny.other@example.com      |
