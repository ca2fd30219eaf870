@fake
Feature: Numbers
  The wire format of numbers: digits instead of number; users in single numbers and not in lists; settings and messages on
  the same path.

  @reads @op:list-all-numbers @anywhere
  Scenario: A list has the numbers first, meta second and 20 numbers a page
    When I GET "/v1/numbers"
    Then the status is 200
    And the body is:
      """
      {"numbers":["<listed_number>*"],"meta":"<meta>"}
      """
    And "meta.per_page" is 20

  @reads @op:retrieve-a-number
  Scenario: A number of the list is the same by its id
    Given $listed is number 2
    When I GET "/v1/numbers/$listed.id"
    Then the status is 200
    And the body is:
      """
      {"number":"<number>"}
      """
    And "number.id" is $listed.id
    And "number.digits" is $listed.digits
    And "number.messages" is $listed.messages
    When I GET "/v1/numbers/99999999999"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @changes @op:update-a-number
  Scenario: An update changes only the named fields, also in the calls of the number
    Given $one is a call where:
      | number | is not | null |
    When I PUT "/v1/numbers/$one.number.id" with the body:
      """
      {"name": "Reception", "availability_status": "closed"}
      """
    Then the status is 200
    And the body is:
      """
      {"number":"<number>"}
      """
    And "number" has:
      | name                | is | Reception          |
      | availability_status | is | closed             |
      | digits              | is | $one.number.digits |
    When I GET "/v1/calls/$one.id"
    Then "call.number.name" is "Reception"

  @changes @op:update-a-number
  Scenario: Each message can be changed alone
    Given $number is number 1
    When I PUT "/v1/numbers/$number.id" with the body:
      """
      {"messages": {"welcome": "https://files.example.com/hello.mp3"}}
      """
    Then the status is 200
    And "number.messages.welcome" is "https://files.example.com/hello.mp3"
    And "number.messages.waiting" is $number.messages.waiting

  @changes @op:update-a-number
  Scenario: An invalid setting is refused, and an unknown number is not found
    Given $number is number 1
    When I PUT "/v1/numbers/$number.id" with the body:
      """
      {"availability_status": "sometimes"}
      """
    Then the status is 400
    When I PUT "/v1/numbers/99999999999" with the body:
      """
      {"name": "Reception"}
      """
    Then the status is 404

  @changes @op:update-a-number
  Scenario Outline: A number cannot get <what>
    Given $listed is number 1
    When I GET "/v1/numbers/$listed.id"
    And "number" is kept as $one
    And I PUT "/v1/numbers/$one.id" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    When I GET "/v1/numbers/$one.id"
    Then "number" is $one

    Examples:
      | what                     | body                                                   |
      | a blank name             | {"name": ""}                                           |
      | a priority of two        | {"priority": 2}                                        |
      | music without encryption | {"messages": {"welcome": "http://files.example.com/"}} |
      | music that is not a URL  | {"messages": {"ivr": "hello.mp3"}}                     |
      | messages that are a list | {"messages": []}                                       |
      | a word for open          | {"open": "yes"}                                        |

  @changes @op:update-a-number
  Scenario: A priority is removed with null, and is 0 from then on
    Given $one is number 1
    When I PUT "/v1/numbers/$one.id" with the body:
      """
      {"priority": 1}
      """
    Then "number.priority" is 1
    When I PUT "/v1/numbers/$one.id" with the body:
      """
      {"priority": null}
      """
    Then "number.priority" is 0
