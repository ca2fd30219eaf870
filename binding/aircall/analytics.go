package aircall

import "context"

// ExportParams describes a report. Analytics writes its keys in camelCase, unlike the rest of Aircall.
type ExportParams struct {
	ReportName string         `json:"reportName"` // CALLS_HISTORY, USER_STATUS_HISTORY, or one of ten that begin with USER_ACTIVITY_
	Filter     ExportFilter   `json:"filter"`
	Options    *ExportOptions `json:"options,omitempty"`
	File       *ExportFile    `json:"exportOptions,omitempty"`
}

// ExportFilter selects the data of the report. DateFilter and Timezone are required; empty fields do not
// filter. Other filters are documented without their format: send them with [Client.Do].
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

// DateFilter is either a relative window or a range.
type DateFilter struct {
	Relative      string     `json:"relative,omitempty"` // TODAY, YESTERDAY, THIS_WEEK, LAST_WEEK, THIS_MONTH, LAST_MONTH
	AbsoluteRange *DateRange `json:"absoluteRange,omitempty"`
}

// DateRange is a range of days, such as 2026-05-01 to 2026-05-15.
type DateRange struct {
	FromDate string `json:"fromDate"`
	ToDate   string `json:"toDate"`
}

// ExportOptions says how the report groups its data.
type ExportOptions struct {
	DateBreakdown string `json:"dateBreakdown,omitempty"` // such as DAILY
}

// ExportFile has the format and the name of the file.
type ExportFile struct {
	Format     string `json:"format,omitempty"` // CSV
	ExportName string `json:"exportName,omitempty"`
}

// Export is a report, finished or in progress.
type Export struct {
	ID                   string `json:"exportID"`
	CreatedAt            Time   `json:"createdAt"`
	Status               string `json:"status"` // PENDING, COMPLETED, FAILED
	Format               string `json:"format"`
	ExportName           string `json:"exportName"`
	IsZipCompressed      bool   `json:"isZipCompressed"`
	DownloadURL          string `json:"downloadUrl"` // signed anew for every read; "": not ready
	DownloadURLExpiresAt Time   `json:"downloadUrlExpiresAt"`
	ErrorMessage         string `json:"errorMessage"` // "": it did not fail
}

// CreateExport starts a report (create-an-analytics-report-export). It requires Analytics+: without it Aircall answers 403.
func (c *Client) CreateExport(ctx context.Context, p ExportParams) (*Export, error) {
	body := map[string]ExportParams{"input": p}
	return whole[Export](ctx, c, "create-an-analytics-report-export", "exportID", Request{Body: body})
}

// Export returns the state of a report (retrieve-an-analytics-report-export). Ask about once a minute while it is
// PENDING.
func (c *Client) Export(ctx context.Context, id string) (*Export, error) {
	return whole[Export](ctx, c, "retrieve-an-analytics-report-export", "exportID", Request{Path: []string{id}})
}
