package aircall

import "context"

// PauseRecording stops the recording of a call under way, until [Client.ResumeRecording]. It answers 405 when the number
// does not record.
//
// https://developer.aircall.io/api-references/#pause-recording
func (c *Client) PauseRecording(ctx context.Context, id int64) error {
	return c.tell(ctx, "pause-recording", Request{Path: at(id)})
}

// ResumeRecording goes on with the recording of a call under way.
//
// https://developer.aircall.io/api-references/#resume-recording
func (c *Client) ResumeRecording(ctx context.Context, id int64) error {
	return c.tell(ctx, "resume-recording", Request{Path: at(id)})
}

// DeleteRecording deletes the recording of a call, and with it transcript and summaries. It succeeds where there is none;
// Aircall may need 24 hours after a call to have one.
//
// https://developer.aircall.io/api-references/#delete-a-recording
func (c *Client) DeleteRecording(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-recording", Request{Path: at(id)})
}

// DeleteVoicemail deletes the voicemail of a call, as [Client.DeleteRecording] does a recording.
//
// https://developer.aircall.io/api-references/#delete-a-voicemail
func (c *Client) DeleteVoicemail(ctx context.Context, id int64) error {
	return c.tell(ctx, "delete-a-voicemail", Request{Path: at(id)})
}
