// Package yamllimit refuses YAML files that would cost the parser more memory or time than a file that a person writes:
// the parser needs gigabytes for deep nesting, and minutes for an object with many keys.
package yamllimit

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

const (
	maxDepth = 50   // lists and objects around a value
	maxKeys  = 1000 // of one object: the time of the parser is quadratic in it
	maxMarks = 10   // anchors and tags in a row
	maxParts = 1_000_000
)

// A block is a list or an object that begins in a column; -1: it is in brackets.
type block struct{ column, keys int }

// Check returns an error with its line if a file is nested too deeply, or has an object with too many keys. Without
// aliases, it also refuses those: a small file with aliases of aliases could have billions of values.
func Check(data []byte, aliases bool) (line int, err error) {
	var open []block
	marks := 0
	for i, t := range lexer.Tokenize(string(data)) {
		switch {
		case t.Type == token.AnchorType || t.Type == token.TagType:
			marks++
		case t.Prev == nil || t.Prev.Type != token.AnchorType: // the name of an anchor follows as a token
			marks = 0
		}
		switch t.Type {
		case token.DocumentHeaderType, token.DocumentEndType:
			open = nil
		case token.SequenceStartType, token.MappingStartType:
			open = append(open, block{column: -1})
		case token.SequenceEndType, token.MappingEndType:
			open = closeBracket(open)
		case token.SequenceEntryType, token.MappingKeyType:
			open = inColumn(open, t.Position.Column)
		case token.MappingValueType:
			open = inColumn(open, keyColumn(t))
			if n := len(open); n > 0 {
				open[n-1].keys++
			}
		case token.AliasType:
			if !aliases {
				return t.Position.Line, errors.New("an alias cannot be used here: write the value")
			}
		}
		n := len(open)
		switch {
		case i >= maxParts:
			return t.Position.Line, fmt.Errorf("more than %d keys, values and signs", maxParts)
		case n > maxDepth:
			return t.Position.Line, fmt.Errorf("more than %d lists and objects within each other", maxDepth)
		case n > 0 && open[n-1].keys > maxKeys:
			return t.Position.Line, fmt.Errorf("an object with more than %d keys", maxKeys)
		case marks > maxMarks:
			return t.Position.Line, fmt.Errorf("more than %d anchors or tags in a row", maxMarks)
		}
	}
	return 0, nil
}

// keyColumn returns the column of the key before a colon.
func keyColumn(colon *token.Token) int {
	if colon.Prev == nil || colon.Prev.Position.Line != colon.Position.Line {
		return colon.Position.Column
	}
	return colon.Prev.Position.Column
}

// inColumn ends the blocks that a line in a column ends, and begins one there. In brackets columns mean nothing.
func inColumn(open []block, column int) []block {
	n := len(open)
	for n > 0 && open[n-1].column > column {
		n--
	}
	if n > 0 && (open[n-1].column < 0 || open[n-1].column == column) {
		return open[:n]
	}
	return append(open[:n], block{column: column})
}

// closeBracket ends the innermost list or object in brackets, and all blocks within.
func closeBracket(open []block) []block {
	for n := len(open); n > 0; n-- {
		if open[n-1].column < 0 {
			return open[:n-1]
		}
	}
	return open
}
