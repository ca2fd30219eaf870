package binding

import (
	"fmt"
	"strings"

	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// What a source may be like. gopher-lua's compiler goes down into nested code with Go's stack, looks for each constant
// through all of its function, and cannot be stopped: some sources of 256 KB took it half a minute.
const (
	maxOpen      = 200        // brackets, blocks and operators that wait for their right side
	maxLevels    = 1000       // of the syntax tree: a + b + c … is one level for each +
	maxFunctions = 2000       // in one source
	maxLabels    = 1000       // goto and labels, in one source
	maxWritten   = 25_000     // entries of one table constructor; gopher-lua puts those beyond 25,550 elsewhere
	maxLookups   = 10_000_000 // constants of a function, times their uses, over all functions
)

// parse reads a source, and refuses what would take the compiler too long.
func (s *session) parse(source string) ([]ast.Stmt, *ScriptError) {
	if line, what := tooNested(source, s.name); what != "" {
		return nil, s.tooMuchSource(line, what)
	}
	chunk, err := parse.Parse(strings.NewReader(source), s.name)
	if err != nil {
		return nil, s.syntaxError(source, err)
	}
	g := &gauge{}
	g.function(chunk, 0)
	if g.what == "" && g.lookups > maxLookups {
		g.what = "too many different constants; pass data as arguments, or as JSON"
	}
	if g.what != "" {
		return nil, s.tooMuchSource(g.line, g.what)
	}
	return chunk, nil
}

func (s *session) tooMuchSource(line int, what string) *ScriptError {
	e := limitExceeded("The script is too complex: %s.", what)
	if line > 0 {
		e.Where = fmt.Sprintf("%s:%d", s.name, line)
	}
	return e
}

// tooNested reads tokens only, as the parser keeps whatever is open. What is no Lua is left to the parser.
func tooNested(source, name string) (line int, what string) {
	scanner, lexer := parse.NewScanner(strings.NewReader(source), name), &parse.Lexer{}
	open, waiting := 0, 0
	for {
		lexer.PrevTokenType = lexer.Token.Type
		token, err := scanner.Scan(lexer)
		if err != nil || token.Type == parse.EOF {
			return 0, ""
		}
		lexer.Token = token
		switch token.Type {
		case '(', '[', '{', parse.TFunction, parse.TThen, parse.TDo, parse.TRepeat:
			open++
			waiting = 0
		case ')', ']', '}', parse.TEnd, parse.TUntil:
			open = max(open-1, 0)
			waiting = 0
		case parse.TElseIf, parse.TElse: // then follows on elseif, and counts again
			if token.Type == parse.TElseIf {
				open = max(open-1, 0)
			}
			waiting = 0
		case parse.T2Comma, '^', '-', '#', parse.TNot:
			waiting++
		case ',', ';', '=', parse.TLocal, parse.TReturn, parse.TIf, parse.TWhile, parse.TFor, parse.TAnd, parse.TOr, '+', '*', '/', '%':
			waiting = 0
		}
		if open > maxOpen || waiting > maxOpen {
			return token.Pos.Line, fmt.Sprintf("more than %d brackets, blocks or operators wait for their end", maxOpen)
		}
	}
}

// A gauge measures a syntax tree until something about it is too much.
type gauge struct {
	functions, labels, lookups int
	constants                  map[string]struct{} // of the function it is in
	uses                       int
	line                       int
	what                       string
}

func (g *gauge) tooMuch(at ast.PositionHolder, format string, args ...any) {
	if g.what == "" {
		g.line, g.what = at.Line(), fmt.Sprintf(format, args...)
	}
}

func (g *gauge) function(body []ast.Stmt, level int) {
	constants, uses := g.constants, g.uses
	g.constants, g.uses = map[string]struct{}{}, 0
	g.functions++
	g.block(body, level+1)
	g.lookups += len(g.constants) * g.uses
	g.constants, g.uses = constants, uses
}

func (g *gauge) constant(text string) {
	g.uses++
	g.constants[text] = struct{}{}
}

func (g *gauge) block(body []ast.Stmt, level int) {
	for i, stmt := range body {
		if n, ok := stmt.(*ast.AssignStmt); ok && inTurn(n) {
			stmt = atOnce(n)
			body[i] = stmt
		}
		if g.what != "" {
			return
		}
		if level > maxLevels {
			g.tooMuch(stmt, "it is nested in more than %d levels", maxLevels)
			return
		}
		g.statement(stmt, level)
	}
}

func (g *gauge) statement(stmt ast.Stmt, level int) {
	switch n := stmt.(type) {
	case *ast.AssignStmt:
		g.expressions(level, n.Lhs...)
		g.expressions(level, n.Rhs...)
	case *ast.LocalAssignStmt:
		g.expressions(level, n.Exprs...)
	case *ast.FuncCallStmt:
		g.expressions(level, n.Expr)
	case *ast.DoBlockStmt:
		g.block(n.Stmts, level+1)
	case *ast.WhileStmt:
		g.expressions(level, n.Condition)
		g.block(n.Stmts, level+1)
	case *ast.RepeatStmt:
		g.expressions(level, n.Condition)
		g.block(n.Stmts, level+1)
	case *ast.IfStmt:
		g.expressions(level, n.Condition)
		g.block(n.Then, level+1)
		g.block(n.Else, level+1)
	case *ast.NumberForStmt:
		g.expressions(level, n.Init, n.Limit, n.Step)
		g.block(n.Stmts, level+1)
	case *ast.GenericForStmt:
		g.expressions(level, n.Exprs...)
		g.block(n.Stmts, level+1)
	case *ast.FuncDefStmt:
		g.constant(n.Name.Method)
		g.expressions(level, n.Name.Func, n.Name.Receiver)
		g.expressions(level, n.Func)
	case *ast.ReturnStmt:
		g.expressions(level, n.Exprs...)
	case *ast.LabelStmt, *ast.GotoStmt:
		if g.labels++; g.labels > maxLabels {
			g.tooMuch(stmt, "it has more than %d labels and gotos", maxLabels)
		}
	}
}

func (g *gauge) expressions(level int, list ...ast.Expr) {
	for _, e := range list {
		if e == nil || g.what != "" {
			continue
		}
		if level > maxLevels {
			g.tooMuch(e, "an expression has more than %d levels", maxLevels)
			return
		}
		g.expression(e, level+1)
	}
}

func (g *gauge) expression(e ast.Expr, level int) {
	switch n := e.(type) {
	case *ast.NumberExpr:
		g.constant(n.Value)
	case *ast.StringExpr:
		g.constant(n.Value)
	case *ast.IdentExpr:
		g.constant(n.Value)
	case *ast.AttrGetExpr:
		g.expressions(level, n.Object, n.Key)
	case *ast.TableExpr:
		if len(n.Fields) > maxWritten {
			g.tooMuch(n, "a table is written out with more than %d entries; pass data as arguments, or as JSON", maxWritten)
		}
		for _, f := range n.Fields {
			g.expressions(level, f.Key, f.Value)
		}
	case *ast.FuncCallExpr:
		g.constant(n.Method)
		g.expressions(level, n.Func, n.Receiver)
		g.expressions(level, n.Args...)
	case *ast.LogicalOpExpr:
		g.expressions(level, n.Lhs, n.Rhs)
	case *ast.RelationalOpExpr:
		g.expressions(level, n.Lhs, n.Rhs)
	case *ast.StringConcatOpExpr:
		g.expressions(level, n.Lhs, n.Rhs)
	case *ast.ArithmeticOpExpr:
		g.expressions(level, n.Lhs, n.Rhs)
	case *ast.UnaryMinusOpExpr:
		g.expressions(level, n.Expr)
	case *ast.UnaryNotOpExpr:
		g.expressions(level, n.Expr)
	case *ast.UnaryLenOpExpr:
		g.expressions(level, n.Expr)
	case *ast.FunctionExpr:
		if g.functions >= maxFunctions {
			g.tooMuch(n, "it has more than %d functions", maxFunctions)
			return
		}
		g.function(n.Stmts, level)
	}
}
