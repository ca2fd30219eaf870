package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/aircallkit/aircallkit/fakeaircall/control"
)

// controlTools are the operations of the control API that agents get as tools. The names of the tools have underscores.
var controlTools = []string{
	"simulate-call", "act-in-call", "simulate-message", "simulate-campaign", "set-presence",
	"read-clock", "move-clock",
	"add-fault", "list-faults", "remove-fault", "clear-faults",
	"list-requests", "list-events", "list-deliveries", "trigger-event",
	"save-snapshot", "list-snapshots", "compare-snapshots", "restore-snapshot", "delete-snapshot", "reset",
}

// replacingOperations are those besides DELETE after which something is gone.
var replacingOperations = []string{"save-snapshot", "restore-snapshot", "reset"}

func toolName(operation string) string { return strings.ReplaceAll(operation, "-", "_") }

// addControlTools adds the tools that drive the fake.
func (m *agentServer) addControlTools(client *controlClient) {
	for _, op := range control.Operations() {
		if !slices.Contains(controlTools, op.Name) {
			continue
		}
		title := strings.ToUpper(op.Name[:1]) + strings.ReplaceAll(op.Name[1:], "-", " ")
		destructive := op.Method == "DELETE" || slices.Contains(replacingOperations, op.Name)
		op.Name = toolName(op.Name) // in errors, too
		input := readInputSchema(op.Input)
		input.control = true
		m.inputs[op.Name] = input
		m.AddTool(&mcp.Tool{
			Name: op.Name, Title: title, Annotations: m.annotations(title, op.Method == "GET", destructive),
			Description: "Controls the fake. " + op.About, InputSchema: op.Input, OutputSchema: outputOrFailure(op.Output),
		}, func(ctx context.Context, req *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return m.controlFake(ctx, client, op, req.Params.Arguments)
		})
	}
}

// A controlProblem is the structured content of a control tool that failed.
type controlProblem struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

// outputOrFailure returns a schema for the result of a control tool: clients check the result of a failure, too.
func outputOrFailure(output json.RawMessage) map[string]any {
	var success map[string]any
	_ = json.Unmarshal(output, &success) // of package control
	text := map[string]any{"type": "string"}
	problem := toolSchema(map[string]any{"type": text, "message": text, "hint": text}, "type", "message", "hint")
	schema := map[string]any{"type": "object", "anyOf": []any{success, toolSchema(map[string]any{"error": problem}, "error")}}
	if defs, ok := success["$defs"]; ok {
		schema["$defs"] = defs // to which $ref refers
		delete(success, "$defs")
	}
	return schema
}

func refusedResult(kind, message, hint string) *mcp.CallToolResult {
	result := failedResult(message, hint)
	result.StructuredContent = map[string]any{"error": controlProblem{kind, message, hint}}
	return result
}

// controlFake performs an operation of the control API.
func (m *agentServer) controlFake(ctx context.Context, client *controlClient, op control.Operation, given json.RawMessage) (*mcp.CallToolResult, error) {
	arguments := map[string]json.RawMessage{}
	if len(given) > 0 && json.Unmarshal(given, &arguments) != nil {
		return refusedResult("invalid_arguments", "the arguments are not an object", ""), nil
	}
	path, query, fields, err := op.Request(arguments)
	if err != nil {
		return refusedResult("invalid_arguments", err.Error(), ""), nil
	}
	body := map[string]any{}
	for name, v := range fields {
		body[name] = v
	}
	for name := range query {
		body[name] = query.Get(name)
	}
	reply, err := client.send(ctx, m.p, op.Method+" "+path, body, nil)
	switch {
	case err != nil && m.input.Err() != nil:
		return refusedResult("canceled", "the input ended before the fake replied", inputHint), nil
	case err != nil:
		return controlFailure(err), nil
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(reply)}}, StructuredContent: rawJSON(reply)}, nil
}

// controlFailure returns the result for an error of the control API.
func controlFailure(err error) *mcp.CallToolResult {
	refused, ok := errors.AsType[*controlError](err)
	switch {
	case errors.Is(err, errNoFake):
		return refusedResult("network", err.Error(), "start the fake with aircallkit serve")
	case !ok:
		return refusedResult("network", err.Error(), "")
	case refused.status == 401:
		return refusedResult("unauthorized", refused.Problem, fmt.Sprintf("the person who runs this server must set %s or --control-token-file", controlTokenEnv))
	}
	return refusedResult("refused", refused.Problem, inTools(refused.Hint))
}

// inTools returns a hint of the control API in which tools take the place of the requests that they send, or "" if it is about
// another request.
func inTools(text string) string {
	for _, op := range control.Operations() {
		if slices.Contains(controlTools, op.Name) {
			text = strings.ReplaceAll(text, op.Method+" "+op.Path+" lists", toolName(op.Name)+" lists")
		}
	}
	if strings.Contains(text, "/_fake/") {
		return ""
	}
	return text
}
