/*
Package binding gives Lua scripts an Aircall account: the documented functions under app.integrations.aircall, as real
tables and functions, for Aircall itself or a fake of it.

	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: id, APIToken: token, User: "owner@example.com"},
		"sales":   {AccessToken: bearer},
	}})
	...
	result, err := runner.Run(ctx, "report.lua", source, binding.RunOptions{Output: os.Stdout})

Make one Runner and share it between goroutines; every run has its own Lua state, in the sandbox of [Limits].
[Functions] returns the documented functions; [All] adds one for each other operation of Aircall's API, and iterators.
[Manual] is for authors of scripts: the functions one by one, then accounts, values, errors, limits and the language.
Scripts read the same pages through the global docs.
*/
package binding
