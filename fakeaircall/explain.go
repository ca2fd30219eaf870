package fakeaircall

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/internal/suggest"
)

// explain returns why Aircall does not understand a request or refuses its credentials, and what is near. It returns "" for
// any other request, also for one that fails.
func (e *entry) explain() string {
	var said []string
	switch {
	case e.retired != "":
		said = append(said, explainRetired(e.retired, e.Method, e.Path))
	case e.UnknownRoute:
		said = append(said, explainUnknownRoute(e.Method, e.Path))
	}
	for _, name := range e.UnknownParameters {
		said = append(said, explainParameter(e.Op, name))
	}
	if e.refused != "" {
		said = append(said, e.refused)
	}
	return strings.Join(said, "; ")
}

func explainUnknownRoute(method, path string) string {
	said := "Aircall has no such route"
	if near := nearestRoutes(method, path); len(near) > 0 {
		said += "; near it are " + strings.Join(near, ", ")
	}
	return said
}

var numericSegment = regexp.MustCompile(`/[0-9]+\b`)

// nearestRoutes returns up to three routes with a similar path, those of the method first.
func nearestRoutes(method, path string) (list []string) {
	var paths []string
	for _, r := range Routes() {
		paths = append(paths, r.Path)
	}
	near := suggest.For(numericSegment.ReplaceAllString(path, "/{id}"), paths)
	for _, r := range Routes() {
		switch {
		case !slices.Contains(near, r.Path):
		case r.Method == method:
			list = slices.Insert(list, 0, r.Method+" "+r.Path)
		default:
			list = append(list, r.Method+" "+r.Path)
		}
	}
	return list[:min(3, len(list))]
}

// explainRetired returns since when a route is retired, what replaces it, and how to keep it.
func explainRetired(op, method, path string) string {
	last := func(end time.Time) string { return end.Add(-time.Second).Format(time.DateOnly) }
	switch {
	case strings.Contains(op, "-a2p-"):
		return fmt.Sprintf("%s is retired: Aircall's reference of 2026 does not have it; the assumption a2p=keep keeps it", op)
	case strings.HasSuffix(op, "-v1"):
		instead := strings.Replace(path, "/v1/", "/v2/", 1)
		return fmt.Sprintf("Aircall retired %s on %s; use %s %s; the assumption users-v1=keep keeps it", op, last(usersV1End), method, instead)
	}
	instead := strings.Replace(path, "/realtime_transcription", "/transcription?mode=realtime", 1)
	return fmt.Sprintf("Aircall retired %s on %s; use %s %s; the assumption realtime-transcription=keep keeps it", op, last(realtimeEnd), method, instead)
}

// explainParameter returns that an operation does not read a name, and the names near it that it reads.
func explainParameter(op, name string) string {
	said := fmt.Sprintf("%s has no parameter %.60q", op, name)
	o := knownRoutes().operations[op]
	if o == nil || o.parameters == nil {
		return said
	}
	var known []string
	for n := range o.parameters.names {
		known = append(known, strings.TrimPrefix(n, ofQuery))
	}
	slices.Sort(known)
	if near := suggest.For(name, slices.Compact(known)); len(near) > 0 {
		said += "; perhaps " + strings.Join(near, " or ")
	}
	return said
}

// explainRefusal returns why the credentials of a request open no account. It quotes no credential.
func (k *keyring) explainRefusal(header string) string {
	if header == "" {
		return "the request has no credentials: send an API key as Authorization: Basic, or a token as Authorization: Bearer"
	}
	scheme, credentials, _ := strings.Cut(header, " ")
	credentials = strings.TrimSpace(credentials)
	switch strings.ToLower(scheme) {
	case "basic":
		return "the API key was refused: " + k.explainBasic(credentials)
	case "bearer":
		return "the bearer token was refused: " + k.explainBearer(credentials)
	}
	return "the credentials were refused: Authorization is neither Basic nor Bearer"
}

func (k *keyring) explainBasic(credentials string) string {
	pair, err := base64.StdEncoding.DecodeString(credentials)
	id, token, colon := strings.Cut(string(pair), ":")
	k.mu.RLock()
	defer k.mu.RUnlock()
	switch {
	case err != nil || !colon:
		return "it is not API_ID:API_TOKEN in base64"
	case k.basic[token+":"+id] != nil:
		return "its id and token are swapped"
	case k.bearer[token].account != nil:
		return "its token is a bearer token, which goes into Authorization: Bearer"
	case token == "":
		return "its token is empty"
	}
	for known, c := range k.basic {
		if strings.HasPrefix(known, id+":") {
			return fmt.Sprintf("its id is that of account %q, but the token is another", c.Account.Name)
		}
	}
	return "no account has its id"
}

func (k *keyring) explainBearer(credentials string) string {
	k.mu.RLock()
	defer k.mu.RUnlock()
	for known, c := range k.basic {
		if strings.HasSuffix(known, ":"+credentials) {
			return fmt.Sprintf("it is the API token of account %q, which goes with its id into Authorization: Basic", c.Account.Name)
		}
	}
	return "no account has it, or it was revoked"
}

// IsUnknown reports whether the request has an unknown route or an unknown parameter, and is not one that browsers send by
// themselves, such as GET /favicon.ico.
func (r Request) IsUnknown() bool {
	return r.UnknownRoute && !r.isBrowserVisit() || len(r.UnknownParameters) > 0
}

// isBrowserVisit reports whether a browser sends the request by itself when somebody opens the address of the fake.
func (r Request) isBrowserVisit() bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	return slices.Contains([]string{"/", "/favicon.ico", "/robots.txt"}, r.Path) ||
		strings.HasPrefix(r.Path, "/apple-touch-icon") || strings.HasPrefix(r.Path, "/.well-known/appspecific/")
}

// CheckNames fails with a *Refusal if the server has no such account, or Aircall no such operation or event. The error
// suggests names that are near. Empty names are not checked.
func (s *Server) CheckNames(account, op, event string) error {
	if _, err := s.account(account); err != nil {
		return err
	}
	var ops []string
	for _, r := range Routes() {
		ops = append(ops, r.Op)
	}
	switch {
	case op != "" && !slices.Contains(ops, op):
		return mistaken("%.60q is not an operation; %s", op, perhaps(op, ops, "give an operation of Aircall's reference, such as create-a-contact"))
	case event != "" && event != lineStatusEvent && !slices.Contains(EventNames(), event):
		return mistaken("%.60q is not an event; %s", event, perhaps(event, EventNames(), "give a name such as call.ended"))
	}
	return nil
}

// perhaps names up to three candidates that contain all words of the name, are contained in it, or are spelled like it.
// Without any it returns otherwise.
func perhaps(name string, candidates []string, otherwise string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return strings.ContainsRune("-_. ", c) })
	var near []string
	for _, c := range candidates {
		lacks := func(word string) bool { return !strings.Contains(c, word) }
		if len(name) > 2 && (strings.Contains(name, c) || !slices.ContainsFunc(words, lacks)) {
			near = append(near, c)
		}
	}
	if len(near) == 0 {
		near = suggest.For(name, candidates)
	}
	if len(near) == 0 {
		return otherwise
	}
	return "perhaps " + strings.Join(near[:min(3, len(near))], ", ")
}
