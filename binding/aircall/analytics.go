package aircall

import "context"

// ExportParams are a report to make. Analytics writes its keys in camelCase, unlike the rest of Aircall.
type ExportParams struct {
	ReportName string         `json:"reportName"` // CALLS_HISTORY, USER_STATUS_HISTORY, or one of ten that begin with USER_ACTIVITY_
	Filter     ExportFilter   `json:"filter"`
	Options    *ExportOptions `json:"options,omitempty"`
	File       *ExportFile    `json:"exportOptions,omitempty"`
}

// ExportFilter says what the report is about. DateFilter and Timezone are required; what is empty does not filter. Further
// filters are documented without their form: send those by [Client.Do].
type ExportFilter struct {
	DateFilter           DateFilter `json:"dateFilter"`
	Timezone             string     `json:"timezone"` // IANA, such as Europe/Paris
	UserIDs              []int64    `json:"userIDs,omitempty"`
	TeamIDs              []int64    `json:"teamIDs,omitempty"`
	CallIDs              []int64    `json:"callIDs,omitempty"`
	LineIDs              []int64    `json:"lineIDs,omitempty"`
	TagIDs               []int64    `json:"tagIDs,omitempty"`
	CustomerNumbers      []string   `json:"customerNumbers,omitempty"`
	CallTypes            []string   `json:"callTypes,omitempty"`
	IVRBranches          []string   `json:"ivrBranches,omitempty"`
	VirtualVoiceAgentIDs []string   `json:"virtualVoiceAgentIDs,omitempty"`
	UserStatuses         []string   `json:"userStatuses,omitempty"`
	NextUserStatuses     []string   `json:"nextUserStatuses,omitempty"`
	WithVoicemail        *bool      `json:"withVoicemail,omitempty"`
	WithAIIntervention   *bool      `json:"withAiIntervention,omitempty"`
}

// DateFilter is one of a relative window and a range.
type DateFilter struct {
	Relative      string     `json:"relative,omitempty"` // TODAY, YESTERDAY, THIS_WEEK, LAST_WEEK, THIS_MONTH, LAST_MONTH
	AbsoluteRange *DateRange `json:"absoluteRange,omitempty"`
}

// DateRange is a number of days, such as 2026-05-01 to 2026-05-15.
type DateRange struct {
	FromDate string `json:"fromDate"`
	ToDate   string `json:"toDate"`
}

// ExportOptions says how the report counts.
type ExportOptions struct {
	DateBreakdown string `json:"dateBreakdown,omitempty"` // such as DAILY
}

// ExportFile says what the file is.
type ExportFile struct {
	Format     string `json:"format,omitempty"` // CSV
	ExportName string `json:"exportName,omitempty"`
}

// Export is a report, or one in the making.
type Export struct {
	ID                   string `json:"exportID"`
	CreatedAt            Time   `json:"createdAt"`
	Status               string `json:"status"` // PENDING, COMPLETED, FAILED
	Format               string `json:"format"`
	ExportName           string `json:"exportName"`
	IsZipCompressed      bool   `json:"isZipCompressed"`
	DownloadURL          string `json:"downloadUrl"` // signed anew at every read; "": not there
	DownloadURLExpiresAt Time   `json:"downloadUrlExpiresAt"`
	ErrorMessage         string `json:"errorMessage"` // "": it did not fail
}

// CreateExport asks for a report. It takes Analytics+, else Aircall answers 403.
// Source: https://developer.aircall.io/api-references/#analytics
func (c *Client) CreateExport(ctx context.Context, p ExportParams) (*Export, error) {
	body := map[string]ExportParams{"input": p}
	return whole[Export](ctx, c, "create-an-analytics-report-export", "exportID", Request{Body: body})
}

// Export returns a report as far as it is. Ask about once a minute while it is PENDING.
// Source: https://developer.aircall.io/api-references/#analytics
func (c *Client) Export(ctx context.Context, id string) (*Export, error) {
	return whole[Export](ctx, c, "retrieve-an-analytics-report-export", "exportID", Request{Path: []string{id}})
}
