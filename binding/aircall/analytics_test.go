package aircall_test

import (
	"context"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func analyticsCases(t *testing.T) []opCase {
	made := iso(t, someISO)
	const pending = `{"exportID":"9d3f2a1e-2b6c-4f0a-9c3e-1a2b3c4d5e6f","createdAt":"` + someISO + `","status":"PENDING"}`
	waiting := &aircall.Export{ID: "9d3f2a1e-2b6c-4f0a-9c3e-1a2b3c4d5e6f", CreatedAt: made, Status: "PENDING"}
	return []opCase{{
		op: "create-an-analytics-report-export",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateExport(ctx, aircall.ExportParams{ReportName: "CALLS_HISTORY", Filter: aircall.ExportFilter{
				DateFilter: aircall.DateFilter{Relative: "LAST_WEEK"}, Timezone: "Europe/Paris",
			}})
		},
		request: "POST /v1/analytics/report/export", status: 201, reply: pending, want: waiting,
		body: `{"input":{"reportName":"CALLS_HISTORY","filter":{"dateFilter":{"relative":"LAST_WEEK"},"timezone":"Europe/Paris"}}}`,
	}, {
		op: "create-an-analytics-report-export",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateExport(ctx, aircall.ExportParams{
				ReportName: "CALLS_HISTORY", Options: &aircall.ExportOptions{DateBreakdown: "DAILY"}, File: &aircall.ExportFile{Format: "CSV", ExportName: "may"},
				Filter: aircall.ExportFilter{
					DateFilter: aircall.DateFilter{AbsoluteRange: &aircall.DateRange{FromDate: "2026-05-01", ToDate: "2026-05-15"}},
					Timezone:   "UTC", TeamIDs: []int64{4242}, CustomerNumbers: []string{"+33176000001"}, WithVoicemail: new(false),
				},
			})
		},
		request: "POST /v1/analytics/report/export", status: 200, reply: pending, want: waiting,
		body: `{"input":{"reportName":"CALLS_HISTORY","filter":{"dateFilter":{"absoluteRange":{"fromDate":"2026-05-01","toDate":"2026-05-15"}},"timezone":"UTC","teamIDs":[4242],"customerNumbers":["+33176000001"],"withVoicemail":false},"options":{"dateBreakdown":"DAILY"},"exportOptions":{"format":"CSV","exportName":"may"}}}`,
	}, {
		op:      "retrieve-an-analytics-report-export",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Export(ctx, "9d3f2a1e") },
		request: "GET /v1/analytics/report/export/9d3f2a1e", status: 200,
		reply: `{"exportID":"9d3f2a1e","createdAt":"` + someISO + `","status":"COMPLETED","format":"CSV","exportName":"may","isZipCompressed":true,"downloadUrl":"https://x.test/x.csv","downloadUrlExpiresAt":"` + someISO + `","errorMessage":"none"}`,
		want: &aircall.Export{
			ID: "9d3f2a1e", CreatedAt: made, Status: "COMPLETED", Format: "CSV", ExportName: "may", IsZipCompressed: true,
			DownloadURL: "https://x.test/x.csv", DownloadURLExpiresAt: made, ErrorMessage: "none",
		},
	}}
}

func agentCases() []opCase {
	return []opCase{{
		op: "trigger-an-outbound-call",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.TriggerOutboundCall(ctx, "agent-abc123", aircall.OutboundCallParams{
				ContactPhone: "+15551234567", IdempotencyKey: "appt-1", Context: map[string]string{"first_name": "Jane"}, ExpirationSeconds: 600,
			})
		},
		request: "POST /v1/outbound-calls/agents/agent-abc123", status: 202,
		body:  `{"contact_phone":"+15551234567","idempotency_key":"appt-1","context":{"first_name":"Jane"},"expiration_seconds":600}`,
		reply: `{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","idempotency_key":"appt-1","status":"PENDING","virtual_agent_id":"agent-abc123"}`,
		want:  &aircall.OutboundCall{ID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", IdempotencyKey: "appt-1", Status: "PENDING", VirtualAgentID: "agent-abc123"},
	}}
}
