@fake
Feature: Tags
  The wire format of tags: no direct_link, a read-only description, and nine system tags.

  @reads @op:list-all-tags @anywhere
  Scenario: A list has the tags first, meta second and 20 tags a page
    When I GET "/v1/tags"
    Then the status is 200
    And the body is:
      """
      {"tags":["<tag>*"],"meta":"<meta>"}
      """
    And "meta.per_page" is 20

  @reads @op:list-all-tags
  Scenario: A new company has nine system tags
    Given an empty fake
    When I GET "/v1/tags"
    Then the status is 200
    And the body is:
      """
      {"tags":[
        {"id":"<id>","name":"Callback Request","color":"#29C8FF","description":"queue_callback"},
        {"id":"<id>","name":"Called Back","color":"#B285D1","description":"queue_called_back"},
        {"id":"<id>","name":"Conference","color":"#000000","description":"conference"},
        {"id":"<id>","name":"Follow Up","color":"#ff7d03","description":"follow_up_self_assign"},
        {"id":"<id>","name":"Voicemail Drop","color":"#FCBB26","description":"voicemail_drop"},
        {"id":"<id>","name":"Voice Virtual Agent","color":"#00B388","description":"voice_virtual_agent"},
        {"id":"<id>","name":"Outbound Campaign","color":"#6454F3","description":"outbound_campaign"},
        {"id":"<id>","name":"Native to GSM","color":"#0091FF","description":"native_to_gsm"},
        {"id":"<id>","name":"Local Presence","color":"#00B388","description":"local_presence"}
      ],"meta":{"count":9,"total":9,"current_page":1,"per_page":20,"next_page_link":null,"previous_page_link":null}}
      """

  @changes @op:create-a-tag @op:retrieve-a-tag
  Scenario: A new tag keeps the case of its color and ignores a description
    When I POST "/v1/tags" with the body:
      """
      {"name": "Made by hand", "color": "#Aa3300", "description": "never kept"}
      """
    Then the status is 201
    And the body is:
      """
      {"tag":{"id":"<id>","name":"Made by hand","color":"#Aa3300","description":null}}
      """
    And "tag" is kept as $tag
    When I GET "/v1/tags/$tag.id"
    Then the status is 200
    And "tag" is $tag

  @changes @op:create-a-tag @assumption:unique-422
  Scenario Outline: A new tag <what> is a 400
    When I POST "/v1/tags" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | what                  | body                                      |
      | without a color       | {"name": "Made by hand"}                  |
      | without a name        | {"color": "#aa3300"}                      |
      | with an invalid color | {"name": "Made by hand", "color": "red"}  |
      | with a name in use    | {"name": "Follow Up", "color": "#aa3300"} |

  @changes @op:update-a-tag
  Scenario: An update changes only the named fields
    When I POST "/v1/tags" with the body:
      """
      {"name": "Made by hand", "color": "#aa3300"}
      """
    And "tag" is kept as $tag
    And I PUT "/v1/tags/$tag.id" with the body:
      """
      {"name": "Made by hand, renamed"}
      """
    Then the status is 200
    And the body is:
      """
      {"tag":{"id":$tag.id,"name":"Made by hand, renamed","color":"#aa3300","description":null}}
      """
    When I PUT "/v1/tags/99999999999" with the body:
      """
      {"name": "Made by hand, renamed"}
      """
    Then the status is 404

  @changes @op:delete-a-tag @op:retrieve-a-tag @op:retrieve-a-call
  Scenario: A deleted tag is gone from the calls too
    Given $one is a call where:
      | tags.0 | is not | null |
    When I DELETE "/v1/tags/$one.tags.0.id"
    Then the status is 204
    And the body is empty
    When I GET "/v1/tags/$one.tags.0.id"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """
    When I GET "/v1/calls/$one.id"
    Then "call.tags" has no entry where:
      | id | is | $one.tags.0.id |

  @changes @op:create-a-tag
  Scenario: The server removes emojis from a name
    When I POST "/v1/tags" with the body:
      """
      {"name": "Made🔥by hand", "color": "#aa3300"}
      """
    Then the status is 201
    And "tag.name" is "Madeby hand"

  @changes @op:update-a-tag
  Scenario Outline: A tag cannot get <what>
    When I POST "/v1/tags" with the body:
      """
      {"name": "Made by hand", "color": "#aa3300"}
      """
    And "tag" is kept as $tag
    And I PUT "/v1/tags/$tag.id" with the body:
      """
      <body>
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """
    When I GET "/v1/tags/$tag.id"
    Then "tag" is $tag

    Examples:
      | what             | body                  |
      | a name in use    | {"name": "Follow Up"} |
      | no name          | {"name": ""}          |
      | an invalid color | {"color": "#12345"}   |

  @changes
  Scenario Outline: <method> of the tag <id> is not found
    When I <method> "/v1/tags/<id>"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """

    Examples:
      | method | id          |
      | GET    | 99999999999 |
      | GET    | Follow%20Up |
      | DELETE | 99999999999 |

  @reads @op:list-all-tags
  Scenario: The parameter order reverses the list
    When I GET "/v1/tags?per_page=50"
    Then "tags" are in ascending order of "id"
    When I GET "/v1/tags?order=desc&per_page=50"
    Then "tags" are in descending order of "id"
