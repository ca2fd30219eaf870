@fake
Feature: Conversation intelligence
  The data that Aircall makes from a recorded conversation. Some replies have an envelope and some have none, and missing
  data is a 404 that does not say why.

  @reads @assumption:intelligence-licence @assumption:intelligence-scores
  Scenario Outline: A conversation has its <read>
    Given $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is not   | SE   |
    When I GET "/v1/calls/$one.id/<read>"
    Then the status is 200
    And the body is:
      """
      <body>
      """

    @op:retrieve-a-transcription
    Examples:
      | read          | body                                |
      | transcription | {"transcription":"<transcription>"} |

    @op:retrieve-sentiments
    Examples:
      | read       | body                                                                    |
      | sentiments | {"sentiment":{"id":"<id>","call_id":$one.id,"participants":["<mood>"]}} |

    @op:retrieve-topics
    Examples:
      | read   | body                  |
      | topics | {"topic":"<insight>"} |

    @op:retrieve-a-summary
    Examples:
      | read    | body                    |
      | summary | {"summary":"<insight>"} |

    @op:retrieve-action-items
    Examples:
      | read         | body                                                  |
      | action_items | {"call_id":$one.id,"action_items":["<action_item>*"]} |

    @op:retrieve-a-custom-summary-result
    Examples:
      | read                  | body                                                                                                                                                                                                       |
      | custom_summary_result | {"id":"<id>","call_id":$one.id,"number_id":$one.number.id,"language":"<text>","custom_summary":{"name":"<text>"},"summary_template_results":["<template_result>","<template_result>","<template_result>"]} |

    @op:retrieve-a-playbook-result
    Examples:
      | read                                | body                                                                                                                                                                                                                                           |
      | playbook_result                     | {"id":"<id>","call_id":$one.id,"user_id":$one.user.id,"number_id":$one.number.id,"adherence_score":"<count>","created_at":"<iso>","playbook_result_topics":["<playbook_topic>*"]}                                                              |
      | playbook_result?fetch_playbook=true | {"id":"<id>","call_id":$one.id,"user_id":$one.user.id,"number_id":$one.number.id,"adherence_score":"<count>","created_at":"<iso>","playbook":{"id":"<id>","name":"<text>","language":"<text>"},"playbook_result_topics":["<playbook_topic>*"]} |

    @op:retrieve-evaluations
    Examples:
      | read        | body                                                                                   |
      | evaluations | {"id":"<id>","call_id":$one.id,"ai_generated":"<bool>","evaluations":["<evaluation>"]} |

    @op:retrieve-a-predicted-csat
    Examples:
      | read           | body                                                                                        |
      | predicted_csat | {"csat":{"call_id":$one.id,"call_uuid":$one.sid,"score":"<count>","drivers":["<driver>*"]}} |

  @reads @op:retrieve-a-transcription
  Scenario: The speakers are the two parties of the call
    Given $one is a call where:
      | recording      | is not   | null      |
      | duration       | at least | 150       |
      | raw_digits     | is not   | anonymous |
      | number.country | is not   | SE        |
    When I GET "/v1/calls/$one.id/transcription?mode=async"
    Then the status is 200
    And "transcription" has:
      | call_id                           | is    | $one.id      |
      | type                              | is    | call         |
      | content.utterances.*.user_id      | holds | $one.user.id |
    And $said is an entry of "transcription.content.utterances" where:
      | participant_type | is              | external        |
      | phone_number     | contains digits | $one.raw_digits |

  @reads @op:retrieve-a-transcription @op:retrieve-a-summary @assumption:intelligence-voicemail
  Scenario: A voicemail has a transcription and no summary
    Given $one is a call where:
      | voicemail      | is not | null |
      | number.country | is not | SE   |
    When I GET "/v1/calls/$one.id/transcription"
    Then the status is 200
    And "transcription.type" is "voicemail"
    And each of "transcription.content.utterances" has:
      | participant_type | is | external |
    When I GET "/v1/calls/$one.id/summary"
    Then the status is 404

  @reads @op:retrieve-a-summary @assumption:intelligence-short @assumption:intelligence-none
  Scenario Outline: A call that is <what> has no conversation data
    Given $one is a call where:
      | <field>     | <relation> | <value> |
      | answered_at | <is>       | null    |
    When I GET "/v1/calls/$one.id/summary"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    Examples:
      | what          | field     | relation | value    | is     |
      | short         | duration  | at most  | 59       | is not |
      | missed        | status    | is       | done     | is     |
      | not over      | status    | is       | answered | is not |
      | not recorded  | recording | is       | null     | is not |

  @changes @op:retrieve-a-transcription @op:retrieve-topics @op:delete-a-recording
  Scenario: A deleted recording deletes the data made from it
    Given $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is not   | SE   |
    When I GET "/v1/calls/$one.id/topics"
    Then the status is 200
    When I DELETE "/v1/calls/$one.id/recording"
    And I GET "/v1/calls/$one.id/topics"
    Then the status is 404
    When I GET "/v1/calls/$one.id/transcription"
    Then the status is 404

  @reads
  Scenario Outline: The <read> of the call <id> is a <status>
    When I GET "/v1/calls/<id>/<read>"
    Then the status is <status>
    And the body is:
      """
      "<body>"
      """

    @op:retrieve-a-transcription
    Examples:
      | read          | id          | status | body        |
      | transcription | latest      | 400    | <refused>   |
      | transcription | 99999999999 | 404    | <not_found> |

    @op:retrieve-a-predicted-csat
    Examples:
      | read           | id          | status | body        |
      | predicted_csat | 12345.0     | 400    | <refused>   |
      | predicted_csat | 99999999999 | 404    | <not_found> |

  @reads @op:retrieve-a-realtime-transcription @op:retrieve-a-transcription @assumption:realtime-transcription @assumption:transcription-mode
  Scenario: The live transcript ended after 2026-03-31, the other modes did not
    Given a fake whose clock is at "2026-03-31T23:59:59Z"
    And $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is not   | SE   |
    When I GET "/v1/calls/$one.id/realtime_transcription"
    Then the status is 200
    And the body is:
      """
      {"call_id":$one.id,"call_uuid":$one.sid,"content":"<content>"}
      """
    When the clock moves on by 1 second
    And I GET "/v1/calls/$one.id/realtime_transcription"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """
    When I GET "/v1/calls/$one.id/transcription?mode=realtime"
    Then the status is 200
