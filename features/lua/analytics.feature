@fake
Feature: Analytics in Lua
  Each function besides the documented ones has an example, which prints what the manual says.

  @changes @function:create_analytics_report_export @op:create-an-analytics-report-export
  Scenario: The example of create_analytics_report_export prints what the manual says
    Given a fresh fake
    When the example of "create_analytics_report_export" runs
    Then it prints what the manual says

  @changes @function:get_analytics_report_export @op:retrieve-an-analytics-report-export
  Scenario: The example of get_analytics_report_export prints what the manual says
    Given a fresh fake
    When the example of "get_analytics_report_export" runs
    Then it prints what the manual says
