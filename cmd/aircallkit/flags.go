package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// choice is a flag that takes one of a few words.
type choice struct {
	value *string
	of    []string
}

func (c choice) String() string { return *c.value }
func (c choice) Type() string   { return strings.Join(c.of, "|") } // what the help shows for the value

func (c choice) Set(word string) error {
	if !slices.Contains(c.of, word) {
		return fmt.Errorf("give one of %s", strings.Join(c.of, ", "))
	}
	*c.value = word
	return nil
}

// choose adds a choice to the command, with the value's default, and offers the words to the shell's completion.
func choose(cmd *cobra.Command, value *string, flag, usage string, of ...string) {
	cmd.Flags().Var(choice{value, of}, flag, usage)
	complete(cmd, flag, of...)
}

func complete(cmd *cobra.Command, flag string, words ...string) {
	// The only error is a flag that is not there, and the lines above have just added it.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// flagProblem says what is wrong with a flag in words of ours where pflag's are strconv's.
func flagProblem(err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	advice := bad.Unwrap().Error()
	switch bad.GetFlag().Value.Type() {
	case "int", "int64":
		advice = "give a whole number"
	case "bool":
		advice = "give true or false"
	case "duration":
		advice = "give a duration such as 30s or 2m"
	case "time":
		advice = "give an instant such as 2026-06-15T09:00:00Z"
	}
	return fmt.Errorf("--%s %q: %s", bad.GetFlag().Name, bad.GetValue(), advice)
}

// takes is how many arguments a command has, at most.
func takes(most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= most {
			return nil
		}
		return unable(fmt.Errorf("%s: unexpected argument %q", cmd.Name(), args[most]), cmd.CommandPath()+" takes "+what)
	}
}
