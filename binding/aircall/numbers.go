package aircall

import (
	"context"
)

// Number is one of the company's phone lines.
type Number struct {
	ID                     int64          `json:"id"`
	DirectLink             string         `json:"direct_link"`
	Name                   string         `json:"name"`
	Digits                 string         `json:"digits"`      // spaced international form
	E164Digits             string         `json:"e164_digits"` // in events only
	CreatedAt              Time           `json:"created_at"`
	Country                string         `json:"country"`             // ISO 3166, two letters
	TimeZone               string         `json:"time_zone"`           // IANA name
	Open                   bool           `json:"open"`                // deprecated, may be stale
	AvailabilityStatus     string         `json:"availability_status"` // open, custom, closed
	IsIVR                  bool           `json:"is_ivr"`              // deprecated
	LiveRecordingActivated bool           `json:"live_recording_activated"`
	Users                  []User         `json:"users"`    // only from Client.Number; a list has none
	Priority               *int           `json:"priority"` // nil, 0 or 1; a list shows 0 where a call shows nil
	Messages               NumberMessages `json:"messages"`
	FlowEditorEnabled      bool           `json:"flow_editor_enabled"` // in calls and in the numbers of a user
}

// NumberMessages are the URLs of a line's music and announcements. "" means that there is none: a list has null, and a call
// has Aircall's default. In an update "" leaves a message unchanged.
type NumberMessages struct {
	Welcome        string `json:"welcome,omitempty"`
	Waiting        string `json:"waiting,omitempty"`
	RingingTone    string `json:"ringing_tone,omitempty"`
	IVR            string `json:"ivr,omitempty"`
	UnansweredCall string `json:"unanswered_call,omitempty"`
	AfterHours     string `json:"after_hours,omitempty"`
	Voicemail      string `json:"voicemail,omitempty"` // older name of UnansweredCall
	Closed         string `json:"closed,omitempty"`    // older name of AfterHours
	CallbackLater  string `json:"callback_later,omitempty"`
}

// NumberParams changes the fields that are not nil.
type NumberParams struct {
	Name               *string         `json:"name,omitempty"`
	AvailabilityStatus *string         `json:"availability_status,omitempty"`
	Priority           *int            `json:"priority,omitempty"`
	Open               *bool           `json:"open,omitempty"` // deprecated
	Messages           *NumberMessages `json:"messages,omitempty"`
}

// Numbers lists the company's numbers (list-all-numbers).
func (c *Client) Numbers(p ListParams) List[Number] {
	return List[Number]{c, "list-all-numbers", "numbers", Request{Query: values(p)}}
}

// Number returns the number with an id (retrieve-a-number).
func (c *Client) Number(ctx context.Context, id int64) (*Number, error) {
	return one[Number](ctx, c, "retrieve-a-number", "number", Request{Path: at(id)})
}

// UpdateNumber changes a number, its music and its messages (update-a-number).
func (c *Client) UpdateNumber(ctx context.Context, id int64, p NumberParams) (*Number, error) {
	return one[Number](ctx, c, "update-a-number", "number", Request{Path: at(id), Body: p})
}
