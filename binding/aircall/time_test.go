package aircall_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func TestTime(t *testing.T) {
	for in, want := range map[string]string{ // "": refused
		`1770109200`:                  "2026-02-03T09:00:00Z",
		`1770109200.25`:               "2026-02-03T09:00:00.25Z",
		`1679356800.0`:                "2023-03-21T00:00:00Z",
		`1770109200123`:               "2026-02-03T09:00:00.123Z",
		`"1770109200"`:                "2026-02-03T09:00:00Z",
		`-1.5`:                        "1969-12-31T23:59:58.5Z",
		`0`:                           "1970-01-01T00:00:00Z",
		`"2026-02-03T09:15:00.000Z"`:  "2026-02-03T09:15:00Z",
		`"2026-02-03T10:15:00+01:00"`: "2026-02-03T09:15:00Z",
		`"2026-02-03T09:15:00.123Z"`:  "2026-02-03T09:15:00.123Z",
		`null`:                        "0001-01-01T00:00:00Z",
		`""`:                          "0001-01-01T00:00:00Z",
		`"2026-02-03"`:                "",
		`"soon"`:                      "",
		`"NaN"`:                       "",
		`"Inf"`:                       "",
		`1e300`:                       "",
		`true`:                        "",
		`{}`:                          "",
		`[1]`:                         "",
	} {
		got := aircall.Time{Time: time.Unix(1, 0)}
		err := json.Unmarshal([]byte(in), &got)
		if want == "" {
			if err == nil {
				t.Errorf("%s was read as %v", in, got)
			}
			continue
		}
		if err != nil || got.Format(time.RFC3339Nano) != want || got.Location() != time.UTC {
			t.Errorf("%s: got %v, %v; want %s", in, got, err, want)
		}
	}
}

func TestTimeIsWritten(t *testing.T) {
	for want, v := range map[string]aircall.Time{`null`: {}, `"2026-02-03T09:00:00Z"`: at(1770109200)} {
		got, err := json.Marshal(v)
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
		var back aircall.Time
		if err := json.Unmarshal(got, &back); err != nil || !back.Equal(v.Time) {
			t.Errorf("%s came back as %v, %v", got, back, err)
		}
	}
}
