@fake
Feature: A2P campaign associations
  Routes of the 2024 reference that the 2026 reference lacks: unknown, unless the fake is configured to keep them.

  @reads
  Scenario Outline: <method> is an unknown route
    When I <method> "/v1/a2p_campaign_associations"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """

    @op:list-a2p-campaign-associations
    Examples:
      | method |
      | GET    |

    @op:create-an-a2p-campaign-association
    Examples:
      | method |
      | POST   |

    @op:update-an-a2p-campaign-association
    Examples:
      | method |
      | PUT    |

  @changes @op:list-a2p-campaign-associations @op:create-an-a2p-campaign-association @op:update-an-a2p-campaign-association @op:delete-an-a2p-campaign-association @assumption:a2p-shape
  Scenario: If the fake keeps the routes, a campaign and its lines get an association with its own id
    Given a fresh fake that answers "a2p" with "keep"
    When I GET "/v1/a2p_campaign_associations"
    Then the status is 200
    And the body is:
      """
      {"a2p_campaign_associations": ["<association>*"], "meta": "<meta>"}
      """
    And "a2p_campaign_associations.0.numbers" is kept as $numbers
    When I POST "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": $numbers}
      """
    Then the status is 201
    And the body is:
      """
      {"a2p_campaign_associations": "<association>"}
      """
    And "a2p_campaign_associations.id" is kept as $id
    When I PUT "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": []}
      """
    Then the status is 200
    And "a2p_campaign_associations.numbers" is []
    When I DELETE "/v1/a2p_campaign_associations/$id"
    Then the status is 204
    When I PUT "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": []}
      """
    Then the status is 404
