package binding

func listNumbers() Function {
	return Function{
		Name: "list_numbers", Effect: EffectRead,
		Description: "List all phone numbers in the Aircall account.",
		Returns:     "`numbers`, a list of all numbers, and `meta`.",
		Ops:         []string{"list-all-numbers"},
		Example: `local result = app.integrations.aircall.list_numbers({})
for _, number in ipairs(result.numbers) do
print(number.id .. ": " .. number.name .. " - " .. number.number)
end
`,
		handle: func(c *call) (value, error) { return c.all("list-all-numbers", "numbers") },
	}
}
