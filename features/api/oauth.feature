@fake
Feature: OAuth
  How an app gets a token: a person authorizes it, the redirect has a code, and the code buys a token that does not expire.

  @changes @op:exchange-an-authorization-code @assumption:oauth-code
  Scenario: A code buys a token for the company
    When I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&response_type=code&scope=public_api&state=s%261&account=sales&decision=allow"
    Then the status is 303
    And the query of the header "Location" is kept as $back
    And $back has:
      | state | is | s&1 |
    When I POST "/v1/oauth/token" without credentials and the body:
      """
      {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": $back.code,
       "redirect_uri": "https://app.example.com/oauth/callback", "grant_type": "authorization_code"}
      """
    Then the status is 200
    And the body is:
      """
      {"access_token":"<hex>","token_type":"Bearer","created_at":"<unix>"}
      """
    And "access_token" is kept as $token
    When I GET "/v1/integrations/me" with the authorization "Bearer $token"
    Then "integration.user.email" is "owner@sales.example.com"
    When I POST "/v1/oauth/token" without credentials and the body:
      """
      {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": $back.code,
       "redirect_uri": "https://app.example.com/oauth/callback", "grant_type": "authorization_code"}
      """
    Then the status is 400
    And the body is exactly:
      """
      {"error":"invalid_grant"}
      """

  @changes @op:exchange-an-authorization-code
  Scenario: A code is valid for ten minutes
    Given an empty fake
    When I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&response_type=code&scope=public_api&decision=allow"
    And the query of the header "Location" is kept as $back
    And the clock moves on by 600 seconds
    And I POST "/v1/oauth/token" without credentials and the body:
      """
      {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": $back.code,
       "redirect_uri": "https://app.example.com/oauth/callback", "grant_type": "authorization_code"}
      """
    Then the status is 400
    And the body is exactly:
      """
      {"error":"invalid_grant"}
      """

  @changes @op:exchange-an-authorization-code @assumption:oauth-errors
  Scenario Outline: An exchange with <what> is a 400 with the error <error>
    When I POST "/v1/oauth/token" without credentials and the body:
      """
      <body>
      """
    Then the status is 400
    And the body is exactly:
      """
      {"error":"<error>"}
      """

    Examples:
      | what            | error                  | body                                                                                                                    |
      | a wrong secret  | invalid_client         | {"client_id": "fake-client-id", "client_secret": "wrong", "code": "x", "grant_type": "authorization_code"}              |
      | an unknown code | invalid_grant          | {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": "x", "grant_type": "authorization_code"} |
      | a refresh token | unsupported_grant_type | {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": "x", "grant_type": "refresh_token"}      |
      | no code         | invalid_request        | {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "grant_type": "authorization_code"}              |

  @changes
  Scenario: A user who denies access is sent back with an error
    When I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=http://127.0.0.1:39001/oauth/callback&response_type=code&scope=public_api&state=1&decision=refuse"
    Then the status is 303
    And the header "Location" is "http://127.0.0.1:39001/oauth/callback?error=access_denied&state=1"

  @reads
  Scenario Outline: With <what> there is no redirect
    When I GET "/oauth/authorize?response_type=code&scope=public_api&<parameters>"
    Then the status is 400
    And the header "Location" is missing
    And the header "Content-Type" is "text/html; charset=utf-8"

    Examples:
      | what                       | parameters                                                                    |
      | an unknown client          | client_id=other&redirect_uri=https://app.example.com/oauth/callback           |
      | an address of another host | client_id=fake-client-id&redirect_uri=https://evil.example.com/oauth/callback |
      | no address                 | client_id=fake-client-id                                                      |

  @changes @op:exchange-an-authorization-code
  Scenario: A code is valid only for its app and its redirect address
    When I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&response_type=code&scope=public_api&decision=allow"
    And the query of the header "Location" is kept as $back
    And I POST "/v1/oauth/token" without credentials and the body:
      """
      {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": $back.code,
       "redirect_uri": "http://localhost/oauth/callback", "grant_type": "authorization_code"}
      """
    Then the status is 400
    And the body is exactly:
      """
      {"error":"invalid_grant"}
      """

  @changes @assumption:oauth-scope
  Scenario Outline: With <what> the redirect has the error <error>
    When I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&state=7&<parameters>&decision=allow"
    Then the status is 303
    And the header "Location" is "https://app.example.com/oauth/callback?error=<error>&state=7"

    Examples:
      | what                | parameters                           | error                     |
      | another kind        | response_type=token&scope=public_api | unsupported_response_type |
      | another scope       | response_type=code&scope=admin       | invalid_scope             |
