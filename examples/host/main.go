// Command host is a program that lets its users script Aircall in Lua:
//
//	go run ./examples/host report.lua
package main

import (
	"context"
	"log"
	"os"

	"github.com/aircallkit/aircallkit/binding"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: host script.lua")
	}
	source, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	host(context.Background(), string(source))
}

func host(ctx context.Context, source string) {
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
