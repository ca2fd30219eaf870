@fake
Feature: Accounts of the fake
  One server has several accounts that share nothing.

  @reads @op:retrieve-company
  Scenario: Every account has its own company
    When I GET "/v1/company" as "default"
    And "company.name" is kept as $default
    And I GET "/v1/company" as "sales"
    Then "company.name" is not $default
    And "company.name" is kept as $sales
    When I GET "/v1/company" as "support"
    Then "company.name" is not $default
    And "company.name" is not $sales

  @reads
  Scenario Outline: No two accounts share the <field> of their <list>
    Then no two of the accounts share an "<field>" of the "<list>" at "<path>"

    Examples:
      | field  | list    | path                 |
      | email  | users   | /v2/users            |
      | id     | numbers | /v1/numbers          |
      | sid    | calls   | /v1/calls?order=desc |

  @changes @op:create-a-contact @op:retrieve-a-contact
  Scenario: A contact of one account does not exist in another
    When I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    Then the status is 201
    And "contact" is kept as $made
    When I GET "/v1/contacts/$made.id" as "sales"
    Then the status is 404
    When I GET "/v1/contacts/search?phone_number=4520000001" as "support"
    Then "meta.total" is 0

  @changes @op:delete-a-contact @op:retrieve-a-contact
  Scenario: The documented ids exist in every account, as separate objects
    When I DELETE "/v1/contacts/5678"
    Then the status is 204
    When I GET "/v1/contacts/5678" as "sales"
    Then the status is 200
    When I GET "/v1/contacts/5678" as "support"
    Then the status is 200
    When I GET "/v1/calls/12345" as "support"
    Then the status is 200
