@fake @changes
Feature: Analytics
  Reports are requested, made in the background, and downloaded from a URL that is signed anew at every read. Keys are
  camelCase, and replies have no envelope.

  @op:create-an-analytics-report-export @op:retrieve-an-analytics-report-export @assumption:analytics-status @assumption:analytics-time @assumption:analytics-licence
  Scenario: A report is pending for a minute, and can be downloaded for an hour
    Given a fake whose clock is at "2026-03-02T12:00:00Z"
    When I POST "/v1/analytics/report/export" with the body:
      """
      {"input": {"reportName": "CALLS_HISTORY", "filter": {"dateFilter": {"relative": "LAST_WEEK"}, "timezone": "Europe/Paris", "teamIDs": [1]},
                 "exportOptions": {"format": "CSV", "exportName": "calls of last week"}}}
      """
    Then the status is 201
    And the body is:
      """
      {"exportID":"<text>","createdAt":"<iso>","status":"PENDING"}
      """
    And "exportID" is kept as $id
    When the clock moves on by 59 seconds
    And I GET "/v1/analytics/report/export/$id"
    Then "status" is "PENDING"
    When the clock moves on by 1 second
    And I GET "/v1/analytics/report/export/$id"
    Then the status is 200
    And the body is:
      """
      {"exportID":$id,"createdAt":"2026-03-02T12:00:00.000Z","status":"COMPLETED","format":"CSV","exportName":"calls of last week",
       "isZipCompressed":false,"downloadUrl":"<url>","downloadUrlExpiresAt":"2026-03-02T13:01:00.000Z"}
      """
    And "downloadUrl" is kept as $url
    When the clock moves on by 60 seconds
    And I GET "/v1/analytics/report/export/$id"
    Then "downloadUrl" is not $url
    And "downloadUrlExpiresAt" is "2026-03-02T13:02:00.000Z"

  @op:create-an-analytics-report-export @op:retrieve-an-analytics-report-export @assumption:analytics-failed
  Scenario: A filter that does not match the report makes it fail later
    Given a fake whose clock is at "2026-03-02T12:00:00Z"
    When I POST "/v1/analytics/report/export" with the body:
      """
      {"input": {"reportName": "USER_STATUS_HISTORY", "filter": {"timezone": "UTC", "callIDs": [12345],
        "dateFilter": {"absoluteRange": {"fromDate": "2026-02-01", "toDate": "2026-02-28"}}}}}
      """
    Then the status is 201
    And "exportID" is kept as $id
    When the clock moves on by 60 seconds
    And I GET "/v1/analytics/report/export/$id"
    Then the status is 200
    And the body is:
      """
      {"exportID":$id,"createdAt":"<iso>","status":"FAILED","errorMessage":"<text>"}
      """

  @op:create-an-analytics-report-export
  Scenario Outline: A report is refused: <why>
    When I POST "/v1/analytics/report/export" with the body:
      """
      {<input>}
      """
    Then the status is 400
    And the body is:
      """
      "<refused>"
      """

    Examples:
      | why                | input                                                                                                                                                                             |
      | no input           | "reportName": "CALLS_HISTORY"                                                                                                                                                     |
      | an unknown name    | "input": {"reportName": "CALLS", "filter": {"dateFilter": {"relative": "TODAY"}, "timezone": "UTC"}}                                                                              |
      | no time zone       | "input": {"reportName": "CALLS_HISTORY", "filter": {"dateFilter": {"relative": "TODAY"}}}                                                                                         |
      | neither range      | "input": {"reportName": "CALLS_HISTORY", "filter": {"dateFilter": {}, "timezone": "UTC"}}                                                                                         |
      | both ranges        | "input": {"reportName": "CALLS_HISTORY", "filter": {"dateFilter": {"relative": "TODAY", "absoluteRange": {"fromDate": "2026-05-01", "toDate": "2026-05-02"}}, "timezone": "UTC"}} |
      | a filter of one id | "input": {"reportName": "CALLS_HISTORY", "filter": {"dateFilter": {"relative": "TODAY"}, "timezone": "UTC", "tagIDs": 1}}                                                         |

  @op:retrieve-an-analytics-report-export
  Scenario: An unknown report is not found
    When I GET "/v1/analytics/report/export/9d3f2a1e-2b6c-4f0a-9c3e-1a2b3c4d5e6f"
    Then the status is 404
    And the body is:
      """
      "<not_found>"
      """
