@fake @changes @op:trigger-an-outbound-call
Feature: AI voice agents
  A call is requested with a key of the client, and accepted at once.

  @assumption:agent-ids
  Scenario: A call is accepted, and its key does not create a second call
    When I POST "/v1/outbound-calls/agents/agent-abc123" with the body:
      """
      {"contact_phone": "+15551234567", "idempotency_key": "appt-1", "expiration_seconds": 600,
       "context": {"first_name": "Jane", "appointment_time": "2026-03-03T15:00:00Z", "timezone": "Europe/Paris"}}
      """
    Then the status is 202
    And the body is:
      """
      {"id":"<text>","idempotency_key":"appt-1","status":"PENDING","virtual_agent_id":"agent-abc123"}
      """
    When I POST "/v1/outbound-calls/agents/agent-def456" with the body:
      """
      {"contact_phone": "+15551234567", "idempotency_key": "appt-1"}
      """
    Then the status is 409
    And the body is:
      """
      "<refused>"
      """

  @assumption:agent-refusals @assumption:agent-ids
  Scenario Outline: A call is refused: <why>
    When I POST "/v1/outbound-calls/agents/<agent>" with the body:
      """
      {<body>}
      """
    Then the status is <status>
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | why                 | agent        | status | body                                                                                               |
      | no such agent       | nobody       | 404    | "contact_phone": "+15551234567", "idempotency_key": "k"                                            |
      | no phone number     | agent-def456 | 400    | "idempotency_key": "k"                                                                             |
      | no key              | agent-def456 | 400    | "contact_phone": "+15551234567"                                                                    |
      | it expires too soon | agent-def456 | 400    | "contact_phone": "+15551234567", "idempotency_key": "k", "expiration_seconds": 59                  |
      | it expires too late | agent-def456 | 400    | "contact_phone": "+15551234567", "idempotency_key": "k", "expiration_seconds": 86401               |
      | a variable is unset | agent-abc123 | 400    | "contact_phone": "+15551234567", "idempotency_key": "k", "context": {"first_name": "Jane"}         |
      | a time has no zone  | agent-def456 | 400    | "contact_phone": "+15551234567", "idempotency_key": "k", "context": {"at": "2026-03-03T15:00:00Z"} |
