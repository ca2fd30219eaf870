package binding

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
	"github.com/aircallkit/aircallkit/internal/luabox"
)

// The types of a [ScriptError]. Those of failures of Aircall's API are the kinds of [aircall.Error].
const (
	TypeInvalidArguments   = "invalid_arguments"
	TypeUnknownFunction    = "unknown_function"
	TypeUnknownAccount     = "unknown_account"
	TypeUnknownIntegration = "unknown_integration"
	TypeNotConfigured      = "not_configured"
	TypeNoCurrentUser      = "no_current_user"
	TypeUnauthorized       = string(aircall.KindUnauthorized)
	TypeForbidden          = string(aircall.KindForbidden)
	TypeNotFound           = string(aircall.KindNotFound)
	TypeRateLimited        = string(aircall.KindRateLimited)
	TypeAPI                = string(aircall.KindAPI)
	TypeServer             = string(aircall.KindServer)
	TypeInvalidResponse    = string(aircall.KindInvalidResponse)
	TypeNetwork            = string(aircall.KindNetwork)
	TypeTimeout            = string(aircall.KindTimeout)
	TypeCanceled           = string(aircall.KindCanceled)
	TypeLimitExceeded      = string(luabox.KindLimit)
	TypePermissionDenied   = "permission_denied" // by the host: Config.ReadOnly, Config.Permission
	TypeInvalidResult      = "invalid_result"    // the script returned what JSON cannot hold
	TypeSyntax             = string(luabox.KindSyntax)
	TypeRuntime            = string(luabox.KindRuntime)  // of the script itself: error("…"), a nil called or indexed
	TypeInternal           = string(luabox.KindInternal) // of this package; please report it
	TypeIntegration        = "integration_error"         // a function of an Integration returned an error of another type
)

// An EffectStatus says whether a call changed something.
type EffectStatus string

// The values of an EffectStatus.
const (
	EffectStatusNone      EffectStatus = "none"
	EffectStatusSucceeded EffectStatus = "succeeded"
	EffectStatusPartial   EffectStatus = "partial" // ScriptError.Details has the changes that were made, those that were not, and the contact
	EffectStatusUnknown   EffectStatus = "unknown" // it may have happened; check before trying again
)

// A ScriptError is the error that ended a script. A script that catches an error of a function of [Config] sees the same
// fields, as a table that can be used as a string. No field contains a credential or a query string.
type ScriptError struct {
	Type    string // one of the constants: TypeNotFound
	Message string // without position
	Where   string // position, as in "script.lua:12"; "" if there is none
	Hint    string // what to do next; may be ""

	Path         string         // of the function called: "integrations.aircall.get_call"; "" outside of the integrations
	Account      string         // the account called; "" if none was
	Status       int            // HTTP status; 0: no reply
	RetryAfter   time.Duration  // how long to wait before the next request; 0: unknown
	Retryable    bool           // the same call may be made again
	Effect       Effect         // of the function called; "" if none was
	EffectStatus EffectStatus   // of the call; "" if no function was called
	Details      map[string]any // by name: missing, invalid, unknown, suggestions; done, not_done, contact

	Traceback string // Lua's frames, the innermost first; "" if the error was not raised in Lua
	Err       error  // the cause, such as an *aircall.Error; may be nil
}

// Error returns position and message, as Lua does.
func (e *ScriptError) Error() string {
	if e.Where == "" {
		return e.Message
	}
	return e.Where + ": " + e.Message
}

// Unwrap returns the cause.
func (e *ScriptError) Unwrap() error { return e.Err }

func limitExceeded(format string, args ...any) *ScriptError {
	return &ScriptError{Type: TypeLimitExceeded, Message: fmt.Sprintf(format, args...)}
}

// failure returns the script's error for any error of a call.
func (c *call) failure(err error) *ScriptError {
	var e *ScriptError
	var api *aircall.Error
	switch {
	case errors.As(err, &e):
	case errors.As(err, &api):
		e = fromAPI(api)
	default:
		e = &ScriptError{Type: TypeInternal, Message: "Internal error in app." + c.path + ".", Err: err}
	}
	e.Path, e.Account, e.Effect = c.path, c.account.label(), c.fn.Effect
	if e.EffectStatus == "" {
		e.EffectStatus = EffectStatusNone
	}
	return e
}

func fromAPI(api *aircall.Error) *ScriptError {
	e := &ScriptError{
		Type: string(api.Kind), Message: apiMessage(api), Hint: api.Hint, Status: api.Status,
		RetryAfter: api.RetryAfter, Retryable: api.Retryable, Err: api,
	}
	switch api.Kind {
	case aircall.KindInvalidRequest:
		e.Type = TypeInvalidArguments
	case aircall.KindTimeout:
		e.Hint = "try again, or give the script more time"
	}
	if api.EffectUnknown {
		e.EffectStatus, e.Hint = EffectStatusUnknown, api.Hint
	}
	return e
}

// apiMessage returns the texts that scripts may match: "Aircall API error (404): …".
func apiMessage(api *aircall.Error) string {
	text := api.Message
	if text == "" {
		text = http.StatusText(api.Status)
	}
	if api.Troubleshoot != "" {
		text = strings.TrimSuffix(text, ".") + ". " + api.Troubleshoot
	}
	unavailable := fmt.Sprintf("Aircall API endpoint not available (HTTP %d). The %s endpoint may be unavailable or the URL may be incorrect.",
		api.Status, api.Path)
	switch {
	case api.Kind == aircall.KindNetwork:
		return "Failed to connect to Aircall API: " + text
	case api.Kind == aircall.KindTimeout:
		return "Aircall API did not answer in time: " + text
	case api.Kind == aircall.KindCanceled:
		return "Request to Aircall API was canceled: " + text
	case api.Kind == aircall.KindInvalidRequest:
		return "Request cannot be sent to Aircall API: " + text
	case api.Kind == aircall.KindInvalidResponse:
		return unavailable + " " + text
	case strings.HasPrefix(text, "an HTML page"): // how the client's message begins if a proxy answered instead of Aircall
		return unavailable
	case api.Status == 0:
		return "Aircall API error: " + text
	}
	return fmt.Sprintf("Aircall API error (%d): %s", api.Status, text)
}

// invalidReply returns the error of a JSON reply that the operation does not document.
func invalidReply(op, what string) *ScriptError {
	return &ScriptError{
		Type:    TypeInvalidResponse,
		Message: "Aircall API answered " + op + " with an undocumented reply: " + what + ".",
		Hint:    "check the account's url and any proxy",
	}
}
