package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// ReadReport reads a report: a run.json, or the directory that holds it. It fails if the file was cut off, has another version or does not hold the scenarios that it
// counts: such a file looks like a report and proves nothing.
func ReadReport(name string) (*Report, error) {
	if is, err := os.Stat(name); err == nil && is.IsDir() {
		name = filepath.Join(name, "run.json")
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s does not exist: give the directory of a report, or the run.json in it", name)
	}
	if err != nil {
		return nil, err
	}
	var rep Report
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&rep); err != nil {
		return nil, fmt.Errorf("%s: this is not a whole report, which is a run.json of --report: %w", name, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file goes on after the report", name)
	}
	counts := rep.count()
	switch {
	case rep.Version != ReportVersion:
		err = fmt.Errorf("it has version %d, this program reads version %d", rep.Version, ReportVersion)
	case rep.Footer == nil:
		err = errors.New("it has no footer: the run that wrote it did not end")
	case rep.Summary != counts:
		err = fmt.Errorf("its summary says %+v, its scenarios %+v", rep.Summary, counts)
	case rep.Footer.Summary != counts || rep.Footer.Scenarios != len(rep.Scenarios) || rep.Footer.Result != rep.result():
		err = fmt.Errorf("its footer says %+v, it holds %d scenarios, %+v: %s", *rep.Footer, len(rep.Scenarios), counts, rep.result())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &rep, nil
}

// Failed returns the ids of the scenarios because of which the run failed: those that failed or could not be judged, and in a
// strict run those with drift that is not known.
func (r *Report) Failed() (ids []string) {
	unknown := func(b Breach) bool {
		return slices.ContainsFunc(r.Drift, func(c Cause) bool { return c.Known == "" && c.Cause == b.Cause().Cause })
	}
	for _, s := range r.Scenarios {
		if s.Status == Fail || s.Status == Error || r.Run.Strict && slices.ContainsFunc(s.Contract, unknown) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}
