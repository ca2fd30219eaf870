package binding_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aircallkit/aircallkit/binding"
	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A host gives a script one account of a fake Aircall.
func Example() {
	fake, err := fakeaircall.New(fakeaircall.Options{})
	if err != nil {
		log.Fatal(err)
	}
	if err := fake.Listen("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer fake.Close()

	account := fake.Accounts()[0]
	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: account.APIID, APIToken: account.APIToken, URL: fake.URL(), User: account.User},
	}})
	if err != nil {
		log.Fatal(err)
	}
	result, err := runner.Run(context.Background(), "hello.lua", `
		local call = app.integrations.aircall.get_call({ call_id = 12345 }).call
		print(call.direction, call.status)
		app.integrations.aircall.get_call({ call_id = "?" })`, binding.RunOptions{})
	fmt.Print(result.Output)
	fmt.Println(err)
	// Output:
	// inbound	done
	// hello.lua:4: Invalid arguments for app.integrations.aircall.get_call (wrong: call_id must be an integer from 1 to 9007199254740991, got "?"). Accepted: call_id. No request was made.
}
