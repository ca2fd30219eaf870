package fakeaircall

// Recordings and voicemails: https://developer.aircall.io/api-references/#calls
func callRecordingRoutes() []route {
	return []route{
		{"pause-recording", "POST", "/v1/calls/{id}/pause_recording", railsTier, switchRecording},
		{"resume-recording", "POST", "/v1/calls/{id}/resume_recording", railsTier, switchRecording},
		{"delete-a-recording", "DELETE", "/v1/calls/{id}/recording", railsTier, deleteAudio(func(c *call) *bool { return &c.Recorded })},
		{"delete-a-voicemail", "DELETE", "/v1/calls/{id}/voicemail", railsTier, deleteAudio(func(c *call) *bool { return &c.Voicemail })},
	}
}

// switchRecording pauses or resumes. Which of them a call is in shows nowhere.
func switchRecording(r *request) (reply, error) {
	_, err := r.withCall(func(t *tx, c *call) error {
		n, ok := t.numbers.get(c.Number)
		switch {
		case c.Ended != 0:
			return invalid("the call is over")
		case !ok || !n.Recording:
			return &apiError{status: 405, troubleshoot: "Recording is not activated on the number"}
		}
		return nil
	})
	return reply{status: 204}, err
}

// deleteAudio also succeeds where there is none, or none yet.
func deleteAudio(of func(*call) *bool) handler {
	return func(r *request) (reply, error) {
		_, err := r.withCall(func(t *tx, c *call) error {
			if c.hasAudio() {
				t.calls.update(c, func() { *of(c) = false })
			}
			return nil
		})
		return reply{status: r.assume.audioDeleted}, err
	}
}
