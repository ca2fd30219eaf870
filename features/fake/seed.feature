@fake @reads
Feature: Seed of the fake
  The same seed and the same clock give the same bytes; another seed gives other data.

  Scenario Outline: The list <path> has the same bytes for the same seed
    Given a fresh fake of seed 7
    When I GET "<path>"
    Then the status is 200
    And the body is kept as $first
    Given a fresh fake of seed 7
    When I GET "<path>"
    Then the status is 200
    And the body is kept as $second
    And $second is $first

    @op:list-all-calls
    Examples:
      | path                            |
      | /v1/calls?per_page=50           |
      | /v1/calls?fetch_contact=true    |

    @op:list-all-contacts
    Examples:
      | path                            |
      | /v1/contacts                    |

    @op:list-all-users
    Examples:
      | path                            |
      | /v2/users?per_page=50           |

    @op:list-all-numbers
    Examples:
      | path                            |
      | /v1/numbers?per_page=50         |

    @op:list-all-teams
    Examples:
      | path                            |
      | /v1/teams?per_page=50           |

    @op:list-all-tags
    Examples:
      | path                            |
      | /v1/tags?per_page=50            |

  @op:list-all-contacts
  Scenario: Another seed has other contacts
    Given a fresh fake of seed 1
    When I GET "/v1/contacts"
    Then the status is 200
    And the body is kept as $first
    Given a fresh fake of seed 2
    When I GET "/v1/contacts"
    Then the status is 200
    And the body is kept as $second
    And $second is not $first

  @op:retrieve-a-call @op:retrieve-a-contact
  Scenario: The documented ids exist for every seed
    Given a fresh fake of seed 99
    When I GET "/v1/calls/12345"
    Then the status is 200
    And "call.status" is "done"
    When I GET "/v1/contacts/5678"
    Then the status is 200
