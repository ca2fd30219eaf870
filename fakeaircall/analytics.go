package fakeaircall

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Analytics: https://developer.aircall.io/api-references/#analytics
//
// All of it is camelCase and without envelopes, and needs the Analytics+ add-on.
func analyticsRoutes() []route {
	return []route{
		{"create-an-analytics-report-export", "POST", "/v1/analytics/report/export", railsTier, createExport},
		{"retrieve-an-analytics-report-export", "GET", "/v1/analytics/report/export/{id}", railsTier, retrieveExport},
	}
}

// reports are the twelve of the guide and of a client of 2026.
var reports = []string{
	callsHistory,
	statusHistory,
	"USER_ACTIVITY_AVAILABILITY_BREAKDOWN",
	"USER_ACTIVITY_AVERAGE_AFTER_CALL_WORK_TIME_PER_USER",
	"USER_ACTIVITY_AVERAGE_INBOUND_IN_CALL_TIME_PER_USER",
	"USER_ACTIVITY_AVERAGE_OUTBOUND_IN_CALL_TIME_PER_USER",
	"USER_ACTIVITY_CALL_VOLUME_AND_TIME",
	"USER_ACTIVITY_CALLS_HANDLED",
	"USER_ACTIVITY_PERCENTAGE_OF_TIME_IN_EACH_STATUS",
	"USER_ACTIVITY_RINGING_ATTEMPTS_PER_USER",
	"USER_ACTIVITY_WORK_TIME_AND_AVAILABILITY",
	"USER_ACTIVITY_RINGING_ATTEMPTS",
}

const (
	callsHistory  = "CALLS_HISTORY"
	statusHistory = "USER_STATUS_HISTORY"
)

var relativeDates = []string{"TODAY", "YESTERDAY", "THIS_WEEK", "LAST_WEEK", "THIS_MONTH", "LAST_MONTH"}

// Filters take a list even of one. Those of calls and those of statuses say
// nothing of the other kind of history.
var (
	aboutUsers  = []string{"userIDs", "teamIDs"}
	aboutCalls  = []string{"callIDs", "lineIDs", "customerNumbers", "tagIDs", "callTypes", "ivrBranches", "virtualVoiceAgentIDs"}
	aboutStatus = []string{"userStatuses", "nextUserStatuses"}

	misfits = map[string][]string{callsHistory: aboutStatus, statusHistory: aboutCalls}
)

// An export is a report in the making. What becomes of it is decided when it is
// asked for; when it is done, by the clock.
type export struct {
	N       int64     `json:"n,omitzero"` // counts those of the company
	ID      string    `json:"id,omitzero"`
	Created time.Time `json:"created,omitzero"`
	Name    string    `json:"name,omitzero"`
	Failure string    `json:"failure,omitzero"` // "" for one that will be there
}

func (e *export) identity() (id, created int64) { return e.N, e.N }

func (e *export) clone() *export { return new(*e) }

const (
	exportTime  = time.Minute // seconds to minutes, says the guide; poll once a minute
	downloadFor = time.Hour   // how long a URL is good
	maxExports  = 100         // that a company keeps; the oldest goes first
)

func (r *request) analytics() error {
	if r.assume.noAnalytics {
		return &apiError{status: 403, troubleshoot: "This needs the Analytics+ add-on"}
	}
	return nil
}

func createExport(r *request) (reply, error) {
	if err := r.analytics(); err != nil {
		return reply{}, err
	}
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	var in object
	if state, err := body.decode("input", "an object", &in); err != nil || state != isPresent {
		return reply{}, invalid("input must be an object")
	}
	e := export{Created: r.now}
	if err := e.read(in); err != nil {
		return reply{}, err
	}
	err = r.do(func(t *tx) error {
		t.lastExport++
		e.ID, e.N = t.random.uuid(), t.lastExport
		t.exports.insert(e.clone())
		t.exports.keepNewest(maxExports)
		t.after(exportTime, actExport, t.lastExport, 0)
		return nil
	})
	return e.reply(201, r.now), err
}

func (e *export) read(in object) error {
	report, _, err := in.text("reportName")
	if err == nil && !slices.Contains(reports, report) {
		err = invalid("input.reportName must be one of %s", strings.Join(reports, ", "))
	}
	if err != nil {
		return err
	}
	var filter object
	if state, err := in.decode("filter", "an object", &filter); err != nil || state != isPresent {
		return invalid("input.filter must be an object")
	}
	zone, _, err := filter.text("timezone")
	if err != nil {
		return err
	}
	if _, ok := zoneOf(zone); !ok {
		return invalid("input.filter.timezone must be an IANA time zone")
	}
	if err := checkDates(filter); err != nil {
		return err
	}
	for _, name := range slices.Concat(aboutUsers, aboutCalls, aboutStatus) {
		var list []json.RawMessage
		if _, err := filter.decode(name, "a list", &list); err != nil {
			return err
		}
	}
	e.Failure = unsupportedFilter(report, filter)
	return e.readFile(in, report)
}

// checkDates wants a relative window or an absolute one.
func checkDates(filter object) error {
	var dates, absolute object
	if _, err := filter.decode("dateFilter", "an object", &dates); err != nil {
		return err
	}
	relative, isRelative, err := dates.text("relative")
	if err != nil {
		return err
	}
	isAbsolute, err := dates.decode("absoluteRange", "an object", &absolute)
	switch {
	case err != nil:
		return err
	case (isRelative == isPresent) == (isAbsolute == isPresent):
		return invalid("input.filter.dateFilter must have one of relative and absoluteRange")
	case isRelative == isPresent && !slices.Contains(relativeDates, relative):
		return invalid("relative must be one of %s", strings.Join(relativeDates, ", "))
	case isRelative == isPresent:
		return nil
	}
	from, err := absolute.date("fromDate")
	if err != nil {
		return err
	}
	to, err := absolute.date("toDate")
	if err == nil && to.Before(from) {
		err = invalid("toDate is before fromDate")
	}
	return err
}

func (o object) date(name string) (time.Time, error) {
	s, _, err := o.text(name)
	if err != nil {
		return time.Time{}, err
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return day, invalid("%s must be a date like 2026-05-01", name)
	}
	return day, nil
}

// unsupportedFilter is why a report will fail: what the guide calls an unsupported
// combination is accepted, and fails later.
func unsupportedFilter(report string, filter object) string {
	for _, name := range misfits[report] {
		if _, state := filter.field(name); state == isPresent {
			return "Report generation failed: " + name + " is not supported by " + report
		}
	}
	return ""
}

// readFile takes what the file is to be: CSV is all there is.
func (e *export) readFile(in object, report string) error {
	var file object
	if _, err := in.decode("exportOptions", "an object", &file); err != nil {
		return err
	}
	format, state, err := file.text("format")
	if err == nil && state == isPresent && format != "CSV" {
		err = invalid("exportOptions.format must be CSV")
	}
	if err != nil {
		return err
	}
	if e.Name, _, err = file.text("exportName"); err == nil && len(e.Name) > 255 {
		err = invalid("exportOptions.exportName is too long")
	}
	if e.Name == "" {
		e.Name = strings.ReplaceAll(strings.ToLower(report), "_", "-") + "-" + e.Created.Format(time.DateOnly)
	}
	return err
}

func retrieveExport(r *request) (reply, error) {
	if err := r.analytics(); err != nil {
		return reply{}, err
	}
	var found export
	err := r.do(func(t *tx) error {
		e, ok := t.exports.first(func(e *export) bool { return e.ID == r.path["id"] })
		if !ok {
			return errNotFound
		}
		found = *e
		return nil
	})
	return found.reply(200, r.now), err
}

// reply shows an export as it is by now. A download URL is signed anew each time,
// for an hour.
func (e export) reply(status int, now time.Time) reply { return flat(status, e.view(now)) }

func (e export) view(now time.Time) envelope {
	v := envelope{{"exportID", e.ID}, {"createdAt", isoTime(e.Created.Unix())}}
	switch {
	case now.Before(e.Created.Add(exportTime)):
		v = append(v, member{"status", "PENDING"})
	case e.Failure != "":
		v = append(v, envelope{{"status", "FAILED"}, {"errorMessage", e.Failure}}...)
	default:
		v = append(v, envelope{
			{"status", "COMPLETED"}, {"format", "CSV"}, {"exportName", e.Name}, {"isZipCompressed", false},
			{"downloadUrl", e.download(now)}, {"downloadUrlExpiresAt", isoTime(now.Add(downloadFor).Unix())},
		}...)
	}
	return v
}

// actExport: a report is made, or not.
const actExport = act("export")

func (t *tx) emitExport(m timer) {
	e, ok := t.exports.get(m.ID)
	if !ok {
		return // so many were asked for after it
	}
	name := "analytics.report_created"
	if e.Failure != "" {
		name = "analytics.report_failed"
	}
	t.emit(name, e.view(t.now).appendTo(nil))
}

// download has the form of a presigned S3 URL, under a domain reserved for tests.
func (e export) download(now time.Time) string {
	stamp := now.UTC().Format("20060102T150405Z")
	sum := sha256.Sum256([]byte(e.ID + stamp))
	return fmt.Sprintf("https://exports.aircall.test/%s.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=%s&X-Amz-Expires=%d&X-Amz-SignedHeaders=host&X-Amz-Signature=%s",
		e.ID, stamp, int(downloadFor.Seconds()), hex.EncodeToString(sum[:]))
}
