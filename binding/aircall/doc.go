/*
Package aircall is a typed client of Aircall's public REST API: calls, contacts, users, teams,
numbers and tags of one company.

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
iterates over all pages. All methods use [Client.Do], which takes an operation by name.

# Errors

Every error is an [*Error]. It says the operation, the status, what Aircall answered and what to do;
[errors.Is] with ErrNotFound and the like tells the kinds apart. EffectUnknown marks a write that may have happened.

# Retries

A read is sent again after 429, 502, 503, 504 and a broken connection. A write is sent again only if it
certainly did not arrive: no connection came about, or Aircall refused it with a 429. Between attempts
lies a random, growing wait, which never outlasts the context. Redirects are not followed.

# Rate limit

Aircall lets a whole company make 120 requests a minute and tells about it only when they are used up. After
a 429 all requests of the client wait until the window ends, by the server's clock. Those
whose context ends earlier fail at once, with ErrRateLimited and RetryAfter set.
*/
package aircall
