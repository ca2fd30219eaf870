@function:list_users @op:list-all-users
Feature: list_users
  List all users in the Aircall account.

  @reads @example:list_users
  Scenario: The example prints one line for every user
    When the "list_users" example runs
    Then $all are all users
    And it prints, for each of $all:
      """
      {{.id}}: {{firstname .}} {{lastname .}} ({{.email}})
      """

  @reads
  Scenario: The list has every user once, as the API holds it
    When this script runs:
      """lua
      return app.integrations.aircall.list_users({})
      """
    Then $all are all users
    And "users" are $all
    And "meta.total" is the number of $all
    And "meta.count" is the number of $all

  @reads
  Scenario: A user has a first and a last name
    When this script runs:
      """lua
      return app.integrations.aircall.list_users()
      """
    Then $all are all users
    And each of "users" adds to $all:
      | first_name | {{firstname .}} |
      | last_name  | {{lastname .}}  |

  @fake @changes
  Scenario: A name of several words is split at its first space
    Given $one is user 1
    When I PUT "/v2/users/$one.id" with the body:
      """
      {"first_name": "Ada", "last_name": "Okafor van Dijk"}
      """
    Then the status is 200
    When this script runs:
      """lua
      for _, user in ipairs(app.integrations.aircall.list_users({}).users) do
        if user.id == $one.id then return user end
      end
      """
    Then "name" is "Ada Okafor van Dijk"
    And "first_name" is "Ada"
    And "last_name" is "Okafor van Dijk"

  @reads
  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.list_users(<arguments>)
      """
    Then it raises "invalid_arguments"
    And the script sends nothing

    Examples:
      | what                  | arguments        |
      | A named argument      | { per_page = 2 } |
      | A positional argument | 2                |

  @reads
  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.list_users({})
      """
    Then it raises "forbidden" with the status 403

  @fake @reads
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.list_users({})
      """
    Then it raises "rate_limited" with the status 429
