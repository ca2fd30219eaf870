// Package traffic holds recorded exchanges with Aircall against the contract and the assumptions of the fake. It reads HTTP
// Archives, needs no credentials and sends nothing. Its results have places, kinds and words of enumerations, and no recorded
// value.
package traffic

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/conformance/har"
	"github.com/aircallkit/aircallkit/conformance/report"
	"github.com/aircallkit/aircallkit/conformance/wirecheck"
)

// Options say which entries count and what is assumed. The zero value reads exchanges with api.aircall.io and with fakes on
// this machine, and assumes what the fake assumes.
type Options struct {
	Hosts  []string          // more hosts that count, such as that of a proxy
	Assume map[string]string // answers to assumptions, see fakeaircall.Options
	Shapes bool              // also record the shapes of the replies
	Entry  int               // report only this entry of each file, from 1; 0: all
}

// liveHost is Aircall's host.
const liveHost = "api.aircall.io"

// shortHost redirects to recordings.
const shortHost = "short-urls.aircall.io"

const (
	workers   = 2
	mostBytes = 12 << 20 // bodies that are read and not yet done; a decoded body takes about ten times its size
	mostBody  = 10 << 20 // a larger one cannot come from Aircall's gateway, and counts as missing
	mostKept  = 200      // kinds of breaches, news and operations without a name
)

// A Checker reads recordings and collects what they show. Its methods are not safe for concurrent use.
type Checker struct {
	options Options
	chosen  map[string]string
	headers map[string]bool // that replies may have
	result  *Result
}

// NewChecker returns a checker. It fails if the options name an assumption or an answer that does not exist.
func NewChecker(o Options) (*Checker, error) {
	chosen, err := chosenAnswers(o.Assume)
	if err != nil {
		return nil, err
	}
	if _, err := wirecheck.Contract(); err != nil {
		return nil, err
	}
	headers, err := knownHeaders()
	if err != nil {
		return nil, err
	}
	for i, h := range o.Hosts {
		o.Hosts[i] = strings.ToLower(h)
	}
	return &Checker{options: o, chosen: chosen, headers: headers, result: newResult(chosen)}, nil
}

// Result returns what was found so far.
func (c *Checker) Result() *Result { return c.result }

// Read reads a recording. name is what reports call it. An error of the file names the entry and the byte; the entries
// before it count.
func (c *Checker) Read(ctx context.Context, name string, r io.Reader) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	p := &pipeline{Checker: c, room: newRoom(mostBytes), jobs: make(chan *job), order: make(chan *job, 4*workers)}
	var running sync.WaitGroup
	for range workers {
		running.Go(p.work)
	}
	running.Go(func() { p.collect(name) })
	entry := 0
	err := har.Read(r, func(e har.Entry) error {
		entry++
		if err := ctx.Err(); err != nil {
			return err
		}
		p.add(&exchange{Entry: e, file: name, number: entry})
		return nil
	})
	close(p.jobs)
	close(p.order)
	running.Wait()
	c.result.Files = append(c.result.Files, File{name, entry})
	if place, ok := errors.AsType[*har.PlaceError](err); ok {
		return fmt.Errorf("%s: %w", name, place)
	}
	return err
}

// A pipeline judges the entries of one file in two goroutines and collects the judgements in the order of the file.
type pipeline struct {
	*Checker
	room  *room
	jobs  chan *job // to be judged
	order chan *job // the same, in order
}

type job struct {
	x      *exchange
	skip   string // why the entry does not count; "": it does
	size   int
	judged judgement
	done   chan struct{}
}

// add passes an entry on. It waits while too many are under way.
func (p *pipeline) add(x *exchange) {
	j := &job{x: x, skip: p.skips(x), size: len(x.ReplyBody) + len(x.RequestBody), done: make(chan struct{})}
	if j.skip != "" {
		x.Entry, j.size = har.Entry{}, 0 // its bodies are not needed
	}
	p.room.enter(j.size)
	p.order <- j
	if j.skip != "" {
		close(j.done)
		return
	}
	p.jobs <- j
}

func (p *pipeline) work() {
	for j := range p.jobs {
		j.judged = p.judge(j.x)
		close(j.done)
	}
}

// collect adds the judgements to the result, and applies the rules that need the exchanges before.
func (p *pipeline) collect(file string) {
	before := newPast()
	for j := range p.order {
		<-j.done
		if j.skip != "" {
			p.result.skip(j.skip)
		} else {
			for _, r := range rules {
				if r.after != nil && (r.shape || !j.x.Masked) {
					j.judged.add(r.id, r.after(before, j.x))
				}
			}
			before.note(j.x)
			p.result.add(j.x, &j.judged, p.options)
		}
		p.room.leave(j.size)
	}
}

// Reasons why entries do not count.
const (
	SkipHost     = "with another host"
	SkipReply    = "without a reply"
	skipPath     = "outside the API"
	skipCache    = "from the cache of a browser"
	skipQuestion = "CORS preflight"
)

// skips returns why an entry does not count, or "", and finds out what it is.
func (c *Checker) skips(x *exchange) string {
	host := strings.ToLower(x.URL.Host)
	name := strings.ToLower(x.URL.Hostname())
	ours := name == liveHost || slices.Contains(c.options.Hosts, host) || slices.Contains(c.options.Hosts, name) || wirecheck.Loopback(x.URL)
	path := wirecheck.WithoutProxy(x.URL.EscapedPath())
	switch {
	case name == shortHost, ours && strings.HasPrefix(x.URL.Path, "/_assets/short-urls/"):
		x.kind = shortURL
	case isDelivery(x.Entry):
		x.kind = delivery
	case !ours:
		return SkipHost
	case !versioned.MatchString(path), wirecheck.Loopback(x.URL) && !x.fromFake(path):
		return skipPath // the control API of a fake, or another server on this machine
	}
	switch {
	case x.Cached:
		return skipCache
	case preflight(x.Entry):
		return skipQuestion
	case x.Status == 0 && x.kind != delivery:
		return SkipReply
	}
	return ""
}

// versioned matches the paths of the API.
var versioned = regexp.MustCompile(`^/v[0-9]+(/|%2[fF])`)

// fromFake reports whether an exchange with a server on this machine is one with a fake: it has a path of the API, or the
// reply has a header of the edge.
func (x *exchange) fromFake(path string) bool {
	_, edge := x.header("Apigw-Requestid")
	return edge || findRoute("", path) != nil
}

// A judgement is what one exchange shows.
type judgement struct {
	sights   []sight
	breaches []report.Breach
	news     []news
}

// A sight is the finding of a rule.
type sight struct {
	id string
	finding
}

func (j *judgement) add(id string, f finding) {
	if f.says {
		j.sights = append(j.sights, sight{id, f})
	}
}

// judge holds an exchange against the contract and the rules that look at one exchange.
func (c *Checker) judge(x *exchange) (j judgement) {
	if x.kind == withAPI {
		x.setRoute()
	}
	if len(x.ReplyBody) > mostBody {
		x.HasBody, x.ReplyBody = false, nil
	}
	x.decode()
	if x.Cut && !x.isJSON {
		x.HasBody, x.ReplyBody = false, nil
	}
	if x.kind == withAPI {
		if x.op != "" {
			j.breaches = c.breaches(x)
		}
		j.news = c.news(x, j.breaches)
		j.breaches = slices.DeleteFunc(j.breaches, isNewMember)
	} else if x.kind == delivery {
		j.news = eventNews(x)
	}
	for _, r := range rules {
		if r.look != nil && (r.shape || !x.Masked) {
			j.add(r.id, r.look(x))
		}
	}
	return j
}

// breaches returns where an exchange breaks the contract. A failure of the server, or of a server in between, says nothing
// about the contract. Without a body only the status and the headers count.
func (c *Checker) breaches(x *exchange) []report.Breach {
	if x.Status >= 500 {
		return nil
	}
	found := wirecheck.Check(wirecheck.Exchange{
		Op: x.op, Method: x.Method, URL: *x.URL, Sent: x.RequestBody, Status: x.Status, Header: x.ReplyHeader, Body: x.ReplyBody,
		Value: x.body, Decoded: x.isJSON, Masked: x.Masked,
	}, false)
	return slices.DeleteFunc(found, func(b report.Breach) bool {
		return !x.HasBody && strings.HasPrefix(b.Where, "body") || x.limitsAlways(c.chosen, b)
	})
}

// limitsAlways reports whether a breach is about the headers of the rate limit, which the user expects everywhere.
func (x *exchange) limitsAlways(chosen map[string]string, b report.Breach) bool {
	return chosen["rate-limit-headers"] == "always" && strings.HasPrefix(b.Where, "header X-AircallApi-") && x.Status != 429
}

// room bounds the bytes that are under way.
type room struct {
	mu   sync.Mutex
	free *sync.Cond
	left int
	most int
}

func newRoom(most int) *room {
	r := &room{left: most, most: most}
	r.free = sync.NewCond(&r.mu)
	return r
}

// enter waits until there is room for so many bytes. A body that is larger than all the room waits for the others to leave.
func (r *room) enter(size int) {
	size = min(size, r.most)
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.left < size {
		r.free.Wait()
	}
	r.left -= size
}

func (r *room) leave(size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += min(size, r.most)
	r.free.Signal()
}

// place returns where the exchange is.
func (x *exchange) place() Place {
	return Place{x.file, x.number, cmp.Or(x.op, noOperation), plainMethod(x.Method), x.route, x.Status}
}
