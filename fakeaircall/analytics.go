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
// All of it is camelCase, has no envelopes and needs the Analytics+ add-on.
func analyticsRoutes() []route {
	return []route{
		{"create-an-analytics-report-export", "POST", "/v1/analytics/report/export", railsTier, withAnalytics(withBody(createExport))},
		{"retrieve-an-analytics-report-export", "GET", "/v1/analytics/report/export/{id}", railsTier, withAnalytics(retrieveExport)},
	}
}

// reports are the twelve reports of the guide and of a client of 2026.
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

// Filters take a list even of one value. Filters of calls do not apply to the history of statuses, nor the reverse.
var (
	aboutUsers  = []string{"userIDs", "teamIDs"}
	aboutCalls  = []string{"callIDs", "lineIDs", "customerNumbers", "tagIDs", "callTypes", "ivrBranches", "virtualVoiceAgentIDs"}
	aboutStatus = []string{"userStatuses", "nextUserStatuses"}

	misfits = map[string][]string{callsHistory: aboutStatus, statusHistory: aboutCalls}
)

// An export is a report in the making. Whether it fails is decided when it is requested; the clock decides when it is done.
type export struct {
	N       int64     `json:"n,omitzero"` // counts the exports of the account
	ID      string    `json:"id,omitzero"`
	Created time.Time `json:"created,omitzero"`
	Name    string    `json:"name,omitzero"`
	Failure string    `json:"failure,omitzero"` // "" for an export that will be ready
}

func (e *export) identity() (id, created int64) { return e.N, e.N }

func (e *export) clone() *export { return new(*e) }

const (
	exportTime  = time.Minute // the guide says seconds to minutes, and to poll once a minute
	downloadFor = time.Hour   // how long a URL is valid
	maxExports  = 100         // that an account keeps; the oldest goes first
)

// withAnalytics returns a handler that refuses accounts without the Analytics+ add-on.
func withAnalytics(h handler) handler {
	return func(r *request) (reply, error) {
		if r.assume.noAnalytics {
			return reply{}, &apiError{status: 403, troubleshoot: "This needs the Analytics+ add-on"}
		}
		return h(r)
	}
}

func createExport(r *request, body object) (reply, error) {
	var in object
	if state, err := body.decode("input", "an object", &in); err != nil || state != isPresent {
		return reply{}, invalid("input must be an object")
	}
	e := &export{Created: r.now}
	if err := e.read(in); err != nil {
		return reply{}, err
	}
	err := r.do(func(t *tx) error {
		t.lastExport++
		e.ID, e.N = t.random.uuid(), t.lastExport
		t.exports.insert(e)
		t.exports.keepNewest(maxExports)
		t.after(exportTime, actExport, t.lastExport, 0)
		return nil
	})
	return flat(201, e.view(r.now)), err // nothing changes an export
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

// checkDates checks that the filter has either a relative window or an absolute one.
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
	var days [2]time.Time
	for i, name := range []string{"fromDate", "toDate"} {
		s, _, err := absolute.text(name)
		if err != nil {
			return err
		}
		if days[i], err = time.Parse(time.DateOnly, s); err != nil {
			return invalid("%s must be a date like 2026-05-01", name)
		}
	}
	if days[1].Before(days[0]) {
		return invalid("toDate is before fromDate")
	}
	return nil
}

// unsupportedFilter returns why a report will fail, or "": Aircall accepts what the guide calls an unsupported combination,
// and the report fails later.
func unsupportedFilter(report string, filter object) string {
	for _, name := range misfits[report] {
		if _, state := filter.field(name); state == isPresent {
			return "Report generation failed: " + name + " is not supported by " + report
		}
	}
	return ""
}

// readFile reads the format and the name of the file. CSV is the only format.
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
	var view envelope
	err := r.do(func(t *tx) error {
		e, ok := t.exports.first(func(e *export) bool { return e.ID == r.path["id"] })
		if !ok {
			return errNotFound
		}
		view = e.view(r.now)
		return nil
	})
	return flat(200, view), err
}

// view shows an export as it is by now. It signs the download URL anew each time, for an hour.
func (e *export) view(now time.Time) envelope {
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

// actExport ends a report: it is ready or has failed.
const actExport = act("export")

func (t *tx) emitExport(m timer) {
	e, ok := t.exports.get(m.ID)
	if !ok {
		return // removed by keepNewest
	}
	name := "analytics.report_created"
	if e.Failure != "" {
		name = "analytics.report_failed"
	}
	t.emit(name, e.view(t.now).appendTo(nil))
}

// download has the form of a presigned S3 URL, under a domain reserved for tests.
func (e *export) download(now time.Time) string {
	stamp := now.UTC().Format("20060102T150405Z")
	sum := sha256.Sum256([]byte(e.ID + stamp))
	return fmt.Sprintf("https://exports.aircall.test/%s.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=%s&X-Amz-Expires=%d&X-Amz-SignedHeaders=host&X-Amz-Signature=%s",
		e.ID, stamp, int(downloadFor.Seconds()), hex.EncodeToString(sum[:]))
}
