package control

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// snapshotRoutes are those about snapshots.
func snapshotRoutes() []route {
	example := snapshotView{"before", exampleTime, exampleTime, []string{"default"}}
	return []route{
		{
			op: "list-snapshots", method: "GET", path: "/_fake/snapshots", about: "The snapshots that the fake keeps, by name.",
			status: 200, gives: fields("snapshots", []snapshotView{example}),
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				return fields("snapshots", convert[[]snapshotView](s.SavedSnapshots())), nil
			},
		},
		{
			op: "save-snapshot", method: "POST", path: "/_fake/snapshots",
			about: "Keeps all that the fake knows now under a name, in the place of what had it before: companies, ids, timers, webhooks and what waits for them, tokens, rate limits, clock. Not faults, and not the journal.",
			takes: snapshotInput{"before"}, status: 201, gives: fields("snapshot", example),
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in snapshotInput) (any, error) {
				return viewSaved(s.SaveSnapshot(in.Name, nil))
			}),
		},
		{
			op: "read-snapshot", method: "GET", path: "/_fake/snapshots/{name}", about: "A snapshot as JSON, an entity a line: the same state gives the same text. current is what the fake knows now.",
			status: 200, gives: nil,
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				return s.LoadSnapshot(req.PathValue("name"))
			},
		},
		{
			op: "upload-snapshot", method: "PUT", path: "/_fake/snapshots/{name}", about: "Keeps a snapshot that was read before, of this fake or another, 64 MiB at most.",
			takes: json.RawMessage(nil), status: 200, gives: fields("snapshot", example),
			handle: with(func(s *fakeaircall.Server, req *http.Request, in json.RawMessage) (any, error) {
				n, err := fakeaircall.ParseSnapshot(in)
				if err != nil {
					return nil, &apiError{400, err.Error(), clip(string(in)), "send what GET /_fake/snapshots/{name} gave"}
				}
				return viewSaved(s.SaveSnapshot(req.PathValue("name"), n))
			}),
		},
		{
			op: "restore-snapshot", method: "POST", path: "/_fake/snapshots/{name}/restore",
			about:  "Brings everything to what a snapshot has, at once: afterwards the fake has its companies and no others, and reads its time.",
			status: 200, gives: fakeaircall.Clock{Now: exampleTime},
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				n, err := s.LoadSnapshot(req.PathValue("name"))
				if err != nil {
					return nil, err
				}
				s.Restore(n)
				return viewClock(s), nil
			},
		},
		{
			op: "delete-snapshot", method: "DELETE", path: "/_fake/snapshots/{name}", about: "Forgets a snapshot.",
			status: 200, gives: removedView{1},
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				return removedView{1}, s.DeleteSnapshot(req.PathValue("name"))
			},
		},
		{
			op: "compare-snapshots", method: "GET", path: "/_fake/snapshots/{name}/diff", about: "In what a snapshot differs from another, or from what the fake knows now; the first 1,000 differences.",
			params: []param{{"to", "The other snapshot; current, and what it is without this parameter, is what the fake knows now.", "current"}},
			status: 200, gives: diffView{"before", "current", []differenceView{{"default", "tags/7", nil, json.RawMessage(`{"id":7,"name":"New"}`)}}, 1}, handle: compareSnapshots,
		},
	}
}

type snapshotInput struct {
	Name string `json:"name" about:"1 to 100 letters, digits, dots, dashes and underscores."`
}

type snapshotView struct {
	Name     string    `json:"name"`
	Saved    time.Time `json:"saved" about:"When, on the fake's clock."`
	Now      time.Time `json:"now" about:"What the clock reads once it is restored."`
	Accounts []string  `json:"accounts" about:"The companies that it has."`
}

func viewSaved(v fakeaircall.SavedSnapshot, err error) (any, error) {
	return fields("snapshot", snapshotView(v)), err
}

type diffView struct {
	From        string           `json:"from"`
	To          string           `json:"to"`
	Differences []differenceView `json:"differences"`
	Total       int              `json:"total" about:"How many there are, also beyond the first 1,000."`
}

type differenceView struct {
	Account string          `json:"account" about:"Empty for what belongs to no company."`
	Path    string          `json:"path" about:"What differs: contacts/5678, last_id."`
	From    json.RawMessage `json:"from,omitempty" about:"As the first snapshot has it; it is not there if it has none."`
	To      json.RawMessage `json:"to,omitempty" about:"As the other has it; it is not there if it has none."`
}

const maxDifferences = 1_000

func compareSnapshots(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	name, other := req.PathValue("name"), req.URL.Query().Get("to")
	if other == "" {
		other = "current"
	}
	from, err := s.LoadSnapshot(name)
	if err != nil {
		return nil, err
	}
	to, err := s.LoadSnapshot(other)
	if err != nil {
		return nil, err
	}
	list := from.Diff(to)
	view := diffView{name, other, []differenceView{}, len(list)}
	for _, d := range list[:min(len(list), maxDifferences)] {
		view.Differences = append(view.Differences, differenceView{d.Account, d.Path, json.RawMessage(d.From), json.RawMessage(d.To)})
	}
	return view, nil
}
