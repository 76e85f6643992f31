package target

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// code is the AWS error code of err; empty if it has none.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// message is the text AWS sent with err, or the error's own.
func message(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorMessage() != "" {
		return api.ErrorMessage()
	}
	return err.Error()
}

// isMissing reports whether err says that there is no such stack.
// CloudFormation has no error code of its own for it.
func isMissing(err error) bool {
	return code(err) == "ValidationError" && strings.Contains(message(err), "does not exist")
}

// errorRow says what an error code means while something is being prepared.
type errorRow struct {
	Code string
	Kind deploy.ErrorKind
	Hint string
}

// errorRows are the codes that decide something. Throttling and server errors
// are not here: they were retried and still say nothing about the stack.
var errorRows = []errorRow{
	{"ValidationError", deploy.Refused, ""},
	{"InsufficientCapabilitiesException", deploy.Refused, "add the named capability to this target"},
	{"InsufficientCapabilities", deploy.Refused, "add the named capability to this target"},
	{"LimitExceededException", deploy.Refused, "raise the quota or remove what is not needed"},
	{"InvalidParameterValueException", deploy.Refused, ""},
	{"InvalidParameterException", deploy.Refused, ""},
	{"ClientException", deploy.Refused, ""},
	{"CodeStorageExceededException", deploy.Refused, "delete versions that are not used any more"},
	{"ExpiredToken", deploy.Unknown, "get fresh credentials and run again"},
	{"ExpiredTokenException", deploy.Unknown, "get fresh credentials and run again"},
	{"InvalidClientTokenId", deploy.Unknown, "the credentials are not valid in this Region"},
	{"UnrecognizedClientException", deploy.Unknown, "the credentials are not valid in this Region"},
}

// preparing wraps an error that came up before anything was touched.
func (t *CloudFormation) preparing(doing string, err error) error {
	return unprepared(doing, "stack "+t.spec.Name, t.spec.Region, err)
}

// unprepared words an error that came up before a subject was touched.
func unprepared(doing, subject, region string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s of %s in %s: %w", doing, subject, region, err)
	}
	var known *deploy.Error
	if errors.As(err, &known) {
		return err
	}
	wrapped := &deploy.Error{Kind: deploy.Unknown, Err: err,
		Reason: fmt.Sprintf("%s of %s in %s: %s", doing, subject, region, plain(err))}
	for _, row := range errorRows {
		if row.Code == code(err) {
			wrapped.Kind, wrapped.Hint = row.Kind, row.Hint
		}
	}
	if problem := session.Classify(err); problem.Reason == session.AccessDenied { // also where a HEAD brings no words
		wrapped.Hint = fmt.Sprintf("allow %s in the role Lockstep uses in %s", problem.Permission, region)
	}
	return wrapped
}

// plain is the shortest true wording of an error.
func plain(err error) string {
	if c := code(err); c != "" {
		return c + ": " + message(err)
	}
	return err.Error()
}

// refusal is a precondition of this stack that does not hold.
func (t *CloudFormation) refusal(hint, format string, args ...any) error {
	return &deploy.Error{Kind: deploy.Refused, Hint: hint,
		Reason: fmt.Sprintf("stack %s in %s: ", t.spec.Name, t.spec.Region) + fmt.Sprintf(format, args...)}
}
