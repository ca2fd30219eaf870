package binding

import "testing"

// Update is the flag, for the tests outside of the package.
var Update = update

// Converter makes of a reply what a script gets of it, again and again.
func Converter(t testing.TB, reply []byte) func() {
	t.Helper()
	r, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, failed := r.newSession("", RunOptions{}, false)
	if failed != nil {
		t.Fatal(failed)
	}
	c := &call{}
	return func() {
		v, err := decode(reply)
		if err != nil {
			t.Fatal(err)
		}
		c.derive(&v)
		s.toLua(s.box.Base(), &v)
	}
}

// InPath reports whether the parameter is a part of the path of the request.
func (p *Param) InPath() bool { return p.in == inPath }
