/*
Package aircall is a typed client of Aircall's public REST API for one company.

	c, err := aircall.New(aircall.Options{APIID: id, APIToken: token})
	if err != nil {
		return err
	}
	for call, err := range c.Calls(aircall.CallListParams{ListParams: aircall.ListParams{Order: aircall.Desc}}).All(ctx) {
		if err != nil {
			return err
		}
		fmt.Println(call.ID, call.Direction, call.RawDigits)
	}

Every operation of [Ops] has a method. The method of a list returns a [List], which gives one page or
iterates over all pages. All methods use [Client.Do], which takes an operation by name. The comment of a
method names its operation in parentheses. Source of an operation: its name as the anchor at
https://developer.aircall.io/api-references/, or the chapter of its resource there (#message,
#conversation-intelligence, #insight-cards, #number, #analytics, #ai-voice-agent).

# Errors

Every error is an [*Error]. It has the operation, the status, Aircall's message and a hint what to do.
[errors.Is] with a [Kind], such as [KindNotFound], tells the kinds apart. EffectUnknown marks a write that may have happened.

# Retries

The client sends a read again after 429, 502, 503, 504 and a broken connection. It sends a write again only
if the write certainly did not arrive: no connection was made, or Aircall refused it with a 429. It waits
between attempts for a random, growing time, which never outlasts the context. It follows no redirects.

# Rate limit

Aircall allows 120 requests a minute for the whole company, and reports the limit only when it is reached.
After a 429 all requests of the client wait until the window ends, by the server's clock. A request
whose context ends earlier fails at once, with KindRateLimited and RetryAfter set. The daily limit of a
WhatsApp number is no rate limit: its 429 is a KindAPI, and nothing waits for it.
*/
package aircall
