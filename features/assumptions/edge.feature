@reads
Feature: Assumptions about the edge in front of every resource
  Credentials, routes, headers and refusals that no source documents. Each scenario checks one assumption, on any target.

  @op:ping @assumption:bearer-rejected
  Scenario: An unknown bearer token is a 403
    When I GET "/v1/ping" with the authorization "Bearer no-such-token"
    Then the status is 403
    And the body is exactly:
      """
      {"message":"Forbidden"}
      """

  @op:ping @assumption:rate-limit-headers
  Scenario: A reply that is not throttled has no headers of the rate limit
    When I GET "/v1/ping"
    Then the header "X-AircallApi-Limit" is missing
    And the header "X-AircallApi-Remaining" is missing
    And the header "X-AircallApi-Reset" is missing

  @assumption:escaped-path
  Scenario: The router does not decode escaped slashes and letters
    When I GET "/v1%2Fping"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """
    When I GET "/v1/p%69ng"
    Then the status is 404

  @op:retrieve-a-call @assumption:success-false @assumption:not-found-body
  Scenario: An error of Rails has success set to false
    When I GET "/v1/calls/99999999999"
    Then the status is 404
    And the body is exactly:
      """
      {"error":"Not Found","troubleshoot":"Check ID of the resource","success":false}
      """

  @op:retrieve-a-contact @assumption:contact-errors
  Scenario: An error of contacts has the keys error and troubleshoot
    When I GET "/v1/contacts/99999999999"
    Then the status is 404
    And the body is exactly:
      """
      {"error":"Not Found","troubleshoot":"Check ID of the resource"}
      """

  @op:retrieve-a-webhook @assumption:webhook-errors
  Scenario: An error of webhooks has the keys error and troubleshoot, and no charset
    When I GET "/v1/webhooks/9d3f2a1e-2b6c-4f0a-9c3e-1a2b3c4d5e6f"
    Then the status is 404
    And the header "Content-Type" is "application/json"
    And the body is exactly:
      """
      {"error":"Not Found","troubleshoot":"Check ID of the resource"}
      """

  @op:ping @assumption:conditional-get
  Scenario: Rails answers 304 only to its own ETag
    When I GET "/v1/ping"
    And the header "ETag" is kept as $tag
    And I GET "/v1/ping" with the header "If-None-Match: $tag"
    Then the status is 304
    And the body is empty
    When I GET "/v1/ping" with the header "If-None-Match: *"
    Then the status is 200
    When I GET "/v1/ping" with the header "If-None-Match: 'x', $tag"
    Then the status is 200

  @op:list-all-contacts @assumption:conditional-get
  Scenario: Express answers 304 also to a list of ETags and to a star
    When I GET "/v1/contacts?per_page=1&page=1"
    And the header "ETag" is kept as $tag
    And I GET "/v1/contacts?per_page=1&page=1" with the header "If-None-Match: *"
    Then the status is 304
    When I GET "/v1/contacts?per_page=1&page=1" with the header "If-None-Match: 'x', $tag"
    Then the status is 304

  @op:retrieve-a-contact @op:retrieve-a-call @assumption:error-tags
  Scenario: An error of contacts has an ETag, an error of Rails has none
    When I GET "/v1/contacts/99999999999"
    Then the header "ETag" is kept as $tag
    When I GET "/v1/calls/99999999999"
    Then the header "ETag" is missing

  @op:list-all-tags @op:list-all-contacts @assumption:repeated-keys
  Scenario: If a parameter comes twice, Rails takes the last and contacts the first
    When I GET "/v1/tags?per_page=5&per_page=7"
    Then "meta.per_page" is 7
    When I GET "/v1/contacts?per_page=5&per_page=7"
    Then "meta.per_page" is 5

  @op:list-all-tags @assumption:empty-parameter
  Scenario: A parameter without a value counts as missing
    When I GET "/v1/tags?page=&per_page="
    Then the status is 200
    And "meta.current_page" is 1
    And "meta.per_page" is 20

  @assumption:not-found-body
  Scenario Outline: <path> is not found, with the same body
    When I GET "<path>"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    @op:retrieve-a-call
    Examples:
      | path           |
      | /v1/calls/last |

    @op:retrieve-a-contact
    Examples:
      | path              |
      | /v1/contacts/john |

    @op:retrieve-a-user
    Examples:
      | path                  |
      | /v2/users/99999999999 |

    @op:retrieve-a-team
    Examples:
      | path                  |
      | /v1/teams/99999999999 |

    @op:retrieve-a-number
    Examples:
      | path            |
      | /v1/numbers/one |

    @op:retrieve-a-tag
    Examples:
      | path                 |
      | /v1/tags/99999999999 |

  @op:retrieve-an-integration @assumption:integration-basic
  Scenario: An API key has no integration
    Given the account uses an API key
    When I GET "/v1/integrations/me"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @op:list-all-users-v1 @assumption:users-v1
  Scenario: The list of users of version 1 no longer exists
    Given the date is past "2026-10-01"
    When I GET "/v1/users"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """

  @op:list-a2p-campaign-associations @assumption:a2p
  Scenario: There are no A2P campaign associations
    When I GET "/v1/a2p_campaign_associations"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """
