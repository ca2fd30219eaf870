package aircall_test

import (
	"context"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func userCallCases() []opCase {
	return []opCase{{
		op: "start-an-outbound-call",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.StartCall(ctx, 7, aircall.CallStartParams{NumberID: 44, To: "+33176000001"})
		},
		request: "POST /v1/users/7/calls", body: `{"number_id":44,"to":"+33176000001"}`, status: 204,
	}, {
		op: "dial-a-phone-number-in-the-phone",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return nil, c.DialInPhone(ctx, 7, "+33176000001")
		},
		request: "POST /v1/users/7/dial", body: `{"to":"+33176000001"}`, status: 204,
	}}
}

func callActionCases() []opCase {
	transfer := func(request aircall.TransferParams, body string) opCase {
		return opCase{
			op:      "transfer-a-call",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.TransferCall(ctx, 5, request) },
			request: "POST /v1/calls/5/transfers", body: body, status: 204,
		}
	}
	return []opCase{
		transfer(aircall.TransferParams{UserID: 7}, `{"user_id":7}`),
		transfer(aircall.TransferParams{TeamID: 31, DispatchingStrategy: "longest_idle"}, `{"team_id":31,"dispatching_strategy":"longest_idle"}`),
		transfer(aircall.TransferParams{Number: "+33176000001"}, `{"number":"+33176000001"}`),
		{
			op:      "pause-recording",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.PauseRecording(ctx, 5) },
			request: "POST /v1/calls/5/pause_recording", status: 204,
		}, {
			op:      "resume-recording",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.ResumeRecording(ctx, 5) },
			request: "POST /v1/calls/5/resume_recording", status: 204,
		}, {
			op:      "delete-a-recording",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteRecording(ctx, 5) },
			request: "DELETE /v1/calls/5/recording", status: 200,
		}, {
			op:      "delete-a-voicemail",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.DeleteVoicemail(ctx, 5) },
			request: "DELETE /v1/calls/5/voicemail", status: 204,
		}, {
			op: "create-insight-cards",
			call: func(ctx context.Context, c *aircall.Client) (any, error) {
				return nil, c.CreateInsightCards(ctx, 5,
					aircall.InsightCard{Type: aircall.CardTitle, Text: "CRM", Link: "https://crm.test/7"},
					aircall.InsightCard{Type: aircall.CardShortText, Label: "Plan", Text: "Gold", UserID: 7})
			},
			request: "POST /v1/calls/5/insight_cards", status: 201,
			body: `{"contents":[{"type":"title","text":"CRM","link":"https://crm.test/7"},{"type":"shortText","text":"Gold","label":"Plan","user_id":7}]}`,
		}, {
			op:      "create-insight-cards",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return nil, c.CreateInsightCards(ctx, 5) },
			request: "POST /v1/calls/5/insight_cards", body: `{"contents":[]}`, status: 201,
		},
	}
}
