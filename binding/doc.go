/*
Package binding gives Lua scripts an Aircall account: the documented functions under app.integrations.aircall, as real
tables and functions, on Aircall itself or on a fake of it.

	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: id, APIToken: token, User: "owner@example.com"},
		"sales":   {AccessToken: bearer},
	}})
	...
	result, err := runner.Run(ctx, "report.lua", source, binding.RunOptions{Output: os.Stdout})

A Runner is made once and serves any number of goroutines; every run has a Lua state of its own. [Functions] are those
that are documented, [All] has one for each operation of Aircall's API and iterators beside them. [Manual] is for who
writes the scripts: the functions one by one, then accounts, values, errors, limits and the language. Scripts read the
same pages through the global docs.
*/
package binding
