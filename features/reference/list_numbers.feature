@function:list_numbers @op:list-all-numbers @reads
Feature: list_numbers
  List all phone numbers in the Aircall account.

  @example:list_numbers
  Scenario: The example prints one line for every number
    When the "list_numbers" example runs
    Then $all are all numbers
    And it prints, for each of $all:
      """
      {{.id}}: {{.name}} - {{.digits}}
      """

  Scenario: Every number of every page is there, once, and is what the API holds
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers({})
      """
    Then $all are all numbers
    And "numbers" are $all
    And "meta.total" is the number of $all
    And "meta.count" is the number of $all

  Scenario: A number has its digits as its number
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers()
      """
    Then $all are all numbers
    And each of "numbers" adds to $all:
      | number | {{.digits}} |

  Scenario Outline: <what> is refused before anything is sent
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers(<arguments>)
      """
    Then it raises "invalid_arguments"
    And the script sends nothing

    Examples:
      | what                 | arguments          |
      | An argument by name  | { country = "FR" } |
      | An argument by place | "FR"               |

  Scenario: Wrong credentials are told as such
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers({})
      """
    Then it raises "forbidden" with the status 403

  @fake
  Scenario: A used up rate limit is told when the script cannot wait for the next minute
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers({})
      """
    Then it raises "rate_limited" with the status 429
