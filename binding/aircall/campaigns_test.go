package aircall_test

import (
	"context"
	"testing"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

const campaignID = "019f1111-2222-7333-8444-555566667777"

func campaignCases(t *testing.T) []opCase {
	const draft = `{"id":"` + campaignID + `","name":"Spring","description":"Renewals","status":"draft","caller_id_strategy":"agent_number_pool","call_attempts":3,` +
		`"external_ringing_timeout":30,"aiva_agent_id":"agent-1","user_ids":[7],"team_ids":[9],"created_at":"` + someISO + `","updated_at":"` + someISO + `"}`
	made := aircall.Campaign{
		ID: campaignID, Name: "Spring", Description: "Renewals", Status: "draft", VoiceAgentID: "agent-1", CallerIDStrategy: "agent_number_pool", CallAttempts: 3, RingingTimeout: 30,
		UserIDs: []int64{7}, TeamIDs: []int64{9}, CreatedAt: iso(t, someISO), UpdatedAt: iso(t, someISO),
	}
	jane := aircall.CampaignContact{PhoneNumber: "12025550147", FirstName: "Jane", LastName: "Doe", Email: "jane@acme.test", CompanyName: "Acme", Note: "VIP"}
	const people = `{"contacts":[{"phone_number":"12025550147","first_name":"Jane","last_name":"Doe","email":"jane@acme.test","company_name":"Acme","note":"VIP"}]}`
	move := func(name string, call func(context.Context, *aircall.Client) (*aircall.Campaign, error)) opCase {
		return opCase{
			op: name + "-a-campaign", request: "POST /v1/campaigns/" + campaignID + "/" + name, status: 200, reply: `{"campaign":` + draft + `}`, want: &made,
			call: func(ctx context.Context, c *aircall.Client) (any, error) { return call(ctx, c) },
		}
	}
	return []opCase{{
		op: "list-campaigns",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.Campaigns(aircall.PageParams{Page: 1}).Page(ctx)
		},
		request: "GET /v1/campaigns?page=1", status: 200, reply: `{"campaigns":[` + draft + `],` + oneOf + `}`, want: page(made),
	}, {
		op:      "retrieve-a-campaign",
		call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.Campaign(ctx, campaignID) },
		request: "GET /v1/campaigns/" + campaignID, status: 200, reply: `{"campaign":` + draft + `}`, want: &made,
	}, {
		op: "create-a-campaign",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CreateCampaign(ctx, aircall.CampaignParams{Name: "Spring", CallAttempts: 3, RingingTimeout: 30})
		},
		request: "POST /v1/campaigns", body: `{"name":"Spring","call_attempts":3,"external_ringing_timeout":30}`, status: 201, reply: `{"campaign":` + draft + `}`, want: &made,
	}, {
		op: "list-campaign-contacts",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.CampaignContacts(ctx, campaignID, aircall.CampaignContactParams{PhoneNumber: "+12025550147"})
		},
		request: "GET /v1/campaigns/" + campaignID + "/contacts?phone_number=%2B12025550147", status: 200, reply: people, want: []aircall.CampaignContact{jane},
	}, {
		op: "add-campaign-contacts",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.AddCampaignContacts(ctx, campaignID, []aircall.CampaignContact{{PhoneNumber: "+12025550147", FirstName: "Jane"}})
		},
		request: "POST /v1/campaigns/" + campaignID + "/contacts", body: `{"contacts":[{"phone_number":"+12025550147","first_name":"Jane"}]}`, status: 201, reply: people, want: []aircall.CampaignContact{jane},
	}, {
		op: "assign-campaign-agents",
		call: func(ctx context.Context, c *aircall.Client) (any, error) {
			return c.AssignCampaignAgents(ctx, campaignID, aircall.CampaignAgents{UserIDs: []int64{7}})
		},
		request: "POST /v1/campaigns/" + campaignID + "/agents", body: `{"user_ids":[7]}`, status: 200, reply: `{"campaign":` + draft + `}`, want: &made,
	},
		move("launch", func(ctx context.Context, c *aircall.Client) (*aircall.Campaign, error) {
			return c.LaunchCampaign(ctx, campaignID)
		}),
		move("pause", func(ctx context.Context, c *aircall.Client) (*aircall.Campaign, error) {
			return c.PauseCampaign(ctx, campaignID)
		}),
		move("resume", func(ctx context.Context, c *aircall.Client) (*aircall.Campaign, error) {
			return c.ResumeCampaign(ctx, campaignID)
		}),
		move("archive", func(ctx context.Context, c *aircall.Client) (*aircall.Campaign, error) {
			return c.ArchiveCampaign(ctx, campaignID)
		}),
		{
			op:      "list-campaign-outcomes",
			call:    func(ctx context.Context, c *aircall.Client) (any, error) { return c.CampaignOutcomes(ctx) },
			request: "GET /v1/campaign_outcomes", status: 200, reply: `{"campaign_outcomes":[{"id":"no_answer","name":"No Answer"}]}`,
			want: []aircall.CampaignOutcome{{ID: "no_answer", Name: "No Answer"}},
		}, {
			op: "list-campaign-call-outcomes",
			call: func(ctx context.Context, c *aircall.Client) (any, error) {
				return c.CallOutcomes(campaignID, aircall.PageParams{}).Page(ctx)
			},
			request: "GET /v1/campaigns/" + campaignID + "/call_outcomes", status: 200,
			reply: `{"call_outcomes":[{"id":"a","company_id":1,"call_id":2,"number_id":3,"campaign_id":"` + campaignID + `","attempt_id":"a","outcome_id":"o","outcome_label":"Connected","attempt_number":2,"max_attempts":3}],` + oneOf + `}`,
			want:  page(aircall.CallOutcome{ID: "a", CompanyID: 1, CallID: 2, NumberID: 3, CampaignID: campaignID, AttemptID: "a", OutcomeID: "o", OutcomeLabel: "Connected", AttemptNumber: 2, MaxAttempts: 3}),
		}}
}
