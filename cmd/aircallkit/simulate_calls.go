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

// callDrives are the commands that make things happen.
func callDrives() []drive {
	return []drive{
		callDrive("inbound", "Simulate a call to the company",
			`  aircallkit simulate inbound --outcome answered --ring 6s --talk 1m
  aircallkit simulate inbound --account sales --from +33199000042 --outcome missed --reason short_abandoned
  aircallkit simulate inbound --number-id 1234 --keys 1,2`,
			"caller", "line that is called", "`id` of the user who takes the call", texts(fakeaircall.Outcomes())),
		callDrive("outbound", "Simulate a call that a user makes",
			`  aircallkit simulate outbound --to +33199000042 --outcome answered --talk 90s
  aircallkit simulate outbound --user-id 7 --outcome missed`,
			"line that calls", "person who is called", "`id` of the user who calls", []string{"answered", "missed", "declined"}),
		{
			use: "act CALL ACTION", short: "Change a call in progress: answer, hang up, transfer ...",
			long:    "Change a call now. Give its id and an action:\n  " + wrapped(texts(fakeaircall.Actions())),
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
				f.Int64("user-id", 0, "`id` of the user who acts, or whom the action concerns")
				f.Int64("team-id", 0, "`id` of the team, for transfer")
				f.Int64("tag-id", 0, "`id` of the tag, for tag and untag")
				f.String("number", "", "phone `number`, for transfer_external")
				f.String("content", "", "`text`, for comment")
				f.String("key", "", "the `key`, for press")
				f.String("reason", "", "missed_call_reason, for hangup of an unanswered inbound call")
			},
			ask: func(_ *cobra.Command, args []string, given map[string]any) (string, string) {
				given["do"] = args[1]
				return "POST", "/_fake/calls/" + args[0] + "/actions"
			},
			tell: tellCall,
		},
		{
			use: "message", short: "Simulate a message to the company",
			long:    "Simulate an SMS or WhatsApp message to the company. By default the fake picks a line and a contact.",
			example: "  aircallkit simulate message --body 'Please call back'\n  aircallkit simulate message --from +33199000042 --number-id 1234 --body Hello --participants +33199000043",
			flags: func(cmd *cobra.Command) {
				f := cmd.Flags()
				accountFlag(f)
				f.String("from", "", "phone `number` of the sender")
				f.Int64("number-id", 0, "`id` of the company's line")
				f.String("body", "", "the text")
				f.StringSlice("media", nil, "URLs of files")
				f.Bool("whatsapp", false, "send it in WhatsApp, on a line that has it")
				f.StringSlice("participants", nil, "phone numbers of the other recipients, for a group message")
			},
			ask: to("POST", "/_fake/messages"),
			tell: telling(func(w io.Writer, v struct{ Message struct{ ID string } }) error {
				_, err := fmt.Fprintf(w, "message %s\n", v.Message.ID)
				return err
			}),
		},
		{
			use: "user USER ACTION", short: "Change whether a user is online and available",
			long:    "Make a user open or close an app (connect, disconnect), or become available or not (open, close).",
			example: "  aircallkit simulate user 2100001 close --reason on_a_break\n  aircallkit simulate user 2100001 open",
			args: func(cmd *cobra.Command, args []string) error {
				if len(args) != 2 {
					return unable(fmt.Errorf("user: %d arguments", len(args)), cmd.CommandPath()+" takes the id of a user and one of "+strings.Join(texts(fakeaircall.Presences()), ", "))
				}
				return nil
			},
			flags: func(cmd *cobra.Command) {
				accountFlag(cmd.Flags())
				cmd.Flags().String("reason", "", "substatus, for close")
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
			use: "traffic", short: "Generate calls all day",
			long:    "Generate calls in an account, spread over the day as people call. --calls-per-day 0 stops them.",
			example: "  aircallkit simulate traffic --calls-per-day 400\n  aircallkit simulate traffic --account sales --calls-per-day 0",
			flags: func(cmd *cobra.Command) {
				accountFlag(cmd.Flags())
				cmd.Flags().Int("calls-per-day", 400, "average number of calls on a working day")
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
			use: "clock", short: "Show or move the fake's clock",
			long:    "Show the time of the fake. --advance and --set move the clock forward, and everything due by then\nhappens. --speed changes how fast it runs.",
			example: "  aircallkit simulate clock\n  aircallkit simulate clock --advance 90s\n  aircallkit simulate clock --set 2026-06-15T17:00:00Z\n  aircallkit simulate clock --speed 60",
			flags: func(cmd *cobra.Command) {
				cmd.Flags().Duration("advance", 0, "move the clock forward by this long")
				cmd.Flags().String("set", "", "move the clock forward to this `instant`, such as 2026-06-15T09:00:00Z")
				cmd.Flags().Float64("speed", 1, "clock speed as a multiple of real time; 0 freezes the clock")
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
			long: "Add a rule that makes the fake slow, throttled, broken or stale for some requests. Without flags,\nlist the rules.",
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
			use: "reset", short: "Restore the fake to how it was at the start",
			long:    "Restore the fake to how it was at the start: data, tokens and clock, no faults, no traffic, an empty\nrequest log.",
			example: "  aircallkit simulate reset", ask: to("POST", "/_fake/reset"), tell: tellClock,
		},
	}
}

func accountFlag(f *pflag.FlagSet) {
	f.String("account", "", "`name` of the account; default: the first one")
}

func callDrive(direction, short, example, from, target, user string, outcomes []string) drive {
	return drive{
		use: direction, short: short, example: example,
		long: short + ". By default the fake picks a line, a user and a contact.\nWithout --outcome the call rings until \"aircallkit simulate act\" changes it. Everything else\nhappens as the clock of the fake moves.",
		flags: func(cmd *cobra.Command) {
			f := cmd.Flags()
			accountFlag(f)
			f.String("from", "", "phone `number` of the "+from)
			f.String("to", "", "phone `number` of the "+target)
			f.Int64("number-id", 0, "`id` of the company's line")
			f.Int64("user-id", 0, user)
			f.String("outcome", "", "how the call ends: "+strings.Join(outcomes, ", "))
			complete(cmd, "outcome", outcomes...)
			f.Duration("ring", 0, "how long it rings")
			f.Duration("talk", 0, "how long people talk")
			if direction == "inbound" {
				f.String("reason", "", "missed_call_reason, for the outcome missed")
				f.StringSlice("keys", nil, "keys that the caller presses in the menu")
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
