@fake
Feature: Contacts
  The wire format of contacts, a separate service: meta before the list, POST to update, phone numbers and e-mails one by
  one.

  @reads @op:list-all-contacts
  Scenario: A list has meta first, the contacts second and 50 contacts by default
    When I GET "/v1/contacts"
    Then the status is 200
    And the body is:
      """
      {"meta":"<meta>","contacts":["<contact>*"]}
      """
    And "meta.per_page" is 50
    And "contacts" are in ascending order of "created_at"
    And the header "X-Powered-By" is "Express"
    And the header "Content-Type" is "application/json; charset=utf-8"

  @reads @op:list-all-contacts @anywhere
  Scenario: The parameters order and order_by sort the list
    Given $second is contact 2
    When I GET "/v1/contacts?order=desc&per_page=50"
    Then "contacts" are in descending order of "created_at"
    When I GET "/v1/contacts?order=desc&order_by=updated_at&per_page=50"
    Then "contacts" are in descending order of "updated_at"

  @reads @op:list-all-contacts
  Scenario: All pages together have each contact once
    Given $all are all contacts
    When I GET "/v1/contacts?order=desc&per_page=50&page=1"
    Then "meta.total" is the number of $all
    And I follow "meta.next_page_link"
    And "meta.current_page" is 2
    And "meta.total" is the number of $all

  @reads @op:list-all-contacts
  Scenario: A list ends at the 10,000th contact
    When I GET "/v1/contacts?page=201&per_page=50"
    Then the status is 400
    And "error" is "Bad Request"

  @reads @op:search-contacts @anywhere
  Scenario: A search by phone number finds the contact in any notation of the number
    Given $one is a contact where:
      | phone_numbers.0 | is not | null |
    And $found are all contacts where:
      | phone_numbers.*.value | holds digits | $one.phone_numbers.0.value |
    When I GET "/v1/contacts/search?phone_number=$one.phone_numbers.0.value&order=desc"
    Then the status is 200
    And the body is:
      """
      {"meta":"<meta>","contacts":["<contact>*"]}
      """
    And "contacts" are $found
    And "meta.per_page" is 20

  @reads @op:search-contacts @anywhere
  Scenario: A search by e-mail finds the contact with that e-mail
    Given $one is a contact where:
      | emails.0 | is not | null |
    And $found are all contacts where:
      | emails.*.value | holds | $one.emails.0.value |
    When I GET "/v1/contacts/search?email=$one.emails.0.value&order=desc"
    Then "contacts" are $found

  @reads
  Scenario Outline: The parameters from and to of <path> are inclusive
    Given $new are the newest 1 contacts
    And $then are all contacts where:
      | created_at | is | $new.0.created_at |
    When I GET "<path>"
    Then the status is 200
    And "contacts" are $then

    @op:list-all-contacts
    Examples:
      | path                                                                                                |
      | /v1/contacts?from=$new.0.created_at&to=$new.0.created_at&order=desc&per_page=50                     |
      | /v1/contacts?from=$new.0.created_at&to=$new.0.created_at&order=desc&per_page=50&order_by=updated_at |

    @op:search-contacts
    Examples:
      | path                                                                                   |
      | /v1/contacts/search?from=$new.0.created_at&to=$new.0.created_at&order=desc&per_page=50 |

  @reads @op:search-contacts
  Scenario: There is no search by name: unknown filters are ignored
    Given $all are all contacts
    When I GET "/v1/contacts/search?query=John&name=John"
    Then the status is 200
    And "meta.total" is the number of $all

  @reads @op:retrieve-a-contact
  Scenario: A contact has an envelope, and its entries begin with the value
    When I GET "/v1/contacts/5678"
    Then the status is 200
    And the body is:
      """
      {"contact":"<contact>"}
      """
    And "contact" has:
      | id              | is     | 5678 |
      | phone_numbers.0 | is not | null |
      | emails.0        | is not | null |

  @reads @op:retrieve-a-contact
  Scenario Outline: A contact with the id <id> is not found
    When I GET "/v1/contacts/<id>"
    Then the status is 404
    And the body is:
      """
      {"error":"Not Found","troubleshoot":"Check ID of the resource"}
      """

    Examples:
      | id          |
      | 99999999999 |
      | john        |

  @changes @op:create-a-contact @op:retrieve-a-contact
  Scenario: A new contact is a 201, and a read returns the same contact
    When I POST "/v1/contacts" with the body:
      """
      {"first_name": "Kim", "phone_numbers": [{"label": "Mobile", "value": "+4520000001"}],
       "emails": [{"label": "Work", "value": "kim@shop.example"}]}
      """
    Then the status is 201
    And the body is:
      """
      {"contact":{"id":"<id>","created_at":"<unix>","updated_at":"<unix>","first_name":"Kim","last_name":null,
       "information":null,"company_name":null,"is_shared":true,"direct_link":"<link>",
       "phone_numbers":[{"value":"+4520000001","id":"<id>","label":"Mobile"}],
       "emails":[{"value":"kim@shop.example","id":"<id>","label":"Work"}]}}
      """
    And "contact" is kept as $made
    When I GET "/v1/contacts/$made.id"
    Then "contact" is $made

  @changes @op:create-a-contact
  Scenario: The same request twice creates two contacts
    When I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Mobile", "value": "+4520000001"}]}
      """
    And "contact" is kept as $one
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Mobile", "value": "+4520000001"}]}
      """
    Then the status is 201
    When I GET "/v1/contacts/search?phone_number=4520000001"
    Then "meta.total" is 2

  @changes @op:create-a-contact
  Scenario Outline: A new contact <what> is a 400
    When I POST "/v1/contacts" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | what                              | body                                                                                          |
      | without phone numbers             | {"first_name": "Kim"}                                                                         |
      | with no phone number              | {"phone_numbers": []}                                                                         |
      | with a phone number without value | {"phone_numbers": [{"label": "Work"}]}                                                        |
      | with a phone number without label | {"phone_numbers": [{"value": "+4520000001"}]}                                                 |
      | with a text for phone numbers     | {"phone_numbers": "+4520000001"}                                                              |
      | with a phone number of letters    | {"phone_numbers": [{"label": "Work", "value": "hello"}]}                                      |
      | with an e-mail without value      | {"phone_numbers": [{"label": "Work", "value": "+4520000001"}], "emails": [{"label": "Work"}]} |
      | with a number for a name          | {"first_name": 7, "phone_numbers": [{"label": "Work", "value": "+4520000001"}]}               |
      | cut off in the middle             | {"first_name": "Kim",                                                                         |
      | that is a list                    | [1, 2]                                                                                        |

  @changes @op:update-a-contact @op:retrieve-a-contact
  Scenario: An update is a POST, changes only the named fields, and ignores phone numbers and e-mails
    When I GET "/v1/contacts/5678"
    And "contact" is kept as $before
    And I POST "/v1/contacts/5678" with the body:
      """
      {"company_name": "New Corp", "last_name": null,
       "phone_numbers": [{"label": "Other", "value": "+4520000002"}], "emails": []}
      """
    Then the status is 200
    And the body is:
      """
      {"contact":"<contact>"}
      """
    And "contact" has:
      | company_name  | is | New Corp               |
      | last_name     | is | null                   |
      | first_name    | is | $before.first_name     |
      | information   | is | $before.information    |
      | phone_numbers | is | $before.phone_numbers  |
      | emails        | is | $before.emails         |
      | created_at    | is | $before.created_at     |
    And "contact" is kept as $after
    When I GET "/v1/contacts/5678"
    Then "contact" is $after

  @changes @op:update-a-contact
  Scenario: A blank field is refused, and an unknown contact is not found
    When I POST "/v1/contacts/5678" with the body:
      """
      {"first_name": " "}
      """
    Then the status is 400
    When I POST "/v1/contacts/99999999999" with the body:
      """
      {"first_name": "Kim"}
      """
    Then the status is 404

  @changes @op:delete-a-contact @op:retrieve-a-contact @op:search-contacts
  Scenario: A deleted contact is gone everywhere
    When I GET "/v1/contacts/5678"
    And "contact" is kept as $it
    And I DELETE "/v1/contacts/5678"
    Then the status is 204
    And the body is empty
    And the header "Content-Type" is missing
    When I GET "/v1/contacts/5678"
    Then the status is 404
    When I GET "/v1/contacts/search?email=$it.emails.0.value"
    Then "contacts" has no entry where:
      | id | is | 5678 |
    When I DELETE "/v1/contacts/5678"
    Then the status is 404

  @changes @op:add-phone-number-to-a-contact @op:update-phone-number-to-a-contact @op:delete-phone-number-from-a-contact
  Scenario: A phone number is added, changed and deleted
    When I POST "/v1/contacts/5678/phone_details" with the body:
      """
      {"label": "Boat", "value": "+4520000003"}
      """
    Then the status is 201
    And the body is:
      """
      {"phone_detail":{"id":"<id>","label":"Boat","value":"+4520000003"}}
      """
    And "phone_detail" is kept as $new
    When I PUT "/v1/contacts/5678/phone_details/$new.id" with the body:
      """
      {"value": "+4520000004"}
      """
    Then the status is 200
    And the body is:
      """
      {"phone_detail":{"id":$new.id,"label":"Boat","value":"+4520000004"}}
      """
    When I GET "/v1/contacts/search?phone_number=4520000004"
    Then "contacts.0.id" is 5678
    When I GET "/v1/contacts/search?phone_number=4520000003"
    Then "meta.total" is 0
    When I DELETE "/v1/contacts/5678/phone_details/$new.id"
    Then the status is 204
    And the body is empty
    When I GET "/v1/contacts/search?phone_number=4520000004"
    Then "meta.total" is 0
    When I DELETE "/v1/contacts/5678/phone_details/$new.id"
    Then the status is 404

  @changes @op:add-email-to-a-contact @op:update-email-to-a-contact @op:delete-email-from-a-contact
  Scenario: An e-mail is added, changed and deleted
    When I POST "/v1/contacts/5678/email_details" with the body:
      """
      {"label": "Boat", "value": "boat@example.com"}
      """
    Then the status is 201
    And the body is:
      """
      {"email_detail":{"id":"<id>","label":"Boat","value":"boat@example.com"}}
      """
    And "email_detail" is kept as $new
    When I PUT "/v1/contacts/5678/email_details/$new.id" with the body:
      """
      {"label": "Ship"}
      """
    Then the status is 200
    And the body is:
      """
      {"email_detail":{"id":$new.id,"label":"Ship","value":"boat@example.com"}}
      """
    When I GET "/v1/contacts/5678"
    Then "contact" has:
      | emails.*.label | holds | Ship             |
      | emails.*.value | holds | boat@example.com |
    When I DELETE "/v1/contacts/5678/email_details/$new.id"
    Then the status is 204
    And the body is empty
    When I GET "/v1/contacts/search?email=boat@example.com"
    Then "meta.total" is 0

  @changes
  Scenario Outline: An entry <what> is a 400
    When I POST "/v1/contacts/5678/<kind>" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | what                     | kind          | body                                  |
      | without a number         | phone_details | {"label": "Work"}                     |
      | with a number of letters | phone_details | {"label": "Work", "value": "hello"}   |
      | without a label          | email_details | {"value": "kim@shop.example"}         |
      | with an invalid e-mail   | email_details | {"label": "Work", "value": "no mail"} |

  @reads @op:list-all-contacts
  Scenario Outline: The parameters <query> are a 400
    When I GET "/v1/contacts?<query>"
    Then the status is 400
    And the body is:
      """
      {"error":"Bad Request","troubleshoot":"<text>"}
      """

    Examples:
      | query        |
      | per_page=0   |
      | page=0       |
      | page=first   |

  @reads @op:list-all-contacts
  Scenario: The error beyond the 10,000th contact says what to do
    When I GET "/v1/contacts?page=201&per_page=50"
    Then the status is 400
    And the body is exactly:
      """
      {"error":"Bad Request","data":null,"message":"BAD_REQUEST","errors":"Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters.","troubleshoot":"BAD_REQUEST","success":false}
      """

  @reads @op:list-all-contacts
  Scenario: A page of more than 50 contacts has the requested size
    When I GET "/v1/contacts?per_page=51"
    Then the status is 200
    And "meta.per_page" is 51

  @reads @op:list-all-contacts
  Scenario: The links have both defaults, and the page at the end
    When I GET "/v1/contacts?per_page=5&page=2"
    Then "meta" has:
      | next_page_link     | contains | /v1/contacts?order=asc&order_by=created_at&per_page=5&page=3 |
      | previous_page_link | contains | /v1/contacts?order=asc&order_by=created_at&per_page=5&page=1 |

  @reads @op:list-all-contacts
  Scenario: A period in ISO 8601 selects nothing
    When I GET "/v1/contacts?from=2020-01-01T00:00:00Z"
    Then the status is 200
    And "contacts" is []
    And "meta.total" is 0

  @changes @op:add-phone-number-to-a-contact @op:retrieve-a-contact
  Scenario: A contact has at most 20 phone numbers
    When I POST "/v1/contacts/5678/phone_details" with the body:
      """
      {"label": "Boat", "value": "+4520000003"}
      """
    And I repeat that until the status is not 201, at most 20 times
    Then the status is 400
    And the body is:
      """
      {"error":"Bad Request","troubleshoot":"<text>"}
      """
    When I GET "/v1/contacts/5678"
    Then "contact.phone_numbers" has 20 entries

  @changes @op:add-email-to-a-contact @op:retrieve-a-contact
  Scenario: A contact has at most 20 e-mails
    When I POST "/v1/contacts/5678/email_details" with the body:
      """
      {"label": "Boat", "value": "boat@example.com"}
      """
    And I repeat that until the status is not 201, at most 20 times
    Then the status is 400
    When I GET "/v1/contacts/5678"
    Then "contact.emails" has 20 entries

  @changes
  Scenario Outline: <method> of <path> is not found
    When I <method> "/v1/contacts/<path>" with the body:
      """
      {"label": "Work", "value": "<value>"}
      """
    Then the status is 404
    And the body is exactly:
      """
      {"error":"Not Found","troubleshoot":"Check ID of the resource"}
      """

    Examples:
      | method | path                            | value            |
      | POST   | 99999999999/phone_details       | +4520000001      |
      | PUT    | 99999999999/phone_details/1     | +4520000001      |
      | PUT    | 5678/phone_details/99999999999  | +4520000001      |
      | DELETE | 5678/phone_details/99999999999  | +4520000001      |
      | POST   | 99999999999/email_details       | kim@shop.example |
      | PUT    | 99999999999/email_details/1     | kim@shop.example |
      | PUT    | 5678/email_details/99999999999  | kim@shop.example |
      | DELETE | 5678/email_details/99999999999  | kim@shop.example |

  @changes @op:update-phone-number-to-a-contact @op:update-email-to-a-contact
  Scenario: An entry cannot get an invalid value, nor be changed under the path of the other kind
    When I GET "/v1/contacts/5678"
    And "contact" is kept as $it
    And I PUT "/v1/contacts/5678/phone_details/$it.phone_numbers.0.id" with the body:
      """
      {"value": "hello"}
      """
    Then the status is 400
    When I PUT "/v1/contacts/5678/email_details/$it.emails.0.id" with the body:
      """
      {"value": ""}
      """
    Then the status is 400
    When I PUT "/v1/contacts/5678/email_details/$it.phone_numbers.0.id" with the body:
      """
      {"value": "kim@shop.example"}
      """
    Then the status is 404
    When I GET "/v1/contacts/5678"
    Then "contact" is $it
