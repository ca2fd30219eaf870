@reads
Feature: Lists
  Replies of one API agree with each other: a list read page by page is the list read at once, in the requested order, and
  an entry of a list is the same by its id.

  Scenario Outline: The pages of <list> at <path> have no gap and no entry twice
    Then pages of <size> "<list>" at "<path>" hold what one page of 50 holds

    @op:list-all-calls
    Examples:
      | list  | size | path                 |
      | calls | 7    | /v1/calls?order=desc |

    @op:search-calls
    Examples:
      | list  | size | path                                          |
      | calls | 7    | /v1/calls/search?order=desc&direction=inbound |

    @op:list-all-contacts
    Examples:
      | list     | size | path                    |
      | contacts | 7    | /v1/contacts?order=asc  |
      | contacts | 7    | /v1/contacts?order=desc |

    @op:search-contacts
    Examples:
      | list     | size | path                           |
      | contacts | 7    | /v1/contacts/search?order=desc |

    @op:list-all-users
    Examples:
      | list  | size | path                |
      | users | 2    | /v2/users?order=asc |

    @op:list-all-numbers
    Examples:
      | list    | size | path                  |
      | numbers | 2    | /v1/numbers?order=asc |

    @op:list-all-teams
    Examples:
      | list  | size | path      |
      | teams | 1    | /v1/teams |

    @op:list-all-tags
    Examples:
      | list | size | path     |
      | tags | 1    | /v1/tags |

    @op:list-all-webhooks
    Examples:
      | list     | size | path         |
      | webhooks | 1    | /v1/webhooks |

  Scenario Outline: The <list> at <path> come in ascending and in descending order of <key>
    When I GET "<path>order=asc&per_page=50"
    Then "<list>" are in ascending order of "<key>"
    When I GET "<path>order=desc&per_page=50"
    Then "<list>" are in descending order of "<key>"

    @op:list-all-calls
    Examples:
      | list  | path       | key        |
      | calls | /v1/calls? | started_at |

    @op:search-calls
    Examples:
      | list  | path                                 | key        |
      | calls | /v1/calls/search?direction=outbound& | started_at |

    @op:list-all-contacts
    Examples:
      | list     | path                              | key        |
      | contacts | /v1/contacts?                     | created_at |
      | contacts | /v1/contacts?order_by=updated_at& | updated_at |

    @op:search-contacts
    Examples:
      | list     | path                 | key        |
      | contacts | /v1/contacts/search? | created_at |

    @op:list-all-users
    Examples:
      | list  | path       | key        |
      | users | /v2/users? | created_at |

    @op:list-all-numbers
    Examples:
      | list    | path         | key        |
      | numbers | /v1/numbers? | created_at |

    @op:list-all-teams
    Examples:
      | list  | path       | key        |
      | teams | /v1/teams? | created_at |

  Scenario Outline: An entry of <path> is the same by its id
    When I GET "<path>?order=<order>&per_page=<size>"
    Then each of "<list>" is the "<one>" of "<path>/{{.id}}"

    @op:list-all-calls @op:retrieve-a-call
    Examples:
      | list  | path      | one  | size | order |
      | calls | /v1/calls | call | 10   | desc  |

    @op:list-all-contacts @op:retrieve-a-contact
    Examples:
      | list     | path         | one     | size | order |
      | contacts | /v1/contacts | contact | 5    | desc  |

    @op:list-all-users @op:retrieve-a-user
    Examples:
      | list  | path      | one  | size | order |
      | users | /v2/users | user | 5    | desc  |

    @op:list-all-numbers @op:retrieve-a-number
    Examples:
      | list    | path        | one    | size | order |
      | numbers | /v1/numbers | number | 5    | desc  |

    @op:list-all-teams @op:retrieve-a-team
    Examples:
      | list  | path      | one  | size | order |
      | teams | /v1/teams | team | 5    | desc  |

    @op:list-all-tags @op:retrieve-a-tag
    Examples:
      | list | path     | one | size | order |
      | tags | /v1/tags | tag | 5    | asc   |

  @op:ping @op:retrieve-company
  Scenario: The API and the company of the account answer
    When I GET "/v1/ping"
    Then the status is 200
    When I GET "/v1/company"
    Then the status is 200

  Scenario Outline: The calls of <path> from one time to another include the end and not the beginning
    Given $late is call 10
    And $old is call 30
    And $between are the first 50 calls where:
      | started_at | more than | $old.started_at  |
      | started_at | at most   | $late.started_at |
    When I GET "<path>order=desc&per_page=50&from=$old.started_at&to=$late.started_at"
    Then "calls" are $between
    And "meta.total" is the number of $between

    @op:list-all-calls
    Examples:
      | path       |
      | /v1/calls? |

    @op:search-calls
    Examples:
      | path              |
      | /v1/calls/search? |

  @op:search-calls
  Scenario: A search for inbound calls from one time to another finds all of them and no other
    Given $late is call 10
    And $old is call 30
    And $between are the first 50 calls where:
      | started_at | more than | $old.started_at  |
      | started_at | at most   | $late.started_at |
      | direction  | is        | inbound          |
    When I GET "/v1/calls/search?direction=inbound&order=desc&per_page=50&from=$old.started_at&to=$late.started_at"
    Then "calls" are $between

  Scenario Outline: The contacts of <path> from one time to another include both ends
    Given $late is contact 10
    And $old is contact 30
    And $between are the first 50 contacts where:
      | created_at | at least | $old.created_at  |
      | created_at | at most  | $late.created_at |
    When I GET "<path>?order=desc&per_page=50&from=$old.created_at&to=$late.created_at"
    Then "contacts" are $between
    And "meta.total" is the number of $between

    @op:list-all-contacts
    Examples:
      | path         |
      | /v1/contacts |

    @op:search-contacts
    Examples:
      | path                |
      | /v1/contacts/search |

  Scenario Outline: The <list> of <path> from one time to another include both ends
    Given $from is <one> 2
    And $to is <one> 3
    And $between are all <list> where:
      | created_at | at least | $from.created_at |
      | created_at | at most  | $to.created_at   |
    When I GET "<path>?order=asc&per_page=50&from=$from.created_at|unix&to=$to.created_at|unix"
    Then "<list>" are $between

    @op:list-all-users
    Examples:
      | one  | list  | path      |
      | user | users | /v2/users |

    @op:list-all-numbers
    Examples:
      | one    | list    | path        |
      | number | numbers | /v1/numbers |

  @op:search-calls
  Scenario Outline: A search by <parameter> finds the calls that match, and no others
    Given $old is call 100
    And $one is a call where:
      | <field>    | is not | null      |
      | raw_digits | is not | anonymous |
    And $matching are the first 50 calls where:
      | <field>    | <matches> | $one.<value>    |
      | started_at | more than | $old.started_at |
    When I GET "/v1/calls/search?order=desc&per_page=50&from=$old.started_at&<parameter>=$one.<value>"
    Then "calls" are $matching

    Examples:
      | parameter    | field                    | matches         | value      |
      | phone_number | raw_digits number.digits | contains digits | raw_digits |
      | direction    | direction                | is              | direction  |
      | user_id      | user.id                  | is              | user.id    |

  Scenario Outline: No two accounts share the <field> of the <list> at <path>
    Then no two of the accounts share a "<field>" of the "<list>" at "<path>"

    @op:list-all-numbers
    Examples:
      | field | list    | path        |
      | id    | numbers | /v1/numbers |

    @op:list-all-users
    Examples:
      | field | list  | path      |
      | id    | users | /v2/users |

    @op:list-all-tags
    Examples:
      | field | list | path     |
      | id    | tags | /v1/tags |

    @op:list-all-calls
    Examples:
      | field | list  | path                 |
      | sid   | calls | /v1/calls?order=desc |

    @op:list-all-teams
    Examples:
      | field | list  | path      |
      | id    | teams | /v1/teams |

    @op:list-all-webhooks
    Examples:
      | field      | list     | path         |
      | webhook_id | webhooks | /v1/webhooks |

  Scenario Outline: A <one> of one account does not exist in another
    Given $other is an account of another company
    When I GET "<path>?order=desc&per_page=1"
    And $mine is an entry of "<list>", if any, where:
      | id | is not | null |
    And I GET "<path>/$mine.id" as "$other"
    Then the status is 404

    @op:retrieve-a-call @op:list-all-calls
    Examples:
      | one  | list  | path      |
      | call | calls | /v1/calls |

    @op:retrieve-a-user @op:list-all-users
    Examples:
      | one  | list  | path      |
      | user | users | /v2/users |

    @op:retrieve-a-number @op:list-all-numbers
    Examples:
      | one    | list    | path        |
      | number | numbers | /v1/numbers |

    @op:retrieve-a-team @op:list-all-teams
    Examples:
      | one  | list  | path      |
      | team | teams | /v1/teams |

    @op:retrieve-a-tag @op:list-all-tags
    Examples:
      | one | list | path     |
      | tag | tags | /v1/tags |
