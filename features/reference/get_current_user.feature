@function:get_current_user @reads
Feature: get_current_user
  Retrieve the currently authenticated Aircall user.

  @example:get_current_user @op:retrieve-a-user
  Scenario: The example prints the name and the e-mail of the user
    Given the account has a user configured
    When the "get_current_user" example runs
    Then $me is the "user" of the path "/v2/users/$configured_user"
    And it prints, for $me:
      """
      Logged in as: {{firstname .}} {{lastname .}} ({{.email}})
      """

  @op:retrieve-a-user
  Scenario: The user is what the API holds, with a first and a last name
    Given the account has a user configured
    When this script runs:
      """lua
      return app.integrations.aircall.get_current_user()
      """
    Then $me is the "user" of the path "/v2/users/$configured_user"
    And "user" is $me
    And "user" adds to $me:
      | first_name | {{firstname .}} |
      | last_name  | {{lastname .}}  |

  @op:retrieve-a-user @op:list-all-users
  Scenario: The user is one of the users of the account
    Given the account has a user configured
    When this script runs:
      """lua
      local me = app.integrations.aircall.get_current_user({}).user
      for _, user in ipairs(app.integrations.aircall.list_users({}).users) do
        if user.id == me.id then return { listed = user.email == me.email } end
      end
      return { listed = false }
      """
    Then "listed" is true

  @fake @op:retrieve-an-integration
  Scenario: The current user of an access token is the user who granted it
    Given the account uses its access token
    When this script runs:
      """lua
      return app.integrations.aircall.get_current_user({})
      """
    Then $me is the "user" of the path "/v2/users/owner@default.example.com"
    And "user" is $me

  Scenario: An API key without a configured user is an error that names the setting
    Given no user is configured for the account
    When this script runs:
      """lua
      return app.integrations.aircall.get_current_user({})
      """
    Then it raises "no_current_user" about "user"
    And the script sends nothing

  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.get_current_user(<arguments>)
      """
    Then it raises "invalid_arguments"
    And the script sends nothing

    Examples:
      | what                  | arguments       |
      | A named argument      | { user_id = 1 } |
      | A positional argument | 1               |

  @op:retrieve-a-user
  Scenario: Wrong credentials raise an error
    Given the account has a user configured
    And the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.get_current_user({})
      """
    Then it raises "forbidden" with the status 403

  @fake @op:retrieve-a-user
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.get_current_user({})
      """
    Then it raises "rate_limited" with the status 429
