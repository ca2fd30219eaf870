package binding

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

// hold keeps a request that a dry run does not send, if it would write.
func (c *call) hold(name string, req aircall.Request) bool {
	op := operation(name)
	if !c.dry || op.Method == "GET" {
		return false
	}
	c.held, c.heldOps = append(c.held, req), append(c.heldOps, op)
	return true
}

func operation(name string) aircall.Op {
	ops := aircall.Ops()
	i := slices.IndexFunc(ops, func(op aircall.Op) bool { return op.Name == name })
	if i < 0 {
		return aircall.Op{Name: name}
	}
	return ops[i]
}

// wouldSend is the result of a dry run: dry_run, and the first request as method, path and body; if there are more,
// requests has them all. Of a host's function it tells the arguments.
func (c *call) wouldSend() value {
	result := objectValue(member{"dry_run", boolValue(true)})
	var all []value
	for i, req := range c.held {
		sent := objectValue()
		if i < len(c.heldOps) {
			sent.set("method", stringValue(c.heldOps[i].Method))
			sent.set("path", stringValue(filled(c.heldOps[i].Path, req)))
		}
		if tree, err := decode(encoded(req.Body)); err == nil && !tree.null() {
			sent.set("body", tree)
		}
		all = append(all, sent)
	}
	if len(all) > 0 {
		result.members = append(result.members, all[0].members...)
	}
	if len(all) > 1 {
		result.set("requests", value{kind: kindArray, list: all})
	}
	return result
}

func encoded(body any) []byte {
	data, err := json.Marshal(body)
	if err != nil {
		return nil
	}
	return data
}

// filled is a route with its values in the places of the names in braces.
func filled(path string, req aircall.Request) string {
	for _, v := range req.Path {
		before, rest, found := strings.Cut(path, "{")
		if !found {
			break
		}
		_, after, _ := strings.Cut(rest, "}")
		path = before + url.PathEscape(v) + after
	}
	if len(req.Query) > 0 {
		path += "?" + req.Query.Encode()
	}
	return path
}
