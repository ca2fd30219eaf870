@function:list_calls @op:list-all-calls @reads
Feature: list_calls
  List calls from Aircall with optional filters and pagination.

  @example:list_calls @op:search-calls
  Scenario: The example prints one line for each of the ten newest inbound calls
    When the "list_calls" example runs
    Then $inbound are the newest 10 calls where:
      | direction | is | inbound |
    And it prints, for each of $inbound:
      """
      {{.id}}: {{.direction}} from {{caller .}} - {{.duration}}s
      """

  @param:list_calls.per_page
  Scenario: A page has 20 calls by default, newest first
    Given $newest are the newest 20 calls
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({})
      """
    Then "calls" are $newest
    And "meta.per_page" is 20
    And "meta.current_page" is 1

  @param:list_calls.per_page
  Scenario Outline: A page with per_page <size> has that many calls
    Given $newest are the newest <size> calls
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ per_page = <size> })
      """
    Then "calls" are $newest
    And "meta.count" is the number of $newest
    And "meta.per_page" is <size>

    Examples:
      | size |
      | 1    |
      | 7    |
      | 50   |

  @param:list_calls.page
  Scenario: The second page continues after the first
    Given $second are the calls 6 to 10
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ per_page = 5, page = 2 })
      """
    Then "calls" are $second
    And "meta.current_page" is 2

  @param:list_calls.page @param:list_calls.per_page
  Scenario: All pages together have each call once
    Given $newest are the newest 12 calls
    When this script runs:
      """lua
      local all = {}
      for page = 1, 4 do
        for _, call in ipairs(app.integrations.aircall.list_calls({ per_page = 3, page = page }).calls) do
          all[#all + 1] = call
        end
      end
      return { calls = all }
      """
    Then "calls" are $newest

  @param:list_calls.order
  Scenario: Order "desc" puts the newest call first
    Given $newest are the newest 5 calls
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ order = "desc", per_page = 5 })
      """
    Then "calls" are $newest

  @param:list_calls.order @param:list_calls.from
  Scenario: Order "asc" puts the oldest call first
    Given $old is call 60
    And $oldest are the calls 51 to 60, oldest first
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ order = "asc", from = $old.started_at|iso, per_page = 10 })
      """
    Then "calls" are $oldest

  @param:list_calls.from
  Scenario: The parameter from excludes calls that started before it
    Given $old is call 40
    And $since are the first 50 calls where:
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ from = $old.started_at|iso, per_page = 50 })
      """
    Then "calls" are $since
    And "meta.total" is the number of $since

  @param:list_calls.to
  Scenario: The parameter to excludes calls that started after it
    Given $late is call 15
    And $until are the first 20 calls where:
      | started_at | at most | $late.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ to = $late.started_at|iso, per_page = 20 })
      """
    Then "calls" are $until

  @param:list_calls.from @param:list_calls.to
  Scenario: The parameters from and to include both ends
    Given $late is call 10
    And $old is call 30
    And $within are the first 50 calls where:
      | started_at | at least | $old.started_at  |
      | started_at | at most  | $late.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        from = $old.started_at|iso, to = $late.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $within
    And "meta.total" is the number of $within

  @param:list_calls.from @param:list_calls.to
  Scenario Outline: If from and to are one second, the list has the calls of that second: <how>
    Given $call is call 30
    And $then are the first 50 calls where:
      | started_at | is | $call.started_at |
      | direction  | is | $call.direction  |
      | number.id  | is | $call.number.id  |
    When this script runs:
      """lua
      local result = app.integrations.aircall.list_calls({
        from = $call.started_at|iso, to = $call.started_at|iso, per_page = 50<filter>
      })
      local calls = {}
      for _, call in ipairs(result.calls) do
        if call.direction == $call.direction and call.number.id == $call.number.id then calls[#calls + 1] = call end
      end
      return { calls = calls }
      """
    Then "calls" are $then

    Examples:
      | how                  | filter                        |
      | listed               |                               |
      | page by page         | , number_id = $call.number.id |

    @op:search-calls
    Examples:
      | how      | filter                        |
      | searched | , direction = $call.direction |

  @param:list_calls.from
  Scenario: A date without a time zone is UTC
    Given $old is call 30
    And $since are the first 50 calls where:
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ from = $old.started_at|local, per_page = 50 })
      """
    Then "calls" are $since

  @param:list_calls.direction @op:search-calls
  Scenario Outline: The direction <direction> selects all <direction> calls and no others
    Given $old is call 100
    And $all are the first 50 calls where:
      | started_at | at least | $old.started_at |
      | direction  | is       | <direction>     |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        direction = "<direction>", from = $old.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $all

    Examples:
      | direction |
      | inbound   |
      | outbound  |

  @param:list_calls.user_id @op:search-calls
  Scenario: The parameter user_id selects the calls of that user
    Given $old is call 100
    And $one is a call where:
      | user | is not | null |
    And $theirs are the first 50 calls where:
      | user.id    | is       | $one.user.id    |
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        user_id = $one.user.id, from = $old.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $theirs
    And "meta.total" is the number of $theirs

  @param:list_calls.number_id
  Scenario: The parameter number_id selects the calls of that number
    Given $old is call 100
    And $one is a call where:
      | number | is not | null |
    And $there are the first 50 calls where:
      | number.id  | is       | $one.number.id  |
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        number_id = $one.number.id, from = $old.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $there
    And "meta.truncated" is false

  @param:list_calls.number_id @param:list_calls.page @param:list_calls.direction @op:search-calls
  Scenario: The parameter number_id works with pages and other filters
    Given $old is call 100
    And $one is a call where:
      | number    | is not | null    |
      | direction | is     | inbound |
    And $there are the first 3 calls where:
      | number.id  | is       | $one.number.id  |
      | direction  | is       | inbound         |
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      local all = {}
      for page = 1, 3 do
        local result = app.integrations.aircall.list_calls({
          number_id = $one.number.id, direction = "inbound", from = $old.started_at|iso, per_page = 1, page = page
        })
        all[#all + 1] = result.calls[1]
      end
      return { calls = all }
      """
    Then "calls" are $there

  @param:list_calls.tags @op:search-calls @op:list-all-tags
  Scenario: The parameter tags takes the name of a tag
    Given $old is call 50
    And $one is a call where:
      | tags.0 | is not | null |
    And $tagged are the first 50 calls where:
      | tags.*.id  | holds    | $one.tags.0.id  |
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        tags = { $one.tags.0.name }, from = $old.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $tagged
    And "meta.total" is the number of $tagged

  @param:list_calls.tags @op:search-calls
  Scenario: The parameter tags takes the id of a tag
    Given $old is call 100
    And $one is a call where:
      | tags.0 | is not | null |
    And $tagged are the first 50 calls where:
      | tags.*.id  | holds    | $one.tags.0.id  |
      | started_at | at least | $old.started_at |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        tags = { $one.tags.0.id }, from = $old.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $tagged

  @param:list_calls.tags @op:search-calls
  Scenario: Several tags select the calls that have all of them
    Given $old is call 100
    And $one is a call where:
      | tags.0 | is not | null |
    And $other is a call where:
      | tags.0    | is not    | null           |
      | tags.*.id | lacks     | $one.tags.0.id |
    And $both are the first 50 calls where:
      | tags.*.id  | holds    | $one.tags.0.id   |
      | tags.*.id  | holds    | $other.tags.0.id |
      | started_at | at least | $old.started_at  |
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({
        tags = { $one.tags.0.id, $other.tags.0.id }, from = $old.started_at|iso, per_page = 50
      })
      """
    Then "calls" are $both
    And "meta.total" is the number of $both

  Scenario: A call has the fields from, to, and the names of its user
    Given $newest are the newest 50 calls
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ per_page = 50 })
      """
    Then each of "calls" adds to $newest:
      | from            | {{caller .}}         |
      | to              | {{callee .}}         |
      | user.first_name | {{firstname .user}}  |
      | user.last_name  | {{lastname .user}}   |
      | number.number   | {{.number.digits}}   |

  Scenario: A period without calls is an empty list
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ from = "2001-01-01T00:00:00Z", to = "2001-01-02T00:00:00Z" })
      """
    Then "calls" is []
    And "meta.total" is 0

  Scenario Outline: <what> is an error, and the script sends nothing
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ <arguments> })
      """
    Then it raises "invalid_arguments" about "<about>"
    And the script sends nothing

    Examples:
      | what                                | arguments                              | about     |
      | A page of no calls                  | per_page = 0                           | per_page  |
      | A page of more than 50              | per_page = 51                          | per_page  |
      | A page before the first             | page = 0                               | page      |
      | An unknown order                    | order = "newest"                       | order     |
      | A word for a date                   | from = "yesterday"                     | from      |
      | A month that does not exist         | to = "2026-13-01"                      | to        |
      | A period that ends before it begins | from = "2026-02-01", to = "2026-01-01" | from      |
      | An unknown direction                | direction = "in"                       | direction |
      | A word for a user                   | user_id = "me"                         | user_id   |
      | A fraction for a number             | number_id = 1.5                        | number_id |
      | A text for the list of tags         | tags = "VIP"                           | tags      |
      | An unknown argument                 | perpage = 10                           | per_page  |

  @op:list-all-tags
  Scenario: An unknown tag is an error, and the script requests no calls
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({ tags = { "no tag is called this" } })
      """
    Then it raises "invalid_arguments" about "no tag is called this"

  Scenario: Wrong credentials raise an error
    Given the credentials of the account are wrong
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({})
      """
    Then it raises "forbidden" with the status 403

  @fake
  Scenario: A used-up rate limit raises an error if the script cannot wait
    Given the account's limit is used up
    When this script runs:
      """lua
      return app.integrations.aircall.list_calls({})
      """
    Then it raises "rate_limited" with the status 429
