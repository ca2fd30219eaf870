@reads
Feature: Lists
  Replies of one API agree with each other: what a list gives page by page is what it gives at once, in the order that was
  asked for, and what stands in a list is the same by its id.

  Scenario Outline: The pages of <list> at <path> are disjoint and leave nothing out
    Then the pages of <size> of "<list>" at "<path>" join up to the page of 50

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

  Scenario Outline: The <list> at <path> rise and fall by <key>
    Then "<list>" at "<path>" rise by "<key>" if asked, and fall if asked

    @op:list-all-calls
    Examples:
      | list  | path      | key |
      | calls | /v1/calls | started_at |

    @op:search-calls
    Examples:
      | list  | path                                | key |
      | calls | /v1/calls/search?direction=outbound | started_at |

    @op:list-all-contacts
    Examples:
      | list     | path                             | key |
      | contacts | /v1/contacts                     | created_at |
      | contacts | /v1/contacts?order_by=updated_at | updated_at |

    @op:search-contacts
    Examples:
      | list     | path                | key |
      | contacts | /v1/contacts/search | created_at |

    @op:list-all-users
    Examples:
      | list  | path      | key |
      | users | /v2/users | created_at |

    @op:list-all-numbers
    Examples:
      | list    | path        | key |
      | numbers | /v1/numbers | created_at |

    @op:list-all-teams
    Examples:
      | list  | path      | key |
      | teams | /v1/teams | created_at |

  Scenario Outline: What <path> lists is the same by its id
    Then the "<list>" at "<path>" are each the "<one>" of their own path

    @op:list-all-calls @op:retrieve-a-call
    Examples:
      | list  | path      | one |
      | calls | /v1/calls | call |

    @op:list-all-contacts @op:retrieve-a-contact
    Examples:
      | list     | path         | one |
      | contacts | /v1/contacts | contact |

    @op:list-all-users @op:retrieve-a-user
    Examples:
      | list  | path      | one |
      | users | /v2/users | user |

    @op:list-all-numbers @op:retrieve-a-number
    Examples:
      | list    | path        | one |
      | numbers | /v1/numbers | number |

    @op:list-all-teams @op:retrieve-a-team
    Examples:
      | list  | path      | one |
      | teams | /v1/teams | team |

    @op:list-all-tags @op:retrieve-a-tag
    Examples:
      | list | path     | one |
      | tags | /v1/tags | tag |

  @op:ping @op:retrieve-company
  Scenario: The API and the company of the account answer
    Then "/v1/ping" is answered
    And "/v1/company" is answered

  Scenario Outline: What <path> lists after one time and up to another is all of that time and nothing else
    Then "<list>" at "<path>" after one time and up to another of "<key>" are those of the list

    @op:list-all-calls
    Examples:
      | list  | path      | key        |
      | calls | /v1/calls | started_at |

    @op:search-calls
    Examples:
      | list  | path                               | key        |
      | calls | /v1/calls/search                   | started_at |
      | calls | /v1/calls/search?direction=inbound | started_at |

  Scenario Outline: What <path> lists between two times is all of that time and nothing else
    Then "<list>" at "<path>" between two times of "<key>" are those of the list

    @op:list-all-contacts
    Examples:
      | list     | path         | key        |
      | contacts | /v1/contacts | created_at |

    @op:search-contacts
    Examples:
      | list     | path                | key        |
      | contacts | /v1/contacts/search | created_at |

    @op:list-all-users
    Examples:
      | list  | path      | key        |
      | users | /v2/users | created_at |

    @op:list-all-numbers
    Examples:
      | list    | path        | key        |
      | numbers | /v1/numbers | created_at |

  @op:list-all-calls @op:search-calls
  Scenario Outline: A search for <parameter> finds the calls that have it, and no other
    Then the calls that "/v1/calls/search" finds by "<parameter>" are those of the list whose "<field>" it is

    Examples:
      | parameter    | field                    |
      | phone_number | raw_digits number.digits |
      | direction    | direction                |
      | user_id      | user.id                  |

  Scenario Outline: No two of the accounts share the <key> of one of their <list>
    Then no two of the accounts share an "<key>" of their <list>

    Examples:
      | list    | key |
      | numbers | id  |
      | users   | id  |
      | tags    | id  |
      | calls   | sid |

  Scenario Outline: No two of the accounts share the <field> of the <list> at <path>
    Then no two of the accounts share a "<field>" of the "<list>" at "<path>"

    @op:list-all-teams
    Examples:
      | field | list  | path      |
      | id    | teams | /v1/teams |

    @op:list-all-webhooks
    Examples:
      | field      | list     | path         |
      | webhook_id | webhooks | /v1/webhooks |

  Scenario Outline: The first <one> of an account is no other account's
    Then no other account gets the first "<one>" of the "<list>" at "<path>"

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
