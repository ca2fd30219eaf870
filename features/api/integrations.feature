@fake
Feature: Integrations
  An app as a company installed it. Only the token of the app reads it.

  @reads @op:retrieve-an-integration
  Scenario: A bearer token reads its integration and its owner
    Given $numbers are all numbers
    When I GET "/v1/integrations/me" with the authorization "Bearer fake-default-bearer"
    Then the status is 200
    And the body is:
      """
      {"integration":"<integration>"}
      """
    And "integration.user.email" is "owner@default.example.com"
    And "integration.numbers_count" is the number of $numbers

  @reads @op:retrieve-an-integration
  Scenario: An API key has no integration
    When I GET "/v1/integrations/me"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @changes @op:enable-an-integration @op:disable-an-integration @assumption:integration-disabled
  Scenario: An integration can be disabled and enabled again
    When I POST "/v1/integrations/disable" with the authorization "Bearer fake-default-bearer"
    Then the status is 204
    And the body is empty
    When I GET "/v1/integrations/me" with the authorization "Bearer fake-default-bearer"
    Then "integration.active" is false
    When I GET "/v1/integrations/me" with the authorization "Bearer fake-sales-bearer"
    Then "integration.active" is true
    When I POST "/v1/integrations/enable?install=true" with the authorization "Bearer fake-default-bearer"
    Then the status is 204
    When I GET "/v1/integrations/me" with the authorization "Bearer fake-default-bearer"
    Then "integration.active" is true

  @changes @op:enable-an-integration @op:disable-an-integration @assumption:integration-basic
  Scenario: An API key has no integration to enable or disable
    When I POST "/v1/integrations/enable"
    Then the status is 404
    When I POST "/v1/integrations/disable"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """
