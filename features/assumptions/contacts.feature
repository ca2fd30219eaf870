@changes
Feature: Assumptions about contacts
  Each scenario checks one assumption, with a contact that the kit creates, on any target.

  Background:
    Given $made is a contact of my own:
      """json
      {
        "first_name": "Less < more > & so", "last_name": "Kit",
        "phone_numbers": [{"label": "Work", "value": "+33612345679"}],
        "emails": [{"label": "Work", "value": "assumptions@example.com"}]
      }
      """

  @op:create-a-contact @op:retrieve-a-contact @assumption:json-escape
  Scenario: Three characters are escaped in every body
    When I GET "/v1/contacts/$made.id"
    Then the body contains the text Less \u003c more \u003e \u0026 so

  @op:create-a-contact @op:retrieve-a-contact @assumption:contact-entry-order
  Scenario: A phone number of a contact begins with its value
    When I GET "/v1/contacts/$made.id"
    Then the body contains the text "phone_numbers":[{"value":"+33612345679","id":

  @op:create-a-contact @op:update-a-contact @assumption:content-type
  Scenario: The server ignores the content type of a request
    When I POST "/v1/contacts/$made.id" with the header "Content-Type: text/plain" and the body:
      """
      {"company_name": "Kit and Co"}
      """
    Then the status is 200
    And "contact.company_name" is "Kit and Co"

  @op:create-a-contact @op:update-a-contact @assumption:contact-blank
  Scenario: A blank text is refused, and null clears the field
    When I POST "/v1/contacts/$made.id" with the body:
      """
      {"last_name": ""}
      """
    Then the status is 400
    When I POST "/v1/contacts/$made.id" with the body:
      """
      {"last_name": null}
      """
    Then the status is 200
    And "contact.last_name" is null

  @op:create-a-contact @op:update-a-contact @assumption:malformed-json
  Scenario Outline: A body that is <what> is refused
    When I POST "/v1/contacts/$made.id" with the body:
      """
      <body>
      """
    Then the status is 400

    Examples:
      | what    | body                   |
      | cut off | {"first_name": "Less", |
      | a list  | [1, 2]                 |

  @op:create-a-contact @op:delete-phone-number-from-a-contact @op:retrieve-a-contact @assumption:contact-last-phone
  Scenario: The last phone number can be deleted
    When I DELETE "/v1/contacts/$made.id/phone_details/$made.phone_numbers.0.id"
    Then the status is 204
    When I GET "/v1/contacts/$made.id"
    Then "contact.phone_numbers" is []

  @op:create-a-contact @op:delete-a-contact @assumption:delete-twice
  Scenario: A second deletion is not found
    When I DELETE "/v1/contacts/$made.id"
    Then the status is 204
    When I DELETE "/v1/contacts/$made.id"
    Then the status is 404

  @op:create-a-contact @assumption:contact-label
  Scenario Outline: A detail of <details> without label is refused
    When I POST "/v1/contacts/$made.id/<details>" with the body:
      """
      {"value": "<value>"}
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

    @op:add-phone-number-to-a-contact
    Examples:
      | details       | value        |
      | phone_details | +33612345677 |

    @op:add-email-to-a-contact
    Examples:
      | details       | value           |
      | email_details | kim@example.com |

  @op:create-a-contact @op:add-phone-number-to-a-contact @assumption:contact-phone
  Scenario Outline: The phone number <value> is a <status>
    When I POST "/v1/contacts/$made.id/phone_details" with the body:
      """
      {"label": "Home", "value": "<value>"}
      """
    Then the status is <status>

    Examples:
      | value             | status |
      | +33 6.12-34(5)677 | 201    |
      | +3361             | 201    |
      | +336              | 400    |
      | 0612345677        | 400    |
      | +33612345678x1    | 400    |
