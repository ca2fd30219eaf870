package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// resumed tells what was given and does not count, as --state has data already: in one line what was asked of that data and is
// not so, in another whose records were not made again.
func (o *serveOptions) resumed(p *process, srv *fakeaircall.Server) {
	r := srv.Resumed()
	if r == nil {
		return
	}
	anew := "to begin anew stop the fake and delete " + o.state
	if target := o.control.target(srv); target != "" {
		anew += ", or run " + self() + " simulate reset --target " + target
	}
	if ignored := o.ignored(r); len(ignored) > 0 {
		p.complain("warning", fmt.Sprintf("%s has data already, for which %s; %s", o.state, strings.Join(ignored, ", "), anew))
	}
	var kept []string
	for _, name := range r.Accounts {
		if _, ok := o.fixtures[name]; ok {
			kept = append(kept, name)
		}
	}
	if len(kept) > 0 {
		p.complain("hint", fmt.Sprintf("%s has data of %s already, so that the records of %s are not made again; %s", o.state, strings.Join(kept, ", "), o.config, anew))
	}
}

// ignored is what was asked of the data, by flags or the file, and is not so as far as that is known.
func (o *serveOptions) ignored(r *fakeaircall.Resumption) (list []string) {
	asked := func(flag string) bool { return o.flags[flag] || o.settings[flag] }
	add := func(flag, given, has string) {
		what := "--" + flag + " " + given
		if !o.flags[flag] {
			what = flag + " " + given + " of " + o.config
		}
		if has != "" {
			has = " (it has " + has + ")"
		}
		list = append(list, what+" does not count"+has)
	}
	if seed := cmp.Or(o.seed, 1); asked("seed") && seed != r.Seed { // 0 stands for 1
		has := ""
		if r.Seed != 0 {
			has = fmt.Sprint(r.Seed)
		}
		add("seed", fmt.Sprint(seed), has)
	}
	if asked("scale") && o.scale != string(r.Scale) {
		add("scale", o.scale, string(r.Scale))
	}
	if asked("clock") && !o.clock.Equal(r.Start) && !o.clock.Equal(r.Now) {
		add("clock", o.clock.UTC().Format(time.RFC3339), r.Now.Format(time.RFC3339))
	}
	return list
}
