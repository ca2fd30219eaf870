@function:list_contacts @op:list-all-contacts @reads
Feature: list_contacts
  List contacts from Aircall with optional search and pagination.

  @example:list_contacts @param:list_contacts.q @param:list_contacts.per_page
  Scenario: The example prints the names and the phone numbers of the contacts it finds
    When the "list_contacts" example runs
    Then $found are the newest 10 contacts where:
      | first_name last_name | contains | $q |
    And it prints, for each of $found:
      """
      {{text .first_name}} {{text .last_name}}{{range .phone_numbers}}
       {{.label}}: {{.value}}{{end}}
      """

  @param:list_contacts.per_page @param:list_contacts.order
  Scenario: A page has 20 contacts by default, newest first
    Given $newest are the newest 20 contacts
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({})
      """
    Then "contacts" are $newest
    And "meta.per_page" is 20

  @param:list_contacts.per_page
  Scenario Outline: A page with per_page <size> has that many contacts
    Given $newest are the newest <size> contacts
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ per_page = <size> })
      """
    Then "contacts" are $newest
    And "meta.count" is the number of $newest

    Examples:
      | size |
      | 3    |
      | 50   |

  @param:list_contacts.page
  Scenario: The second page continues after the first
    Given $second are the contacts 6 to 10
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ per_page = 5, page = 2 })
      """
    Then "contacts" are $second
    And "meta.current_page" is 2

  @param:list_contacts.page @param:list_contacts.per_page
  Scenario: All pages together have each contact once
    Given $newest are the newest 12 contacts
    When this script runs:
      """lua
      local all = {}
      for page = 1, 4 do
        for _, contact in ipairs(app.integrations.aircall.list_contacts({ per_page = 3, page = page }).contacts) do
          all[#all + 1] = contact
        end
      end
      return { contacts = all }
      """
    Then "contacts" are $newest

  @param:list_contacts.page
  Scenario: The whole list is what the API holds
    Given $all are all contacts
    When this script runs:
      """lua
      local all, page = {}, 0
      local result
      repeat
        page = page + 1
        result = app.integrations.aircall.list_contacts({ per_page = 50, page = page })
        for _, contact in ipairs(result.contacts) do all[#all + 1] = contact end
      until #result.contacts < 50
      return { contacts = all, meta = result.meta }
      """
    Then "contacts" are $all
    And "meta.total" is the number of $all

  @param:list_contacts.order
  Scenario: Order "asc" puts the oldest contact first
    Given $one is contact 1
    When this script runs:
      """lua
      local oldest = app.integrations.aircall.list_contacts({ order = "asc", per_page = 1 }).contacts[1]
      local newest = app.integrations.aircall.list_contacts({ order = "desc", per_page = 1 }).contacts[1]
      return { oldest = oldest, newest = newest, in_order = oldest.created_at <= newest.created_at }
      """
    Then $all are all contacts
    And $first are the newest 1 contacts
    And "in_order" is true
    And "newest" is $first.0
    And "oldest" is $all.last

  @param:list_contacts.q
  Scenario: A name finds the contacts with that name, and no others
    When the "list_contacts" example runs
    And this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ q = $q, per_page = 50 })
      """
    Then $found are the first 50 contacts where:
      | first_name last_name | contains | $q |
    And "contacts" are $found

  @param:list_contacts.q
  Scenario: A first and a last name find the contacts with both
    Given $one is a contact where:
      | first_name | is not | null |
      | last_name  | is not | null |
    And $found are all contacts where:
      | first_name last_name | contains | $one.first_name $one.last_name |
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ q = $one.first_name .. " " .. $one.last_name, per_page = 50 })
      """
    Then "contacts" are $found

  @param:list_contacts.q @op:search-contacts
  Scenario: A phone number finds the contacts with that number, and no others
    Given $one is a contact where:
      | phone_numbers.0 | is not | null |
    And $found are all contacts where:
      | phone_numbers.*.value | holds digits | $one.phone_numbers.0.value |
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ q = $one.phone_numbers.0.value })
      """
    Then "contacts" are $found

  @param:list_contacts.q @op:search-contacts
  Scenario: An e-mail address finds the contacts with that address, and no others
    Given $one is a contact where:
      | emails.0 | is not | null |
    And $found are all contacts where:
      | emails.*.value | holds | $one.emails.0.value |
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ q = $one.emails.0.value })
      """
    Then "contacts" are $found

  @param:list_contacts.q @op:search-contacts
  Scenario Outline: A search without results is an empty list: <kind>
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ q = "<query>" })
      """
    Then "contacts" is []

    Examples:
      | kind             | query                              |
      | an e-mail        | nobody-at-all@conformance.invalid  |
      | a phone number   | +999000000001                      |

  Scenario: Names that are null on the wire are empty strings
    Given $newest are the newest 50 contacts
    When this script runs:
      """lua
      local result = app.integrations.aircall.list_contacts({ per_page = 50 })
      local texts = true
      for _, c in ipairs(result.contacts) do
        for _, key in ipairs({ "first_name", "last_name", "company_name", "information" }) do
          texts = texts and type(c[key]) == "string"
        end
      end
      return { contacts = result.contacts, texts = texts }
      """
    Then "texts" is true
    And "contacts" are $newest

  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({ <arguments> })
      """
    Then it raises "invalid_arguments" about "<about>"
    And the script sends nothing

    Examples:
      | what                   | arguments        | about    |
      | A page of no contacts  | per_page = 0     | per_page |
      | A page of more than 50 | per_page = 51    | per_page |
      | A word for a page      | page = "first"   | page     |
      | An unknown order       | order = "random" | order    |
      | A table for a search   | q = { "John" }   | q        |
      | An unknown argument    | query = "John"   | query    |

  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({})
      """
    Then it raises "forbidden" with the status 403

  @fake
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.list_contacts({})
      """
    Then it raises "rate_limited" with the status 429
