@fake
Feature: Calls
  The wire format of calls: lists with the array first, single calls in an envelope, times in UNIX seconds.

  @reads @op:list-all-calls
  Scenario: A list has the calls first, meta second, and 20 calls a page, oldest first
    When I GET "/v1/calls"
    Then the status is 200
    And the body is:
      """
      {"calls":["<call>*"],"meta":"<meta>"}
      """
    And "meta.per_page" is 20
    And "meta.count" is 20
    And "meta.current_page" is 1
    And "meta.previous_page_link" is null
    And the header "Content-Type" is "application/json; charset=utf-8"
    And the header "X-AircallApi-Limit" is missing
    And "calls" are in ascending order of "started_at"

  @reads @op:list-all-calls
  Scenario: The order desc is the reverse
    When I GET "/v1/calls?order=desc&per_page=50"
    Then the status is 200
    And "calls" are in descending order of "started_at"

  @reads @op:list-all-calls
  Scenario: The links lead to the next and the previous page, and keep the parameters
    When I GET "/v1/calls?order=desc&per_page=7"
    And "calls" is kept as $first
    And I follow "meta.next_page_link"
    Then the status is 200
    And "meta.current_page" is 2
    And "meta.per_page" is 7
    And "calls" are in descending order of "started_at"
    When I follow "meta.previous_page_link"
    Then the status is 200
    And "calls" are $first

  @reads @op:list-all-calls
  Scenario: A page past the end is empty
    When I GET "/v1/calls?page=200&per_page=50"
    Then the status is 200
    And "calls" is []
    And "meta.count" is 0
    And "meta.next_page_link" is null

  @reads @op:list-all-calls
  Scenario: A page of more than 50 has 50 calls
    When I GET "/v1/calls?per_page=51"
    Then the status is 200
    And "meta.per_page" is 50
    And "calls" has 50 entries

  @reads @op:list-all-calls
  Scenario: The links have every parameter in alphabetical order, and the default order
    When I GET "/v1/calls?per_page=5&page=2"
    Then "meta" has:
      | next_page_link     | contains | /v1/calls?order=asc&page=3&per_page=5 |
      | previous_page_link | contains | /v1/calls?order=asc&page=1&per_page=5 |

  @reads @op:list-all-calls
  Scenario: A list ends at the 10,000th call
    When I GET "/v1/calls?page=201&per_page=50"
    Then the status is 400
    And "error" is "Bad Request"

  @reads @op:list-all-calls
  Scenario: The parameters from and to are UNIX seconds: from is exclusive, to is inclusive
    Given $late is call 10
    And $old is call 30
    And $within are the first 50 calls where:
      | started_at | at least | $old.started_at  |
      | started_at | is not   | $old.started_at  |
      | started_at | at most  | $late.started_at |
    When I GET "/v1/calls?from=$old.started_at&to=$late.started_at&order=desc&per_page=50"
    Then the status is 200
    And "calls" are $within
    And "meta.total" is the number of $within

  @reads
  Scenario Outline: A period of <path> from one second to the same second is empty
    Given $call is call 30
    When I GET "<path>?from=$call.started_at&to=$call.started_at"
    Then the status is 200
    And "calls" is []

    @op:list-all-calls
    Examples:
      | path      |
      | /v1/calls |

    @op:search-calls
    Examples:
      | path             |
      | /v1/calls/search |

  @reads @op:list-all-calls
  Scenario Outline: The parameters <query> are a 400
    When I GET "/v1/calls?<query>"
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | query         |
      | per_page=0    |
      | per_page=all  |
      | page=0        |
      | page=-1       |

  @reads @op:list-all-calls
  Scenario: The list ignores unknown parameters and filters of the search
    When I GET "/v1/calls?per_page=50"
    And "meta.total" is kept as $total
    And I GET "/v1/calls?per_page=50&direction=inbound&nonsense=1"
    Then the status is 200
    And "meta.total" is $total

  @reads @op:search-calls
  Scenario Outline: A search by the direction <direction> finds these calls and no others
    When I GET "/v1/calls/search?direction=<direction>&per_page=50&order=desc"
    Then the status is 200
    And the body is:
      """
      {"calls":["<call>*"],"meta":"<meta>"}
      """
    And $found are the first 50 calls where:
      | direction | is | <direction> |
    And "calls" are $found

    Examples:
      | direction |
      | inbound   |
      | outbound  |

  @reads @op:search-calls
  Scenario: A search by user finds the calls of that user
    Given $one is a call where:
      | user | is not | null |
    And $old is call 200
    And $theirs are the first 50 calls where:
      | user.id    | is       | $one.user.id    |
      | started_at | at least | $old.started_at |
      | started_at | is not   | $old.started_at |
    When I GET "/v1/calls/search?user_id=$one.user.id&from=$old.started_at&per_page=50&order=desc"
    Then the status is 200
    And "calls" are $theirs

  @reads @op:search-calls @anywhere
  Scenario: A search by several tags finds the calls that have all of them
    Given $one is a call where:
      | tags.1 | is not | null |
    And $old is call 400
    And $both are the first 20 calls where:
      | tags.*.id  | holds    | $one.tags.0.id  |
      | tags.*.id  | holds    | $one.tags.1.id  |
      | started_at | at least | $old.started_at |
      | started_at | is not   | $old.started_at |
    When I GET "/v1/calls/search?tags[]=$one.tags.0.id&tags[]=$one.tags.1.id&from=$old.started_at&order=desc"
    Then the status is 200
    And "calls" are $both

  @reads @op:search-calls
  Scenario: A search by phone number finds the calls of that number
    Given $one is a call where:
      | raw_digits | is not | anonymous |
    When I GET "/v1/calls/search?phone_number=$one.raw_digits&per_page=50&order=desc"
    Then the status is 200
    And each of "calls" has:
      | raw_digits number.digits | contains digits | $one.raw_digits |

  @reads @op:retrieve-a-call
  Scenario: A call has an envelope and every key, even if its value is null
    When I GET "/v1/calls/12345"
    Then the status is 200
    And the body is:
      """
      {"call":"<call>"}
      """
    And "call" has:
      | id                 | is     | 12345   |
      | direction          | is     | inbound |
      | status             | is     | done    |
      | answered_at        | is not | null    |
      | ended_at           | is not | null    |
      | missed_call_reason | is     | null    |
      | contact            | is     | null    |

  @reads @op:retrieve-a-call @op:retrieve-a-contact
  Scenario: A call has its contact only on request
    When I GET "/v1/calls?fetch_contact=true&per_page=50&order=desc"
    Then the status is 200
    And the body is:
      """
      {"calls":["<call>*"],"meta":"<meta>"}
      """
    And $call is an entry of "calls" where:
      | contact | is not | null |
    When I GET "/v1/contacts/$call.contact.id"
    Then "contact" is $call.contact
    When I GET "/v1/calls/$call.id"
    Then "call.contact" is null

  @reads @op:retrieve-a-call
  Scenario Outline: A call with the id <id> is not found
    When I GET "/v1/calls/<id>"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    Examples:
      | id                  |
      | 99999999999         |
      | 0                   |
      | latest              |
      | 9223372036854775808 |

  @changes @op:comment-a-call @op:retrieve-a-call
  Scenario: A new comment is an empty 201, and the call has it
    When I POST "/v1/calls/12345/comments" with the body:
      """
      {"content": "Asked for an invoice 🎉 today"}
      """
    Then the status is 201
    And the body is empty
    When I GET "/v1/calls/12345"
    Then the body is:
      """
      {"call":"<call>"}
      """
    And "call" has:
      | comments.*.content | holds | Asked for an invoice  today |

  @changes @op:comment-a-call @assumption:call-comments
  Scenario: A call takes five comments
    When I POST "/v1/calls/12345/comments" with the body:
      """
      {"content": "one more"}
      """
    And I repeat that until the status is not 201, at most 6 times
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    When I GET "/v1/calls/12345"
    Then "call.comments" has 5 entries

  @changes @op:comment-a-call
  Scenario: A comment on an unknown call is not found, and one without content is refused
    When I POST "/v1/calls/99999999999/comments" with the body:
      """
      {"content": "hello"}
      """
    Then the status is 404
    When I POST "/v1/calls/12345/comments" with the body:
      """
      {}
      """
    Then the status is 400

  @changes @op:tag-a-call @op:search-calls @op:create-a-tag
  Scenario: A tagged call has the tag, and a search by the tag finds it
    When I POST "/v1/tags" with the body:
      """
      {"name": "Put on by hand", "color": "#aB12ef"}
      """
    Then the status is 201
    And "tag" is kept as $tag
    When I POST "/v1/calls/12345/tags" with the body:
      """
      {"tags": [$tag.id]}
      """
    Then the status is 201
    And the body is empty
    When I GET "/v1/calls/12345"
    Then "call" has:
      | tags.*.id   | holds | $tag.id        |
      | tags.*.name | holds | Put on by hand |
    When I GET "/v1/calls/search?tags[]=$tag.id"
    Then "meta.total" is 1
    And "calls.0.id" is 12345

  @changes @op:tag-a-call
  Scenario: An unknown tag is refused
    When I POST "/v1/calls/12345/tags" with the body:
      """
      {"tags": [99999999999]}
      """
    Then the status is 400

  @changes @op:archive-a-call @op:unarchive-a-call
  Scenario: A call is archived and unarchived
    When I PUT "/v1/calls/12345/archive"
    Then the status is 200
    And the body is:
      """
      {"call":"<call>"}
      """
    And "call.archived" is true
    When I GET "/v1/calls/12345"
    Then "call.archived" is true
    When I PUT "/v1/calls/12345/unarchive"
    Then the status is 200
    And "call.archived" is false
    When I GET "/v1/calls/12345"
    Then "call.archived" is false

  @changes
  Scenario Outline: <verb> of an unknown call is not found
    When I PUT "/v1/calls/99999999999/<verb>"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    @op:archive-a-call
    Examples:
      | verb    |
      | archive |

    @op:unarchive-a-call
    Examples:
      | verb      |
      | unarchive |

  @reads
  Scenario: Durations, times and reasons of every call agree
    Given $newest are the newest 200 calls
    Then for each of $newest all of this is true:
      | {{or (eq .status "done") (not .ended_at)}}                                                                                                                                                  |
      | {{if eq .status "done"}}{{gt0 .ended_at}}{{else}}true{{end}}                                                                                                                                |
      | {{if .ended_at}}{{or (same .duration (minus .ended_at .started_at)) (and (not .pricing_type) (same (minus .duration 1) (minus .ended_at .started_at)))}}{{else}}{{same .duration 0}}{{end}} |
      | {{if .answered_at}}{{not .missed_call_reason}}{{else}}{{ne .status "answered"}}{{end}}                                                                                                      |
      | {{if .missed_call_reason}}{{eq .status "done"}}{{else}}true{{end}}                                                                                                                          |
      | {{if .missed_call_reason}}{{or (eq .direction "inbound") (eq .missed_call_reason "short_abandoned")}}{{else}}true{{end}}                                                                    |
      | {{if .recording}}{{gt0 .answered_at}}{{else}}true{{end}}                                                                                                                                    |
      | {{if .voicemail}}{{not .answered_at}}{{else}}true{{end}}                                                                                                                                    |

  @reads @op:list-all-calls
  Scenario: An empty account answers with these bytes
    Given an empty fake
    When I GET "/v1/calls"
    Then the body is exactly:
      """
      {"calls":[],"meta":{"count":0,"total":0,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}
      """

  @reads @op:list-all-calls
  Scenario: A period in ISO 8601 selects nothing
    When I GET "/v1/calls?from=2020-01-01T00:00:00Z"
    Then the status is 200
    And "calls" is []

  @reads @op:list-all-calls
  Scenario: If a parameter comes twice, the last counts
    When I GET "/v1/calls?page=1&per_page=5&page=2&per_page=7"
    Then "meta.current_page" is 2
    And "meta.per_page" is 7

  @reads @op:search-calls
  Scenario: Tags in one value, or without brackets, are not a list
    Given $one is a call where:
      | tags.1 | is not | null |
    When I GET "/v1/calls/search?tags[]=$one.tags.0.id,$one.tags.1.id"
    Then the status is 200
    And "meta.total" is 0

  @reads @op:search-calls @anywhere
  Scenario Outline: A search for <what> finds nothing, and is not an error
    When I GET "/v1/calls/search?<query>"
    Then the status is 200
    And "calls" is []
    And "meta.total" is 0

    Examples:
      | what                    | query                     |
      | an unknown user         | user_id=99999999999       |
      | an unknown phone number | phone_number=%2B999000000 |
      | an unknown tag          | tags[]=99999999999        |

  @reads @op:search-calls
  Scenario: A search ends at the 10,000th call
    When I GET "/v1/calls/search?direction=inbound&page=201&per_page=50"
    Then the status is 400
    And "errors" is "Your query is limited to 10k results and pagination is out of bound, please use timestamps or other filters."

  @reads @op:retrieve-a-call
  Scenario: A call has short URLs, a timeline and agents only on request
    When I GET "/v1/calls/12345"
    Then "call" has:
      | recording           | is not | null |
      | recording_short_url | is     | null |
    When I GET "/v1/calls/12345?fetch_short_urls=true"
    Then "call" has:
      | recording_short_url | is not | null |
      | voicemail_short_url | is     | null |
    When I GET "/v1/calls/12345?fetch_call_timeline=true&fetch_aiva_conv=true"
    Then "call.ivr_options_selected" is []
    And "call.ai_voice_agents" is []

  @changes @op:comment-a-call @op:retrieve-a-call
  Scenario: The server removes emojis from a comment, and a comment has no author
    When I POST "/v1/calls/12345/comments" with the body:
      """
      {"content": "call🔥back"}
      """
    Then the status is 201
    When I GET "/v1/calls/12345"
    Then $made is an entry of "call.comments" where:
      | content | is | callback |
    And $made has:
      | posted_by | is | null |

  @changes @op:tag-a-call
  Scenario Outline: A request to tag call <id> with <what> is a <status>
    When I POST "/v1/calls/<id>/tags" with the body:
      """
      <body>
      """
    Then the status is <status>

    Examples:
      | id          | status | what       | body                    |
      | 12345       | 400    | nothing    | {}                      |
      | 12345       | 400    | a name     | {"tags": "Follow Up"}   |
      | 12345       | 400    | names      | {"tags": ["Follow Up"]} |
      | 99999999999 | 404    | an id      | {"tags": [1]}           |
