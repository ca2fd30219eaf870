@reads
Feature: Multi-Account Usage
  If you have multiple Aircall accounts configured, use account-specific namespaces.
  All functions are identical across accounts — only the credentials differ.

  @example:multi-account
  Scenario Outline: Each line of the example uses its own account: <function>
    Given the accounts "default, sales, support" are configured
    When the "multi-account" example runs with "<function>" as its function
    Then it prints nothing
    And the script is sent with the credentials of "default, sales, support"

    @function:list_calls @op:list-all-calls
    Examples:
      | function   |
      | list_calls |

    @function:list_contacts @op:list-all-contacts
    Examples:
      | function      |
      | list_contacts |

    @function:list_users @op:list-all-users
    Examples:
      | function   |
      | list_users |

    @function:list_numbers @op:list-all-numbers
    Examples:
      | function     |
      | list_numbers |

  @example:multi-account @function:get_current_user @op:retrieve-a-user
  Scenario: Each line of the example uses its own account: get_current_user
    Given the accounts "default, sales, support" are configured, each with a user
    When the "multi-account" example runs with "get_current_user" as its function
    Then it prints nothing
    And the script is sent with the credentials of "default, sales, support"

  @example:multi-account @function:create_contact
  Scenario: The example fails on its first line with create_contact, which needs arguments
    Given the accounts "default, sales, support" are configured
    When the "multi-account" example runs with "create_contact" as its function
    Then it raises "invalid_arguments" about "create_contact"
    And the script sends nothing

  @function:list_contacts @op:list-all-contacts
  Scenario: The flat namespace and default are the same account
    Given $newest are the newest 5 contacts
    When this script runs:
      """lua
      local aircall = app.integrations.aircall
      return {
        flat = aircall.list_contacts({ per_page = 5 }).contacts,
        named = aircall.default.list_contacts({ per_page = 5 }).contacts,
      }
      """
    Then "flat" are $newest
    And "named" are $newest

  @function:list_contacts @op:list-all-contacts
  Scenario Outline: The namespace <account> reads the data of that account
    Given the account "<account>"
    And $newest are the newest 20 contacts
    When this script runs:
      """lua
      return app.integrations.aircall[$account].list_contacts({ per_page = 20 })
      """
    Then "contacts" are $newest
    And the script is sent with the credentials of "<account>"

    Examples:
      | account |
      | sales   |
      | support |

  @function:list_users @op:list-all-users
  Scenario: No user belongs to two accounts
    Then no two of the accounts share an "email" of the "users" at "/v2/users"

  @function:list_contacts @op:list-all-contacts
  Scenario: No account shows the contacts of another
    Given the account "default"
    And $other is an account of another company
    When this script runs:
      """lua
      local owner, shared = {}, 0
      local aircall = app.integrations.aircall
      for _, account in ipairs({ $account, $other }) do
        for _, contact in ipairs(aircall[account].list_contacts({ per_page = 50 }).contacts) do
          local id = "contact " .. contact.id
          if contact.id ~= 5678 and owner[id] then shared = shared + 1 end
          owner[id] = account
        end
      end
      return { shared = shared }
      """
    Then "shared" is 0

  @function:get_current_user @op:retrieve-a-user
  Scenario Outline: The current user of <account> belongs to that account
    Given the account "<account>"
    And the account has a user configured
    And $me is the "user" of the path "/v2/users/$configured_user"
    When this script runs:
      """lua
      return app.integrations.aircall[$account].get_current_user({})
      """
    Then "user" is $me

    Examples:
      | account |
      | sales   |
      | support |

  Scenario: An unknown account is an error that names the configured ones
    Given the account "default"
    When this script runs:
      """lua
      return app.integrations.aircall[$account .. "_"].list_calls({})
      """
    Then it raises "unknown_account" about "$account"
    And the script sends nothing

  Scenario: An unknown function is an error that names the nearest
    When this script runs:
      """lua
      return app.integrations.aircall.list_cals({})
      """
    Then it raises "unknown_function" about "list_calls"
    And the script sends nothing
