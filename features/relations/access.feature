@reads
Feature: Access
  A request without credentials gets no data.

  Scenario Outline: <path> without credentials is a 401
    When I GET "<path>" without credentials
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
