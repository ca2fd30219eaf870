@fake @changes
Feature: Recordings and voicemails
  A recording is paused during the call and deleted after it. Calls with audio have URLs to it.

  Scenario Outline: <verb> is a 204 during the call, 400 after it, and 405 on a line that does not record
    Given $call is a call where:
      | status                          | is | answered |
      | number.live_recording_activated | is | true     |
    When I POST "/v1/calls/$call.id/<verb>_recording"
    Then the status is 204
    And the body is empty
    When I POST "/v1/calls/12345/<verb>_recording"
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    When I POST "/v1/calls/99999999999/<verb>_recording"
    Then the status is 404

    @op:pause-recording
    Examples:
      | verb  |
      | pause |

    @op:resume-recording
    Examples:
      | verb   |
      | resume |

  @op:pause-recording @op:resume-recording @op:start-an-outbound-call @op:search-calls
  Scenario: A call on a line that does not record has no recording to pause
    Given a fresh fake of seed 1
    And $line is a number, read by its id, where:
      | live_recording_activated | is     | false  |
      | availability_status      | is not | closed |
      | users.0.available        | is     | true   |
    When I POST "/v1/users/$line.users.0.id/calls" with the body:
      """
      {"number_id": $line.id, "to": "+33199009876"}
      """
    Then the status is 204
    When I GET "/v1/calls/search?user_id=$line.users.0.id&order=desc&per_page=1"
    And "calls.0.id" is kept as $id
    When I POST "/v1/calls/$id/pause_recording"
    Then the status is 405
    And "error" is "Method Not Allowed"
    When I POST "/v1/calls/$id/resume_recording"
    Then the status is 405

  @assumption:recording-delete
  Scenario Outline: A deleted <kind> has no URLs, and can be deleted again
    Given $call is a call where:
      | <kind> | is not | null |
    When I DELETE "/v1/calls/$call.id/<kind>"
    Then the status is 204
    And the body is empty
    When I DELETE "/v1/calls/$call.id/<kind>"
    Then the status is 204
    When I GET "/v1/calls/$call.id?fetch_short_urls=true"
    Then "call" has:
      | recording           | is | null |
      | voicemail           | is | null |
      | asset               | is | null |
      | recording_short_url | is | null |
      | voicemail_short_url | is | null |
    When I DELETE "/v1/calls/99999999999/<kind>"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    @op:delete-a-recording
    Examples:
      | kind      |
      | recording |

    @op:delete-a-voicemail
    Examples:
      | kind      |
      | voicemail |

  @op:delete-a-voicemail
  Scenario: A request to delete a missing recording keeps the voicemail
    Given $call is a call where:
      | recording | is not | null |
    When I DELETE "/v1/calls/$call.id/voicemail"
    Then the status is 204
    When I GET "/v1/calls/$call.id"
    Then "call.recording" is $call.recording

  @assumption:audio-life
  Scenario Outline: The URL of a <kind> leads to audio for <life> seconds, without credentials
    Given a fake whose clock is at "2026-06-15T09:00:00Z"
    And $call is a call where:
      | <kind> | is not | null |
    When I GET "/v1/calls/$call.id?fetch_short_urls=true"
    And I follow "call.<url>" without credentials
    Then the status is 200
    And the header "Content-Type" is "audio/mpeg"
    And the header "Accept-Ranges" is "bytes"
    When I GET "/v1/calls/$call.id?fetch_short_urls=true"
    And I follow "call.<url>"
    Then the status is 400
    And the header "Content-Type" is "application/xml"
    When I GET "/v1/calls/$call.id?fetch_short_urls=true"
    And the clock moves on by <life> seconds
    And I follow "call.<url>" without credentials
    Then the status is 403
    And the header "Content-Type" is "application/xml"

    @op:retrieve-a-call
    Examples:
      | kind      | url       | life |
      | recording | recording | 3600 |
      | voicemail | voicemail | 3600 |

  @assumption:audio-life @assumption:audio-short
  Scenario Outline: The short URL of a <kind> redirects to audio for three hours
    Given a fake whose clock is at "2026-06-15T09:00:00Z"
    And $call is a call where:
      | <kind> | is not | null |
    When I GET "/v1/calls/$call.id?fetch_short_urls=true"
    And "call.<kind>_short_url" is kept as $short
    And the clock moves on by 10799 seconds
    And I follow "$short" without credentials
    Then the status is 302
    And the body is empty
    And the header "Location" is kept as $long
    When I follow "$long" without credentials
    Then the status is 200
    And the header "Content-Type" is "audio/mpeg"
    When I follow "$short"
    Then the status is 400
    When the clock moves on by 1 second
    And I follow "$short" without credentials
    Then the status is 403
    And the header "Content-Type" is "application/xml"

    @op:retrieve-a-call
    Examples:
      | kind      |
      | recording |
      | voicemail |
