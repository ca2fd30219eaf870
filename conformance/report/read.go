package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadReport reads a run.json. It fails if the file was cut off, has another version or does not hold the scenarios that it
// counts: such a file looks like a report and proves nothing.
func ReadReport(name string) (*Report, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var rep Report
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&rep); err != nil {
		return nil, fmt.Errorf("%s: this is not a whole report: %w", name, err)
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
