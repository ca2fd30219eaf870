package fakeaircall

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

const exports = "/v1/analytics/report/export"

// report returns the body of a request. The filter lacks dates and zone, which report adds.
func report(name, dates, rest string) string {
	return `{"input":{"reportName":"` + name + `","filter":{"dateFilter":` + dates + `,"timezone":"Europe/Paris"` + rest + `}}}`
}

const lastWeek = `{"relative":"LAST_WEEK"}`

func TestExport(t *testing.T) {
	w := empty(t)
	a := w.send("POST", exports, report("CALLS_HISTORY", lastWeek, `,"teamIDs":[1],"withVoicemail":false`))
	id := a.text("exportID")
	pending := `{"exportID":"` + id + `","createdAt":"2026-03-02T12:00:00.000Z","status":"PENDING"}`
	a.want(201, pending)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("exportID %s", id)
	}
	w.Advance(59 * time.Second)
	w.get(exports+"/"+id).want(200, pending)
	w.Advance(time.Second)
	first := w.get(exports + "/" + id)
	first.want(200, `{"exportID":"`+id+`","createdAt":"2026-03-02T12:00:00.000Z","status":"COMPLETED","format":"CSV","exportName":"calls-history-2026-03-02",`+
		`"isZipCompressed":false,"downloadUrl":`+first.at("downloadUrl")+`,"downloadUrlExpiresAt":"2026-03-02T13:01:00.000Z"}`)
	if url := first.text("downloadUrl"); !strings.Contains(url, "X-Amz-Date=20260302T120100Z&X-Amz-Expires=3600&") {
		t.Errorf("downloadUrl %s", url)
	}
	w.Advance(time.Minute)
	second := w.get(exports + "/" + id)
	_, old, _ := strings.Cut(first.text("downloadUrl"), "Signature=")
	if old == "" || strings.HasSuffix(second.text("downloadUrl"), old) || second.text("downloadUrlExpiresAt") != "2026-03-02T13:02:00.000Z" {
		t.Errorf("not signed anew: %s", second.body)
	}
	w.get(exports+"/"+id[1:]).want(404, noSuchCall)
}

func TestExportNameAndFailure(t *testing.T) {
	w := empty(t)
	for name, tc := range map[string]struct{ body, key, want string }{
		"name":  {`{"input":{"reportName":"CALLS_HISTORY","filter":{"dateFilter":{"absoluteRange":{"fromDate":"2026-02-01","toDate":"2026-02-01"}},"timezone":"UTC"},"exportOptions":{"format":"CSV","exportName":"feb"}}}`, "exportName", "feb"},
		"calls": {report("USER_STATUS_HISTORY", lastWeek, `,"callIDs":[1]`), "errorMessage", "Report generation failed: callIDs is not supported by USER_STATUS_HISTORY"},
		"users": {report("CALLS_HISTORY", lastWeek, `,"userStatuses":["AVAILABLE"]`), "errorMessage", "Report generation failed: userStatuses is not supported by CALLS_HISTORY"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world{w.Server, t}
			id := w.send("POST", exports, tc.body).wantStatus(201).text("exportID")
			w.Advance(time.Minute)
			a := w.get(exports + "/" + id)
			if got := a.text(tc.key); got != tc.want {
				t.Errorf("%s %q, want %q", tc.key, got, tc.want)
			}
			if failed := tc.key == "errorMessage"; failed != strings.Contains(a.body, `"status":"FAILED","errorMessage"`) || failed == strings.Contains(a.body, "downloadUrl") {
				t.Errorf("body %s", a.body)
			}
		})
	}
}

func TestExportRefuses(t *testing.T) {
	w := empty(t)
	both := `{"relative":"TODAY","absoluteRange":{"fromDate":"2026-05-01","toDate":"2026-05-02"}}`
	for name, tc := range map[string]struct{ body, words string }{
		"no input":           {`{"reportName":"CALLS_HISTORY"}`, "input"},
		"input is a list":    {`{"input":[]}`, "input"},
		"unknown report":     {report("CALLS", lastWeek, ""), "reportName"},
		"no filter":          {`{"input":{"reportName":"CALLS_HISTORY"}}`, "filter"},
		"no time zone":       {`{"input":{"reportName":"CALLS_HISTORY","filter":{"dateFilter":{"relative":"TODAY"}}}}`, "timezone"},
		"a bad time zone":    {`{"input":{"reportName":"CALLS_HISTORY","filter":{"dateFilter":{"relative":"TODAY"},"timezone":"../etc"}}}`, "timezone"},
		"neither range":      {report("CALLS_HISTORY", `{}`, ""), "one of relative and absoluteRange"},
		"no dates":           {report("CALLS_HISTORY", `null`, ""), "one of relative and absoluteRange"},
		"both ranges":        {report("CALLS_HISTORY", both, ""), "one of relative and absoluteRange"},
		"unknown relative":   {report("CALLS_HISTORY", `{"relative":"LAST_FORTNIGHT"}`, ""), "LAST_MONTH"},
		"half a range":       {report("CALLS_HISTORY", `{"absoluteRange":{"fromDate":"2026-05-01"}}`, ""), "toDate"},
		"a time, no date":    {report("CALLS_HISTORY", `{"absoluteRange":{"fromDate":"2026-05-01T00:00:00Z","toDate":"2026-05-02"}}`, ""), "fromDate"},
		"backwards":          {report("CALLS_HISTORY", `{"absoluteRange":{"fromDate":"2026-05-03","toDate":"2026-05-02"}}`, ""), "before"},
		"a filter of one id": {report("CALLS_HISTORY", lastWeek, `,"teamIDs":1`), "teamIDs"},
		"another format":     {`{"input":{"reportName":"CALLS_HISTORY","filter":{"dateFilter":{"relative":"TODAY"},"timezone":"UTC"},"exportOptions":{"format":"XLSX"}}}`, "CSV"},
	} {
		t.Run(name, func(t *testing.T) {
			world{w.Server, t}.send("POST", exports, tc.body).wantTroubleshoot(400, tc.words)
		})
	}
	for _, name := range reports {
		for _, relative := range relativeDates {
			w.send("POST", exports, report(name, `{"relative":"`+relative+`"}`, "")).wantStatus(201)
		}
	}
}

func TestExportsAreBounded(t *testing.T) {
	w := empty(t)
	body := report("CALLS_HISTORY", lastWeek, "")
	first := w.send("POST", exports, body).text("exportID")
	for range maxExports - 1 {
		w.send("POST", exports, body)
	}
	w.get(exports + "/" + first).wantStatus(200)
	w.send("POST", exports, body)
	w.get(exports + "/" + first).wantStatus(404)
}

func TestAnalyticsLicence(t *testing.T) {
	w := world{RunT(t, checked(t, Options{Scale: ScaleEmpty, Clock: noon, Assume: map[string]string{"analytics-licence": "none"}})), t}
	w.send("POST", exports, report("CALLS_HISTORY", lastWeek, "")).wantTroubleshoot(403, "Analytics+")
	w.get(exports+"/any").wantTroubleshoot(403, "Analytics+")
}
