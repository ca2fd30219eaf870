@reads
Feature: Assumptions about calls and conversation data
  Each scenario checks one assumption, on any target that has calls of the kind it needs.

  @op:retrieve-a-call @assumption:call-agents
  Scenario: The assigned user of a call has the fields of its user
    Given $one is a call where:
      | assigned_to | is not | null |
    When I GET "/v1/calls/$one.id"
    Then "call.assigned_to" has:
      | state     | is     | always_opened |
      | time_zone | is not | null          |
      | extension | is not | null          |

  @op:retrieve-a-call @assumption:call-alone
  Scenario: A single call is the same as in the list
    Given $one is a call where:
      | pricing_type | is not | null |
      | recording    | is     | null |
      | voicemail    | is     | null |
    When I GET "/v1/calls/$one.id"
    Then "call" is $one

  @op:retrieve-a-call @assumption:call-country
  Scenario: An anonymous caller has no country
    Given $one is a call where:
      | raw_digits | is | anonymous |
    When I GET "/v1/calls/$one.id"
    Then "call.country_code_a2" is null

  @op:retrieve-a-number @assumption:number-alone
  Scenario: A single line has its users
    Given $one is a number, read by its id, where:
      | users.0.id | is not | null |
    When I GET "/v1/numbers/$one.id"
    Then "number.users.0" has:
      | name | is not | null |

  @op:retrieve-a-number @assumption:number-priority
  Scenario: A line without a priority has 0, and its calls have null
    Given $call is a call where:
      | number.priority | is | null |
    When I GET "/v1/numbers/$call.number.id"
    Then "number.priority" is 0

  @op:retrieve-a-call @assumption:number-messages
  Scenario: A line without a menu has null, and its calls have Aircall's message
    Given $line is a number where:
      | messages.ivr | is | null |
    And $one is a call where:
      | number.id | is | $line.id |
    When I GET "/v1/calls/$one.id"
    Then "call.number.messages" has:
      | ivr | is not | null |

  @assumption:call-cost
  Scenario: An answered outbound call costs three cents, and any other call nothing
    Given $old is call 100
    And $final are the first 50 calls where:
      | started_at | at most | $old.started_at |
      | status     | is      | done            |
    Then for each of $final all of this is true:
      | {{if and (eq .direction "outbound") .answered_at}}{{eq .cost "3.0"}}{{else}}{{eq .cost "0.0"}}{{end}} |

  @op:list-all-calls @assumption:call-pricing-type
  Scenario: The price of an old call is in a bundle
    Given $old is call 100
    When I GET "/v1/calls?to=$old.started_at&order=desc&per_page=50"
    Then each of "calls" has:
      | pricing_type | is | in_bundle |

  @op:list-all-calls @op:search-contacts @assumption:call-contact
  Scenario: The contact of a call is the oldest with its number
    When I GET "/v1/calls?fetch_contact=true&per_page=50&order=desc"
    And $call is an entry of "calls", if any, where:
      | contact    | is not | null      |
      | raw_digits | is not | anonymous |
    And I GET "/v1/contacts/search?phone_number=$call.raw_digits&order=asc&per_page=1"
    Then "contacts.0.id" is $call.contact.id

  @op:retrieve-a-summary @assumption:intelligence-none
  Scenario: Missing conversation data is the same 404 as an unknown call
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
  Scenario: An id that is not an integer is a 400
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
  Scenario: The live transcript no longer exists
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
  Scenario: Speakers have phone numbers in E.164
    Given $one is a call where:
      | recording      | is not   | null      |
      | duration       | at least | 150       |
      | raw_digits     | is not   | anonymous |
      | number.country | is not   | SE        |
    When I GET "/v1/calls/$one.id/transcription"
    Then the status is 200
    And $said is an entry of "transcription.content.utterances" where:
      | participant_type | is              | external        |
      | phone_number     | contains digits | $one.raw_digits |
    And the body contains the text "phone_number":"+
