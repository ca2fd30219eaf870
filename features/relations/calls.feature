@reads
Feature: Calls
  The times of a call agree with where it is in its life.

  Scenario Outline: The calls at <path> are where their times say
    Then the calls at "<path>" are where their times say

    @op:list-all-calls
    Examples:
      | path      |
      | /v1/calls |

    @op:search-calls
    Examples:
      | path                                 |
      | /v1/calls/search?direction=inbound   |
      | /v1/calls/search?direction=outbound  |

  @op:list-all-calls
  Scenario: Of the inbound calls that nobody answered some say why
    Then of the inbound calls that nobody answered some say why

  Scenario Outline: The <part> of a call is the <part> of its own path
    Then the "<part>" of a call is the one at "<path>", but for "<but>"

    @op:list-all-calls @op:retrieve-a-number
    Examples:
      | part   | path        | but                                           |
      | number | /v1/numbers | open, availability_status, messages, priority |

    @op:list-all-calls @op:retrieve-a-user
    Examples:
      | part | path      | but                                                       |
      | user | /v2/users | direct_link, available, availability_status, wrap_up_time |
