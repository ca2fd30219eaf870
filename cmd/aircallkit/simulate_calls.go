package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// callDrives let things happen.
func callDrives() []drive {
	return []drive{
		callDrive("inbound", "Let somebody call the company",
			`  aircallkit simulate inbound --outcome answered --ring 6s --talk 1m
  aircallkit simulate inbound --account sales --from +33199000042 --outcome missed --reason short_abandoned
  aircallkit simulate inbound --number-id 1234 --keys 1,2`,
			"who calls", "the company's line that is called", "who takes the call", fakeaircall.Outcomes()),
		callDrive("outbound", "Let somebody of the company call out",
			`  aircallkit simulate outbound --to +33199000042 --outcome answered --talk 90s
  aircallkit simulate outbound --user-id 7 --outcome missed`,
			"the company's line that calls", "who is called", "who calls", []string{"answered", "missed", "declined"}),
		{
			use: "act CALL ACTION", short: "Let something happen in a call",
			long:    "Let something happen now in a call, by its id. The actions are " + strings.Join(fakeaircall.Actions(), ", ") + ".",
			example: "  aircallkit simulate act 4190000019 answer --user-id 7\n  aircallkit simulate act 1800024513 hangup --format json",
			args: func(cmd *cobra.Command, args []string) error {
				if len(args) != 2 {
					return unable(fmt.Errorf("act: %d arguments", len(args)), cmd.CommandPath()+" takes the id of a call and an action")
				}
				return nil
			},
			flags: func(cmd *cobra.Command) {
				f := cmd.Flags()
				accountFlag(f)
				f.Int64("user-id", 0, "who does it, or whom it is about")
				f.Int64("team-id", 0, "of transfer")
				f.Int64("tag-id", 0, "of tag and untag")
				f.String("number", "", "of transfer_external")
				f.String("content", "", "of comment")
				f.String("key", "", "of press")
				f.String("reason", "", "of hangup, for an inbound call nobody answered")
			},
			ask: func(_ *cobra.Command, args []string, given map[string]any) (string, string) {
				given["do"] = args[1]
				return "POST", "/_fake/calls/" + args[0] + "/actions"
			},
			tell: tellCall,
		},
		{
			use: "message", short: "Let somebody write to the company",
			long:    "Let somebody write to the company. A line and a contact that are not named are chosen.",
			example: "  aircallkit simulate message --body 'Please call back'\n  aircallkit simulate message --from +33199000042 --number-id 1234 --body Hello --participants +33199000043",
			flags: func(cmd *cobra.Command) {
				f := cmd.Flags()
				accountFlag(f)
				f.String("from", "", "who writes, a phone `number`")
				f.Int64("number-id", 0, "the company's line, by its id")
				f.String("body", "", "the text")
				f.StringSlice("media", nil, "URLs of files")
				f.Bool("whatsapp", false, "in WhatsApp, on a line that has it")
				f.StringSlice("participants", nil, "who else got it, in a group")
			},
			ask: to("POST", "/_fake/messages"),
			tell: telling(func(w io.Writer, v struct{ Message struct{ ID string } }) error {
				_, err := fmt.Fprintf(w, "message %s\n", v.Message.ID)
				return err
			}),
		},
		{
			use: "user USER ACTION", short: "Let a user come or go",
			long:    "Let a user open or close an app (connect, disconnect), or be available or not (open, close).",
			example: "  aircallkit simulate user 2100001 close --reason on_a_break\n  aircallkit simulate user 2100001 open",
			args: func(cmd *cobra.Command, args []string) error {
				if len(args) != 2 {
					return unable(fmt.Errorf("user: %d arguments", len(args)), cmd.CommandPath()+" takes the id of a user and one of "+strings.Join(fakeaircall.Moods(), ", "))
				}
				return nil
			},
			flags: func(cmd *cobra.Command) {
				accountFlag(cmd.Flags())
				cmd.Flags().String("reason", "", "the substatus, with close")
			},
			ask: func(_ *cobra.Command, args []string, given map[string]any) (string, string) {
				given["do"] = args[1]
				return "POST", "/_fake/users/" + args[0] + "/presence"
			},
			tell: telling(func(w io.Writer, v struct{ User struct{ ID int64 } }) error {
				_, err := fmt.Fprintf(w, "user %d\n", v.User.ID)
				return err
			}),
		},
		{
			use: "traffic", short: "Keep calls coming by themselves",
			long:    "Keep calls coming by themselves in an account, spread over the day as people call; 0 a day ends it.",
			example: "  aircallkit simulate traffic --calls-per-day 400\n  aircallkit simulate traffic --account sales --calls-per-day 0",
			flags: func(cmd *cobra.Command) {
				accountFlag(cmd.Flags())
				cmd.Flags().Int("calls-per-day", 400, "how many a working day has on average")
			},
			ask: func(cmd *cobra.Command, _ []string, given map[string]any) (string, string) {
				given["calls_per_day"] = flagValue(cmd, cmd.Flags().Lookup("calls-per-day"))
				return "POST", "/_fake/traffic"
			},
			tell: telling(func(w io.Writer, v struct {
				CallsPerDay int `json:"calls_per_day"`
			}) error {
				_, err := fmt.Fprintf(w, "%d calls a day\n", v.CallsPerDay)
				return err
			}),
		},
		{
			use: "clock", short: "Tell the fake's time, or move it",
			long:    "Tell the time of the fake. --advance and --set move it on and let everything happen that is due by then; --speed lets it run, so many seconds in one, or stand.",
			example: "  aircallkit simulate clock\n  aircallkit simulate clock --advance 90s\n  aircallkit simulate clock --set 2026-06-15T17:00:00Z\n  aircallkit simulate clock --speed 60",
			flags: func(cmd *cobra.Command) {
				cmd.Flags().Duration("advance", 0, "how far to move on")
				cmd.Flags().String("set", "", "the `instant` to move to, such as 2026-06-15T09:00:00Z")
				cmd.Flags().Float64("speed", 1, "seconds that pass in one of real time; 0: it stands")
			},
			ask: func(_ *cobra.Command, _ []string, given map[string]any) (string, string) {
				if len(given) == 0 {
					return "GET", "/_fake/clock"
				}
				return "POST", "/_fake/clock"
			},
			tell: tellClock,
		},
		{
			use: "fault", short: "Make the fake slow, throttled, broken or stale",
			long: "Make a rule by which the fake is slow, throttled, broken or stale for some requests. Without flags the rules are listed.",
			example: `  aircallkit simulate fault --op create-a-contact --status 503 --times 2
  aircallkit simulate fault --account sales --delay 3s --probability 0.2
  aircallkit simulate fault --status 429 --retry-after 30s
  aircallkit simulate fault --reset --late --op send-message
  aircallkit simulate fault
  aircallkit simulate fault --remove fault-1
  aircallkit simulate fault --clear`,
			flags: faultFlags, ask: askFault, tell: tellFaults,
		},
		{
			use: "reset", short: "Bring the fake back to how it was at the start",
			long:    "Bring the fake back to how it was at the start: data, tokens and clock; no faults, no traffic, an empty journal.",
			example: "  aircallkit simulate reset", ask: to("POST", "/_fake/reset"), tell: tellClock,
		},
	}
}

func accountFlag(f *pflag.FlagSet) {
	f.String("account", "", "the `name` of the account; the first without it")
}

func callDrive(direction, short, example, from, target, user string, outcomes []string) drive {
	return drive{
		use: direction, short: short, example: example,
		long: short + ". What is not named is chosen: a line, people, a contact. Without --outcome it rings until something is done in it, see aircallkit simulate act. What happens by itself comes with the fake's clock.",
		flags: func(cmd *cobra.Command) {
			f := cmd.Flags()
			accountFlag(f)
			f.String("from", "", from+", a phone `number`")
			f.String("to", "", target+", a phone `number`")
			f.Int64("number-id", 0, "the company's line, by its id")
			f.Int64("user-id", 0, user)
			f.String("outcome", "", "how it ends: "+strings.Join(outcomes, ", "))
			complete(cmd, "outcome", outcomes...)
			f.Duration("ring", 0, "how long it rings")
			f.Duration("talk", 0, "how long people talk")
			if direction == "inbound" {
				f.String("reason", "", "missed_call_reason of the outcome missed")
				f.StringSlice("keys", nil, "what the caller presses in the menu")
			}
		},
		ask: func(_ *cobra.Command, _ []string, given map[string]any) (string, string) {
			given["direction"] = direction
			return "POST", "/_fake/calls"
		},
		tell: tellCall,
	}
}

var tellCall = telling(func(w io.Writer, v struct{ Call struct{ ID int64 } }) error {
	_, err := fmt.Fprintf(w, "call %d\n", v.Call.ID)
	return err
})

var tellClock = telling(func(w io.Writer, v struct {
	Now   time.Time
	Speed float64
}) error {
	how := "stands"
	if v.Speed != 0 {
		how = fmt.Sprintf("runs at %g", v.Speed)
	}
	_, err := fmt.Fprintf(w, "%s, the clock %s\n", v.Now.Format(time.RFC3339), how)
	return err
})
