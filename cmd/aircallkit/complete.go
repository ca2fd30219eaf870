package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// complete sets the words that the shell offers for a flag.
func complete(cmd *cobra.Command, flag string, words ...string) {
	// The only error is a missing flag, and every caller has just added it.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// setCompletions makes the shell offer files only where a value or an argument is one. It comes after all that says what
// else the shell offers.
func setCompletions(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil && !strings.Contains(cmd.Use, "file") && !strings.Contains(cmd.Use, "BEFORE") {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		value, _ := pflag.UnquoteUsage(f)
		_, known := cmd.GetFlagCompletionFunc(f.Name)
		if !known && value != "" && !slices.Contains([]string{"file", "directory", "report"}, value) {
			complete(cmd, f.Name)
		}
	})
	for _, sub := range cmd.Commands() {
		setCompletions(sub)
	}
}

// completeAccounts makes the shell offer the accounts of the running fake for --account.
func (c *controlClient) completeAccounts(cmd *cobra.Command, p *process) {
	_ = cmd.RegisterFlagCompletionFunc("account", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		names, _ := c.accountNames(cmd.Context(), p) // without a fake there is nothing to offer
		return names, cobra.ShellCompDirectiveNoFileComp
	})
}

// idFlags are the flags whose value is the id of a record, with the kind of the record.
var idFlags = map[string]string{"number-id": "numbers", "tag-id": "tags", "user-id": "users", "webhook": "webhooks"}

// completeIDs makes the shell offer the ids of the records of the running fake for the flags that take one.
func (c *controlClient) completeIDs(cmd *cobra.Command, p *process) {
	for flag, kind := range idFlags {
		if cmd.Flags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
				return c.ids(cmd, p, kind), cobra.ShellCompDirectiveNoFileComp
			})
		}
	}
}

// ids returns the ids of the newest records of a kind for the shell to offer, with their names. Without a fake there are none.
func (c *controlClient) ids(cmd *cobra.Command, p *process, kind string) (words []string) {
	fields := map[string]string{"limit": "500"}
	if account := cmd.Flags().Lookup("account"); account != nil {
		fields["account"] = account.Value.String()
	}
	var v map[string]json.RawMessage
	var list []struct {
		ID   any
		Name string
	}
	if c.get(cmd.Context(), p, "/_fake/"+url.PathEscape(kind), fields, &v) == nil && json.Unmarshal(v[kind], &list) == nil {
		for _, r := range list {
			words = append(words, strings.TrimSpace(jsonText(r.ID)+"\t"+printable(r.Name)))
		}
	}
	return words
}
