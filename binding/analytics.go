package binding

// reports are what Analytics makes.
var reports = []string{
	"CALLS_HISTORY", "USER_STATUS_HISTORY",
	"USER_ACTIVITY_AVAILABILITY_BREAKDOWN", "USER_ACTIVITY_AVERAGE_AFTER_CALL_WORK_TIME_PER_USER",
	"USER_ACTIVITY_AVERAGE_INBOUND_IN_CALL_TIME_PER_USER", "USER_ACTIVITY_AVERAGE_OUTBOUND_IN_CALL_TIME_PER_USER",
	"USER_ACTIVITY_CALL_VOLUME_AND_TIME", "USER_ACTIVITY_CALLS_HANDLED", "USER_ACTIVITY_PERCENTAGE_OF_TIME_IN_EACH_STATUS",
	"USER_ACTIVITY_RINGING_ATTEMPTS_PER_USER", "USER_ACTIVITY_WORK_TIME_AND_AVAILABILITY", "USER_ACTIVITY_RINGING_ATTEMPTS",
}

func analyticsFunctions() []Function {
	forbidden := []string{"forbidden without Analytics+"}
	const filter, day = "input.filter.", "Day such as 2026-05-01"
	ids := func(name, wire, description string) Param {
		return Param{Name: name, wire: filter + wire, Kind: KindList, Max: 100, Items: &Param{Kind: KindID}, Description: description}
	}
	texts := func(name, wire, description string) Param {
		return Param{Name: name, wire: filter + wire, Kind: KindList, Max: 100, Items: &Param{Kind: KindText}, Description: description}
	}
	return []Function{{
		Name: "create_analytics_report_export", Effect: EffectWrite, Ops: []string{"create-an-analytics-report-export"},
		Description: "Start a report, which Aircall creates in the background.",
		Params: []Param{
			{Name: "report_name", wire: "input.reportName", Kind: KindEnum, Required: true, Enum: reports, Description: "Name of the report"},
			{Name: "timezone", wire: filter + "timezone", Kind: KindText, Required: true, Description: "IANA name of the time zone of the days, such as Europe/Paris"},
			{Name: "relative", wire: filter + "dateFilter.relative", Kind: KindEnum, Enum: []string{"TODAY", "YESTERDAY", "THIS_WEEK", "LAST_WEEK", "THIS_MONTH", "LAST_MONTH"}, Description: "The days of the report, unless from_date and to_date are given"},
			{Name: "from_date", wire: filter + "dateFilter.absoluteRange.fromDate", Kind: KindText, Description: day},
			{Name: "to_date", wire: filter + "dateFilter.absoluteRange.toDate", Kind: KindText, Description: day},
			ids("user_ids", "userIDs", "Only these users"), ids("team_ids", "teamIDs", "Only these teams"),
			ids("call_ids", "callIDs", "Only these calls"), ids("line_ids", "lineIDs", "Only these numbers of the company"),
			ids("tag_ids", "tagIDs", "Only calls with these tags"),
			texts("customer_numbers", "customerNumbers", "Only calls with these numbers"),
			texts("call_types", "callTypes", "Only calls of these types"),
			texts("user_statuses", "userStatuses", "Only these statuses of users"),
			{Name: "with_voicemail", wire: filter + "withVoicemail", Kind: KindBool, Description: "Only calls with, or without, a voicemail"},
			{Name: "date_breakdown", wire: "input.options.dateBreakdown", Kind: KindText, Description: "Grouping of the days, such as DAILY"},
			{Name: "export_name", wire: "input.exportOptions.exportName", Kind: KindText, Description: "Name of the file"},
		},
		Returns: "`exportID`, `status` and `createdAt`.",
		Errors:  forbidden,
		check: func(a arguments) []string {
			if a.has("from_date") != a.has("to_date") {
				return []string{"from_date and to_date go together"}
			}
			return exactlyOne("relative", "from_date")(a)
		},
	}, {
		Name: "get_analytics_report_export", Effect: EffectRead, Ops: []string{"retrieve-an-analytics-report-export"},
		Description: "Retrieve the state of a report.",
		Params:      []Param{{Name: "export_id", Kind: KindKey, Required: true, in: inPath, Description: "The `exportID` of the report"}},
		Returns:     "`exportID`, `status`, and `downloadUrl` once the status is `\"COMPLETED\"`: it is signed anew for every read.",
		Errors:      forbidden,
		Note:        "Poll about once a minute while the status is PENDING.",
	}}
}
