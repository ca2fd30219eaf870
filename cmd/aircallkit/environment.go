package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// environmentHelp is the part of a command's help about variables.
const environmentHelp = `Each flag can also be given as an environment variable: AIRCALLKIT_RATE_LIMIT is --rate-limit. A
flag on the command line wins, then the variable, then the --config file. Commas separate the values
of a flag that may be repeated. PORT sets the port of the default address.`

// variable returns the environment variable of a flag.
func variable(flag string) string {
	return "AIRCALLKIT_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// setFromEnvironment sets the flags that are not on the command line to the values of their variables. It returns the variables
// by flag. An empty variable counts as unset.
func (p *process) setFromEnvironment(flags *pflag.FlagSet) (by map[string]string, err error) {
	by = map[string]string{}
	set := func(f *pflag.Flag, name string, values ...string) {
		by[f.Name] = name
		for _, v := range values {
			if wrong := flags.Set(f.Name, v); wrong != nil && err == nil {
				err = inVariables(flagProblem(wrong), by)
			}
		}
	}
	flags.VisitAll(func(f *pflag.Flag) {
		value := p.getenv(variable(f.Name))
		if f.Changed || value == "" || f.Name == "help" {
			return
		}
		values := []string{value}
		if f.Value.Type() == "stringArray" {
			values = strings.Split(value, ",")
		}
		set(f, variable(f.Name), values...)
	})
	if port := p.getenv("PORT"); port != "" && !flags.Changed("addr") {
		if _, wrong := strconv.ParseUint(port, 10, 16); wrong != nil && err == nil {
			return nil, fmt.Errorf("PORT %q: give a port from 0 to 65535", port)
		}
		set(flags.Lookup("addr"), "PORT", "127.0.0.1:"+port)
	}
	return by, err
}

// inVariables returns an error that names the variables of flags, where they were set by variables.
func inVariables(err error, by map[string]string) error {
	if err == nil || len(by) == 0 {
		return err
	}
	f := failure{code: exitUnable, err: err}
	if known, ok := errors.AsType[*failure](err); ok {
		f = *known
	}
	if f.err != nil {
		text := f.err.Error()
		for flag, name := range by {
			text = regexp.MustCompile(`--`+flag+`([^-\w]|$)`).ReplaceAllString(text, name+"$1")
		}
		f.err = errors.New(text)
	}
	return &f
}
