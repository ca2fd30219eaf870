package control

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// snapshotRoutes are the routes for snapshots.
func snapshotRoutes() []route {
	example := fakeaircall.SavedSnapshot{Name: "before", Saved: exampleTime, Now: exampleTime, Accounts: []string{"default"}}
	return []route{
		{
			op: "list-snapshots", method: "GET", path: "/_fake/snapshots", about: "Lists the saved snapshots by name.",
			status: 200, gives: fields("snapshots", []fakeaircall.SavedSnapshot{example}),
			handle: func(s *fakeaircall.Server, _ *http.Request, _ any) (any, error) {
				return fields("snapshots", s.SavedSnapshots()), nil
			},
		},
		{
			op: "save-snapshot", method: "POST", path: "/_fake/snapshots",
			about: "Saves the state of the fake under a name, and replaces an earlier snapshot with that name. The state is the accounts, ids, timers, webhooks and pending deliveries, tokens, rate limits and the clock, without faults and the request log.",
			takes: snapshotInput{"before"}, status: 201, gives: fields("snapshot", example),
			handle: with(func(s *fakeaircall.Server, _ *http.Request, in snapshotInput) (any, error) {
				return viewSaved(s.SaveSnapshot(in.Name, nil))
			}),
		},
		{
			op: "read-snapshot", method: "GET", path: "/_fake/snapshots/{name}", about: "Returns a snapshot as JSON with a record on each line: the same state gives the same text. current is the present state.",
			status: 200, gives: nil,
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				return s.LoadSnapshot(req.PathValue("name"))
			},
		},
		{
			op: "upload-snapshot", method: "PUT", path: "/_fake/snapshots/{name}", about: "Saves a snapshot that GET returned, of this fake or another, 64 MiB at most.",
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
			about:  "Restores a snapshot: afterwards the fake has exactly its accounts, and its time.",
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
			op: "delete-snapshot", method: "DELETE", path: "/_fake/snapshots/{name}", about: "Deletes a snapshot.",
			status: 200, gives: removedView{1},
			handle: func(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
				return removedView{1}, s.DeleteSnapshot(req.PathValue("name"))
			},
		},
		{
			op: "compare-snapshots", method: "GET", path: "/_fake/snapshots/{name}/diff", about: "Compares a snapshot with another one, or with the present state. It returns the first 1,000 differences of the data.",
			params: []param{{"to", "The other snapshot; default: current, the present state.", "current"}, {"all", "true: also those of the clock, counters, logs and timers.", "true"}},
			status: 200, gives: diffView{"before", "current", []fakeaircall.Difference{{Account: "default", Path: "tags/7", To: json.RawMessage(`{"id":7,"name":"New"}`)}}, 1}, handle: compareSnapshots,
		},
	}
}

type snapshotInput struct {
	Name string `json:"name" about:"1 to 100 letters, digits, dots, dashes and underscores." needed:"true"`
}

func viewSaved(v fakeaircall.SavedSnapshot, err error) (any, error) {
	return fields("snapshot", v), err
}

type diffView struct {
	From        string                   `json:"from"`
	To          string                   `json:"to"`
	Differences []fakeaircall.Difference `json:"differences"`
	Total       int                      `json:"total" about:"How many differences there are."`
}

const maxDifferences = 1_000

func compareSnapshots(s *fakeaircall.Server, req *http.Request, _ any) (any, error) {
	q := query{Values: req.URL.Query()}
	name, other, all := req.PathValue("name"), q.Get("to"), q.bool("all")
	if q.err != nil {
		return nil, q.err
	}
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
	if !all {
		list = slices.DeleteFunc(list, fakeaircall.Difference.Internal)
	}
	return diffView{name, other, append([]fakeaircall.Difference{}, list[:min(len(list), maxDifferences)]...), len(list)}, nil
}
