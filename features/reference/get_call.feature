@function:get_call @op:retrieve-a-call @reads
Feature: get_call
  Retrieve detailed information about a specific call.

  @example:get_call @param:get_call.call_id
  Scenario: The example prints caller, callee, duration and status
    When the "get_call" example runs
    Then $call is the "call" of the path "/v1/calls/$call_id"
    And it prints, for $call:
      """
      Call from {{caller .}} to {{callee .}}
      Duration: {{.duration}}s, Status: {{.status}}
      """

  @param:get_call.call_id
  Scenario: A call of the list is the same by its id
    Given $listed is a call where:
      | status | is | done |
    When this script runs:
      """lua
      return app.integrations.aircall.get_call({ call_id = $listed.id })
      """
    Then "call" is $listed
    And "call" adds to $listed:
      | from            | {{caller .}}        |
      | to              | {{callee .}}        |
      | user.first_name | {{firstname .user}} |
      | user.last_name  | {{lastname .user}}  |
      | number.number   | {{.number.digits}}  |

  @param:get_call.call_id
  Scenario Outline: An <direction> call has the right numbers in from and to
    Given $one is a call where:
      | direction | is     | <direction> |
      | number    | is not | null        |
    When this script runs:
      """lua
      return app.integrations.aircall.get_call({ call_id = $one.id })
      """
    Then "call.from" is $one.<from>
    And "call.to" is $one.<to>

    Examples:
      | direction | from          | to            |
      | inbound   | raw_digits    | number.digits |
      | outbound  | number.digits | raw_digits    |

  @param:get_call.call_id
  Scenario: The id may be a positional argument
    Given $listed is call 2
    When this script runs:
      """lua
      return app.integrations.aircall.get_call($listed.id)
      """
    Then "call" is $listed

  @param:get_call.call_id
  Scenario: The id of no call is a "not found" error
    When this script runs:
      """lua
      return app.integrations.aircall.get_call({ call_id = 9007199254740991 })
      """
    Then it raises "not_found" with the status 404

  @param:get_call.call_id
  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.get_call({ <arguments> })
      """
    Then it raises "invalid_arguments" about "call_id"
    And the script sends nothing

    Examples:
      | what                     | arguments          |
      | A call without arguments |                    |
      | An id of zero            | call_id = 0        |
      | An id below zero         | call_id = -1       |
      | A fraction for an id     | call_id = 1.5      |
      | A word for an id         | call_id = "latest" |
      | A boolean for an id      | call_id = true     |
      | An unknown argument      | id = 12345         |

  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.get_call({ call_id = 12345 })
      """
    Then it raises "forbidden" with the status 403

  @fake
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.get_call({ call_id = 12345 })
      """
    Then it raises "rate_limited" with the status 429
