package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// ReadReport reads a run.json. It refuses one that was cut off, that counts what it does not hold, or that holds a
// scenario twice: each of them looks like a report and proves nothing.
func ReadReport(name string) (*Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const longest = 256 << 20
	data, err := io.ReadAll(io.LimitReader(f, longest+1))
	if err == nil && len(data) > longest {
		err = fmt.Errorf("it is longer than %d bytes", longest)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rep, err := parseReport(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rep, nil
}

func parseReport(data []byte) (*Report, error) {
	var rep Report
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&rep); err != nil {
		return nil, fmt.Errorf("it is no whole report: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the report")
	}
	return &rep, rep.whole()
}

// whole says what is wrong with the counts of a report.
func (r *Report) whole() error {
	switch {
	case r.Version != ReportVersion:
		return fmt.Errorf("it is of version %d, this program reads %d", r.Version, ReportVersion)
	case r.Footer == nil:
		return errors.New("it has no footer: the run that wrote it did not end")
	}
	seen, requests := map[string]bool{}, map[string]int{}
	for _, s := range r.Scenarios {
		switch {
		case s.ID == "":
			return errors.New("a scenario has no id")
		case seen[s.ID]:
			return fmt.Errorf("the scenario %s is in it twice", s.ID)
		case new(Summary).of(s.Status) == nil:
			return fmt.Errorf("the scenario %s has the status %q, which is none", s.ID, s.Status)
		}
		seen[s.ID] = true
		for _, x := range s.Requests {
			requests[AccountKey(x)]++
		}
	}
	drift, failures := driftOf(r.Run, r.Scenarios), failuresOf(r.Scenarios)
	counts := r.count()
	total := 0
	for _, n := range requests {
		total += n
	}
	switch {
	case r.Summary != counts:
		return fmt.Errorf("its summary says %+v, its scenarios %+v", r.Summary, counts)
	case r.Footer.Summary != counts || r.Footer.Scenarios != len(r.Scenarios) || r.Footer.Requests != total || r.Footer.Result != r.result():
		return fmt.Errorf("its footer says %+v, it holds %d scenarios, %+v, with %d requests: %s", *r.Footer, len(r.Scenarios), counts, total, r.result())
	case !sameCauses(r.Drift, drift):
		return fmt.Errorf("its list of drift has %d causes, its scenarios have %d, or others", len(r.Drift), len(drift))
	case !sameCauses(r.Failures, failures):
		return fmt.Errorf("its list of failures has %d causes, its scenarios have %d, or others", len(r.Failures), len(failures))
	case !maps.Equal(r.Run.Requests, requests):
		return fmt.Errorf("its header says %v requests, its scenarios hold %v", r.Run.Requests, requests)
	}
	return nil
}

// sameCauses compares all but what is known of them, which a report does not say twice.
func sameCauses(a, b []Cause) bool {
	return slices.EqualFunc(a, b, func(x, y Cause) bool {
		return x.Cause == y.Cause && x.Status == y.Status && x.Scenarios == y.Scenarios
	})
}
