package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/aircallkit/aircallkit/binding"
)

const (
	referenceURI      = "aircall://reference"
	referenceTemplate = referenceURI + "/{page}"

	maxQueryLength = 500
	maxHits        = 50
	defaultHits    = 10
)

func pageURI(name string) string { return referenceURI + "/" + url.PathEscape(name) }

type functionList struct {
	Functions []functionEntry `json:"functions" jsonschema:"the functions of app.integrations.aircall"`
	Topics    []pageEntry     `json:"topics" jsonschema:"pages about more than one function"`
}

type functionEntry struct {
	Name      string `json:"name"`
	Signature string `json:"signature" jsonschema:"the parameters in order; a question mark follows those that may be left out"`
	Effect    string `json:"effect" jsonschema:"read or write"`
	Summary   string `json:"summary"`
}

type pageEntry struct {
	Name    string `json:"name" jsonschema:"the name for read_reference"`
	Summary string `json:"summary"`
}

type searchInput struct {
	Query string `json:"query"`
	Limit int    `json:"limit"`
}

type searchResult struct {
	Pages []pageEntry `json:"pages" jsonschema:"the pages that contain every word, the best first"`
	Total int         `json:"total" jsonschema:"how many pages there are; limit bounds the list"`
}

type readInput struct {
	Page string `json:"page"`
}

type readResult struct {
	Name string `json:"name"`
	URI  string `json:"uri" jsonschema:"the resource with this page"`
	Text string `json:"text" jsonschema:"the page in Markdown"`
}

type accountList struct {
	Target   string         `json:"target" jsonschema:"what scripts send requests to"`
	Accounts []accountEntry `json:"accounts"`
}

type accountEntry struct {
	Name    string `json:"name" jsonschema:"app.integrations.aircall.NAME in a script"`
	Default bool   `json:"default" jsonschema:"whether app.integrations.aircall without a name uses it"`
	Write   bool   `json:"write" jsonschema:"whether scripts may write to it"`
}

func (m *agentServer) addReferenceTools() {
	addTool(m, &mcp.Tool{
		Name: "list_functions", Title: "List the Lua functions", Annotations: m.localRead("List the Lua functions"),
		Description: "List every function of app.integrations.aircall with its parameters and effect, and the topics of the reference. search_reference is shorter if you know what you look for.",
		InputSchema: toolSchema(map[string]any{}),
	}, m.listFunctions)
	addTool(m, &mcp.Tool{
		Name: "search_reference", Title: "Search the reference", Annotations: m.localRead("Search the reference"),
		Description: "Search the pages of the Lua reference: one for each function, and topics such as calls, errors and limits. It finds pages that contain every word of the query.",
		InputSchema: toolSchema(map[string]any{
			"query": map[string]any{"type": "string", "minLength": 1, "maxLength": maxQueryLength, "description": "Words to look for, such as: contact phone."},
			"limit": map[string]any{"type": "integer", "minimum": 1, "maximum": maxHits, "default": defaultHits, "description": "At most this many pages."},
		}, "query"),
	}, m.searchReference)
	addTool(m, &mcp.Tool{
		Name: "read_reference", Title: "Read a page of the reference", Annotations: m.localRead("Read a page of the reference"),
		Description: "Read the page of a function or topic: parameters, example, result, errors and limits, in Markdown.",
		InputSchema: toolSchema(map[string]any{
			"page": map[string]any{"type": "string", "minLength": 1, "maxLength": maxQueryLength, "description": "The name of a function or topic, such as list_calls or errors."},
		}, "page"),
	}, m.readReference)
	addTool(m, &mcp.Tool{
		Name: "list_accounts", Title: "List the accounts", Annotations: m.localRead("List the accounts"),
		Description: "List the accounts that scripts can use, which one is the default, and which ones scripts may write to. It shows no credentials.",
		InputSchema: toolSchema(map[string]any{}),
	}, m.listAccounts)
}

// localRead annotates a tool that only reads what this process has.
func (m *agentServer) localRead(title string) *mcp.ToolAnnotations {
	a := m.annotations(title, true, false)
	a.OpenWorldHint = new(bool)
	return a
}

func (m *agentServer) listFunctions(context.Context, *mcp.CallToolRequest, struct{}) (*mcp.CallToolResult, functionList, error) {
	var list functionList
	var text strings.Builder
	for _, f := range binding.All() {
		var params []string
		for _, p := range f.Params {
			name := p.Name
			if !p.Required {
				name += "?"
			}
			params = append(params, name)
		}
		e := functionEntry{f.Name, f.Name + "(" + strings.Join(params, ", ") + ")", string(f.Effect), f.Description}
		list.Functions = append(list.Functions, e)
		fmt.Fprintf(&text, "%s [%s]: %s\n", e.Signature, e.Effect, e.Summary)
	}
	for _, page := range m.topics() {
		list.Topics = append(list.Topics, pageEntry{page.Name, page.Summary})
		fmt.Fprintf(&text, "topic %s\n", page.Name)
	}
	return textResult(text.String()), list, nil
}

// topics returns the pages that are not about one function.
func (m *agentServer) topics() (topics []binding.Page) {
	functions := map[string]bool{}
	for _, f := range binding.All() {
		functions[f.Name] = true
	}
	for _, page := range m.pages {
		if !functions[page.Name] {
			topics = append(topics, page)
		}
	}
	return topics
}

func textResult(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

func (m *agentServer) searchReference(_ context.Context, _ *mcp.CallToolRequest, in searchInput) (*mcp.CallToolResult, searchResult, error) {
	hits := binding.SearchPages(m.pages, in.Query)
	out := searchResult{Pages: []pageEntry{}, Total: len(hits)}
	var text strings.Builder
	for _, page := range hits[:min(len(hits), cmp.Or(in.Limit, defaultHits))] {
		out.Pages = append(out.Pages, pageEntry{page.Name, page.Summary})
		fmt.Fprintf(&text, "%s: %s\n", page.Name, page.Summary)
	}
	if len(hits) == 0 {
		fmt.Fprintf(&text, "No page contains all of %q. Try fewer words; list_functions lists every function.\n", in.Query)
	}
	return textResult(text.String()), out, nil
}

func (m *agentServer) readReference(_ context.Context, _ *mcp.CallToolRequest, in readInput) (*mcp.CallToolResult, readResult, error) {
	page, near := binding.FindPage(m.pages, strings.TrimSpace(in.Page))
	if page == nil {
		hint := "search_reference looks for words"
		if len(near) > 0 {
			hint = "did you mean " + strings.Join(near[:min(len(near), 5)], ", ") + "?"
		}
		return nil, readResult{}, fmt.Errorf("there is no page %q; %s", in.Page, hint)
	}
	return textResult(page.Text), readResult{page.Name, pageURI(page.Name), page.Text}, nil
}

func (m *agentServer) listAccounts(context.Context, *mcp.CallToolRequest, struct{}) (*mcp.CallToolResult, accountList, error) {
	list := accountList{Target: m.where(), Accounts: []accountEntry{}}
	var text strings.Builder
	fmt.Fprintf(&text, "target: %s\n", list.Target)
	for _, name := range names(m.target.accounts) {
		e := accountEntry{name, name == m.defaultAccount(), m.mayWrite(name) && !m.o.dryRun}
		list.Accounts = append(list.Accounts, e)
		can, is := "read", ""
		if e.Write {
			can = "read and write"
		}
		if e.Default {
			is = ", the default"
		}
		fmt.Fprintf(&text, "%s: %s%s\n", name, can, is)
	}
	return textResult(text.String()), list, nil
}

// addResources adds the reference and each of its pages.
func (m *agentServer) addResources() {
	const markdown = "text/markdown"
	manual := binding.Manual()
	m.AddResource(&mcp.Resource{
		URI: referenceURI, Name: "reference", Title: "Lua reference", MIMEType: markdown, Size: int64(len(manual)),
		Description: "The whole reference of app.integrations.aircall.",
	}, m.readPage)
	for _, page := range m.pages {
		m.AddResource(&mcp.Resource{URI: pageURI(page.Name), Name: page.Name, Description: page.Summary, MIMEType: markdown, Size: int64(len(page.Text))}, m.readPage)
	}
	m.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: referenceTemplate, Name: "page", Title: "A page of the Lua reference", MIMEType: markdown,
		Description: "The page of a function or topic, by its name.",
	}, m.readPage)
}

// readPage reads the reference or one of its pages.
func (m *agentServer) readPage(_ context.Context, req *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	uri, text := req.Params.URI, ""
	if name, ok := strings.CutPrefix(uri, referenceURI+"/"); ok {
		name, err := url.PathUnescape(name)
		page, _ := binding.FindPage(m.pages, name)
		if err != nil || page == nil {
			return nil, mcp.ResourceNotFoundError(uri)
		}
		text = page.Text
	} else {
		text = binding.Manual()
	}
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: uri, MIMEType: "text/markdown", Text: text}}}, nil
}

// completePage completes the name of a page in the template of the resources.
func (m *agentServer) completePage(_ context.Context, req *mcp.CompleteRequest) (*mcp.CompleteResult, error) {
	const most = 100 // of the protocol
	values := []string{}
	if ref := req.Params.Ref; ref != nil && ref.URI == referenceTemplate {
		for _, page := range m.pages {
			if strings.HasPrefix(page.Name, req.Params.Argument.Value) {
				values = append(values, page.Name)
			}
		}
	}
	shown := values[:min(len(values), most)]
	return &mcp.CompleteResult{Completion: mcp.CompletionResultDetails{Values: shown, Total: len(values), HasMore: len(values) > len(shown)}}, nil
}

// promptTopics are the pages of the reference that the prompt quotes.
var promptTopics = []string{"calls", "accounts", "values", "errors", "limits"}

func (m *agentServer) addPrompt() {
	m.AddPrompt(&mcp.Prompt{
		Name: "aircall_in_lua", Title: "Script Aircall in Lua",
		Description: "Teaches how scripts call Aircall: calls, accounts, pages, errors and limits.",
		Arguments:   []*mcp.PromptArgument{{Name: "task", Title: "Task", Description: "What the script will be for."}},
	}, func(_ context.Context, req *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		task := req.Params.Arguments["task"]
		if len(task) > m.o.maxMessage() {
			return nil, fmt.Errorf("the task is longer than %d bytes", m.o.maxMessage())
		}
		return &mcp.GetPromptResult{
			Description: "How to script Aircall in Lua",
			Messages:    []*mcp.PromptMessage{{Role: "user", Content: &mcp.TextContent{Text: m.lesson(task)}}},
		}, nil
	})
}

// lesson is the text of the prompt.
func (m *agentServer) lesson(task string) string {
	var b strings.Builder
	b.WriteString("# Script Aircall in Lua\n" + m.instructions() + "\n\n")
	for _, name := range promptTopics {
		page, _ := binding.FindPage(m.pages, name)
		b.WriteString(strings.TrimSpace(page.Text) + "\n\n")
	}
	b.WriteString("## Functions\nread_reference has the page of each:\n")
	documented := binding.Functions()
	for _, f := range documented {
		fmt.Fprintf(&b, "- `%s`: %s\n", f.Name, f.Description)
	}
	fmt.Fprintf(&b, "\nlist_functions lists %d more, such as those that create, change and delete.\n", len(binding.All())-len(documented))
	if task != "" {
		b.WriteString("\n## Task\n" + task + "\n")
	}
	return b.String()
}
