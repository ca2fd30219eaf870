@fake @reads
Feature: Company
  The edge in front of every resource: ping, the company, credentials, unknown routes.

  @op:ping
  Scenario: Ping answers pong
    When I GET "/v1/ping"
    Then the status is 200
    And the body is exactly:
      """
      {"ping":"pong"}
      """
    And the header "Content-Type" is "application/json; charset=utf-8"

  @op:retrieve-company
  Scenario: The company has a name and counts its users and numbers
    Given $users are all users
    And $numbers are all numbers
    When I GET "/v1/company"
    Then the status is 200
    And the body is:
      """
      {"company":"<company>"}
      """
    And "company.users_count" is the number of $users
    And "company.numbers_count" is the number of $numbers

  @op:retrieve-company
  Scenario: A bearer token opens the same account
    When I GET "/v1/company"
    And "company" is kept as $company
    And I GET "/v1/company" with the authorization "Bearer fake-default-bearer"
    Then the status is 200
    And "company" is $company

  Scenario Outline: Without credentials <path> is a 401
    When I GET "<path>" without credentials
    Then the status is 401
    And the body is exactly:
      """
      {"message":"Unauthorized"}
      """
    And the header "Content-Type" is "application/json"
    And the header "X-AircallApi-Limit" is missing

    Examples:
      | path               |
      | /v1/ping           |
      | /v1/calls          |
      | /v1/calls/12345    |
      | /v2/users          |

  @op:ping
  Scenario Outline: <what> is a 403
    When I GET "/v1/ping" with the authorization "<authorization>"
    Then the status is 403
    And the body is exactly:
      """
      {"message":"Forbidden"}
      """

    Examples:
      | what                        | authorization                          |
      | An unknown pair             | Basic bm8tc3VjaC1pZDpuby1zdWNoLXRva2Vu |
      | A header that is not base64 | Basic not base64                       |
      | An unknown token            | Bearer no-such-token                   |

  Scenario Outline: <method> <path> is an unknown route, with and without credentials
    When I <method> "<path>"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """
    When I <method> "<path>" without credentials
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """

    Examples:
      | method | path                |
      | GET    | /v1/nothing         |
      | GET    | /v3/calls           |
      | GET    | /v1/me              |
      | PUT    | /v1/contacts/5678   |
      | DELETE | /v1/calls/12345     |
      | POST   | /v1/ping            |

    Examples: Paths that clients call and that do not exist
      | method | path                            |
      | POST   | /v1/calls                       |
      | GET    | /v1/calls/12345/transcript      |
      | POST   | /v1/calls/12345/transfer        |
      | GET    | /v1/calls/12345/insight_cards   |
      | POST   | /v1/calls/12345/link            |
      | POST   | /v1/calls/12345/metadata        |
      | PATCH  | /v1/contacts/5678               |
      | GET    | /v1/contacts/5678/phone_numbers |
      | POST   | /v1/contacts/5678/emails        |
      | POST   | /v1/users/1/dail                |
      | POST   | /v1/users/1/phone_number        |
      | DELETE | /v2/users/1                     |
      | GET    | /v2/users/1/availability        |
      | PUT    | /v1/teams/1                     |
      | POST   | /v1/numbers                     |
      | DELETE | /v1/numbers/1                   |
      | GET    | /v1/messages                    |
      | GET    | /v1/integration                 |
      | GET    | /v1/dialerCampaigns/1           |
      | GET    | /v2/calls                       |

  Scenario: A slash at the end changes nothing, and two are an unknown route
    When I GET "/v1/ping/"
    Then the status is 200
    When I GET "/v1/ping//"
    Then the status is 404

  Scenario Outline: <path> has the headers of <who>
    When I GET "<path>"
    Then the status is 200
    And the header "<has>" is "<value>"
    And the header "<lacks>" is missing
    And the header "Content-Type" is "<type>"
    And the header "X-Cache" is "Miss from cloudfront"

    @op:list-all-tags
    Examples:
      | path         | who                  | has           | value                               | lacks        | type                            |
      | /v1/tags     | Rails                | Cache-Control | max-age=0, private, must-revalidate | X-Powered-By | application/json; charset=utf-8 |

    @op:list-all-contacts
    Examples:
      | path         | who                  | has           | value                               | lacks        | type                            |
      | /v1/contacts | Express              | X-Powered-By  | Express                             | X-Request-Id | application/json; charset=utf-8 |

    @op:list-all-webhooks
    Examples:
      | path         | who                  | has           | value                               | lacks        | type                            |
      | /v1/webhooks | a function of Lambda | Content-Type  | application/json                    | Etag         | application/json                |

  Scenario Outline: An error of <path> has the wording of its service
    When I GET "<path>"
    Then the status is 404
    And the body is exactly:
      """
      <body>
      """
    And the header "X-Cache" is "Error from cloudfront"

    @op:retrieve-a-call
    Examples:
      | path                  | body                                                                            |
      | /v1/calls/99999999999 | {"error":"Not Found","troubleshoot":"Check ID of the resource","success":false} |

    @op:retrieve-a-contact
    Examples:
      | path                     | body                                                            |
      | /v1/contacts/99999999999 | {"error":"Not Found","troubleshoot":"Check ID of the resource"} |

    @op:retrieve-a-webhook
    Examples:
      | path                     | body                                                            |
      | /v1/webhooks/99999999999 | {"error":"Not Found","troubleshoot":"Check ID of the resource"} |
