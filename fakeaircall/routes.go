package fakeaircall

import (
	"net/http"
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

// router finds routes. Anything it does not know, or not with that method, is
// the edge's 404: API Gateway has no route for it.
type router struct {
	mux        *mux.Router
	routes     map[*mux.Route]*route
	parameters map[string]*parameters // by operation
}

// knownRoutes serves every server: it is not changed after it is made.
var knownRoutes = sync.OnceValue(newRouter)

func newRouter() *router {
	rt := &router{mux: mux.NewRouter().SkipClean(true), routes: make(map[*mux.Route]*route), parameters: recordedParameters()}
	for _, r := range routes() {
		rt.routes[rt.mux.Methods(r.method).Path(r.path)] = &r
	}
	return rt
}

func (rt *router) match(r *http.Request) (*route, map[string]string, bool) {
	// A client of 2018 ends its paths in a slash, and it worked.
	if p := r.URL.Path; len(p) > 1 && strings.HasSuffix(p, "/") {
		short := *r.URL
		short.Path = p[:len(p)-1]
		r = &http.Request{Method: r.Method, URL: &short, Host: r.Host}
	}
	var m mux.RouteMatch
	if !rt.mux.Match(r, &m) || m.MatchErr != nil {
		return nil, nil, false
	}
	return rt.routes[m.Route], m.Vars, true
}

// expand puts a value into its place in a path.
func expand(path, name, value string) string {
	return strings.Replace(path, "{"+name+"}", value, 1)
}
