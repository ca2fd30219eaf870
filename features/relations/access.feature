@reads
Feature: Access
  Who shows no credentials is shown nothing.

  Scenario Outline: Without credentials <path> is no use
    When I GET "<path>" with the authorization ""
    Then the status is 401
    And the body is exactly:
      """
      {"message":"Unauthorized"}
      """

    @op:ping
    Examples:
      | path     |
      | /v1/ping |

    @op:list-all-contacts
    Examples:
      | path         |
      | /v1/contacts |

    @op:list-all-calls
    Examples:
      | path      |
      | /v1/calls |
