package gotest

import (
	"context"
	"log"
	"os"
	"testing"

	"github.com/aircallkit/aircallkit/binding"
)

func TestScript(t *testing.T) {
	script(t.Context(), `print(type(app.integrations.aircall.list_calls))`)
}

func script(ctx context.Context, source string) {
	runner, err := binding.New(binding.Config{Accounts: map[string]binding.Account{
		"default": {APIID: os.Getenv("AIRCALL_API_ID"), APIToken: os.Getenv("AIRCALL_API_TOKEN")},
	}})
	if err != nil {
		log.Fatal(err)
	}
	result, err := runner.Run(ctx, "report.lua", source, binding.RunOptions{Output: os.Stdout})
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d calls in %v", len(result.Calls), result.Duration)
}
