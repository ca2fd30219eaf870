package fakeaircall

import (
	_ "embed"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/mux"
)

// A handler answers one operation.
type handler func(*request) (reply, error)

// A route ties an operation of Aircall's reference, by its anchor, to its wire.
type route struct {
	op, method, path string
	tier             tier
	handle           handler
}

// routes is every operation, in the order of the reference.
func routes() []route {
	return slices.Concat(
		companyRoutes(),
		integrationRoutes(),
		userRoutes(),
		userV1Routes(),
		userCallRoutes(),
		teamRoutes(),
		callRoutes(),
		callTransferRoutes(),
		callRecordingRoutes(),
		callCardRoutes(),
		intelligenceRoutes(),
		numberRoutes(),
		messageRoutes(),
		whatsappRoutes(),
		dialerRoutes(),
		contactRoutes(),
		tagRoutes(),
		a2pRoutes(),
		agentRoutes(),
		analyticsRoutes(),
		webhookRoutes(),
		oauthRoutes(),
	)
}

// A Route is one operation the fake answers. Op is its anchor in Aircall's
// reference, Path has its parameters in braces.
type Route struct{ Op, Method, Path string }

// Routes lists the operations in the order of Aircall's reference.
func Routes() []Route {
	var list []Route
	for _, r := range routes() {
		list = append(list, Route{r.op, r.method, r.path})
	}
	return list
}

// An operation is a route of the table, ready to answer.
type operation struct {
	route
	parameters *parameters
}

// A routeTable finds the operation of a request. Its mux routes are named by their operations.
type routeTable struct {
	mux        *mux.Router
	operations map[string]*operation
}

// knownRoutes serves every server: it is not changed after it is made.
var knownRoutes = sync.OnceValue(newRouteTable)

func newRouteTable() *routeTable {
	table := &routeTable{mux.NewRouter().SkipClean(true).UseEncodedPath(), make(map[string]*operation)}
	recorded := recordedParameters()
	resources := make(map[string]*mux.Router)
	// A brace sorts behind every letter, so /v1/contacts/search goes before /v1/contacts/{id}.
	all := slices.SortedStableFunc(slices.Values(routes()), func(a, b route) int { return strings.Compare(a.path, b.path) })
	for _, r := range all {
		resource := resourcePath(r.path)
		if resources[resource] == nil {
			resources[resource] = table.mux.MatcherFunc(func(req *http.Request, _ *mux.RouteMatch) bool {
				return strings.HasPrefix(req.URL.Path, resource)
			}).Subrouter()
		}
		resources[resource].Methods(r.method).Path(r.path).Name(r.op)
		table.operations[r.op] = &operation{r, recorded[r.op]}
	}
	return table
}

// resourcePath returns the first two segments of a path: /v1/contacts.
func resourcePath(path string) string {
	if parts := strings.SplitAfterN(path, "/", 4); len(parts) == 4 {
		path = path[:len(path)-len(parts[3])-1]
	}
	return path
}

// match is a mux.MatcherFunc for all operations. A client of 2018 ends its paths in a slash, and it worked.
func (t *routeTable) match(req *http.Request, m *mux.RouteMatch) bool {
	if path, ends := strings.CutSuffix(req.URL.EscapedPath(), "/"); ends {
		u := *req.URL
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/"), path
		req = &http.Request{Method: req.Method, URL: &u}
	}
	if !t.mux.Match(req, m) {
		return false
	}
	// Assumption escaped-path: a route is found by the path as it was sent, and values are unescaped afterwards.
	for name, value := range m.Vars {
		m.Vars[name], _ = url.PathUnescape(value) // net/url has read it before
	}
	return true
}

// newRouter returns the router of everything that the server answers. Operations have no handler of their own: serve
// answers them.
func (s *Server) newRouter() *mux.Router {
	r := mux.NewRouter().SkipClean(true)
	r.MatcherFunc(toShortHost).PathPrefix("/v1/").HandlerFunc(s.serveShort)
	r.MatcherFunc(s.routes.match)
	r.PathPrefix(shortPath).HandlerFunc(s.serveShort)
	r.PathPrefix(assetPath).HandlerFunc(s.serveAudio)
	r.Methods(http.MethodGet, http.MethodPost).Path(authorizePath).HandlerFunc(s.authorize)
	r.Methods(http.MethodGet).Path(successPath).HandlerFunc(s.success)
	return r
}

const (
	controlPath = "/_fake/"
	controlOp   = "control" // names requests of the control API in http.Request.Pattern
)

// expand puts a value into its place in a path.
func expand(path, name, value string) string {
	return strings.Replace(path, "{"+name+"}", value, 1)
}

// The contract is written in openapi/*.yaml, from what is known of Aircall.
//
//go:embed openapi.json
var openAPI []byte

// OpenAPI is Aircall's REST API as an OpenAPI 3.0 document in JSON: every
// operation under its name in Routes, each reply with an example, and in
// x-evidence how sure it is.
func OpenAPI() []byte { return slices.Clone(openAPI) }
