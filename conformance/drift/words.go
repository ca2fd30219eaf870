package drift

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// wordFields are the fields whose words are recorded, if PlainWord allows them.
var wordFields = []string{"availability", "availability_status", "direction", "missed_call_reason", "participant_type", "registration_status", "state", "status", "type"}

// newWord matches a word that the contract does not have. A name begins with a capital letter and has others, or has a space.
var newWord = regexp.MustCompile(`^([a-z]{2,20}(_[a-z]{1,20}){0,3}|[A-Z]{4,20}(_[A-Z]{1,20}){0,3})$`)

// PlainWord reports whether a value of a field is a word that may be recorded: the field has a fixed list of words in the
// contract, and the value is one of them, or one word in lower or in upper case.
func PlainWord(field, value string) bool {
	return slices.Contains(wordFields, field) && (newWord.MatchString(value) || documentedWords()[field][value])
}

// eventName matches the names of events.
var eventName = regexp.MustCompile(`^([a-z_]{2,30})(\.[a-z_]{2,40}){1,2}$`)

// PlainEvent reports whether a text is the name of an event that may be recorded: it is about a thing that has events in the
// contract, such as call.muted.
func PlainEvent(name string) bool {
	parts := eventName.FindStringSubmatch(name)
	return parts != nil && eventThings()[parts[1]]
}

// eventThings are what events in the contract are about, such as call.
var eventThings = sync.OnceValue(func() map[string]bool {
	things := map[string]bool{}
	for _, name := range fakeaircall.EventNames() {
		thing, _, _ := strings.Cut(name, ".")
		things[thing] = true
	}
	return things
})

// pathSegment matches a segment of a path that may be the name of a resource.
var pathSegment = regexp.MustCompile(`^[a-z]{2,20}([_-][a-z]{1,20}){0,3}$`)

// PlainSegments reports, for each segment of the path of a request that the contract does not have, whether it may be
// recorded: a version, a segment whose words all occur in paths of the contract, or a name after a value of a collection of
// the contract, as in /v1/calls/7/sentiments.
func PlainSegments(segments []string) []bool {
	plain := make([]bool, len(segments))
	for i, s := range segments {
		switch {
		case s == "" || i == 1 && version.MatchString(s) || inPath(s):
			plain[i] = true
		case i >= 4 && pathSegment.MatchString(s):
			plain[i] = !plain[i-1] && isValue(segments[i-1]) && plain[i-2] && segments[i-2] != ""
		}
	}
	return plain
}

var version = regexp.MustCompile(`^v[0-9]$`)

// isValue reports whether a segment has a digit or a character that names of resources do not have.
func isValue(segment string) bool { return segment != "" && !pathSegment.MatchString(segment) }

// inPath reports whether all words of a segment occur in paths of the contract.
func inPath(segment string) bool {
	words := pathWords()
	if words[segment] {
		return true
	}
	if !pathSegment.MatchString(segment) {
		return false
	}
	for word := range strings.FieldsFuncSeq(segment, func(r rune) bool { return r == '_' || r == '-' }) {
		if !words[word] {
			return false
		}
	}
	return true
}

// pathWords are the segments in paths of operations, and the words in them.
var pathWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, r := range fakeaircall.Routes() {
		for segment := range strings.SplitSeq(r.Path, "/") {
			if strings.HasPrefix(segment, "{") || segment == "" {
				continue
			}
			words[segment] = true
			for word := range strings.FieldsFuncSeq(segment, func(r rune) bool { return r == '_' || r == '-' }) {
				words[word] = true
			}
		}
	}
	return words
})

// documentedWords returns the words that the contract has for members, by the name of the member.
var documentedWords = sync.OnceValue(func() map[string]map[string]bool {
	var doc struct {
		Paths      any
		Components struct {
			Schemas   map[string]any
			Responses any
		}
	}
	if json.Unmarshal(fakeaircall.OpenAPI(), &doc) != nil {
		return nil // a run refuses such a contract
	}
	words := map[string]map[string]bool{}
	var walk func(name string, v any, referred int)
	walk = func(name string, v any, referred int) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(name, e, referred)
			}
		case map[string]any:
			enum, _ := v["enum"].([]any)
			for _, e := range enum {
				if word, ok := e.(string); ok && words[name] == nil {
					words[name] = map[string]bool{word: true}
				} else if ok {
					words[name][word] = true
				}
			}
			if ref, _ := v["$ref"].(string); ref != "" && name != "" && referred < 5 { // a schema may contain itself
				walk(name, doc.Components.Schemas[path.Base(ref)], referred+1)
			}
			for key, e := range v {
				switch {
				case slices.Contains([]string{"items", "allOf", "anyOf", "oneOf"}, key):
					walk(name, e, referred)
				case referred == 0:
					walk(key, e, 0)
				}
			}
		}
	}
	walk("", doc.Components.Schemas, 0)
	walk("", doc.Components.Responses, 0)
	walk("", doc.Paths, 0)
	return words
})
