@reads
Feature: Assumptions about lists
  Sizes, pages, orders and periods that no source documents. Each scenario checks one assumption, on any target.

  @assumption:per-page-range
  Scenario Outline: <path>?per_page=<size> is a 400
    When I GET "<path>?per_page=<size>"
    Then the status is 400

    @op:list-all-calls
    Examples:
      | path      | size |
      | /v1/calls | 0    |
      | /v1/calls | all  |

    @op:list-all-contacts
    Examples:
      | path         | size |
      | /v1/contacts | 0    |

  @op:list-all-webhooks @assumption:per-page-range
  Scenario: A page has at most 50 webhooks
    When I GET "/v1/webhooks?per_page=51"
    Then the status is 200
    And "meta.per_page" is 50

  @assumption:page-range
  Scenario Outline: <path>?page=<page> is a 400
    When I GET "<path>?page=<page>"
    Then the status is 400

    @op:list-all-calls
    Examples:
      | path      | page  |
      | /v1/calls | 0     |
      | /v1/calls | first |

    @op:list-all-contacts
    Examples:
      | path         | page |
      | /v1/contacts | 0    |

  @op:list-all-contacts @assumption:contacts-per-page
  Scenario: A page has 50 contacts by default
    When I GET "/v1/contacts"
    Then the status is 200
    And "meta.per_page" is 50

  @op:list-all-contacts @assumption:contacts-above-50
  Scenario: A page of more than 50 contacts has the requested size
    Given $next is contact 51
    When I GET "/v1/contacts?per_page=51&order=desc"
    Then "meta.count" is 51
    And "contacts.50.id" is $next.id

  @op:list-all-contacts @op:list-all-calls @assumption:page-links
  Scenario: The links have the period and the filters
    When I GET "/v1/contacts?from=1000000000&per_page=1&page=2"
    Then "meta" has:
      | previous_page_link | contains | /v1/contacts?from=1000000000&order=asc&order_by=created_at&per_page=1&page=1 |
    When I GET "/v1/calls?to=4000000000&from=1000000000&per_page=1&page=2"
    Then "meta" has:
      | previous_page_link | contains | /v1/calls?from=1000000000&order=asc&page=1&per_page=1&to=4000000000 |

  @assumption:result-cap
  Scenario Outline: A page of <path> beyond the 10,000th result is a 400, even in a short list
    When I GET "<path>?page=201&per_page=50"
    Then the status is 400
    And "errors" is "Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters."

    @op:list-all-teams
    Examples:
      | path      |
      | /v1/teams |

    @op:list-all-numbers
    Examples:
      | path        |
      | /v1/numbers |

    @op:list-all-webhooks
    Examples:
      | path         |
      | /v1/webhooks |

  @op:list-all-calls @op:list-all-contacts @assumption:order-unknown
  Scenario: An unknown order counts as the default
    When I GET "/v1/calls?per_page=5"
    And "calls.*.id" is kept as $calls
    And I GET "/v1/calls?per_page=5&order=sideways"
    Then "calls.*.id" is $calls
    When I GET "/v1/contacts?per_page=5"
    And "contacts.*.id" is kept as $contacts
    And I GET "/v1/contacts?per_page=5&order_by=shoe_size"
    Then "contacts.*.id" is $contacts

  @op:list-all-tags @assumption:tags-order
  Scenario: The parameter order reverses the list of tags
    When I GET "/v1/tags?per_page=1"
    And "tags.0.id" is kept as $first
    And I GET "/v1/tags?per_page=1&order=desc"
    Then "tags.0.id" is not $first

  @assumption:window-not-seconds
  Scenario Outline: A period of <path> that is not in seconds selects nothing
    When I GET "<path>?from=2020-01-01T00:00:00Z"
    Then the status is 200
    And "<list>" is []

    @op:list-all-calls
    Examples:
      | path      | list  |
      | /v1/calls | calls |

    @op:list-all-contacts
    Examples:
      | path         | list     |
      | /v1/contacts | contacts |

  @assumption:window-bounds
  Scenario Outline: The parameters from and to of <path> include both ends
    Given $from is <one> 2
    And $to is <one> 3
    And $between are all <list> where:
      | created_at | at least | $from.created_at |
      | created_at | at most  | $to.created_at   |
    When I GET "<path>?order=asc&per_page=50&from=$from.created_at|unix&to=$to.created_at|unix"
    Then "<list>" are $between

    @op:list-all-users
    Examples:
      | path      | list  | one  |
      | /v2/users | users | user |

    @op:list-all-numbers
    Examples:
      | path        | list    | one    |
      | /v1/numbers | numbers | number |

  @op:list-all-calls @assumption:call-direction-list
  Scenario: The list of calls ignores the filters of the search
    When I GET "/v1/calls?per_page=1&to=1700000000"
    And "meta.total" is kept as $total
    And I GET "/v1/calls?per_page=1&to=1700000000&direction=inbound"
    Then "meta.total" is $total
    When I GET "/v1/calls?per_page=1"
    And "calls" is kept as $oldest
    And I GET "/v1/calls?per_page=1&direction=outbound&user_id=1"
    Then "calls" are $oldest

  @op:search-calls @assumption:call-search-phone
  Scenario: A search by phone number finds calls by the other party and by the line
    Given $old is call 100
    And $one is a call where:
      | raw_digits | is not | null      |
      | raw_digits | is not | anonymous |
    And $matching are the first 50 calls where:
      | raw_digits number.digits | contains digits | $one.raw_digits |
      | started_at               | more than       | $old.started_at |
    When I GET "/v1/calls/search?order=desc&per_page=50&from=$old.started_at&phone_number=$one.raw_digits"
    Then "calls" are $matching

  @op:search-contacts @assumption:contact-search-both
  Scenario: A search by phone number and e-mail finds contacts with both
    Given $one is a contact where:
      | phone_numbers.0.value | is not | null |
    And $other is a contact where:
      | emails.0.value        | is not | null    |
      | id                    | is not | $one.id |
    When I GET "/v1/contacts/search?phone_number=$one.phone_numbers.0.value&email=$other.emails.0.value"
    Then the status is 200
    And "contacts" has no entry where:
      | emails.*.value | lacks | $other.emails.0.value |
