@fake @changes
Feature: Deliveries of webhooks
  What a receiver must handle: repeated events, another order, missing events and missing data.

  @op:create-a-webhook @op:comment-a-call
  Scenario: A delivery has the recorded headers, keeps the query of the address, and is not signed
    Given $hook is a receiver that answers 200
    And $call is call 3
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.keyed, "events": ["call.commented"]}
      """
    Then "webhook" is kept as $webhook
    When I POST "/v1/calls/$call.id/comments" with the body:
      """
      {"content": "Rang <Ann> & co"}
      """
    Then $hook receives 1 post
    And "posts.0" has:
      | method                | is | POST             |
      | query                 | is | key=a%20b        |
      | header.content-type   | is | application/json |
      | header.aircall-origin | is | webhooks         |
      | body.resource         | is | call             |
      | body.event            | is | call.commented   |
      | body.token            | is | $webhook.token   |
      | body.data.id          | is | $call.id         |
      | body.data.call_uuid   | is | $call.sid        |
    And "posts.0.header.x-aircall-signature" is missing
    And "posts.0.body.data.sid" is missing

  @op:create-a-webhook @op:archive-a-call @assumption:webhook-retry
  Scenario: An event is delivered again until the receiver answers 2xx
    Given $hook is a receiver that answers 500
    And $call is call 3
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["call.archived"]}
      """
    And I PUT "/v1/calls/$call.id/archive"
    And the clock moves on by 6 seconds
    Then $hook receives 3 posts
    And "posts.2.text" is kept as $third
    When $hook answers 201 from now on
    And the clock moves on by 3600 seconds
    Then $hook receives 1 post
    And "posts.0.text" is $third

  @op:create-a-webhook @op:archive-a-call @assumption:webhook-timeout
  Scenario: A receiver that needs more than five seconds gets the event again
    Given $hook is a receiver that never answers
    And $call is call 3
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["call.archived"]}
      """
    And I PUT "/v1/calls/$call.id/archive"
    And the clock moves on by 5 seconds
    Then $hook receives 1 post
    And "posts.0.body.data.id" is $call.id
    When $hook answers 200 from now on
    And the clock moves on by 1 second
    Then $hook receives 1 post
    And "posts.0.body.data.id" is $call.id

  @op:create-a-contact
  Scenario: An event can be delivered more than once
    Given a fresh fake that delivers 100 percent twice
    And $hook is a receiver that answers 200
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    Then $hook receives 2 posts
    And "posts.0.text" is kept as $first
    And "posts.1.text" is $first

  @op:create-a-contact
  Scenario: Events can arrive in any order
    Given a fresh fake that delivers within 60 seconds, in any order
    And $hook is a receiver that answers 200
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
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000004"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000005"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000006"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000007"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000008"}]}
      """
    And the clock moves on by 60 seconds
    Then $hook receives 8 posts
    And "posts" are not in ascending order of "body.data.id"

  @op:retrieve-a-webhook @op:create-a-contact @assumption:webhook-disabled
  Scenario: Failures in a row disable a webhook, which misses events until a delivery succeeds
    Given a fresh fake that answers "webhook-deactivation" with "10"
    And $hook is a receiver that answers 503
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["contact.created"]}
      """
    Then "webhook" is kept as $webhook
    When I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    And the clock moves on by 255 seconds
    And I GET "/v1/webhooks/$webhook.webhook_id"
    Then "webhook.active" is true
    When the clock moves on by 256 seconds
    And I GET "/v1/webhooks/$webhook.webhook_id"
    Then "webhook.active" is false
    And $hook receives 10 posts
    When I POST "/v1/contacts" with the body:
      """
      {"phone_numbers": [{"label": "Work", "value": "+4520000002"}]}
      """
    And $hook answers 200 from now on
    And the clock moves on by 512 seconds
    Then $hook receives 1 post
    And "posts.0.body.data.phone_numbers.0.value" is "+4520000001"
    When I GET "/v1/webhooks/$webhook.webhook_id"
    Then "webhook.active" is true

  @op:update-a-webhook
  Scenario: A webhook that is enabled by hand gets all events
    Given $hook is a receiver that answers 200
    And $call is call 3
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "active": true, "events": ["contact.created"]}
      """
    Then "webhook" is kept as $webhook
    When I PUT "/v1/webhooks/$webhook.webhook_id" with the body:
      """
      {"active": true}
      """
    Then "webhook.events" has 68 entries
    When I PUT "/v1/calls/$call.id/archive"
    Then $hook receives 1 post

  @op:create-a-webhook @op:archive-a-call @assumption:event-absent @assumption:event-missed
  Scenario: A missed call has no user, and no reason if the caller asked for a callback
    Given $hook is a receiver that answers 200
    And $call is a call where:
      | direction          | is | inbound |
      | status             | is | done    |
      | answered_at        | is | null    |
      | missed_call_reason | is | null    |
      | assigned_to        | is | null    |
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["call.archived"]}
      """
    And I PUT "/v1/calls/$call.id/unarchive"
    And I PUT "/v1/calls/$call.id/archive"
    Then $hook receives 1 post
    And "posts.0.body.data.user" is missing
    And "posts.0.body.data.assigned_to" is missing
    And "posts.0.body.data.transferred_to" is missing
    And "posts.0.body.data.missed_call_reason" is null
    And "posts.0.body.data.answered_at" is null
    When I GET "/v1/calls/$call.id"
    Then "call.user" is null
    And "call.transferred_to" is null

  @op:transfer-a-call @op:comment-a-call @assumption:event-transfer-user
  Scenario: A transfer that nobody answered stays in every later event
    Given $hook is a receiver that answers 200
    And $call is a call where:
      | status    | is | answered |
      | direction | is | inbound  |
    And $other is a user where:
      | id | is not | $call.user.id |
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["call.transferred", "call.commented"]}
      """
    And I POST "/v1/calls/$call.id/transfers" with the body:
      """
      {"user_id": $other.id}
      """
    And the clock moves on by 120 seconds
    And I POST "/v1/calls/$call.id/comments" with the body:
      """
      {"content": "Still mine"}
      """
    Then $hook receives, in this order:
      """
      call.transferred
      call.commented
      """
    And "posts.0.body.data" has:
      | user.id           | is | $call.user.id |
      | transferred_by.id | is | $call.user.id |
      | transferred_to.id | is | $other.id     |
    And "posts.1.body.data" has:
      | transferred_by.id    | is | $call.user.id |
      | transferred_to.id    | is | $other.id     |
      | comments.0.posted_by | is | null          |

  @op:create-a-user @op:delete-a-user
  Scenario: A new user gets a contact, and both have events
    Given $hook is a receiver that answers 200
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["user.created", "user.created.v2", "user.deleted.v2", "contact.created", "contact.deleted"]}
      """
    And I POST "/v2/users" with the body:
      """
      {"first_name": "Eve", "last_name": "Ek", "email": "eve@acme.example.com"}
      """
    Then "user" is kept as $user
    And $hook receives, in this order:
      """
      user.created
      user.created.v2
      contact.created
      """
    And "posts.0.body.data.numbers" is []
    And "posts.0.body.data.available" is false
    And "posts.1.body.data.numbers" is missing
    And "posts.2.body.data.emails.0.value" is "eve@acme.example.com"
    When I DELETE "/v1/users/$user.id"
    Then $hook receives, in this order:
      """
      user.deleted.v2
      contact.deleted
      """
    And "posts.1.body.data.emails" is []

  @op:update-a-user @assumption:event-substatus
  Scenario: A status with a reason has two events
    Given $hook is a receiver that answers 200
    And $user is user 1
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["user.closed"]}
      """
    And I PUT "/v2/users/$user.id" with the body:
      """
      {"availability_status": "available", "substatus": "always_opened"}
      """
    And I PUT "/v2/users/$user.id" with the body:
      """
      {"availability_status": "unavailable", "substatus": "out_for_lunch"}
      """
    Then $hook receives, in this order:
      """
      user.closed
      user.closed
      """
    And "posts.0.body.data.substatus" is missing
    And "posts.1.body.data.substatus" is "out_for_lunch"
    And "posts.1.body.data.availability_status" is "unavailable"

  @op:update-a-user @op:check-availability-of-a-user
  Scenario: An event has available for a user who is in a call
    Given $hook is a receiver that answers 200
    And $call is a call where:
      | status    | is | answered |
      | direction | is | inbound  |
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["user.opened.v2"]}
      """
    And I PUT "/v2/users/$call.user.id" with the body:
      """
      {"availability_status": "unavailable"}
      """
    And I PUT "/v2/users/$call.user.id" with the body:
      """
      {"availability_status": "available"}
      """
    Then $hook receives 1 post
    And "posts.0.body.data.available" is true
    And "posts.0.body.data.availability_status" is "available"
    When I GET "/v1/users/$call.user.id/availability"
    Then "availability" is "in_call"

  @op:create-number-configuration @op:send-message @assumption:callback-data
  Scenario: A line in proxy mode posts to its callback, once and in another envelope
    Given $hook is a receiver that answers 200
    And $callback is a receiver that answers 500
    And $line is number 1
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["message.sent", "message.status_updated"]}
      """
    And I POST "/v1/numbers/$line.id/messages/configuration" with the body:
      """
      {"callbackUrl": $callback.url}
      """
    And "token" is kept as $token
    And I POST "/v1/numbers/$line.id/messages/send" with the body:
      """
      {"to": "+33639980001", "body": "Hi"}
      """
    And the clock moves on by 3600 seconds
    Then $hook receives 0 posts
    And $callback receives, in this order:
      """
      message.updated
      message.updated
      """
    And "posts.1.body.token" is $token
    And "posts.1.body.data.status" is "delivered"
    And "posts.1.body.event" is missing

  @op:create-number-configuration @op:send-message @assumption:callback-missing
  Scenario: Nobody gets the messages of a line in proxy mode without a callback
    Given $hook is a receiver that answers 200
    And $line is number 1
    When I POST "/v1/webhooks" with the body:
      """
      {"url": $hook.url, "events": ["message.sent", "message.status_updated"]}
      """
    And I POST "/v1/numbers/$line.id/messages/configuration"
    And I POST "/v1/numbers/$line.id/messages/send" with the body:
      """
      {"to": "+33639980001", "body": "Hi"}
      """
    Then the status is 200
    When the clock moves on by 3600 seconds
    Then $hook receives 0 posts
