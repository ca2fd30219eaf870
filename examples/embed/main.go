// Command embed runs one Lua script against a fake at http://127.0.0.1:8787.
package main

import (
	"context"
	"log"
	"os"

	"github.com/aircallkit/aircallkit/binding"
)

func main() {
	fake := binding.Account{
		URL: "http://127.0.0.1:8787", APIID: "fake-default-id", APIToken: "fake-default-token",
	}
	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{"default": fake}})
	if err != nil {
		log.Fatal(err)
	}
	script := `print(app.integrations.aircall.get_call({call_id = 12345}).call.status)`
	options := binding.RunOptions{Output: os.Stdout}
	if _, err := runner.Run(context.Background(), "report.lua", script, options); err != nil {
		log.Fatal(err)
	}
}
