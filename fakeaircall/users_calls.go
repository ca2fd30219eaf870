package fakeaircall

import "slices"

// Calls that begin in a user's app: https://developer.aircall.io/api-references/#users
//
// Neither answers with anything: a call's id is learned from its event.
func userCallRoutes() []route {
	return []route{
		{"start-an-outbound-call", "POST", "/v1/users/{id}/calls", railsTier, startCall},
		{"dial-a-phone-number-in-the-phone", "POST", "/v1/users/{id}/dial", railsTier, dialPhone},
	}
}

// A marketplace app compares with these words, for dialling and for calling alike.
var errUnavailable = &apiError{status: 405, troubleshoot: "The user is currently unavailable"}

// startCall lets a user ring someone. Until somebody answers or gives up, the
// call is an initial one of his.
func startCall(r *request) (reply, error) {
	return r.fromApp(func(t *tx, u *user, to string, in object) error {
		id, state, err := in.integer("number_id")
		if err != nil {
			return err
		}
		n, ok := t.numbers.get(id)
		switch {
		case state != isPresent:
			return invalid("number_id is required")
		case !ok:
			return invalid("number_id %d is not a number of the company", id)
		case !slices.Contains(n.Users, u.ID):
			return invalid("user %d is not on number %d", u.ID, id)
		case n.AvailabilityStatus == "closed":
			return invalid("number %d is not active", id)
		case t.availability(u) != "available":
			return errUnavailable
		}
		return t.begin(t.startedCall(n, displayPhone(to), u.ID, false), t.startedCourse())
	})
}

// startedCourse is what becomes of a call that the API starts.
func (t *tx) startedCourse() []Action {
	sc := SimulatedCall{Direction: "outbound"}
	if t.company.assume.startedAnswered {
		sc.Outcome = "answered"
	}
	return outboundCourse(sc)
}

// dialPhone writes a number into the app, where the user may press the button.
func dialPhone(r *request) (reply, error) {
	return r.fromApp(func(t *tx, u *user, _ string, _ object) error {
		if t.availability(u) != "available" {
			return errUnavailable
		}
		return nil
	})
}

// fromApp runs f on the user of the path and the phone number of the body.
func (r *request) fromApp(f func(t *tx, u *user, to string, in object) error) (reply, error) {
	in, err := r.object()
	if err != nil {
		return reply{}, err
	}
	err = r.do(func(t *tx) error {
		u, ok := t.users.get(r.id("id"))
		if !ok {
			return errNotFound
		}
		to, _, err := in.text("to")
		switch {
		case err != nil:
			return err
		case !possiblePhone(to):
			return invalid("to must be a phone number in E.164, such as +33199001234, got %.40q", to)
		}
		return f(t, u, to, in)
	})
	return reply{status: 204}, err
}
