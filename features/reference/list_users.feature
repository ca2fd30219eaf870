@function:list_users @op:list-all-users @reads
Feature: list_users
  List all users in the Aircall account.

  @example:list_users
  Scenario: The example prints one line for every user
    When the "list_users" example runs
    Then $all are all users
    And it prints, for each of $all:
      """
      {{.id}}: {{firstname .}} {{lastname .}} ({{.email}})
      """

  Scenario: Every user of every page is there, once, and is what the API holds
    When this script runs:
      """lua
      return app.integrations.aircall.list_users({})
      """
    Then $all are all users
    And "users" are $all
    And "meta.total" is the number of $all
    And "meta.count" is the number of $all

  Scenario: A user has a first and a last name
    When this script runs:
      """lua
      return app.integrations.aircall.list_users()
      """
    Then $all are all users
    And each of "users" adds, from what $all hold:
      | first_name | {{firstname .}} |
      | last_name  | {{lastname .}}  |

  Scenario Outline: <what> is refused before anything is sent
    When this script runs:
      """lua
      return app.integrations.aircall.list_users(<arguments>)
      """
    Then it raises "invalid_arguments"
    And nothing is sent

    Examples:
      | what                 | arguments        |
      | An argument by name  | { per_page = 2 } |
      | An argument by place | 2                |

  Scenario: Wrong credentials are told as such
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.list_users({})
      """
    Then it raises "forbidden" with the status 403

  @fake
  Scenario: A used up rate limit is told when the script cannot wait for the next minute
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.list_users({})
      """
    Then it raises "rate_limited" with the status 429
