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

// A route is an operation of Aircall's reference, named by its anchor, with its method, path and handler.
type route struct {
	op, method, path string
	tier             tier
	handle           handler
}

// routes returns every operation, in the order of the reference.
func routes() []route {
	return slices.Concat(
		companyRoutes(),
		integrationRoutes(),
		userRoutes(),
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
		campaignRoutes(),
		contactRoutes(),
		tagRoutes(),
		a2pRoutes(),
		agentRoutes(),
		analyticsRoutes(),
		webhookRoutes(),
		oauthRoutes(),
	)
}

// A Route is one operation that the fake answers. Op is its anchor in Aircall's reference. Path has its parameters in
// braces.
type Route struct{ Op, Method, Path string }

// Routes returns the operations in the order of Aircall's reference.
func Routes() []Route {
	var list []Route
	for _, r := range routes() {
		list = append(list, Route{r.op, r.method, r.path})
	}
	return list
}

// An operation is a route with the parameters that its handler reads.
type operation struct {
	route
	parameters *parameters
}

// A routeTable finds the operation of a request. Its mux routes are named by their operations.
type routeTable struct {
	mux        *mux.Router
	operations map[string]*operation
}

// knownRoutes returns the table that all servers share. Nothing changes it.
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

// match is a mux.MatcherFunc for all operations. A path may end in a slash: a client of 2018 sends such paths, and they
// worked.
func (t *routeTable) match(req *http.Request, m *mux.RouteMatch) bool {
	if path, ends := strings.CutSuffix(req.URL.EscapedPath(), "/"); ends {
		u := *req.URL
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/"), path
		req = &http.Request{Method: req.Method, URL: &u}
	}
	if !t.mux.Match(req, m) {
		return false
	}
	// Assumption escaped-path: the path as it was sent selects the route, and values are unescaped afterwards.
	for name, value := range m.Vars {
		m.Vars[name], _ = url.PathUnescape(value) // valid: net/url has parsed it
	}
	return true
}

// newRouter returns the router of all requests. Operations have no handler in it: Server.serve answers them.
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

// fromBrowser reports whether a request asks for a page, as a browser does and a client of the API does not.
func fromBrowser(req *http.Request, _ *mux.RouteMatch) bool {
	return strings.Contains(req.Header.Get("Accept"), "text/html")
}

// The contract is generated from openapi/*.yaml, which are written from the sources about Aircall.
//
//go:embed openapi.json
var openAPI []byte

// OpenAPI returns Aircall's REST API as an OpenAPI 3.0 document in JSON. Operations have the names of Routes, and each
// reply has an example; x-evidence says how well an operation is known.
func OpenAPI() []byte { return slices.Clone(openAPI) }
