@reads
Feature: Assumptions about calls and what is made of them
  Each scenario looks at one row of the ledger, on any target that has calls of the kind it needs.

  @op:retrieve-a-call @assumption:call-user
  Scenario: The user of a call has a time zone, a language and a wrap-up time
    Given $one is a call where:
      | user | is not | null |
    When I GET "/v1/calls/$one.id"
    Then "call.user" has:
      | time_zone    | is not | null |
      | language     | is not | null |
      | wrap_up_time | is not | null |

  @op:list-all-calls @op:search-contacts @assumption:call-contact
  Scenario: The contact of a call is the oldest that has its number
    When I GET "/v1/calls?fetch_contact=true&per_page=50&order=desc"
    And $call is one of "calls" where:
      | contact    | is not | null      |
      | raw_digits | is not | anonymous |
    And I GET "/v1/contacts/search?phone_number=$call.raw_digits&order=asc&per_page=1"
    Then "contacts.0.id" is $call.contact.id

  @op:retrieve-a-summary @assumption:intelligence-none
  Scenario: What was not made of a call is a 404 that looks as if the call were not there
    Given $one is a call where:
      | status      | is | done |
      | answered_at | is | null |
    When I GET "/v1/calls/$one.id/summary"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @op:retrieve-a-transcription @assumption:intelligence-id
  Scenario: An id that is no integer is a 400
    When I GET "/v1/calls/latest/transcription"
    Then the status is 400

  @op:retrieve-topics @assumption:ai-tier
  Scenario: Conversation intelligence has the headers and errors of Rails
    When I GET "/v1/calls/99999999999/topics"
    Then the status is 404
    And the header "X-Powered-By" is missing
    And the header "X-Request-Id" is kept as $request
    And "success" is false

  @op:retrieve-a-realtime-transcription @assumption:realtime-transcription
  Scenario: There is no live transcript any more
    Given the date is past "2026-04-01"
    And $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is not   | SE   |
    When I GET "/v1/calls/$one.id/realtime_transcription"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """

  @op:retrieve-a-transcription @assumption:intelligence-phone
  Scenario: Those who talk have phone numbers in E.164
    Given $one is a call where:
      | recording      | is not   | null      |
      | duration       | at least | 150       |
      | raw_digits     | is not   | anonymous |
      | number.country | is not   | SE        |
    When I GET "/v1/calls/$one.id/transcription"
    Then the status is 200
    And "transcription.content.utterances" hold one, $said, where:
      | participant_type | is              | external        |
      | phone_number     | contains digits | $one.raw_digits |
    And the body holds the text "phone_number":"+
