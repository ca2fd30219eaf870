@fake
Feature: One object, the same everywhere
  The reply to a write, an entry of a list and a nested object are the same as the object read by its id.

  @reads @op:list-all-calls @op:retrieve-a-call
  Scenario: A call of the list is the same by its id
    When I GET "/v1/calls?per_page=50&order=desc"
    Then each of "calls" is the "call" of "/v1/calls/{{.id}}"

  @reads @op:list-all-calls @op:retrieve-a-call
  Scenario: A call of the list with short URLs is the same by its id
    When I GET "/v1/calls?per_page=50&order=desc&fetch_short_urls=true"
    Then each of "calls" is the "call" of "/v1/calls/{{.id}}?fetch_short_urls=true"

  @reads @op:search-calls @op:retrieve-a-call
  Scenario: A call of a search with short URLs is the same by its id
    When I GET "/v1/calls/search?direction=inbound&per_page=50&order=desc&fetch_short_urls=true"
    Then each of "calls" is the "call" of "/v1/calls/{{.id}}?fetch_short_urls=true"

  @changes @op:archive-a-call @op:list-all-calls
  Scenario: The reply to the archiving of a call is the call
    When I GET "/v1/calls?per_page=50&order=desc"
    Then each of "calls" is the "call" of PUT "/v1/calls/{{.id}}/archive", except for "archived"

  @changes @op:unarchive-a-call @op:list-all-calls
  Scenario: The reply to the unarchiving of a call is the call
    When I GET "/v1/calls?per_page=50&order=desc"
    Then each of "calls" is the "call" of PUT "/v1/calls/{{.id}}/unarchive", except for "archived"

  @reads @op:list-all-calls @op:retrieve-a-contact
  Scenario: The contact of a call is the contact by its id
    When I GET "/v1/calls?per_page=50&order=desc&fetch_contact=true"
    Then each of "calls.*.contact" is the "contact" of "/v1/contacts/{{.id}}"

  @reads @op:search-calls @op:retrieve-a-contact
  Scenario: The contact of a call of a search is the contact by its id
    When I GET "/v1/calls/search?direction=inbound&per_page=50&order=desc&fetch_contact=true"
    Then each of "calls.*.contact" is the "contact" of "/v1/contacts/{{.id}}"

  @reads @op:list-all-contacts @op:search-contacts
  Scenario: A contact of a search is the contact of the list
    When I GET "/v1/contacts?per_page=50"
    Then each of "contacts" is the "contacts.0" of "/v1/contacts/search?phone_number={{(index .phone_numbers 0).value}}"

  @reads @op:list-numbers-of-a-user @op:retrieve-a-number
  Scenario: A number of a user is the number by its id
    When I GET "/v2/users/owner@default.example.com"
    And "user.id" is kept as $owner
    Then pages of 1 "numbers" at "/v2/users/$owner/numbers" hold what one page of 50 holds
    When I GET "/v2/users/$owner/numbers"
    Then each of "numbers" is the "number" of "/v1/numbers/{{.id}}", except for "users, messages, priority, flow_editor_enabled"

  @changes @op:update-a-number @op:retrieve-a-number
  Scenario: The reply to the update of a number is the number
    When I GET "/v1/numbers?per_page=4"
    And "numbers.0.id" is kept as $number
    And I PUT "/v1/numbers/$number" with the body:
      """
      {"name": "Front desk"}
      """
    Then each of "number" is the "number" of "/v1/numbers/{{.id}}"

  @changes @op:update-a-user @op:retrieve-a-user
  Scenario: The reply to the update of a user is the user
    When I GET "/v2/users/owner@default.example.com"
    And "user.id" is kept as $owner
    And I PUT "/v2/users/$owner" with the body:
      """
      {"first_name": "Ada"}
      """
    Then each of "user" is the "user" of "/v2/users/{{.id}}"

  @changes @op:add-a-user-to-a-team @op:remove-a-user-from-a-team @op:retrieve-a-team
  Scenario: The replies to changes of the members of a team are the team
    When I GET "/v2/users/owner@default.example.com"
    And "user.id" is kept as $owner
    And I POST "/v1/teams" with the body:
      """
      {"name": "Night shift"}
      """
    And "team.id" is kept as $team
    And I GET "/v2/users?per_page=2&order=desc"
    And "users.0.id" is kept as $other
    And I POST "/v1/teams/$team/users/$other"
    And I POST "/v1/teams/$team/users/$owner"
    Then each of "team" is the "team" of "/v1/teams/{{.id}}"
    When I DELETE "/v1/teams/$team/users/$other"
    Then each of "team" is the "team" of "/v1/teams/{{.id}}"

  @reads @op:list-sms-templates
  Scenario: The pages of SMS templates have no gap and no entry twice
    Then pages of 2 "templates" at "/v1/sms/templates" hold what one page of 50 holds

  @reads @op:retrieve-list-of-users-availability
  Scenario: The pages of availabilities have no gap and no entry twice
    Then pages of 3 "users" at "/v1/users/availabilities" hold what one page of 50 holds

  @changes @op:list-all-users-v1 @op:retrieve-a-user-v1 @op:create-a-user-v1 @op:update-a-user-v1
  Scenario: A user of version 1 is the same in lists, replies and by its id
    Given a fake whose clock is at "2026-09-30T23:59:50Z"
    Then pages of 3 "users" at "/v1/users" hold what one page of 50 holds
    When I GET "/v1/users?per_page=50"
    Then each of "users" is the "user" of "/v1/users/{{.id}}"
    When I POST "/v1/users" with the body:
      """
      {"email": "ada@default.example.com", "first_name": "Ada", "last_name": "Okafor"}
      """
    Then each of "user" is the "user" of "/v1/users/{{.id}}", except for "numbers"
    When I GET "/v2/users/owner@default.example.com"
    And "user.id" is kept as $owner
    And I PUT "/v1/users/$owner" with the body:
      """
      {"first_name": "Ada"}
      """
    Then each of "user" is the "user" of "/v1/users/{{.id}}", except for "numbers"
    When I GET "/v1/users/$owner"
    Then each of "user.numbers" is the "number" of "/v1/numbers/{{.id}}", except for "users, messages, priority, flow_editor_enabled"

  @changes @op:send-message @op:send-message-in-agent-conversation @op:send-whatsapp-message @op:send-whatsapp-message-in-agent-conversation @op:retrieve-a-number
  Scenario: The line of a message is the number by its id
    When I GET "/v1/numbers?per_page=4"
    And "numbers" is kept as $line
    And I POST "/v1/numbers/$line.1.id/messages/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi"}
      """
    Then each of "number" is the "number" of "/v1/numbers/{{.id}}", except for "users, messages, priority, flow_editor_enabled"
    When I POST "/v1/numbers/$line.0.id/messages/native/send" with the body:
      """
      {"to": "+4520000001", "body": "Hi"}
      """
    Then each of "number" is the "number" of "/v1/numbers/{{.id}}", except for "users, messages, priority, flow_editor_enabled"
    When I POST "/v1/messages/whatsapp/send" with the body:
      """
      {"lineId": $line.1.id, "to": "+4520000001", "text": "Hello"}
      """
    Then each of "number" is the "number" of "/v1/numbers/{{.id}}", except for "users, messages, priority, flow_editor_enabled"
    When I POST "/v1/messages/send/whatsapp/native" with the body:
      """
      {"lineId": $line.0.id, "externalNumber": "+4520000001", "text": "Hello"}
      """
    Then each of "number" is the "number" of "/v1/numbers/{{.id}}", except for "users, messages, priority, flow_editor_enabled"

  @changes @op:send-group-message @op:send-group-message-in-agent-conversation
  Scenario: A group message has its text or its files, and its participants
    When I GET "/v1/numbers?per_page=4"
    And "numbers" is kept as $line
    And I POST "/v1/numbers/$line.1.id/messages/group/send" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "body": "Hi"}
      """
    Then "body" is "Hi"
    And "participants" has 2 entries
    When I POST "/v1/numbers/$line.1.id/messages/group/send" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "mediaUrl": ["https://files.example.com/a.png"]}
      """
    Then "media_url" is ["https://files.example.com/a.png"]
    When I POST "/v1/numbers/$line.0.id/messages/group/native/send" with the body:
      """
      {"participants": ["+13000000001", "+13000000002"], "body": "Hi"}
      """
    Then "body" is "Hi"
    And "participants" has 2 entries

  @changes @op:create-a-tag @op:update-a-tag @op:retrieve-a-tag
  Scenario: The replies to the creation and the update of a tag are the tag
    When I POST "/v1/tags" with the body:
      """
      {"name": "Made by hand", "color": "#aa3300"}
      """
    And "tag.id" is kept as $tag
    Then each of "tag" is the "tag" of "/v1/tags/{{.id}}"
    When I PUT "/v1/tags/$tag" with the body:
      """
      {"description": "For the front desk"}
      """
    Then each of "tag" is the "tag" of "/v1/tags/{{.id}}"

  @changes @op:create-a-contact @op:search-contacts
  Scenario: The pages of search results have no gap and no entry twice
    When I POST "/v1/contacts" with the body:
      """
      {"first_name": "Kim", "phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    And I POST "/v1/contacts" with the body:
      """
      {"first_name": "Ada", "phone_numbers": [{"label": "Work", "value": "+4520000001"}]}
      """
    Then pages of 1 "contacts" at "/v1/contacts/search?phone_number=%2B4520000001" hold what one page of 50 holds

  @changes @op:create-an-a2p-campaign-association @op:list-a2p-campaign-associations
  Scenario: The lines of an A2P campaign are the same in the reply and in the list
    Given a fresh fake that answers "a2p" with "keep"
    When I GET "/v1/numbers"
    And "numbers.0.id" is kept as $number
    And I POST "/v1/a2p_campaign_associations" with the body:
      """
      {"external_campaign_id": "CM1", "numbers": [$number]}
      """
    Then "a2p_campaign_associations.numbers.0" is $number
    And "a2p_campaign_associations.numbers" has 1 entry
    When "a2p_campaign_associations.id" is kept as $id
    And I GET "/v1/a2p_campaign_associations"
    Then $made is an entry of "a2p_campaign_associations" where:
      | id | is | $id |
    And $made has:
      | numbers.0 | is | $number |
      | numbers.1 | is | null    |
    And pages of 1 "a2p_campaign_associations" at "/v1/a2p_campaign_associations" hold what one page of 50 holds
