/*
Package binding gives Lua scripts an Aircall account: the documented functions under app.integrations.aircall, as real
tables and functions, on Aircall itself or on a fake of it.

	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: id, APIToken: token, User: "owner@example.com"},
		"sales":   {AccessToken: bearer},
	}})
	...
	result, err := runner.Run(ctx, "report.lua", source, binding.RunOptions{Output: os.Stdout})

A Runner is made once and serves any number of goroutines; every run has a Lua state of its own. What follows is for who
writes the scripts; [Reference] has the functions one by one.

# Calls

	local result = app.integrations.aircall.list_calls({ direction = "inbound", per_page = 10 })
	for _, call in ipairs(result.calls) do print(call.id, call.from, call.duration) end

A function takes one table of named arguments, or its arguments by position. All arguments are checked before anything is
sent; one error then tells all that is wrong. Dates are ISO 8601 or UNIX seconds: without a zone they are UTC, without a
time midnight. Results are fresh tables in the shape of Aircall's JSON, with every field Aircall sent.

list_calls filters by tags given as names or ids; a call must carry all of them. number_id, and q in list_contacts when
it is neither an e-mail nor a telephone number, are not offered by Aircall: the function then reads page after page,
50 items each and 40 pages at most, and meta.scanned and meta.truncated say how far it came. Such a q is sought, without
regard to case, in "first name last name"; the company's name does not count. list_users and list_numbers read all
pages. update_contact makes phone_numbers and emails what is given, entry by entry, compared by value; an entry without
label keeps the one it has, a new one becomes "Work".

# Accounts

	app.integrations.aircall.get_call({ call_id = 12345 })          -- the default account
	app.integrations.aircall.default.get_call({ call_id = 12345 })  -- the same
	app.integrations.aircall.sales.get_call({ call_id = 12345 })    -- account "sales"

Accounts never share credentials. app.accounts("aircall") lists them, app.has("integrations.aircall.sales") asks for one;
any other unknown name raises where it is read.

# Derived fields

Some documented fields are not in Aircall's answers. They are added where they are absent or null:

	call.from, call.to                 from raw_digits, number.digits and direction; "unknown" without them
	call.duration                      0
	user.first_name, user.last_name    name, cut at its first space; also in call.user, assigned_to, transferred_by,
	                                   transferred_to, and in the users of a number
	number.number                      digits, or "unknown"; also in call.number
	contact.first_name, last_name,     ""; also in call.contact, and for label and value of its phone_numbers
	company_name, information          and emails

# Values

A null field is absent, so x.field or "none" works; a null in a list is json.null. Whole numbers beyond 2^53 arrive as
strings of digits. json.encode, json.decode, json.array and json.null convert; a table with the keys 1 to n is a list, an
empty one an object unless json.array marked it. print, tostring and dump show tables as indented text.

# Errors

Functions raise tables that pass for strings: print, .., tostring, string.format and e:match work on the text
"script.lua:12: Aircall API error (404): …".

	local ok, e = pcall(app.integrations.aircall.get_call, { call_id = 1 })
	if not ok and e.type == "not_found" then print(e.status, e.hint) end

Fields: type, message, where, path, account, status, retry_after (seconds), retryable, effect ("read" or "write"),
effect_status ("none", "succeeded", "partial", "unknown"), hint, details. Types: invalid_arguments, unknown_function,
unknown_account, unknown_integration, not_configured, no_current_user, unauthorized, forbidden, not_found, rate_limited,
api_error, server_error, invalid_response, network, timeout, canceled, limit_exceeded, internal. After "partial",
details.done, details.not_done and details.contact tell how far update_contact came.

# The language

Lua 5.1 with goto, no Luau. There are the base functions, table, string, math, coroutine, os.time, os.date, os.clock,
os.difftime and debug.traceback; nothing that reaches files, processes, modules or other code. [Limits] bounds time,
calls, output and sizes. The end of the time cannot be caught.
*/
package binding
