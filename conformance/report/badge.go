package report

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

// Badge renders badge.json.
func Badge(rep *Report) ([]byte, error) {
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
