package conformance

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/conformance/drift"
	"github.com/aircallkit/aircallkit/internal/orderedjson"
)

const (
	sampledIDs  = 5 // of each list, for the reads of a single one
	sampledSize = 50
)

// Record sends some sixty reading requests to a target, with a few samples each, and returns the shapes of the replies. It
// changes nothing.
func Record(ctx context.Context, o Options) (*drift.Shapes, error) {
	t, err := newTarget(o)
	if err != nil {
		return nil, err
	}
	defer t.close()
	if _, err := t.preflight(ctx); err != nil {
		return nil, err
	}
	r := &shapeRecorder{t: t, account: t.first(), ids: map[string][]string{}}
	for _, q := range questions() {
		if err := r.answer(ctx, q); err != nil {
			return nil, exits(ExitEnvironment, fmt.Errorf("record %s: %w", q.op.Name, err))
		}
	}
	return r.shapes(), nil
}

// question is an operation that reads.
type question struct {
	op  aircall.Op
	ids string // the list that has its ids, such as "users"; "" for an operation that lists
}

// questions returns the operations that read. Those that list come first: the others need ids.
func questions() (all []question) {
	var single []question
	for _, op := range aircall.Ops() {
		parts := strings.Split(op.Path, "/") // "", "v1", "calls", "{id}", …
		switch {
		case op.Method != http.MethodGet:
		case !strings.Contains(op.Path, "{"):
			all = append(all, question{op: op})
		case strings.Count(op.Path, "{") == 1 && strings.HasPrefix(parts[3], "{"):
			single = append(single, question{op, parts[2]})
		}
	}
	return append(all, single...)
}

type shapeRecorder struct {
	t       *target
	account string
	seen    drift.Recorder
	ids     map[string][]string // by list
}

// answer asks a question: a list once, and a single entry for some ids that exist and one that does not.
func (r *shapeRecorder) answer(ctx context.Context, q question) error {
	if q.ids == "" {
		return r.ask(ctx, q, "list", q.op.Path+"?per_page="+fmt.Sprint(sampledSize))
	}
	before, after, _ := strings.Cut(q.op.Path, "{")
	_, after, _ = strings.Cut(after, "}")
	ids := r.ids[q.ids]
	for i := range min(sampledIDs, len(ids)) { // spread over the list: old calls differ from new ones
		if err := r.ask(ctx, q, "one", before+ids[i*len(ids)/min(sampledIDs, len(ids))]+after); err != nil {
			return err
		}
	}
	return r.ask(ctx, q, "missing", before+"99999999999"+after)
}

func (r *shapeRecorder) ask(ctx context.Context, q question, asks, path string) error {
	reply, err := r.t.ask(ctx, r.account, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	v, err := orderedjson.Decode(reply.body)
	r.seen.Add(q.op.Name, asks, reply.status, reply.header, v, err != nil && len(reply.body) > 0)
	if err == nil && asks == "list" && reply.status == http.StatusOK {
		list := strings.TrimSuffix(q.op.Path[strings.LastIndex(q.op.Path, "/")+1:], "/")
		for _, key := range []string{"id", "webhook_id"} {
			found, _ := at(orderedjson.Plain(v), list+".*."+key)
			ids, _ := found.([]any)
			for _, id := range ids {
				r.ids[list] = append(r.ids[list], fmt.Sprint(id))
			}
			if len(r.ids[list]) > 0 {
				break
			}
		}
	}
	return nil
}

func (r *shapeRecorder) shapes() *drift.Shapes {
	s := r.seen.Shapes(r.ids)
	s.Recorded, s.Target = time.Now().UTC().Format(time.DateOnly), r.t.kind
	if r.t.fake != nil {
		s.Recorded = start.Format(time.DateOnly) // a fake has its own clock
	}
	return s
}
