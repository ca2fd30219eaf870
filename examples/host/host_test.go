package main

import "context"

func Example() {
	host(context.Background(), `print(type(app.integrations.aircall.list_calls))`)
	// Output: function
}
