package aircall

import "context"

// OutboundCallParams describes a call that an AI voice agent is to make.
type OutboundCallParams struct {
	ContactPhone   string `json:"contact_phone"`   // E.164
	IdempotencyKey string `json:"idempotency_key"` // chosen by the caller; a key that was used before is a 409 and makes no call

	// Context has a value for every {{variable}} in the agent's messages. A time in UTC is read out in the zone that
	// "timezone" names, which must be there then.
	Context map[string]string `json:"context,omitempty"`

	// ExpirationSeconds is how long the call may wait for its turn, 60 to 86400; 0: Aircall's default, 3600. A company has
	// 5 such calls at a time, a number 1.
	ExpirationSeconds int `json:"expiration_seconds,omitempty"`
}

// OutboundCall is a call that an AI voice agent will make.
type OutboundCall struct {
	ID             string `json:"id"` // a ULID
	IdempotencyKey string `json:"idempotency_key"`
	Status         string `json:"status"` // PENDING, INITIATED, IN_PROGRESS, COMPLETED, FAILED
	VirtualAgentID string `json:"virtual_agent_id"`
}

// TriggerOutboundCall asks an AI voice agent, made in the Dashboard, to call someone (trigger-an-outbound-call). No route
// tells what became of it: events do, and the call itself.
func (c *Client) TriggerOutboundCall(ctx context.Context, agentID string, p OutboundCallParams) (*OutboundCall, error) {
	return whole[OutboundCall](ctx, c, "trigger-an-outbound-call", "id", Request{Path: []string{agentID}, Body: p})
}
