@function:create_contact @op:create-a-contact
Feature: create_contact
  Create a new contact in Aircall.

  @example:create_contact @changes
  @param:create_contact.first_name @param:create_contact.last_name @param:create_contact.company_name
  @param:create_contact.phone_numbers @param:create_contact.emails
  Scenario: The example creates the contact and prints its id
    When the "create_contact" example runs
    Then $made is the contact it made
    And it prints:
      """
      Created contact ID: $made.id
      """
    And $made has:
      | first_name   | is | Jane      |
      | last_name    | is | Smith     |
      | company_name | is | Acme Corp |
      | information  | is | null      |
    And the "phone_numbers" of $made are, in any order:
      | Work   | +33612345678 |
      | Mobile | +33698765432 |
    And the "emails" of $made are, in any order:
      | Work | jane@acme.com |

  @changes @param:create_contact.phone_numbers
  Scenario: The returned contact is the contact that the API holds
    When this script runs:
      """lua
      return app.integrations.aircall.create_contact({
        first_name = "Conny", phone_numbers = { { label = "Work", value = "+33612345678" } }
      })
      """
    Then $made is the contact it made
    And "contact" is $made
    And $first are the newest 1 contacts
    And "contact" is $first.0

  @changes @op:list-all-contacts
  Scenario Outline: The field <field> is kept as given, and every other function returns it
    When this script runs:
      """lua
      local aircall = app.integrations.aircall
      local made = aircall.create_contact({
        <field> = <value>, phone_numbers = { { label = "Work", value = "+33612345678" } }
      }).contact
      return { contact = made, listed = aircall.list_contacts({ per_page = 1 }).contacts[1] }
      """
    Then $made is the contact it made
    And $made has:
      | <field> | is | <value> |
    And "contact" is $made
    And "listed" is $made

    @param:create_contact.first_name
    Examples:
      | field      | value     |
      | first_name | "Zoë-Ann" |

    @param:create_contact.last_name
    Examples:
      | field     | value            |
      | last_name | "O'Neill de Vos" |

    @param:create_contact.company_name
    Examples:
      | field        | value                |
      | company_name | "Größe & Söhne <AG>" |

    @param:create_contact.information
    Examples:
      | field       | value                          |
      | information | "Calls on Mondays, \"always\"" |

  @changes @param:create_contact.phone_numbers @param:create_contact.emails
  Scenario: Every phone number and e-mail keeps its label and its value
    When this script runs:
      """lua
      return app.integrations.aircall.create_contact({
        first_name = "Conny",
        phone_numbers = {
          { label = "Work", value = "+33612345678" },
          { label = "Front desk", value = "+14155550123" },
          { label = "Work", value = "+442079460001" },
        },
        emails = {
          { label = "Private", value = "conny@example.com" },
          { label = "Work", value = "conny.kit@example.org" },
        },
      })
      """
    Then $made is the contact it made
    And the "phone_numbers" of $made are, in any order:
      | Work       | +33612345678  |
      | Front desk | +14155550123  |
      | Work       | +442079460001 |
    And the "emails" of $made are, in any order:
      | Private | conny@example.com     |
      | Work    | conny.kit@example.org |
    And "contact" is $made

  @changes @op:search-contacts
  Scenario: A new contact can be found by its phone number and by its e-mail
    When this script runs:
      """lua
      local aircall = app.integrations.aircall
      local made = aircall.create_contact({
        first_name = "Conny",
        phone_numbers = { { label = "Work", value = "+14155550197" } },
        emails = { { label = "Work", value = "conny.found@example.com" } },
      }).contact
      local function found(q)
        for _, c in ipairs(aircall.list_contacts({ q = q, per_page = 50 }).contacts) do
          if c.id == made.id then return true end
        end
        return false
      end
      return { by_phone = found("+1 (415) 555-0197"), by_mail = found("conny.found@example.com") }
      """
    Then "by_phone" is true
    And "by_mail" is true

  @reads
  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.create_contact({ <arguments> })
      """
    Then it raises "invalid_arguments" about "<about>"
    And the script sends nothing

    Examples:
      | what                                    | arguments                                         | about                  |
      | A call without arguments                |                                                   | at least one field     |
      | A number for a first name               | first_name = 7                                    | first_name             |
      | A table for a last name                 | last_name = {}                                    | last_name              |
      | A boolean for a company                 | company_name = true                               | company_name           |
      | A number for notes                      | information = 1.5                                 | information            |
      | A text for the list of phone numbers    | phone_numbers = "+33612345678"                    | phone_numbers          |
      | A text for a phone number               | phone_numbers = { "+33612345678" }                | phone_numbers[1]       |
      | A phone number without a value          | phone_numbers = { { label = "Work" } }            | phone_numbers[1].value |
      | A phone number without a list around it | phone_numbers = { label = "Work", value = "+33" } | phone_numbers          |
      | An e-mail without a value               | emails = { { label = "Work" } }                   | emails[1].value        |
      | A text for the list of e-mails          | emails = "jane@acme.com"                          | emails                 |
      | An unknown field                        | name = "Jane"                                     | name                   |

  @fake @changes @param:create_contact.phone_numbers
  Scenario: A refusal by Aircall is an error with its status
    When this script runs:
      """lua
      return app.integrations.aircall.create_contact({
        first_name = "Conny", phone_numbers = { { label = "Work", value = "no number" } }
      })
      """
    Then it raises "api_error" with the status 400

  @changes
  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.create_contact({
        first_name = "Conny", phone_numbers = { { label = "Work", value = "+33612345678" } }
      })
      """
    Then it raises "forbidden" with the status 403

  @fake @reads
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.create_contact({
        first_name = "Conny", phone_numbers = { { label = "Work", value = "+33612345678" } }
      })
      """
    Then it raises "rate_limited" with the status 429
