@fake
Feature: Dialer campaigns
  The wire format of the Power Dialer: one campaign for each user, without an envelope, its numbers under "numbers". To add
  numbers is the same as to create the campaign, and a refusal does not mean that nothing was added.

  Background:
    When I GET "/v2/users?per_page=2"
    And "users.0.id" is kept as $user
    And "users.1.id" is kept as $busy

  @reads @op:retrieve-a-dialer-campaign @op:retrieve-phone-numbers @assumption:dialer-envelope @assumption:dialer-number
  Scenario: A campaign has the id of its line as text, and its numbers under their own key
    When I GET "/v1/users/$busy/dialer_campaign"
    Then the status is 200
    And the body is:
      """
      {"id": "<id>", "number_id": "<text?>", "created_at": "<iso>"}
      """
    When I GET "/v1/users/$busy/dialer_campaign/phone_numbers"
    Then the status is 200
    And the body is:
      """
      {"numbers": ["<dialed>*"], "meta": "<meta>"}
      """
    And "phone_numbers" is missing

  @changes @op:retrieve-a-dialer-campaign @op:create-a-dialer-campaign @op:delete-a-dialer-campaign @assumption:dialer-status
  Scenario: A campaign is created, continued and deleted
    When I GET "/v1/users/$user/dialer_campaign"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """
    When I POST "/v1/users/$user/dialer_campaign" with the body:
      """
      {"phone_numbers": ["+4520000001"]}
      """
    Then the status is 204
    And the body is empty
    When I POST "/v1/users/$user/dialer_campaign" with the body:
      """
      {"phone_numbers": ["+4520000002"]}
      """
    Then the status is 204
    When I GET "/v1/users/$user/dialer_campaign/phone_numbers"
    Then "numbers" has 2 entries
    And each of "numbers" has:
      | called | is | false |
    When I DELETE "/v1/users/$user/dialer_campaign"
    Then the status is 204
    When I DELETE "/v1/users/$user/dialer_campaign"
    Then the status is 404

  @changes @op:create-a-dialer-campaign @op:add-phone-numbers @assumption:dialer-import
  Scenario: A refusal names the invalid numbers, and the campaign has the others
    When I POST "/v1/users/$user/dialer_campaign" with the body:
      """
      {"phone_numbers": ["+4520000001"]}
      """
    And I POST "/v1/users/$user/dialer_campaign/phone_numbers" with the body:
      """
      {"phone_numbers": ["+4520000001", "+4520000002", "nobody"]}
      """
    Then the status is 422
    And the body is exactly:
      """
      {"error":"Unprocessable Entity","success":false,"errors":{"dialer_campaign":["+4520000001 already imported, but not called","nobody is not a valid phone number"]}}
      """
    When I GET "/v1/users/$user/dialer_campaign/phone_numbers"
    Then "meta.total" is 2
    And "numbers.1.number" is "4520000002"

  @changes
  Scenario Outline: <path> with <body> is a <status>
    When I POST "/v1/users/<path>" with the body:
      """
      <body>
      """
    Then the status is <status>

    @op:create-a-dialer-campaign
    Examples:
      | path                        | body                               | status |
      | $user/dialer_campaign       | {}                                 | 400    |
      | $user/dialer_campaign       | {"phone_numbers": "+4520000001"}   | 400    |
      | $user/dialer_campaign       | {"phone_numbers": []}              | 422    |
      | $user/dialer_campaign       | {"phone_numbers": ["nobody"]}      | 422    |
      | 99999999999/dialer_campaign | {"phone_numbers": ["+4520000001"]} | 404    |

    @op:add-phone-numbers
    Examples:
      | path                                | body                               | status |
      | $user/dialer_campaign/phone_numbers | {"phone_numbers": ["+4520000001"]} | 404    |

  @changes @op:delete-a-phone-number
  Scenario: A number can be removed from a campaign
    When I GET "/v1/users/$busy/dialer_campaign/phone_numbers"
    And "numbers.0.id" is kept as $number
    And I DELETE "/v1/users/$busy/dialer_campaign/phone_numbers/$number"
    Then the status is 204
    And the body is empty
    When I DELETE "/v1/users/$busy/dialer_campaign/phone_numbers/$number"
    Then the status is 404
