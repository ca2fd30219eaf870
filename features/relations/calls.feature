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
