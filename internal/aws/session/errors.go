package session

import (
	"errors"
	"fmt"
)

// Error is why one Region could not be opened.
type Error struct {
	Region  string
	Problem Problem
	// Hint says what a person can do.
	Hint string
	Err  error
}

func newError(region string, err error) *Error {
	problem := Classify(err)
	return &Error{Region: region, Problem: problem, Hint: hint(region, problem), Err: err}
}

func (e *Error) Error() string {
	return fmt.Sprintf("open Region %s: %s (%s): %s", e.Region, e.Problem.Message, e.Problem.Reason, e.Hint)
}

func (e *Error) Unwrap() error { return e.Err }

// Misconfigured reports whether the setup is wrong (credentials, profile,
// account) rather than the Region unavailable or a permission missing. Nothing
// a Region does could mend it.
func (e *Error) Misconfigured() bool {
	switch e.Problem.Reason {
	case NoCredentials, BadCredentials, Expired, WrongAccount, BadConfig:
		return true
	}
	return false
}

// Failures lists the *Error values that err, as returned by Open, holds.
func Failures(err error) []*Error {
	if err == nil {
		return nil
	}
	var one *Error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*Error
		for _, e := range joined.Unwrap() {
			all = append(all, Failures(e)...)
		}
		return all
	}
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

func hint(region string, p Problem) string {
	switch p.Reason {
	case NoCredentials:
		return "give credentials: in GitHub Actions run aws-actions/configure-aws-credentials first and allow id-token: write; locally set AWS_PROFILE or the AWS_* variables"
	case Expired:
		return "the credentials have expired: renew them and run again"
	case BadCredentials:
		return "AWS does not know these credentials in " + region + "; if the Region is opt-in, enable it for the account first"
	case WrongAccount:
		return "use credentials of that account, or correct account: or role-to-assume: of the Region in the configuration"
	case BadConfig:
		return "check AWS_PROFILE, AWS_CONFIG_FILE and the files they name"
	case AccessDenied:
		if p.Permission != "" {
			return "allow " + p.Permission + " (see `lockstep iam`), and check the role's trust policy"
		}
		return "check the permissions and the role's trust policy"
	case Unreachable, Timeout:
		return "the Region's endpoint does not answer: check the network, AWS_ENDPOINT_URL and the AWS Health Dashboard for " + region
	case Throttled:
		return "AWS is throttling the account; run again later"
	case Canceled:
		return "the run was cancelled"
	}
	return "see the AWS error code"
}
