package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An inputSchema is the part of a tool's schema that the server checks before the SDK does, whose errors are hard to read.
type inputSchema struct {
	Properties map[string]argumentSchema `json:"properties"`
	Required   []string                  `json:"required"`

	control bool // the control API checks the values
}

type argumentSchema struct {
	Type             any      `json:"type"`
	Enum             []string `json:"enum"`
	MinLength        int      `json:"minLength"`
	MaxLength        int      `json:"maxLength"`
	Minimum          *float64 `json:"minimum"`
	Maximum          *float64 `json:"maximum"`
	ExclusiveMinimum *float64 `json:"exclusiveMinimum"`
}

// addTool adds a tool whose arguments the server checks.
func addTool[In, Out any](m *agentServer, tool *mcp.Tool, handler mcp.ToolHandlerFor[In, Out]) {
	m.inputs[tool.Name] = readInputSchema(tool.InputSchema)
	mcp.AddTool(m.Server, tool, handler)
}

func readInputSchema(schema any) (s inputSchema) {
	data, err := marshal(schema)
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		panic(err) // cannot happen: the schemas are those of this program
	}
	return s
}

// refuseArguments returns the result for a call with wrong arguments, or nil.
func (m *agentServer) refuseArguments(req mcp.Request) *mcp.CallToolResult {
	params, ok := req.GetParams().(*mcp.CallToolParamsRaw)
	if !ok || params == nil {
		return nil
	}
	schema, known := m.inputs[params.Name]
	if !known {
		return nil
	}
	problem := schema.problem(params.Name, params.Arguments)
	switch {
	case problem == "":
		return nil
	case schema.control:
		return refusedResult("invalid_arguments", problem, "")
	}
	return failedResult(problem, "")
}

// problem returns what is wrong with the arguments of a tool, or "".
func (s inputSchema) problem(tool string, given json.RawMessage) string {
	var arguments map[string]json.RawMessage
	if len(given) > 0 && json.Unmarshal(given, &arguments) != nil {
		return "the arguments of " + tool + " are not an object"
	}
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if _, known := s.Properties[name]; !known {
			return fmt.Sprintf("%s has no argument %q: %s", tool, shorten(name), s.names())
		}
	}
	for _, name := range s.Required {
		if _, ok := arguments[name]; !ok {
			return name + " is missing: " + tool + " needs it"
		}
	}
	if s.control {
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if problem := s.Properties[name].problem(arguments[name]); problem != "" {
			return name + problem
		}
	}
	return ""
}

// names lists the arguments, the required ones first.
func (s inputSchema) names() string {
	if len(s.Properties) == 0 {
		return "it takes none"
	}
	optional := slices.DeleteFunc(slices.Sorted(maps.Keys(s.Properties)), func(name string) bool { return slices.Contains(s.Required, name) })
	return "give " + strings.Join(slices.Concat(s.Required, optional), ", ")
}

// problem returns what is wrong with the value of an argument, to follow its name, or "".
func (s argumentSchema) problem(given json.RawMessage) string {
	var value any
	_ = json.Unmarshal(given, &value) // a number that is too large stays nil, which is wrong below
	shown := shorten(string(given))
	switch s.Type {
	case "boolean":
		if _, ok := value.(bool); !ok {
			return ": " + shown + " is neither true nor false"
		}
	case "string":
		text, ok := value.(string)
		length := utf8.RuneCountInString(text)
		switch {
		case !ok:
			return ": " + shown + " is not a string: " + s.allowed()
		case s.Enum != nil && !slices.Contains(s.Enum, text):
			return ": " + shown + " is not possible: " + s.allowed()
		case length < s.MinLength, s.MaxLength > 0 && length > s.MaxLength:
			return fmt.Sprintf(" has %d characters: %s", length, s.allowed())
		}
	default:
		n, ok := value.(float64)
		switch {
		case !ok:
			return ": " + shown + " is not a number: " + s.allowed()
		case s.Type == "integer" && n != math.Trunc(n):
			return ": " + shown + " is not a whole number: " + s.allowed()
		case s.Minimum != nil && n < *s.Minimum, s.ExclusiveMinimum != nil && n <= *s.ExclusiveMinimum, s.Maximum != nil && n > *s.Maximum:
			return ": " + shown + " is not possible: " + s.allowed()
		}
	}
	return ""
}

// allowed says which values an argument takes.
func (s argumentSchema) allowed() string {
	const most = 10
	number := func(n *float64) string { return strconv.FormatFloat(*n, 'f', -1, 64) }
	switch {
	case len(s.Enum) > most:
		return "give " + strings.Join(s.Enum[:most], ", ") + ", …"
	case len(s.Enum) > 1:
		last := len(s.Enum) - 1
		return "give " + strings.Join(s.Enum[:last], ", ") + " or " + s.Enum[last]
	case len(s.Enum) == 1:
		return "give " + s.Enum[0]
	case s.Type == "string":
		return fmt.Sprintf("give %d to %d characters", s.MinLength, s.MaxLength)
	case s.Minimum != nil && s.Maximum != nil:
		return "give " + number(s.Minimum) + " to " + number(s.Maximum)
	case s.Maximum != nil:
		return "give more than " + number(s.ExclusiveMinimum) + ", at most " + number(s.Maximum)
	}
	return "give more than " + number(cmp.Or(s.ExclusiveMinimum, new(float64)))
}

// shorten returns the beginning of what a client sent, for an error.
func shorten(text string) string {
	const most = 60
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return printable(text)
}
