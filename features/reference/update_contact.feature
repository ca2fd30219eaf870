@function:update_contact @op:update-a-contact
Feature: update_contact
  Update an existing contact in Aircall.

  @example:update_contact @changes
  @param:update_contact.contact_id @param:update_contact.company_name @param:update_contact.information
  Scenario: The example changes the company and the notes, and prints the name
    When the "update_contact" example runs
    Then $now is the "contact" of the path "/v1/contacts/$contact_id"
    And it prints, for $now:
      """
      Updated contact: {{text .first_name}} {{text .last_name}}
      """
    And $now has:
      | company_name | is | New Corp                      |
      | information  | is | VIP client - priority support |

  @changes
  Scenario Outline: The field <field> changes, and the others do not
    Given $before is a contact of my own:
      """json
      {
        "first_name": "Conny", "last_name": "Kit", "company_name": "Before Ltd", "information": "as made",
        "phone_numbers": [{"label": "Work", "value": "+33612345678"}],
        "emails": [{"label": "Work", "value": "conny@example.com"}]
      }
      """
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({ contact_id = $before.id, <field> = "Quite другой" })
      """
    Then $after is $before as it is now
    And "contact" is $after
    And $after has:
      | <field> | is | Quite другой |
    And $after differs from $before only in "<field>"

    @param:update_contact.contact_id @param:update_contact.first_name
    Examples:
      | field      |
      | first_name |

    @param:update_contact.last_name
    Examples:
      | field     |
      | last_name |

    @param:update_contact.company_name
    Examples:
      | field        |
      | company_name |

    @param:update_contact.information
    Examples:
      | field       |
      | information |

  @changes @param:update_contact.phone_numbers @op:retrieve-a-contact
  @op:add-phone-number-to-a-contact @op:update-phone-number-to-a-contact @op:delete-phone-number-from-a-contact
  Scenario: Phone numbers replace all existing ones
    Given $before is a contact of my own:
      """json
      {
        "first_name": "Conny", "information": "as made",
        "phone_numbers": [
          {"label": "Work", "value": "+33612345678"},
          {"label": "Mobile", "value": "+33698765432"},
          {"label": "Home", "value": "+14155550123"}
        ],
        "emails": [{"label": "Work", "value": "conny@example.com"}]
      }
      """
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({
        contact_id = $before.id,
        phone_numbers = {
          { label = "Work", value = "+33612345678" },
          { label = "Car", value = "+14155550123" },
          { label = "Office", value = "+442079460001" },
        },
      })
      """
    Then $after is $before as it is now
    And "contact" is $after
    And the "phone_numbers" of $after are, in any order:
      | Work   | +33612345678  |
      | Car    | +14155550123  |
      | Office | +442079460001 |
    And $after differs from $before only in "phone_numbers"

  @changes @param:update_contact.phone_numbers @op:retrieve-a-contact
  @op:add-phone-number-to-a-contact @op:delete-phone-number-from-a-contact
  Scenario: The only phone number can be replaced by another
    Given $before is a contact of my own:
      """json
      {"first_name": "Conny", "phone_numbers": [{"label": "Work", "value": "+33612345678"}]}
      """
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({
        contact_id = $before.id, phone_numbers = { { label = "Home", value = "+33698765432" } }
      })
      """
    Then $after is $before as it is now
    And "contact" is $after
    And the "phone_numbers" of $after are, in any order:
      | Home | +33698765432 |

  @changes @param:update_contact.emails @op:retrieve-a-contact
  @op:add-email-to-a-contact @op:update-email-to-a-contact @op:delete-email-from-a-contact
  Scenario: E-mails replace all existing ones
    Given $before is a contact of my own:
      """json
      {
        "first_name": "Conny", "information": "as made",
        "phone_numbers": [{"label": "Work", "value": "+33612345678"}],
        "emails": [
          {"label": "Work", "value": "conny@example.com"},
          {"label": "Home", "value": "conny@example.org"},
          {"label": "Old", "value": "conny@example.net"}
        ]
      }
      """
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({
        contact_id = $before.id,
        emails = {
          { label = "Work", value = "conny@example.com" },
          { label = "Private", value = "conny@example.org" },
          { label = "New", value = "conny.new@example.com" },
        },
      })
      """
    Then $after is $before as it is now
    And "contact" is $after
    And the "emails" of $after are, in any order:
      | Work    | conny@example.com     |
      | Private | conny@example.org     |
      | New     | conny.new@example.com |
    And $after differs from $before only in "emails"

  @changes @param:update_contact.emails @op:retrieve-a-contact @op:delete-email-from-a-contact
  Scenario: An empty list of e-mails removes all e-mails
    Given $before is a contact of my own:
      """json
      {
        "first_name": "Conny",
        "phone_numbers": [{"label": "Work", "value": "+33612345678"}],
        "emails": [{"label": "Work", "value": "conny@example.com"}, {"label": "Home", "value": "conny@example.org"}]
      }
      """
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({ contact_id = $before.id, emails = {} })
      """
    Then $after is $before as it is now
    And $after has:
      | emails | is | [] |
    And $after differs from $before only in "emails"

  @changes @op:retrieve-a-contact
  @op:add-phone-number-to-a-contact @op:delete-phone-number-from-a-contact
  @op:add-email-to-a-contact @op:delete-email-from-a-contact
  Scenario: Fields, phone numbers and e-mails can change in one call
    Given $before is a contact of my own:
      """json
      {
        "first_name": "Conny", "last_name": "Kit", "information": "as made",
        "phone_numbers": [{"label": "Work", "value": "+33612345678"}],
        "emails": [{"label": "Work", "value": "conny@example.com"}]
      }
      """
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({
        contact_id = $before.id, last_name = "Kitt",
        phone_numbers = { { label = "Home", value = "+33698765432" } },
        emails = { { label = "Home", value = "conny@example.org" } },
      })
      """
    Then $after is $before as it is now
    And "contact" is $after
    And $after has:
      | last_name | is | Kitt |
    And the "phone_numbers" of $after are, in any order:
      | Home | +33698765432 |
    And the "emails" of $after are, in any order:
      | Home | conny@example.org |
    And $after differs from $before only in "last_name, phone_numbers, emails"

  @changes @param:update_contact.contact_id
  Scenario: The id of no contact is a "not found" error
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({ contact_id = 9007199254740991, first_name = "Conny" })
      """
    Then it raises "not_found" with the status 404

  @reads
  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({ <arguments> })
      """
    Then it raises "invalid_arguments" about "<about>"
    And the script sends nothing

    Examples:
      | what                            | arguments                                                  | about                  |
      | A call without arguments        |                                                            | contact_id             |
      | A change without an id          | first_name = "Conny"                                       | contact_id             |
      | An id without a change          | contact_id = 5678                                          | nothing to update      |
      | An id with a letter in it       | contact_id = "5678a", first_name = "Conny"                 | contact_id             |
      | A number for a first name       | contact_id = 5678, first_name = 7                          | first_name             |
      | A boolean for a last name       | contact_id = 5678, last_name = false                       | last_name              |
      | A table for a company           | contact_id = 5678, company_name = {}                       | company_name           |
      | A number for notes              | contact_id = 5678, information = 7                         | information            |
      | An empty list of phone numbers  | contact_id = 5678, phone_numbers = {}                      | phone_numbers          |
      | A phone number without a value  | contact_id = 5678, phone_numbers = { { value = "" } }      | phone_numbers[1].value |
      | A phone number with another key | contact_id = 5678, phone_numbers = { { number = "+33" } }  | phone_numbers[1]       |
      | A text for an e-mail            | contact_id = 5678, emails = { "jane@acme.com" }            | emails[1]              |
      | An unknown field                | contact_id = 5678, first_name = "Conny", email = "j@a.com" | email                  |

  @changes
  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({ contact_id = 5678, first_name = "Conny" })
      """
    Then it raises "forbidden" with the status 403

  @fake @reads
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.update_contact({ contact_id = 5678, first_name = "Conny" })
      """
    Then it raises "rate_limited" with the status 429
