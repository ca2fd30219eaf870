package fakeaircall

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
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
	root       node
	parameters map[string]*parameters // by operation
}

// A node is a place in the tree of paths. A word of its own goes before a
// parameter: /v1/contacts/search is no contact, unless that leads nowhere.
type node struct {
	words  map[string]*node
	any    *node             // of a parameter
	routes map[string]*route // that end here, by method
}

// knownRoutes serves every server: it is not changed after it is made.
var knownRoutes = sync.OnceValue(newRouter)

func newRouter() *router {
	rt := &router{parameters: recordedParameters()}
	for _, r := range routes() {
		at := &rt.root
		for word := range strings.SplitSeq(r.path[1:], "/") {
			at = at.grow(word)
		}
		if at.routes == nil {
			at.routes = make(map[string]*route)
		}
		at.routes[r.method] = &r
	}
	return rt
}

// grow is the node below for a word of a route's path.
func (n *node) grow(word string) *node {
	if strings.HasPrefix(word, "{") {
		if n.any == nil {
			n.any = new(node)
		}
		return n.any
	}
	if n.words == nil {
		n.words = make(map[string]*node)
	}
	if n.words[word] == nil {
		n.words[word] = new(node)
	}
	return n.words[word]
}

// find follows a path without its first slash. No parameter is empty.
func (n *node) find(method, path string) *route {
	word, rest, more := strings.Cut(path, "/")
	for _, next := range [...]*node{n.words[word], n.any} {
		if next == nil || word == "" {
			continue
		}
		found := next.routes[method]
		if more {
			found = next.find(method, rest)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

func (rt *router) match(r *http.Request) (*route, map[string]string, bool) {
	path := r.URL.Path
	escaped := r.URL.RawPath != "" // it has escapes that need not be: assumption escaped-path
	if escaped {
		path = r.URL.EscapedPath()
	}
	if !strings.HasPrefix(path, "/") {
		return nil, nil, false
	}
	// A client of 2018 ends its paths in a slash, and it worked.
	path = strings.TrimSuffix(path[1:], "/")
	found := rt.root.find(r.Method, path)
	if found == nil {
		return nil, nil, false
	}
	values := found.values(path)
	if escaped {
		for name, value := range values {
			values[name], _ = url.PathUnescape(value) // net/url has read it before
		}
	}
	return found, values, true
}

// values are what stands in a path where the route has its parameters.
func (r *route) values(path string) map[string]string {
	var values map[string]string
	for pattern := r.path[1:]; pattern != ""; {
		var name, value string
		name, pattern, _ = strings.Cut(pattern, "/")
		value, path, _ = strings.Cut(path, "/")
		if strings.HasPrefix(name, "{") {
			if values == nil {
				values = make(map[string]string)
			}
			values[name[1:len(name)-1]] = value
		}
	}
	return values
}

// expand puts a value into its place in a path.
func expand(path, name, value string) string {
	return strings.Replace(path, "{"+name+"}", value, 1)
}
