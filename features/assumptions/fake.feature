@fake @changes
Feature: Assumptions that need more than an account
  Facts whose check would leave something behind in a company, or needs a receiver, a line or an app of the right kind. Each
  scenario checks one assumption.

  @assumption:wrong-method
  Scenario: A known path with an unsupported method is an unknown route
    When I PUT "/v1/ping"
    Then the status is 404
    And the body is exactly:
      """
      {"message":"Not Found"}
      """

  @op:create-a-team @assumption:unique-422
  Scenario: The name of another team is a 422
    When I POST "/v1/teams" with the body:
      """
      {"name": "Made by hand"}
      """
    And I POST "/v1/teams" with the body:
      """
      {"name": "Made by hand"}
      """
    Then the status is 422

  @op:enable-an-integration @op:disable-an-integration @op:retrieve-an-integration @assumption:integration-toggle @assumption:integration-status
  Scenario: An integration can be enabled and disabled repeatedly, and its status follows
    When I POST "/v1/integrations/disable" with the authorization "Bearer fake-default-bearer"
    And I POST "/v1/integrations/disable" with the authorization "Bearer fake-default-bearer"
    Then the status is 204
    When I GET "/v1/integrations/me" with the authorization "Bearer fake-default-bearer"
    Then "integration.status" is "inactive"
    When I POST "/v1/integrations/enable" with the authorization "Bearer fake-default-bearer"
    And I POST "/v1/integrations/enable" with the authorization "Bearer fake-default-bearer"
    Then the status is 204
    When I GET "/v1/integrations/me" with the authorization "Bearer fake-default-bearer"
    Then "integration.status" is "active"

  @op:retrieve-an-integration @op:disable-an-integration @op:exchange-an-authorization-code @assumption:integration-installed
  Scenario: A newly installed app is active
    Given a fresh fake that answers "integration-disabled" with "uninstall"
    When I POST "/v1/integrations/disable" with the authorization "Bearer fake-default-bearer"
    And I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&response_type=code&scope=public_api&decision=allow"
    And the query of the header "Location" is kept as $back
    And I POST "/v1/oauth/token" without credentials and the body:
      """
      {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": $back.code,
       "redirect_uri": "https://app.example.com/oauth/callback", "grant_type": "authorization_code"}
      """
    And "access_token" is kept as $token
    And I GET "/v1/integrations/me" with the authorization "Bearer $token"
    Then "integration.active" is true

  @op:tag-a-call @op:create-a-tag @op:retrieve-a-call @assumption:call-tags @assumption:call-tag-author
  Scenario: Tags are added once each, and an unknown tag adds none
    When I POST "/v1/tags" with the body:
      """
      {"name": "One by hand", "color": "#aa3300"}
      """
    And "tag.id" is kept as $one
    And I POST "/v1/tags" with the body:
      """
      {"name": "Two by hand", "color": "#aa3300"}
      """
    And "tag.id" is kept as $two
    And I POST "/v1/calls/12345/tags" with the body:
      """
      {"tags": [$one]}
      """
    And I POST "/v1/calls/12345/tags" with the body:
      """
      {"tags": [$two, $one]}
      """
    And I GET "/v1/calls/12345"
    And "call.tags" is kept as $tags
    Then $first is an entry of "call.tags" where:
      | id | is | $one |
    And $second is an entry of "call.tags" where:
      | id        | is | $two |
      | tagged_by | is | {}   |
    When I POST "/v1/calls/12345/tags" with the body:
      """
      {"tags": [99999999999]}
      """
    Then the status is 400
    When I GET "/v1/calls/12345"
    Then "call.tags" are $tags
    When I POST "/v1/calls/12345/tags" with the body:
      """
      {"tags": [$two]}
      """
    And I GET "/v1/calls/12345"
    Then "call.tags" are $tags

  @op:retrieve-topics @assumption:intelligence-unlicensed
  Scenario: A resource without a license is not found
    Given a fresh fake that answers "intelligence-licence" with "none"
    And $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is not   | SE   |
    When I GET "/v1/calls/$one.id/topics"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

  @op:retrieve-a-transcription @assumption:realtime-licence
  Scenario: What was said so far needs AI Assist Pro
    Given a fresh fake that answers "intelligence-licence" with "assist"
    And $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is not   | SE   |
    When I GET "/v1/calls/$one.id/transcription"
    Then the status is 200
    When I GET "/v1/calls/$one.id/transcription?mode=realtime"
    Then the status is 404

  @op:retrieve-a-transcription @assumption:intelligence-language
  Scenario: The language is that of the country of the line
    Given a fresh fake
    And $one is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is       | FR   |
    When I GET "/v1/calls/$one.id/transcription"
    Then the status is 200
    And "transcription.content.language" is "fr-FR"
    Given $swedish is a call where:
      | recording      | is not   | null |
      | duration       | at least | 150  |
      | number.country | is       | SE   |
    When I GET "/v1/calls/$swedish.id/transcription"
    Then the status is 404

  @op:pause-recording @op:resume-recording @assumption:recording-pause
  Scenario: A recording can be paused repeatedly, and an ended call is a 400 even without a recording
    Given $call is a call where:
      | status                          | is | answered |
      | number.live_recording_activated | is | true     |
    And $silent is a call where:
      | status                          | is | done  |
      | number.live_recording_activated | is | false |
    When I POST "/v1/calls/$call.id/pause_recording"
    And I POST "/v1/calls/$call.id/pause_recording"
    Then the status is 204
    When I POST "/v1/calls/$call.id/resume_recording"
    And I POST "/v1/calls/$call.id/resume_recording"
    Then the status is 204
    When I POST "/v1/calls/$silent.id/pause_recording"
    Then the status is 400

  @op:update-a-tag @op:delete-a-tag @op:list-all-tags @assumption:system-tags
  Scenario: System tags can be changed and deleted
    When I GET "/v1/tags?per_page=50"
    And $tag is an entry of "tags" where:
      | description | is | conference |
    And I PUT "/v1/tags/$tag.id" with the body:
      """
      {"name": "Conferences"}
      """
    Then the status is 200
    When I DELETE "/v1/tags/$tag.id"
    Then the status is 204

  @op:list-sms-templates @assumption:message-tier
  Scenario: SMS templates have the headers of Rails
    When I GET "/v1/sms/templates"
    Then the status is 200
    And the header "X-Powered-By" is missing
    And the header "X-Request-Id" is kept as $request

  @op:create-number-configuration @assumption:message-configuration
  Scenario: A second configuration of a line replaces its URL and keeps its token
    Given $line is number 1
    When I POST "/v1/numbers/$line.id/messages/configuration" with the body:
      """
      {"callbackUrl": "https://hooks.example.com/one"}
      """
    And "token" is kept as $token
    And I POST "/v1/numbers/$line.id/messages/configuration" with the body:
      """
      {"callbackUrl": "https://hooks.example.com/two"}
      """
    Then "token" is $token
    And "callbackUrl" is "https://hooks.example.com/two"
    When I POST "/v1/numbers/$line.id/messages/configuration"
    Then "token" is $token
    And "callbackUrl" is missing

  @op:create-a-webhook @assumption:webhook-events-order
  Scenario: Events of a webhook come in reverse alphabetical order, each once
    When I POST "/v1/webhooks" with the body:
      """
      {"url": "https://hooks.example.com/a", "events": ["call.created", "user.created", "call.ended", "call.created"]}
      """
    Then "webhook.events" is ["user.created","call.ended","call.created"]

  @op:create-a-webhook @op:retrieve-a-webhook @op:create-a-contact @assumption:webhook-deactivation
  Scenario: Ten failures in a row do not disable a webhook
    Given $hook is a receiver that answers 503
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    And "webhook" is kept as $webhook
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    And the clock moves on by 600 seconds
    And I GET "/v1/webhooks/$webhook.webhook_id"
    Then "webhook.active" is true
    And $hook receives 10 posts

  @op:create-a-webhook @op:update-a-webhook @op:create-a-contact @assumption:webhook-inactive
  Scenario: A deactivated webhook gets no retries
    Given $hook is a receiver that answers 503
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    And "webhook" is kept as $webhook
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    Then $hook receives 1 post
    When I PUT "/v1/webhooks/$webhook.webhook_id" with the body:
      """
      {"active": false}
      """
    And the clock moves on by 3600 seconds
    Then $hook receives 0 posts

  @op:create-a-webhook @op:update-a-webhook @op:delete-a-webhook @op:create-a-contact @assumption:webhook-changed
  Scenario: A retry goes to the current URL of the webhook, and a deleted webhook gets none
    Given $hook is a receiver that answers 503
    And $later is a receiver that answers 503
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    And "webhook" is kept as $webhook
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    Then $hook receives 1 post
    When I PUT "/v1/webhooks/$webhook.webhook_id" with the body:
      """
      {"url": $later.url}
      """
    And the clock moves on by 1 second
    Then $hook receives 0 posts
    And $later receives 1 post
    When I DELETE "/v1/webhooks/$webhook.webhook_id"
    And the clock moves on by 3600 seconds
    Then $later receives 0 posts

  @op:create-a-webhook @op:create-a-contact @assumption:webhook-redirect @assumption:webhook-retry
  Scenario: A redirect is a failure, with retries after one second and after two
    Given $hook is a receiver that answers 302
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    Then $hook receives 1 post
    When the clock moves on by 1 second
    Then $hook receives 1 post
    When the clock moves on by 1 second
    Then $hook receives 0 posts
    When the clock moves on by 1 second
    Then $hook receives 1 post

  @op:create-a-webhook @op:create-a-contact @assumption:webhook-order
  Scenario: Events arrive one after the other if the receiver answers
    Given $hook is a receiver that answers 200
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000002"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000003"}]}
      """
    Then $hook receives 3 posts
    And "posts" are in ascending order of "body.data.id"

  @op:exchange-an-authorization-code @assumption:oauth-tokens
  Scenario: A second authorization gives an app another token, and the first stays valid
    When I POST "/oauth/authorize?client_id=fake-client-id&redirect_uri=https://app.example.com/oauth/callback&response_type=code&scope=public_api&decision=allow"
    And the query of the header "Location" is kept as $back
    And I POST "/v1/oauth/token" without credentials and the body:
      """
      {"client_id": "fake-client-id", "client_secret": "fake-client-secret", "code": $back.code,
       "redirect_uri": "https://app.example.com/oauth/callback", "grant_type": "authorization_code"}
      """
    Then "access_token" is kept as $token
    When I GET "/v1/ping" with the authorization "Bearer $token"
    Then the status is 200
    When I GET "/v1/ping" with the authorization "Bearer fake-default-bearer"
    Then the status is 200

  @op:disable-an-integration @assumption:event-integration
  Scenario: The webhooks of an app get the event of its removal
    Given a fresh fake that answers "integration-disabled" with "uninstall"
    And $hook is a receiver that answers 200
    And $other is a receiver that answers 200
    When I POST "/v1/webhooks" with the authorization "Bearer fake-default-bearer" and the body:
      """
      {"url": $hook.url, "events": ["integration.deleted"]}
      """
    And I POST "/v1/webhooks" with the body:
      """
      {"url": $other.url, "events": ["integration.deleted"]}
      """
    And I POST "/v1/integrations/disable" with the authorization "Bearer fake-default-bearer"
    Then $hook receives, in this order:
      """
      integration.deleted
      """
    And "posts.0.body.data" has:
      | integration_id | is not | null |
    And $other receives 0 posts
