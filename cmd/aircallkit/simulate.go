package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"text/template"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

// A controlCommand is one command of simulate or snapshot: it sends a request to the control API and prints the reply.
// Each flag is the field of the same name in the request.
type controlCommand struct {
	use, short, long, example string
	now                       string // the command that replaces this one, which help no longer lists

	flags   func(*pflag.FlagSet)
	words   map[string][]string                  // that the shell offers for a flag
	of      string                               // the kind of records of which the first argument is one
	second  []string                             // what the second argument can be
	alone   map[string]string                    // the requests of flags that exclude all others; {} is the value of the flag
	always  requestFields                        // sent, unless a flag sets the field
	list    string                               // the request without any field; "": as with fields
	request string                               // method and path; {} is the first argument
	field   string                               // set to the argument that the path does not have
	before  func(file string, send sender) error // with --file, before the request
	after   func(file string, send sender) error // with --file, after the request

	text  string                                               // template of the output, see textFuncs; "" prints nothing
	check func(cmd *cobra.Command, reply map[string]any) error // decides the exit code, after the output
}

// requestFields are the fields of a request, by name.
type requestFields = map[string]any

// A sender sends a request with a method and a body about the snapshot that the command names.
type sender func(method string, body []byte) ([]byte, error)

func simulateCommand(p *process) *cobra.Command {
	return controlCommands(p, &cobra.Command{
		Use:   "simulate",
		Short: "Drive a running fake: calls, clock, faults",
		Long: `Drive a fake that "aircallkit serve" runs: make calls happen, move its clock, make it slow or
broken. The commands use the control API of the fake.
If that has a token, set AIRCALLKIT_CONTROL_TOKEN or --control-token-file.

Exit codes: 0 the command succeeded, 1 the request that --wait waits for did not arrive,
2 the fake did not accept the command.`,
		Example: `  aircallkit simulate`,
	}, simulateCommands())
}

func snapshotCommand(p *process) *cobra.Command {
	return controlCommands(p, &cobra.Command{
		Use:   "snapshot",
		Short: "Save, restore and compare the state of a running fake",
		Long: `Save, restore and compare the state of a running fake: companies with their data, ids, timers,
webhooks and pending deliveries, tokens, rate limits and the clock. A snapshot does not contain
faults, the request log or the credentials of accounts.

With --file the snapshot is also in a file: JSON with one entity per line, the same text for the
same state. The file contains the tokens of webhooks and OAuth apps, which the fake made up.

Exit codes: 0 the command succeeded, 1 diff found differences, 2 the fake refused the command.`,
		Example: `  aircallkit snapshot save before
  aircallkit snapshot diff before
  aircallkit snapshot restore before
  aircallkit snapshot save before --file before.json
  aircallkit snapshot restore before --file before.json`,
	}, snapshotCommands())
}

// controlCommands adds commands to their parent.
func controlCommands(p *process, parent *cobra.Command, list []controlCommand) *cobra.Command {
	client := new(controlClient)
	parent.Args = noCommand
	parent.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	parent.SuggestionsMinimumDistance = 2
	client.connect(parent, parent.PersistentFlags())
	client.format = "text"
	parent.PersistentFlags().Var(choice{&client.format, []string{"text", "json"}}, "format", "output format")
	complete(parent, "format", "text", "json")
	for _, c := range list {
		cmd := &cobra.Command{Use: c.use, Short: c.short, Long: c.long, Example: c.example}
		if c.now != "" {
			cmd.Hidden = true
			cmd.Long += "\n\nThis command goes in the next release: use \"aircallkit " + c.now + "\"."
		}
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.run(p, client, cmd, args) }
		cmd.Flags().SortFlags = false
		if c.flags != nil {
			c.flags(cmd.Flags())
			_ = cmd.MarkFlagFilename("file", "json") // fails without such a flag
		}
		for flag, words := range c.words {
			complete(cmd, flag, words...)
		}
		for name := range c.alone {
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				if f.Name != name {
					cmd.MarkFlagsMutuallyExclusive(name, f.Name)
				}
			})
		}
		if c.of != "" {
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, _ string) (words []string, _ cobra.ShellCompDirective) {
				switch len(args) {
				case 0:
					words = client.ids(cmd, p, c.of)
				case 1:
					words = c.second
				}
				return words, cobra.ShellCompDirectiveNoFileComp
			}
		}
		if strings.Contains(c.request, snapshots) {
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
				var v struct{ Snapshots []struct{ Name string } }
				if len(args) < len(strings.Fields(c.use))-1 && client.get(cmd.Context(), p, "/_fake/snapshots", nil, &v) == nil {
					for _, s := range v.Snapshots {
						names = append(names, s.Name)
					}
				}
				return names, cobra.ShellCompDirectiveNoFileComp
			}
		}
		if cmd.Flags().Lookup("account") != nil {
			client.completeAccounts(cmd, p)
		}
		client.completeIDs(cmd, p)
		parent.AddCommand(cmd)
	}
	return parent
}

var errNotControl = errors.New("the reply is not one of the control API")

func (c *controlCommand) run(p *process, client *controlClient, cmd *cobra.Command, args []string) error {
	reply, err := c.send(p, client, cmd, args)
	if err != nil {
		return withHint(cmd, err)
	}
	var v map[string]any
	d := json.NewDecoder(bytes.NewReader(reply))
	d.UseNumber()
	if d.Decode(&v) != nil || v == nil {
		return errNotControl
	}
	if client.format == "json" {
		var b bytes.Buffer
		_ = json.Indent(&b, reply, "", "  ") // it has just been decoded
		err = printLine(p, strings.TrimSpace(b.String()))
	} else {
		v["args"] = args
		w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
		if template.Must(template.New("").Funcs(textFuncs).Parse(c.text)).Execute(w, v) != nil {
			return errNotControl
		}
		err = w.Flush()
	}
	if err == nil && c.check != nil {
		err = c.check(cmd, v)
	}
	return err
}

// send sends the request of a command, with the flags and arguments as fields.
func (c *controlCommand) send(p *process, client *controlClient, cmd *cobra.Command, args []string) ([]byte, error) {
	given, request := requestFields{}, c.request
	maps.Copy(given, c.always)
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			given[strings.ReplaceAll(f.Name, "-", "_")] = flagValue(cmd, f)
		}
	})
	if len(given) == 0 {
		request = cmp.Or(c.list, request)
	}
	for name, by := range c.alone {
		if cmd.Flags().Changed(name) {
			request = strings.Replace(by, "{}", url.PathEscape(cmd.Flag(name).Value.String()), 1)
			clear(given)
		}
	}
	if before, after, ok := strings.Cut(request, "{}"); ok {
		request = before + url.PathEscape(args[0]) + after
		args = args[1:]
	}
	if len(args) > 0 {
		given[c.field] = args[0]
	}
	file, _ := given["file"].(string)
	delete(given, "file")
	snapshot := func(method string, body []byte) ([]byte, error) {
		return client.send(cmd.Context(), p, method+" "+snapshots+url.PathEscape(cmd.Flags().Arg(0)), nil, body)
	}
	if file != "" && c.before != nil {
		if err := c.before(file, snapshot); err != nil {
			return nil, err
		}
	}
	reply, err := client.send(cmd.Context(), p, request, given, nil)
	if err == nil && file != "" && c.after != nil {
		err = c.after(file, snapshot)
	}
	return reply, err
}

// flagValue returns the JSON value of a flag.
func flagValue(cmd *cobra.Command, f *pflag.Flag) any {
	switch f.Value.Type() {
	case "int", "int64", "uint64", "float64", "bool":
		return json.RawMessage(f.Value.String())
	case "stringSlice":
		return f.Value.(pflag.SliceValue).GetSlice()
	case "int64Slice":
		return json.RawMessage(f.Value.String()) // [1,2]
	case "stringToString":
		m, _ := cmd.Flags().GetStringToString(f.Name) // the type has just been checked
		return m
	}
	return f.Value.String()
}

// textFuncs are the functions of the templates. join puts a separator between the parts that are not empty; without any
// it returns a dash. raw returns a field as JSON, or "" without it.
var textFuncs = template.FuncMap{
	"join": func(separator string, parts ...any) string {
		var words []string
		for _, v := range parts {
			if v != nil && v != false && v != "" {
				words = append(words, fmt.Sprint(v))
			}
		}
		return cmp.Or(strings.Join(words, separator), "-")
	},
	"raw": func(of map[string]any, field string) string {
		v, ok := of[field]
		if !ok {
			return ""
		}
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		_ = e.Encode(v) // decoded JSON can be encoded
		return strings.TrimSpace(b.String())
	},
}

// simulateCommands are the commands of simulate.
func simulateCommands() []controlCommand {
	var actions []string // lines of the help
	for line := range slices.Chunk(texts(fakeaircall.Actions()), 8) {
		actions = append(actions, strings.Join(line, ", "))
	}
	return []controlCommand{
		callCommand("inbound", "Simulate a call to the company",
			`  aircallkit simulate inbound --outcome answered --ring 6s --talk 1m
  aircallkit simulate inbound --account sales --from +33199000042 --outcome missed --reason short_abandoned
  aircallkit simulate inbound --number-id 1234 --keys 1,2`,
			"caller", "line that is called", "`id` of the user who takes the call", texts(fakeaircall.Outcomes())),
		callCommand("outbound", "Simulate a call that a user makes",
			`  aircallkit simulate outbound --to +33199000042 --outcome answered --talk 90s
  aircallkit simulate outbound --user-id 7 --outcome missed`,
			"line that calls", "person who is called", "`id` of the user who calls", []string{"answered", "missed", "declined"}),
		{
			use: "act CALL ACTION", short: "Change a call in progress: answer, hang up, transfer ...",
			long:    "Change a call now. Give its id and an action:\n  " + strings.Join(actions, ",\n  "),
			example: "  aircallkit simulate act 4190000019 answer --user-id 7\n  aircallkit simulate act 1800024513 hangup --format json",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.Int64("user-id", 0, "`id` of the user who acts, or whom the action concerns")
				f.Int64("team-id", 0, "`id` of the team, for transfer")
				f.Int64("tag-id", 0, "`id` of the tag, for tag and untag")
				f.String("number", "", "phone `number`, for transfer_external")
				f.String("content", "", "`text`, for comment")
				f.String("key", "", "the `key`, for press")
				f.String("reason", "", "missed_call_reason, for hangup of an unanswered inbound call")
			},
			of: "calls", second: texts(fakeaircall.Actions()), request: "POST /_fake/calls/{}/actions", field: "do", text: callText,
		},
		{
			use: "message", short: "Simulate a message to the company",
			long:    "Simulate an SMS or WhatsApp message to the company. By default the fake picks a line and a contact.",
			example: "  aircallkit simulate message --body 'Please call back'\n  aircallkit simulate message --from +33199000042 --number-id 1234 --body Hello --participants +33199000043",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.String("from", "", "phone `number` of the sender")
				f.Int64("number-id", 0, "`id` of the company's line")
				f.String("body", "", "the text")
				f.StringSlice("media", nil, "URLs of files")
				f.Bool("whatsapp", false, "send it in WhatsApp, on a line that has it")
				f.StringSlice("participants", nil, "phone numbers of the other recipients, for a group message")
			},
			request: "POST /_fake/messages", text: "message {{.message.id}}\n",
		},
		{
			use: "campaign", short: "Start an outbound campaign, which calls contacts",
			long: `Start an outbound campaign, or with --id start or resume one that exists. It calls as the clock of
the fake moves. By default the fake picks contacts and the users who call, and draws the outcomes.`,
			example: "  aircallkit simulate campaign --outcomes 'No Answer,Booked'\n  aircallkit simulate campaign --contacts +33199000042,+33199000043 --call-attempts 2",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.String("id", "", "`id` of a campaign that exists")
				f.String("name", "", "name of a new campaign")
				f.StringSlice("contacts", nil, "phone numbers to call")
				f.Int64Slice("user-ids", nil, "`ids` of the users who call")
				f.Int64("call-attempts", 3, "how often a contact is called at most, 1 to 10")
				f.StringSlice("outcomes", nil, "outcomes of the next attempts, in order")
			},
			request: "POST /_fake/campaigns", text: "campaign {{.campaign.id}}\n",
		},
		{
			use: "user USER " + strings.Join(texts(fakeaircall.Presences()), "|"), short: "Change whether a user is online and available",
			long:    "Make a user open or close an app (connect, disconnect), or become available or not (open, close).",
			example: "  aircallkit simulate user 2100016 close --reason on_a_break\n  aircallkit simulate user 2100016 open",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.String("reason", "", "substatus, for close")
			},
			of: "users", second: texts(fakeaircall.Presences()), request: "POST /_fake/users/{}/presence", field: "do", text: "user {{.user.id}}\n",
		},
		{
			use: "create-number", short: "Create a line of the company",
			long:    "Create a line, as an admin does in the Dashboard. Webhooks get number.created.",
			example: "  aircallkit simulate create-number --name Paris --digits +33199001234\n  aircallkit simulate create-number --name Lyon --digits +33199001235 --users owner@default.example.com",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.String("name", "", "name of the line")
				f.String("digits", "", "phone `number` of the line")
				f.String("time-zone", "Etc/UTC", "`zone` of the line, such as Europe/Paris")
				f.StringSlice("users", nil, "ids or e-mails of the users who take its calls")
			},
			request: "POST /_fake/numbers", text: "number {{.number.id}}\n",
		},
		{
			use: "delete-number NUMBER", short: "Delete a line of the company",
			long:    "Delete a line by its id, as an admin does in the Dashboard. Webhooks get number.deleted,\nand the calls of the line stay.",
			example: "  aircallkit get numbers\n  aircallkit simulate delete-number 1400010",
			flags:   accountFlag, request: "DELETE /_fake/numbers/{}", text: "number {{index .args 0}} deleted\n",
		},
		{
			use: "traffic", short: "Generate calls all day",
			long: `Generate calls in an account. If its fixtures have statistics (traffic), the calls come at these
hours and days and end in this way; otherwise they are spread over the day as people call.
--calls-per-day 0 stops them.`,
			example: "  aircallkit simulate traffic\n  aircallkit simulate traffic --calls-per-day 400\n  aircallkit simulate traffic --account sales --calls-per-day 0",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.Int("calls-per-day", 0, "average number of calls on a working day; default: as the statistics of the account say, or 400")
			},
			request: "POST /_fake/traffic", text: "{{.calls_per_day}} calls a day\n",
		},
		{
			use: "clock", short: "Show or move the fake's clock",
			long:    "Show the time of the fake. --advance and --set move the clock forward, and everything due by then\nhappens. --speed changes how fast it runs.",
			example: "  aircallkit simulate clock\n  aircallkit simulate clock --advance 90s\n  aircallkit simulate clock --set 2026-06-15T17:00:00Z\n  aircallkit simulate clock --speed 60",
			flags: func(f *pflag.FlagSet) {
				f.Duration("advance", 0, "move the clock forward by this long")
				f.String("set", "", "move the clock forward to this `instant`, such as 2026-06-15T09:00:00Z")
				f.Float64("speed", 1, "clock speed as a multiple of real time; 0 freezes the clock")
			},
			request: "POST /_fake/clock", list: "GET /_fake/clock", text: clockText,
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
			flags: faultFlags, words: map[string][]string{"op": operations(), "method": {"GET", "POST", "PUT", "DELETE"}}, request: "POST /_fake/faults", list: "GET /_fake/faults", text: faultText,
			alone: map[string]string{"remove": "DELETE /_fake/faults/{}", "clear": "DELETE /_fake/faults"},
		},
		{
			use: "reset", short: "Restore the fake to how it was at the start",
			long:    "Restore the fake to how it was at the start: data, tokens and clock, no faults, no traffic, an empty\nrequest log.",
			example: "  aircallkit simulate reset", request: "POST /_fake/reset", text: clockText,
		},
		{
			now: "requests", use: "requests", short: "List the requests that the fake received",
			long: "List the newest requests, oldest first, without secrets. --wait waits for a matching request, and\nthe exit code is 1 if none arrives.",
			example: `  aircallkit simulate requests
  aircallkit simulate requests --unknown
  aircallkit simulate requests --op create-a-contact --status 201 --wait 2s
  aircallkit simulate requests --since 17 --detail --format json`,
			flags: func(f *pflag.FlagSet) {
				f.String("op", "", "only this operation, such as create-a-contact")
				f.String("account", "", "only this account")
				f.String("method", "", "only this method")
				f.String("path", "", "only this path")
				f.Int("status", 0, "only this status")
				f.Bool("unknown", false, "only unknown routes, and requests with unknown parameters")
				f.Uint64("since", 0, "only entries after the one with this `number`")
				f.Duration("wait", 0, "how long to wait for a matching request, at most 1m")
				f.Bool("detail", false, "include headers and bodies, with --format json")
			},
			request: "GET /_fake/requests", check: checkWait,
			text: `{{range .requests}}{{.seq}}	{{slice .time 11 19}}	{{.status}}	{{or .account "-"}}	{{.method}} {{.path}}{{with .query}}?{{.}}{{end}}	` +
				`{{if .unknown_route}}UNKNOWN ROUTE{{else}}{{.op}}{{end}}{{range .unknown_parameters}}, unknown: {{.}}{{end}}{{range .faults}}, by {{.}}{{end}}
{{else}}none
{{end}}`,
		},
		{
			now: "events", use: "events", short: "List the events of an account",
			long:    "List the newest events of an account, oldest first, whether or not a webhook subscribes to them.",
			example: "  aircallkit simulate events\n  aircallkit simulate events --account sales --name call.created --format json",
			flags: func(f *pflag.FlagSet) {
				accountFlag(f)
				f.String("name", "", "only this event, such as call.created")
				f.Uint64("since", 0, "only entries after the one with this `number`")
			},
			request: "GET /_fake/events",
			text: `{{range .events}}{{.seq}}	{{slice .time 11 19}}	{{.name}}	{{or .data.id "-"}}
{{else}}none
{{end}}`,
		},
		{
			now: "deliveries", use: "deliveries", short: "List the webhook deliveries",
			long: "List the past and pending deliveries to webhooks and to callbacks of lines. --redeliver repeats one.",
			example: `  aircallkit simulate deliveries
  aircallkit simulate deliveries --account sales --state failed
  aircallkit simulate deliveries --redeliver 41`,
			flags: func(f *pflag.FlagSet) {
				f.String("account", "", "only this account")
				f.String("event", "", "only this event, such as call.ended")
				f.String("webhook", "", "only the webhook with this `id`")
				f.String("state", "", "only this state: pending, retrying, delivered, failed or dropped")
				f.Int64("redeliver", 0, "repeat the delivery with this `number`")
			},
			words:   map[string][]string{"state": stateFilter.words},
			request: "GET /_fake/deliveries", alone: map[string]string{"redeliver": "POST /_fake/deliveries/{}/redeliver"},
			text: `{{with .delivery}}delivery {{.id}}
{{else}}{{range .deliveries}}{{$error := ""}}{{range .attempts}}{{$error = .error}}{{end}}` +
				`{{.id}}	{{slice .time 11 19}}	{{.state}}	attempts: {{len .attempts}}	{{.account}}	{{.event}}	{{.url}}	{{$error}}
{{else}}none
{{end}}{{end}}`,
		},
	}
}

const (
	callText  = "call {{.call.id}}\n"
	clockText = "{{slice .now 0 19}}Z, the clock {{if eq .speed \"0\"}}is frozen{{else}}runs at speed {{.speed}}{{end}}\n"
	faultText = `{{define "rule"}}{{.id}}	{{join " " .op .account .method .path}}	` +
		`{{join ", " (and (ne .status "0") (print "status " .status)) (and (ne .delay "0s") (print "delay " .delay)) (and .reset "reset") (and .late "late") ` +
		`(and .truncate "truncate") (and .malformed "malformed") (and (ne .slow "0") (print "slow " .slow)) (and .content_type "content type") ` +
		`(and (ne (print .headers) "map[]") "headers") (and (ne .stale "0s") (print "stale " .stale)) (and (ne .search_lag "0s") (print "search lag " .search_lag))}}	` +
		`{{.hits}}{{if ne .times "0"}} of {{.times}}{{end}} {{if or (eq .times "1") (and (eq .times "0") (eq .hits "1"))}}hit{{else}}hits{{end}}{{if .ended}}, ended{{end}}
{{end}}{{with .removed}}{{.}} {{if eq . "1"}}rule{{else}}rules{{end}} removed
{{else}}{{with .fault}}{{template "rule" .}}{{else}}{{range .faults}}{{template "rule" .}}{{else}}none
{{end}}{{end}}{{end}}`
)

func accountFlag(f *pflag.FlagSet) {
	f.String("account", "", "`name` of the account; default: the first one")
}

func callCommand(direction, short, example, from, target, user string, outcomes []string) controlCommand {
	return controlCommand{
		use: direction, short: short, example: example,
		long: short + ". By default the fake picks a line, a user and a contact.\nWithout --outcome the call rings until \"aircallkit simulate act\" changes it. Everything else\nhappens as the clock of the fake moves.",
		flags: func(f *pflag.FlagSet) {
			accountFlag(f)
			f.String("from", "", "phone `number` of the "+from)
			f.String("to", "", "phone `number` of the "+target)
			f.Int64("number-id", 0, "`id` of the company's line")
			f.Int64("user-id", 0, user)
			f.String("outcome", "", "how the call ends: "+strings.Join(outcomes, ", "))
			f.Duration("ring", 0, "how long it rings")
			f.Duration("talk", 0, "how long people talk")
			if direction == "inbound" {
				f.String("reason", "", "missed_call_reason, for the outcome missed")
				f.StringSlice("keys", nil, "keys that the caller presses in the menu")
			}
		},
		words:   map[string][]string{"outcome": outcomes},
		request: "POST /_fake/calls", always: requestFields{"direction": direction}, text: callText,
	}
}

func faultFlags(f *pflag.FlagSet) {
	f.String("op", "", "only this operation, such as create-a-contact")
	f.String("account", "", "only this account")
	f.String("method", "", "only this method")
	f.String("path", "", "only this path; {name} matches one segment, * at the end matches any rest")
	f.Int("times", 0, "number of requests that the rule applies to; 0: all")
	f.Float64("probability", 1, "share of the matching requests that the rule applies to, 0 to 1")
	f.Int("status", 0, "answer with this status, 400 to 599, without doing anything")
	f.String("body", "", "body of that answer instead of Aircall's")
	f.Duration("retry-after", 0, "value of Retry-After, with --status 429")
	f.Bool("late", false, "carry out the request all the same, with --status or --reset")
	f.Duration("delay", 0, "wait this long in real time first, at most 1m")
	f.Bool("reset", false, "cut the connection")
	f.Bool("truncate", false, "send half of the body and cut the connection")
	f.Bool("malformed", false, "send three quarters of the body as if it were complete")
	f.String("content-type", "", "send this content type")
	f.StringToString("headers", nil, "send these headers, `name=value`")
	f.Int("slow", 0, "bytes per second of the answer")
	f.Duration("stale", 0, "answer reads for this long as if the last write had not happened")
	f.Duration("search-lag", 0, "delay until searches find a new contact")
	f.String("remove", "", "remove the rule with this `id`")
	f.Bool("clear", false, "remove all rules")
}

func operations() (ops []string) {
	for _, r := range fakeaircall.Routes() {
		ops = append(ops, r.Op)
	}
	return ops
}

// checkWait fails if no matching request arrived.
func checkWait(cmd *cobra.Command, reply map[string]any) error {
	if list, _ := reply["requests"].([]any); len(list) > 0 || !cmd.Flags().Changed("wait") {
		return nil
	}
	err := fmt.Errorf("no matching request within %s", cmd.Flag("wait").Value)
	return &failure{exitFailed, err, []string{"aircallkit requests lists all requests"}}
}

const (
	snapshots   = "/_fake/snapshots/"
	snapshotRow = "{{.name}}\tsaved {{slice .saved 0 19}}Z\t{{len .accounts}} account{{if ne (len .accounts) 1}}s{{end}}\n"
)

// snapshotCommands are the commands of snapshot.
func snapshotCommands() []controlCommand {
	return []controlCommand{
		{
			use: "save NAME", short: "Save the current state under a name", example: "  aircallkit snapshot save before",
			flags:   func(f *pflag.FlagSet) { f.String("file", "", "also write it to this `file`") },
			request: "POST /_fake/snapshots", field: "name",
			after: func(file string, send sender) error {
				data, err := send("GET", nil)
				if err == nil {
					err = writeFile(file, data, 0o600, os.Rename)
				}
				return err
			},
			text: "{{with .snapshot}}" + snapshotRow + "{{end}}",
		},
		{
			use: "restore NAME", short: "Restore the state of a snapshot", example: "  aircallkit snapshot restore before",
			flags:   func(f *pflag.FlagSet) { f.String("file", "", "read the snapshot from this `file` first") },
			request: "POST " + snapshots + "{}/restore",
			before: func(file string, send sender) error {
				data, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				if _, err = send("PUT", data); err != nil {
					err = fmt.Errorf("%s: %w", file, err)
				}
				return err
			},
			text: "restored {{index .args 0}}, the fake's time is {{.now}}\n",
		},
		{
			use: "list", short: "List the snapshots of the fake", example: "  aircallkit snapshot list",
			request: "GET /_fake/snapshots", text: "{{range .snapshots}}" + snapshotRow + "{{else}}none\n{{end}}",
		},
		{
			use: "diff NAME [OTHER]", short: "Compare a snapshot with another, or with the current state",
			long: `Print the records that differ between a snapshot and another, or the current state: + is a new
record, - one that is gone, ~ a changed one with its fields. Exit code 1: there are differences.`,
			example: "  aircallkit snapshot diff before\n  aircallkit snapshot diff before after --all",
			flags:   func(f *pflag.FlagSet) { f.Bool("all", false, "also the clock, counters, logs and timers") },
			request: "GET " + snapshots + "{}/diff", field: "to",
			text: `{{range .differences}}{{$of := print (or .account "-") " " .path}}{{$d := .}}{{if .fields}}~ {{$of}}
{{range .fields}}    {{.}}: {{or (raw $d.from .) "none"}} → {{or (raw $d.to .) "none"}}
{{end}}{{else}}{{with raw . "from"}}- {{$of}} {{.}}
{{end}}{{with raw . "to"}}+ {{$of}} {{.}}
{{end}}{{end}}{{end}}`,
			check: func(_ *cobra.Command, reply map[string]any) error {
				if total := fmt.Sprint(reply["total"]); total != "0" {
					return &failure{code: exitFailed, err: errors.New("differences: " + total)}
				}
				return nil
			},
		},
		{
			use: "delete NAME", short: "Delete a snapshot", example: "  aircallkit snapshot delete before",
			request: "DELETE " + snapshots + "{}",
		},
	}
}
