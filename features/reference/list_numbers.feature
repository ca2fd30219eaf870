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

  Scenario: The list has every number once, as the API holds it
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers({})
      """
    Then $all are all numbers
    And "numbers" are $all
    And "meta.total" is the number of $all
    And "meta.count" is the number of $all

  Scenario: The field number has the digits of the number
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers()
      """
    Then $all are all numbers
    And each of "numbers" adds to $all:
      | number | {{.digits}} |

  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers(<arguments>)
      """
    Then it raises "invalid_arguments"
    And the script sends nothing

    Examples:
      | what                  | arguments          |
      | A named argument      | { country = "FR" } |
      | A positional argument | "FR"               |

  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers({})
      """
    Then it raises "forbidden" with the status 403

  @fake
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.list_numbers({})
      """
    Then it raises "rate_limited" with the status 429
