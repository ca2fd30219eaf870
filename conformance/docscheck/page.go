package docscheck

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/gopher-lua/parse"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/conformance/scenario"
)

// page is a reference of the Lua functions in Markdown, the shipped one or another.
type page struct {
	blocks    []pageBlock
	functions []string          // the chapters that have parameters
	params    map[string]string // the row of the table, by "list_calls.page"
	lines     map[string]int    // of functions and parameters
}

// pageBlock is one fenced block.
type pageBlock struct {
	id     string
	kind   blockKind
	line   int // of its first line, from 1
	source string
	hash   string
}

// blockKind is the purpose of a block.
type blockKind string

const (
	blockRun       blockKind = "run"       // Lua that can be executed as it is
	blockSignature blockKind = "signature" // Lua that shows a form, and is not a script
	blockFragment  blockKind = "fragment"  // a piece of a value
	blockOutput    blockKind = "output"    // what a script prints
	blockOther     blockKind = "other"
)

var blockKinds = []blockKind{blockRun, blockSignature, blockFragment, blockOutput, blockOther}

// readPage reads a page. A block is named after its chapter and the heading above it: "create_contact/email-object"; the Lua
// block of a chapter has the name of the chapter, as [binding.Examples] does.
func readPage(source []byte) (*page, error) {
	p := &page{params: map[string]string{}, lines: map[string]int{}}
	seen := map[string]int{}
	var chapter, heading string
	lineOf := func(n ast.Node) int {
		return 1 + bytes.Count(source[:n.Lines().At(0).Start], []byte("\n"))
	}
	for n := goldmark.DefaultParser().Parse(text.NewReader(source)).FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			switch title := string(n.Lines().Value(source)); n.Level {
			case 2:
				chapter, heading = title, ""
			case 3:
				if heading = title; title == "Parameters" {
					p.functions = append(p.functions, chapter)
					p.lines[chapter] = lineOf(n)
				}
			}
		case *ast.Paragraph:
			if heading == "Parameters" {
				p.readTable(chapter, string(n.Lines().Value(source)), lineOf(n))
			}
		case *ast.FencedCodeBlock:
			if n.Lines().Len() == 0 {
				continue
			}
			b := pageBlock{line: lineOf(n), source: string(n.Lines().Value(source))}
			b.id, b.kind = blockName(chapter, heading, string(n.Language(source)))
			if seen[b.id]++; seen[b.id] > 1 {
				b.id = fmt.Sprintf("%s-%d", b.id, seen[b.id])
			}
			b.hash = blockHash(string(n.Language(source)), b.source)
			p.blocks = append(p.blocks, b)
		}
	}
	if len(p.functions) == 0 || len(p.blocks) == 0 {
		return nil, fmt.Errorf("it is not a reference: it has %d chapters with parameters and %d blocks", len(p.functions), len(p.blocks))
	}
	return p, nil
}

func blockName(chapter, heading, language string) (string, blockKind) {
	id := scenario.Slug(chapter)
	if id == "multi-account-usage" {
		id = binding.MultiAccount
	}
	if language == "lua" {
		return id, blockRun
	}
	if heading != "" {
		id += "/" + scenario.Slug(heading)
	}
	switch language {
	case "json":
		return id, blockFragment
	case "", "text", "txt", "output":
		return id, blockOutput
	}
	return id, blockOther
}

// readTable takes the rows "| `page` | integer | no | Page number |".
func (p *page) readTable(chapter, rows string, line int) {
	for i, row := range strings.Split(rows, "\n") {
		cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
		name := strings.TrimSpace(cells[0])
		if len(cells) < 2 || len(name) < 3 || name[0] != '`' {
			continue
		}
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(c), " ")
		}
		name = chapter + "." + strings.Trim(name, "`")
		p.params[name], p.lines[name] = strings.Join(cells[1:], " | "), line+i
	}
}

func (p *page) block(id string) (pageBlock, bool) {
	for _, b := range p.blocks {
		if b.id == id {
			return b, true
		}
	}
	return pageBlock{}, false
}

// blockHash returns a hash of a block that does not depend on its layout: of the tokens of Lua without comments, of JSON
// without blanks, of the words of other text and of text that cannot be parsed.
func blockHash(language, source string) string {
	words := strings.Fields(source)
	switch language {
	case "lua":
		if tokens, err := luaTokens(source); err == nil {
			words = tokens
		}
	case "json":
		var b bytes.Buffer
		if json.Compact(&b, []byte(source)) == nil {
			words = []string{b.String()}
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(words, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// luaTokens returns the type and the text of each token of a script.
func luaTokens(source string) (words []string, err error) {
	sc, lexer := parse.NewScanner(strings.NewReader(source), "block"), &parse.Lexer{}
	for {
		t, err := sc.Scan(lexer)
		if err != nil || t.Type == parse.EOF {
			return words, err
		}
		words = append(words, fmt.Sprint(t.Type), t.Str)
	}
}
