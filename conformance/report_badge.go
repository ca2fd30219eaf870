package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
)

// badge is what https://shields.io/badges/endpoint-badge draws a badge from.
type badge struct {
	Schema  int    `json:"schemaVersion"`
	Label   string `json:"label"`
	Message string `json:"message"`
	Color   string `json:"color"`
	IsError bool   `json:"isError,omitempty"`
}

var badgeColor = map[string]string{
	ResultSuccess: "brightgreen", ResultPartial: "green", ResultFailure: "red", ResultError: "orange", ResultNone: "lightgrey",
}

func renderBadge(rep *Report) ([]byte, error) {
	data, err := json.MarshalIndent(badge{
		Schema: 1, Label: "aircall conformance", Message: rep.Summary.counted(),
		Color: badgeColor[rep.result()], IsError: rep.Summary.Error > 0,
	}, "", "  ")
	return append(data, '\n'), err
}

// counted lists the counts that are not 0: "731 pass, 3 skipped, 1 drift".
func (s Summary) counted() string {
	var parts []string
	for _, status := range statuses {
		if n := *s.of(status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, status))
		}
	}
	if parts == nil {
		return "nothing ran"
	}
	if s.Drift > 0 {
		parts = append(parts, fmt.Sprintf("%d drift", s.Drift))
	}
	return strings.Join(parts, ", ")
}

// checkBadge reads the counts of the message.
func checkBadge(data []byte, want Summary) error {
	var b badge
	if err := json.Unmarshal(data, &b); err != nil {
		return err
	}
	var found Summary
	for part := range strings.SplitSeq(b.Message, ", ") {
		var n int
		var status Status
		if _, err := fmt.Sscanf(part, "%d %s", &n, &status); err != nil {
			continue
		}
		if count := found.of(status); count != nil {
			*count += n
		} else if status == "drift" {
			found.Drift += n
		}
	}
	found.Binding = want.Binding // a badge is too small for it
	if found != want {
		return fmt.Errorf("it says %q, the run had %+v", b.Message, want)
	}
	return nil
}
