package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A Difference is one place where an exchange differs from the contract.
type Difference struct {
	Operation string // its operationId; "no operation" for a request that matches none
	Where     string // "status", "header ETag", "request query page", or a body with a JSON pointer: "body/tags/0/id"
	Want, Got string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: %s: want %s, got %s", d.Operation, d.Where, d.Want, d.Got)
}

// differences checks a value against a schema. It returns the differences in the order of their places.
func differences(where string, schema *openapi3.Schema, value any) []Difference {
	found := translate(where, schema.VisitJSON(value, openapi3.MultiErrors()))
	slices.SortStableFunc(found, func(a, b Difference) int { return strings.Compare(a.Where, b.Where) })
	return slices.Compact(found) // the library reports each unknown member of an object, and extra finds all of them each time
}

// pointer escapes a key for a JSON pointer.
var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// translate turns the errors of the library, which print whole schemas, into one line each.
func translate(where string, err error) []Difference {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var found []Difference
		for _, err := range many {
			found = append(found, translate(where, err)...)
		}
		return found
	case errors.As(err, &one):
		for _, key := range one.JSONPointer() {
			where += "/" + pointer.Replace(key)
		}
		return explain(where, one)
	}
	return []Difference{{Where: where, Want: "a value of its schema", Got: short(err.Error())}}
}

func explain(where string, err *openapi3.SchemaError) []Difference {
	s := err.Schema
	want := err.Reason
	switch err.SchemaField {
	case "required":
		// The pointer leads to the missing property.
		return []Difference{{Where: where, Want: "to be there", Got: "nothing"}}
	case "properties":
		return extra(where, err)
	case "type", "nullable":
		want = kindOf(s)
	case "enum":
		want = "one of " + text(s.Enum)
	case "pattern":
		want = "text like " + s.Pattern
	case "format":
		want = "the format " + s.Format
	case "oneOf", "anyOf":
		return nearest(where, slices.Concat(s.OneOf, s.AnyOf), err.Value)
	}
	return []Difference{{Where: where, Want: want, Got: short(text(err.Value))}}
}

// extra names the members of an object that its schema does not know.
func extra(where string, err *openapi3.SchemaError) (found []Difference) {
	members, _ := err.Value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if _, known := err.Schema.Properties[name]; !known {
			found = append(found, Difference{Where: where + "/" + pointer.Replace(name), Want: "nothing", Got: short(text(members[name]))})
		}
	}
	if found == nil {
		found = []Difference{{Where: where, Want: err.Reason, Got: short(text(err.Value))}}
	}
	return found
}

// nearest returns the differences of a value from the alternative that it differs least from.
func nearest(where string, of openapi3.SchemaRefs, value any) (found []Difference) {
	for i, s := range of {
		if d := differences(where, s.Value, value); i == 0 || len(d) < len(found) {
			found = d
		}
	}
	return found
}

func kindOf(s *openapi3.Schema) string {
	kind := "a value"
	if s.Type != nil {
		kind = strings.Join(s.Type.Slice(), " or ")
	}
	if s.Nullable {
		kind += " or null"
	}
	return kind
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// short cuts a text that would fill the screen.
func short(s string) string {
	const most = 200
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
