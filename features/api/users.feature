@fake
Feature: Users
  The wire format of users: version 2 to list, read, create and update, version 1 for the rest. One name, no first and last
  name.

  @reads @op:list-all-users @anywhere
  Scenario: A list has the users first, meta second and 20 users a page
    Given $last is user 20
    When I GET "/v2/users"
    Then the status is 200
    And the body is:
      """
      {"users":["<user>*"],"meta":"<meta>"}
      """
    And "meta.per_page" is 20
    And "meta.count" is 20

  @reads @op:list-all-users @anywhere
  Scenario: All pages together have each user once
    Given $all are all users
    When I GET "/v2/users?per_page=1"
    Then "meta.total" is the number of $all

  @reads @op:retrieve-a-user
  Scenario: A user can be read by id and by e-mail
    When I GET "/v2/users/owner@default.example.com"
    Then the status is 200
    And the body is:
      """
      {"user":"<user>"}
      """
    And "user.email" is "owner@default.example.com"
    And "user" is kept as $owner
    When I GET "/v2/users/$owner.id"
    Then "user" is $owner

  @reads @op:retrieve-a-user
  Scenario Outline: A user with the id <id> is not found
    When I GET "/v2/users/<id>"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    Examples:
      | id                  |
      | 99999999999         |
      | me                  |
      | nobody@example.com  |

  @changes @op:create-a-user @op:retrieve-a-user @op:retrieve-company
  Scenario: A new user is a 201 and has the defaults
    When I GET "/v1/company"
    And "company.users_count" is kept as $before
    And I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    Then the status is 201
    And the body is:
      """
      {"user":{"id":"<id>","name":"Ada Okafor","email":"ada@default.example.com","direct_link":"<link>",
       "language":"en-US","created_at":"<iso>","time_zone":"Etc/UTC","state":"always_opened","wrap_up_time":0,
       "extension":"<text>","availability_status":"available","available":false,"default_number_id":null,
       "substatus":"always_opened"}}
      """
    And "user" is kept as $made
    When I GET "/v2/users/ada@default.example.com"
    Then "user" is $made
    When I GET "/v1/company"
    Then "company.users_count" is $before plus 1

  @changes @op:create-a-user @assumption:unique-422
  Scenario Outline: A new user <what> is a <status>
    When I POST "/v2/users" with the body:
      """
      <body>
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | what                   | status | body                                                                               |
      | without an e-mail      | 400    | {"first_name": "Ada", "last_name": "Okafor"}                                       |
      | with an invalid e-mail | 400    | {"email": "no mail", "first_name": "Ada", "last_name": "Okafor"}                   |
      | without a first name   | 400    | {"email": "ada@default.example.com", "last_name": "Okafor"}                        |
      | with an e-mail in use  | 422    | {"email": "owner@default.example.com", "first_name": "Ada", "last_name": "Okafor"} |

  @changes @op:update-a-user
  Scenario: An update changes only the named fields, also in the calls of the user
    Given $one is a call where:
      | user | is not | null |
    When I PUT "/v2/users/$one.user.id" with the body:
      """
      {"first_name": "Ada", "last_name": "Okafor van Dijk", "wrap_up_time": 12}
      """
    Then the status is 200
    And the body is:
      """
      {"user":"<user>"}
      """
    And "user" has:
      | name         | is | Ada Okafor van Dijk |
      | wrap_up_time | is | 12                  |
      | email        | is | $one.user.email     |
    When I GET "/v1/calls/$one.id"
    Then "call.user.name" is "Ada Okafor van Dijk"

  @changes @op:update-a-user @op:delete-a-user
  Scenario: Requests about an unknown user are not found
    When I PUT "/v2/users/99999999999" with the body:
      """
      {"first_name": "Ada"}
      """
    Then the status is 404
    When I DELETE "/v1/users/99999999999"
    Then the status is 404

  @changes @op:delete-a-user @op:retrieve-a-user
  Scenario: A deleted user is gone
    When I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    And "user" is kept as $made
    And I DELETE "/v1/users/$made.id"
    Then the status is 204
    And the body is empty
    When I GET "/v2/users/$made.id"
    Then the status is 404

  @reads @op:retrieve-list-of-users-availability @anywhere
  Scenario: The list of availabilities has the word first and the id second
    Given $all are all users
    When I GET "/v1/users/availabilities?per_page=50"
    Then the status is 200
    And the body is:
      """
      {"users":["<availability>*"],"meta":"<meta>"}
      """
    And "meta.total" is the number of $all

  @reads @op:check-availability-of-a-user @anywhere
  Scenario: The availability of a user has no envelope
    Given $one is user 1
    When I GET "/v1/users/$one.id/availability"
    Then the status is 200
    And the body is:
      """
      {"availability":"<available|offline|do_not_disturb|in_call|after_call_work>"}
      """
    When I GET "/v1/users/99999999999/availability"
    Then the status is 404

  @reads @op:list-numbers-of-a-user @anywhere
  Scenario: The numbers of a user are the numbers that have the user
    Given $number is a number, read by its id, where:
      | users.0 | is not | null |
    When I GET "/v2/users/$number.users.0.id/numbers?per_page=50"
    Then the status is 200
    And $same is an entry of "numbers" where:
      | id | is | $number.id |
    And "meta.current_page" is 1
    When I GET "/v2/users/99999999999/numbers"
    Then the status is 404

  @reads @op:list-all-users @op:list-all-numbers @op:list-all-contacts @assumption:user-contact
  Scenario: A new company has a user without a contact, a line, and a contact to test the sound
    Given an empty fake
    When I GET "/v2/users"
    Then "meta.total" is 1
    And "users.0" is kept as $owner
    And $owner has:
      | extension           | is | 001           |
      | language            | is | en-US         |
      | time_zone           | is | Etc/UTC       |
      | state               | is | always_opened |
      | substatus           | is | always_opened |
      | availability_status | is | available     |
      | wrap_up_time        | is | 0             |
    When I GET "/v1/numbers"
    Then "meta.total" is 1
    And "numbers.0" has:
      | id                       | is | $owner.default_number_id |
      | country                  | is | US                       |
      | time_zone                | is | America/Chicago          |
      | availability_status      | is | open                     |
      | live_recording_activated | is | true                     |
    When I GET "/v1/contacts"
    Then "meta.total" is 1
    And "contacts.0" has:
      | first_name            | is | Echo            |
      | last_name             | is | Test            |
      | company_name          | is | Test your sound |
      | phone_numbers.0.label | is | Main            |
      | emails                | is | []              |
      | is_shared             | is | true            |

  @changes @op:create-a-user @op:delete-a-user @op:search-contacts @assumption:user-contact
  Scenario: A new user gets a contact, which is deleted with the user
    When I POST "/v2/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    And "user" is kept as $made
    And I GET "/v1/contacts/search?email=ada@default.example.com"
    Then "meta.total" is 1
    And "contacts.0" has:
      | first_name     | is | Ada  |
      | phone_numbers  | is | []   |
      | emails.0.label | is | Work |
    When I DELETE "/v1/users/$made.id"
    And I GET "/v1/contacts/search?email=ada@default.example.com"
    Then "meta.total" is 0

  @changes @op:delete-a-user @op:retrieve-a-call @assumption:user-delete
  Scenario: A deleted user is gone from the calls
    Given $one is a call where:
      | user | is not | null |
    When I DELETE "/v1/users/$one.user.id"
    Then the status is 204
    When I GET "/v1/calls/$one.id"
    Then "call.user" is null

  @changes @op:update-a-user
  Scenario Outline: A user cannot get <what>
    Given $one is user 1
    When I PUT "/v2/users/$one.id" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    When I GET "/v2/users/$one.id"
    Then "user" is $one

    Examples:
      | what                    | body                                 |
      | a blank name            | {"first_name": " "}                  |
      | an unknown availability | {"availability_status": "sometimes"} |
      | a wrap-up time as text  | {"wrap_up_time": "a while"}          |
      | an unknown line         | {"default_number_id": 99999999999}   |
