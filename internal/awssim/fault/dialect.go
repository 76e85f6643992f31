package fault

import "github.com/lockstep-dr/lockstep/internal/awssim/wire"

// words are what one protocol says in the three situations every client must understand.
type words struct {
	throttle, denied, expired wire.Error
}

// dialect is what AWS answers in a protocol.
func dialect(p wire.Protocol) words {
	const slow, old = "Rate exceeded", "The security token included in the request is expired"
	switch p {
	case wire.Query:
		return words{
			throttle: wire.Error{Status: 400, Code: "Throttling", Message: slow},
			denied:   wire.Error{Status: 403, Code: "AccessDenied"},
			expired:  wire.Error{Status: 403, Code: "ExpiredToken", Message: old},
		}
	case wire.EC2Query:
		return words{
			throttle: wire.Error{Status: 503, Code: "RequestLimitExceeded", Message: "Request limit exceeded."},
			denied:   wire.Error{Status: 403, Code: "UnauthorizedOperation"},
			expired:  wire.Error{Status: 400, Code: "RequestExpired", Message: "Request has expired."},
		}
	case wire.RestXML:
		return words{
			throttle: wire.Error{Status: 503, Code: "SlowDown", Message: "Please reduce your request rate."},
			denied:   wire.Error{Status: 403, Code: "AccessDenied"},
			expired:  wire.Error{Status: 400, Code: "ExpiredToken", Message: "The provided token has expired."},
		}
	case wire.RestJSON:
		return words{
			throttle: wire.Error{Status: 429, Code: "TooManyRequestsException", Message: slow},
			denied:   wire.Error{Status: 403, Code: "AccessDeniedException"},
			expired:  wire.Error{Status: 403, Code: "ExpiredTokenException", Message: old},
		}
	}
	return words{
		throttle: wire.Error{Status: 400, Code: "ThrottlingException", Message: slow},
		denied:   wire.Error{Status: 400, Code: "AccessDeniedException"},
		expired:  wire.Error{Status: 400, Code: "ExpiredTokenException", Message: old},
	}
}

// Throttled is how the protocol says that calls come too fast.
func Throttled(p wire.Protocol) *wire.Error { e := dialect(p).throttle; return &e }

// Expired is how the protocol says that credentials have expired.
func Expired(p wire.Protocol) *wire.Error { e := dialect(p).expired; return &e }

// Denied is how the protocol says that the principal may not perform the action. An empty resource is "*".
func Denied(p wire.Protocol, principal, action, resource string) *wire.Error {
	e := dialect(p).denied
	if resource == "" {
		resource = "*"
	}
	e.Message = "User: " + principal + " is not authorized to perform: " + action + " on resource: " + resource +
		" because no identity-based policy allows the " + action + " action"
	return &e
}

// Answer is the error a fault makes of a call, nil when its effect is no error answer.
func (f Fault) Answer(p wire.Protocol, principal, action string) *wire.Error {
	var e *wire.Error
	switch f.Effect {
	case Throttle:
		e = Throttled(p)
	case ExpiredToken:
		e = Expired(p)
	case AccessDenied:
		e = Denied(p, principal, action, f.Resource)
	case Error:
		e = &wire.Error{Status: 500, Code: "InternalFailure", Message: "We encountered an internal error. Please try again."}
	default:
		return nil
	}
	if f.Status != 0 {
		e.Status = f.Status
	}
	if f.Code != "" {
		e.Code = f.Code
	}
	if f.Message != "" {
		e.Message = f.Message
	}
	return e
}
