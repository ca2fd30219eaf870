package binding

import (
	"fmt"
	"slices"

	"github.com/yuin/gopher-lua/ast"
)

// inTurn reports whether gopher-lua 1.1.2 would get an assignment wrong. It writes variables while the values for the
// others are still to be read, so that a, b = b, a makes both b, and miscounts its registers where fields are among the
// targets. Only if all of them are fields it does well.
func inTurn(n *ast.AssignStmt) bool {
	const most = 100 // the compiler has no registers for many more
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

// atOnce writes an assignment as Lua means it: tables and keys are looked up first, then all values are, and then the
// targets get theirs, the last one first.
//
//	i, t[i] = i + 1, 20  →  do local (o2), (k2) = t, i local (v1), (v2) = i + 1, 20 (o2)[(k2)] = (v2) i = (v1) end
func atOnce(n *ast.AssignStmt) ast.Stmt {
	at := func(node interface {
		SetLine(int)
		SetLastLine(int)
	}) {
		node.SetLine(n.Line())
		node.SetLastLine(n.LastLine())
	}
	name := func(kind string, i int) *ast.IdentExpr {
		e := &ast.IdentExpr{Value: fmt.Sprintf("(%s%d)", kind, i+1)} // no script can say this name
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
			places.Exprs = append(places.Exprs, single(field.Object), single(field.Key))
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

// single keeps a call from giving more values than one.
func single(e ast.Expr) ast.Expr {
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
