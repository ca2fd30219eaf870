package luabox

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Limits of a source. gopher-lua's compiler recurses into nested code on Go's stack, searches all constants of a function
// for each use of one, and cannot be stopped: some sources of 256 KB took it half a minute.
const (
	maxOpen      = 200        // brackets, blocks and operators that are open at once
	maxLevels    = 1000       // of the syntax tree: a + b + c … is one level for each +
	maxFunctions = 2000       // in one source
	maxLabels    = 1000       // goto and labels, in one source
	maxWritten   = 25_000     // entries of one table constructor; gopher-lua puts those beyond 25,550 elsewhere
	maxHinted    = 1000       // bytes of a line that are searched for signs of other dialects
	maxLookups   = 10_000_000 // constants of a function, times their uses, over all functions
)

// Load compiles a script, or returns an *Error of kind syntax_error or limit_exceeded.
func (s *State) Load(source string) (*lua.LFunction, error) {
	if most := s.options.Limits.Source; len(source) > most {
		return nil, limitError("The script has %d bytes, the most is %d.", len(source), most)
	}
	if strings.HasPrefix(source, "#") { // the first line of an executable file
		source = "--" + source
	}
	chunk, failed := s.parse(source)
	if err := s.meter.Err(); err != nil {
		return nil, &Error{Kind: KindTimeout, Message: "not begun", Err: err}
	}
	if failed != nil {
		return nil, failed
	}
	proto, err := lua.Compile(chunk, s.options.Name)
	if err != nil {
		return nil, s.syntaxError(source, err)
	}
	limitMaps(proto)
	return s.thread.NewFunctionFromProto(proto), nil
}

// parse parses a source, and fails if compiling it would take too long.
func (s *State) parse(source string) ([]ast.Stmt, *Error) {
	c := &complexity{ended: s.Ended}
	if line, what := tooNested(s.reader(source), s.options.Name, c.token); what != "" {
		return nil, s.tooMuchSource(line, what)
	}
	chunk, err := parse.Parse(s.reader(source), s.options.Name)
	if err != nil {
		return nil, s.syntaxError(source, err)
	}
	c.function(reflect.ValueOf(chunk), 0)
	if c.what == "" && c.lookups > maxLookups {
		c.what = "too many different constants; pass data as arguments, or as JSON"
	}
	if c.what != "" {
		return nil, s.tooMuchSource(c.line, c.what)
	}
	if c.malformed != nil {
		near := strings.TrimRight(c.malformed.Value, " \n\xff") // gopher-lua's byte for the end of the source
		return nil, s.syntaxError(source, &parse.Error{Pos: ast.Position{Line: c.malformed.Line()}, Message: "malformed number", Token: near})
	}
	if line, escape := largeEscape(source, c.strings); line > 0 {
		return nil, s.syntaxError(source, &parse.Error{Pos: ast.Position{Line: line}, Message: "escape sequence too large", Token: escape})
	}
	return chunk, nil
}

// A sourceReader reads a source, which ends early when the run is over.
type sourceReader struct {
	strings.Reader
	ended func() bool
}

func (s *State) reader(source string) io.Reader {
	return &sourceReader{*strings.NewReader(source), s.Ended}
}

// Read implements io.Reader.
func (r *sourceReader) Read(b []byte) (int, error) {
	if r.ended() {
		return 0, io.EOF
	}
	return r.Reader.Read(b)
}

func (s *State) syntaxError(source string, err error) *Error {
	lines := strings.Split(source, "\n")
	e := &Error{Kind: KindSyntax, Message: strings.TrimSpace(err.Error()), Err: err}
	line := 0
	var parsing *parse.Error
	var compiling *lua.CompileError
	switch {
	case errors.As(err, &parsing) && parsing.Pos.Line < 1:
		line, e.Message = len(lines), parsing.Message+" near the end of the script"
	case errors.As(err, &parsing):
		line, e.Message = parsing.Pos.Line, parsing.Message+" near "+Quote(parsing.Token)
	case errors.As(err, &compiling):
		line, e.Message = compiling.Line, compiling.Message
	}
	if line > 0 {
		e.Where = fmt.Sprintf("%s:%d", s.options.Name, line)
		text := lines[min(line, len(lines))-1]
		e.Hint = dialectHint(text[:min(len(text), maxHinted)])
	}
	return e
}

// luau has signs of Luau and other dialects, which authors of scripts often write.
var luau = []struct {
	sign *regexp.Regexp
	hint string
}{
	{regexp.MustCompile(`[-+*/%^]=|\.\.=`), "this is Lua 5.1: write x = x + 1"},
	{regexp.MustCompile("`"), `this is Lua 5.1: write "a" .. b, Lua has no backtick strings`},
	{regexp.MustCompile(`\bcontinue\b`), "this is Lua 5.1: there is no continue; put the rest of the loop into an if, or goto a label at its end"},
	{regexp.MustCompile(`!=`), "this is Lua 5.1: write a ~= b"},
	{regexp.MustCompile(`//`), "this is Lua 5.1: write math.floor(a / b), comments begin with --"},
	{regexp.MustCompile(`\blocal\s+\w+\s*:\s*\w+`), "this is Lua 5.1: variables have no types"},
}

func dialectHint(line string) string {
	for _, l := range luau {
		if l.sign.MatchString(line) {
			return l.hint
		}
	}
	return ""
}

// Check returns the parser's error for a chunk of Lua, or nil.
func Check(source string) error {
	if line, _ := tooNested(strings.NewReader(source), "", func(ast.Token) {}); line > 0 {
		return errNested // parsing it would take too long; running it says so
	}
	_, err := parse.Parse(strings.NewReader(source), "")
	return err
}

var errNested = errors.New("nested too deeply")

// Incomplete reports whether source, as a chunk or as an expression, only lacks its end.
func Incomplete(source string) bool {
	statement, expression := Check(source), Check("return "+source)
	return statement != nil && expression != nil && (atEnd(statement) || atEnd(expression))
}

func atEnd(err error) bool {
	var e *parse.Error
	return errors.As(err, &e) && e.Pos.Line == parse.EOF && e.Message != "unterminated string"
}

func (s *State) tooMuchSource(line int, what string) *Error {
	e := limitError("The script is too complex: %s.", what)
	if line > 0 {
		e.Where = fmt.Sprintf("%s:%d", s.options.Name, line)
	}
	return e
}

// tooNested counts open blocks in the tokens, because the parser keeps them on its stack. It ignores syntax errors, and passes
// all tokens to each.
func tooNested(source io.Reader, name string, each func(ast.Token)) (line int, what string) {
	scanner, lexer := parse.NewScanner(source, name), &parse.Lexer{}
	open, waiting := 0, 0
	for {
		lexer.PrevTokenType = lexer.Token.Type
		token, err := scanner.Scan(lexer)
		if err != nil || token.Type == parse.EOF {
			return 0, ""
		}
		lexer.Token = token
		each(token)
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

// A complexity measures a syntax tree until something exceeds a limit. On the way it rewrites what gopher-lua compiles wrongly.
type complexity struct {
	functions, labels, lookups int
	constants                  map[string]struct{} // of the function it is in
	uses                       int
	line                       int
	what                       string
	ended                      func() bool

	last           int            // the type of the last token
	localFunctions []bool         // of each local, in the order of the source: whether it is local function f
	strings        []ast.Position // where strings begin
	malformed      *ast.NumberExpr
}

func (c *complexity) tooMuch(at ast.PositionHolder, format string, args ...any) {
	if c.what == "" {
		c.line, c.what = at.Line(), fmt.Sprintf(format, args...)
	}
}

// function measures the body of a function, which has its own constants.
func (c *complexity) function(body reflect.Value, level int) {
	constants, uses := c.constants, c.uses
	c.constants, c.uses = map[string]struct{}{}, 0
	c.functions++
	c.nodes(body, level)
	c.lookups += len(c.constants) * c.uses
	c.constants, c.uses = constants, uses
}

// token notes what the syntax tree does not show.
func (c *complexity) token(t ast.Token) {
	if c.last == parse.TLocal {
		c.localFunctions = append(c.localFunctions, t.Type == parse.TFunction)
	}
	if t.Type == parse.TString {
		c.strings = append(c.strings, t.Pos)
	}
	c.last = t.Type
}

// local rewrites local f = function() … end. gopher-lua takes it for local function f, in which f is the function itself.
func (c *complexity) local(n *ast.LocalAssignStmt) {
	if strings.HasPrefix(n.Names[0], "(") || len(c.localFunctions) == 0 {
		return // of rewriteAssignment
	}
	isFunction := c.localFunctions[0]
	c.localFunctions = c.localFunctions[1:]
	if !isFunction && len(n.Names) == 1 && len(n.Exprs) == 1 {
		if f, ok := n.Exprs[0].(*ast.FunctionExpr); ok {
			nothing := &ast.NilExpr{}
			nothing.SetLine(f.LastLine())
			n.Exprs = append(n.Exprs, nothing)
		}
	}
}

// number writes a number in a way that gopher-lua reads rightly. It takes a numeral that it cannot read for not a number, and
// reads 0010 as 8.
func (c *complexity) number(n *ast.NumberExpr) {
	if x, ok := parseNumber(n.Value); ok {
		n.Value = strconv.FormatFloat(x, 'g', -1, 64)
	} else if c.malformed == nil {
		c.malformed = n
	}
}

// threeDigits is how \256 and above begin.
var threeDigits = regexp.MustCompile(`\\[2-9][0-9][0-9]`)

// largeEscape returns the line of the first of the strings that has an escape above \255, and the escape, or 0.
// gopher-lua takes another character.
func largeEscape(source string, begin []ast.Position) (line int, escape string) {
	if !threeDigits.MatchString(source) {
		return 0, ""
	}
	lines := strings.SplitAfter(strings.NewReplacer("\r\n", "\n", "\n\r", "\n", "\r", "\n").Replace(source), "\n")
	for _, at := range begin {
		text, line := lines[at.Line-1][at.Column-1:], at.Line
		quote := text[0]
		if quote == '[' {
			continue
		}
		for i := 1; text[i] != quote; i++ {
			if text[i] != '\\' {
				continue
			}
			if escape := threeDigits.FindString(text[i:min(i+4, len(text))]); escape > `\255` {
				return line, escape
			}
			if i++; text[i] == '\n' && line < len(lines) { // the string goes on in the next line
				text, i = string(quote)+lines[line], 0
				line++
			}
		}
	}
	return 0, ""
}

func (c *complexity) constant(text string) {
	c.uses++
	c.constants[text] = struct{}{}
}

// nodes measures a field of a node that holds a node or a list of nodes.
func (c *complexity) nodes(v reflect.Value, level int) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() && c.what == "" && !c.ended() {
			c.node(v.Interface(), level+1)
		}
	case reflect.Slice:
		for i := range v.Len() {
			if n, ok := v.Index(i).Interface().(*ast.AssignStmt); ok && needsRewrite(n) {
				v.Index(i).Set(reflect.ValueOf(rewriteAssignment(n)))
			}
			c.nodes(v.Index(i), level)
		}
	}
}

// node measures a statement, an expression or a part of one.
func (c *complexity) node(n any, level int) {
	if at, ok := n.(ast.PositionHolder); ok && level > maxLevels {
		c.tooMuch(at, "it is nested in more than %d levels", maxLevels)
		return
	}
	switch n := n.(type) {
	case *ast.LocalAssignStmt:
		c.local(n)
	case *ast.RepeatStmt: // the fields of all others are in the order of the source
		c.nodes(reflect.ValueOf(n.Stmts), level)
		c.nodes(reflect.ValueOf(&n.Condition).Elem(), level)
		return
	case *ast.NumberExpr:
		c.number(n)
		c.constant(n.Value)
	case *ast.StringExpr:
		c.constant(n.Value)
	case *ast.IdentExpr:
		c.constant(n.Value)
	case *ast.FuncCallExpr:
		c.constant(n.Method)
	case *ast.FuncName:
		c.constant(n.Method)
	case *ast.TableExpr:
		if len(n.Fields) > maxWritten {
			c.tooMuch(n, "a table is written out with more than %d entries; pass data as arguments, or as JSON", maxWritten)
		}
	case *ast.LabelStmt, *ast.GotoStmt:
		if c.labels++; c.labels > maxLabels {
			c.tooMuch(n.(ast.Stmt), "it has more than %d labels and gotos", maxLabels)
		}
	case *ast.FunctionExpr:
		if c.functions >= maxFunctions {
			c.tooMuch(n, "it has more than %d functions", maxFunctions)
			return
		}
		c.function(reflect.ValueOf(n.Stmts), level)
		return
	}
	fields := reflect.ValueOf(n).Elem()
	for i := range fields.NumField() {
		c.nodes(fields.Field(i), level)
	}
}

// needsRewrite reports whether gopher-lua 1.1.2 compiles an assignment wrongly. It writes variables before it has read the
// values for the others, so that a, b = b, a makes both b, and miscounts its registers if fields are among the targets. It
// is right only if all targets are fields. It calls a function over the locals behind the last parameter of a function if
// the call is in parentheses, or not the last value, and is assigned to that parameter.
func needsRewrite(n *ast.AssignStmt) bool {
	const most = 100 // the compiler has few more registers
	if len(n.Lhs) == 1 {
		_, variable := n.Lhs[0].(*ast.IdentExpr)
		call, ok := n.Rhs[0].(*ast.FuncCallExpr)
		return variable && ok && (call.AdjustRet || len(n.Rhs) > 1) && len(n.Rhs) <= most
	}
	if len(n.Lhs) < 2 || len(n.Lhs) > most {
		return false
	}
	for _, target := range n.Lhs {
		if _, ok := target.(*ast.IdentExpr); ok {
			return true
		}
	}
	return false
}

// rewriteAssignment returns statements that do what Lua defines for an assignment: evaluate tables and keys first, then all
// values, and then assign to the targets, the last one first.
//
//	i, t[i] = i + 1, 20  →  do local (o2), (k2) = t, i local (v1), (v2) = i + 1, 20 (o2)[(k2)] = (v2) i = (v1) end
func rewriteAssignment(n *ast.AssignStmt) ast.Stmt {
	at := func(node interface {
		SetLine(int)
		SetLastLine(int)
	}) {
		node.SetLine(n.Line())
		node.SetLastLine(n.LastLine())
	}
	name := func(kind string, i int) *ast.IdentExpr {
		e := &ast.IdentExpr{Value: fmt.Sprintf("(%s%d)", kind, i+1)} // a name that no script can use
		at(e)
		return e
	}
	block, places, values := &ast.DoBlockStmt{}, &ast.LocalAssignStmt{}, &ast.LocalAssignStmt{Exprs: n.Rhs}
	at(block)
	at(places)
	at(values)
	var sets []ast.Stmt
	for i, target := range n.Lhs {
		if field, ok := target.(*ast.AttrGetExpr); ok {
			o, k := name("o", i), name("k", i)
			places.Names = append(places.Names, o.Value, k.Value)
			places.Exprs = append(places.Exprs, adjustToOne(field.Object), adjustToOne(field.Key))
			to := &ast.AttrGetExpr{Object: o, Key: k}
			at(to)
			target = to
		}
		v := name("v", i)
		values.Names = append(values.Names, v.Value)
		set := &ast.AssignStmt{Lhs: []ast.Expr{target}, Rhs: []ast.Expr{v}}
		at(set)
		sets = append(sets, set)
	}
	if len(places.Names) > 0 {
		block.Stmts = append(block.Stmts, places)
	}
	slices.Reverse(sets)
	block.Stmts = append(append(block.Stmts, values), sets...)
	return block
}

// adjustToOne makes a call or ... return one value only.
func adjustToOne(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		one := *e
		one.AdjustRet = true
		return &one
	case *ast.Comma3Expr:
		one := *e
		one.AdjustRet = true
		return &one
	}
	return e
}
