package session

import (
	"context"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The reasons Classify gives. Any other reason is the service's own error code.
const (
	AccessDenied   = "AccessDenied"
	Throttled      = "Throttled"
	Expired        = "Expired"
	NoCredentials  = "NoCredentials"
	BadCredentials = "BadCredentials"
	WrongAccount   = "WrongAccount"
	BadConfig      = "BadConfig"
	NotFound       = "NotFound"
	Unreachable    = "Unreachable"
	Timeout        = "Timeout"
	Unsupported    = "Unsupported"
	Canceled       = "Canceled"
	BadResponse    = "BadResponse"
	ReadOnlyReason = "ReadOnly"
	unknownReason  = "Error"
)

// Problem is an error of the SDK in the terms of a Gap.
type Problem struct {
	// Reason is one of the constants above or the service's own error code.
	Reason string
	// Permission is the IAM action of the call that failed: "kms:DescribeKey".
	// When AWS names the action it missed, it is that one.
	Permission string
	// Message is the untrusted text of the service, on one line, at most 400 bytes.
	Message string
}

// Classify says what kind of failure err is. It is the only place that knows
// error codes, and never answers NotFound for anything a service did not say
// itself: a page of HTML or a silent Region must not read as "absent".
func Classify(err error) Problem {
	if err == nil {
		return Problem{}
	}
	p := Problem{Reason: reason(err), Permission: permission(err), Message: oneLine(message(err))}
	if p.Reason == AccessDenied {
		if m := deniedAction.FindStringSubmatch(message(err)); m != nil {
			p.Permission = m[1]
		}
	}
	return p
}

var deniedAction = regexp.MustCompile(`not authorized to perform:? ([a-z0-9-]+:[A-Za-z*]+)`)

func reason(err error) string {
	var account *accountError
	var cfg *configError
	var refused *WriteError
	switch {
	case errors.As(err, &refused):
		return ReadOnlyReason
	case errors.As(err, &account):
		return WrongAccount
	case errors.As(err, &cfg):
		return BadConfig
	case errors.Is(err, context.Canceled):
		return Canceled
	case slowedHead(err):
		return Throttled
	}
	if r := serviceReason(err); r != "" {
		return r
	}
	return transportReason(err)
}

// serviceReason judges an error a service stated itself; "" if it did not.
func serviceReason(err error) string {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return ""
	}
	code := api.ErrorCode()
	if code == "UnknownError" || code == "" {
		return ""
	}
	if deniedAction.MatchString(api.ErrorMessage()) {
		return AccessDenied
	}
	if r, ok := codes[code]; ok {
		return r
	}
	if _, ok := retry.DefaultThrottleErrorCodes[code]; ok {
		return Throttled
	}
	switch {
	case code == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist"):
		return NotFound // how CloudFormation says that there is no such stack
	case code == "ValidationError" && strings.Contains(api.ErrorMessage(), "AutoScalingGroup name not found"):
		return NotFound // how Auto Scaling says that there is no such group
	case strings.HasPrefix(code, "NoSuch"), strings.HasSuffix(code, "NotFound"), strings.HasSuffix(code, "NotFoundException"),
		strings.HasSuffix(code, "NotFoundFault"), strings.Contains(code, "NonExistent"), strings.Contains(code, "NonexistentItem"):
		return NotFound
	}
	return code
}

// codes maps error codes to reasons. Sources: "Common errors" of the service
// API references; the SDK's service models.
var codes = map[string]string{
	"AccessDenied": AccessDenied, "AccessDeniedException": AccessDenied, "AccessDeniedFault": AccessDenied,
	"UnauthorizedOperation": AccessDenied, "AuthorizationError": AccessDenied, "AuthorizationErrorException": AccessDenied,
	"NotAuthorized": AccessDenied, "UnauthorizedException": AccessDenied, "Forbidden": AccessDenied,
	"ForbiddenException": AccessDenied, "KMSAccessDeniedException": AccessDenied, "UnauthorizedAccess": AccessDenied,
	"ExplicitDeny": AccessDenied, "AllAccessDisabled": AccessDenied,

	"ExpiredToken": Expired, "ExpiredTokenException": Expired, "RequestExpired": Expired, "TokenRefreshRequired": Expired,

	"InvalidClientTokenId": BadCredentials, "UnrecognizedClientException": BadCredentials, "InvalidAccessKeyId": BadCredentials,
	"SignatureDoesNotMatch": BadCredentials, "AuthFailure": BadCredentials, "MissingAuthenticationToken": BadCredentials,
	"MissingAuthenticationTokenException": BadCredentials, "IncompleteSignature": BadCredentials,
	"InvalidSignatureException": BadCredentials, "OptInRequired": BadCredentials, "InvalidIdentityToken": BadCredentials,

	"UnknownOperationException": Unsupported, "UnknownOperation": Unsupported, "InvalidAction": Unsupported,
	"UnsupportedActionException": Unsupported, "TypeNotFoundException": Unsupported, "NotImplemented": Unsupported,
	"UnsupportedOperation": Unsupported, "UnsupportedOperationException": Unsupported, "MethodNotAllowed": Unsupported,
	"NotImplementedException": Unsupported, "NotUpdatableException": Unsupported,

	"AWS.SimpleQueueService.NonExistentQueue": NotFound, "QueueDoesNotExist": NotFound, "NotFound": NotFound,
	"ParameterNotFound": NotFound, "ResourceNotFoundFault": NotFound, "InvalidGroup.NotFound": NotFound,
	"StateMachineDoesNotExist": NotFound, "ActivityDoesNotExist": NotFound,
	"404": NotFound, // what S3 leaves of a HEAD request

	"RequestTimeout": Timeout, "RequestTimeoutException": Timeout,
	"ServiceUnavailable": Unreachable, "ServiceUnavailableException": Unreachable, "InternalFailure": Unreachable,
	"InternalError": Unreachable, "InternalServerError": Unreachable, "InternalServiceException": Unreachable,
	"ServiceException": Unreachable, "Unavailable": Unreachable,
}

// transportReason judges an error without a code: no credentials, no answer,
// or an answer that no service would give.
func transportReason(err error) string {
	var credentials *credentialsError
	if errors.As(err, &credentials) && !strings.HasPrefix(permission(credentials.cause), "sts:") {
		if strings.Contains(credentials.Error(), "expired") {
			return Expired
		}
		return NoCredentials
	}
	var nothing *emptyAnswer
	if errors.As(err, &nothing) {
		return BadResponse
	}
	var slow interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return Timeout
	}
	var send *smithyhttp.RequestSendError
	var dial *net.OpError
	var dns *net.DNSError
	if errors.As(err, &send) || errors.As(err, &dial) || errors.As(err, &dns) {
		return Unreachable
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		switch response.HTTPStatusCode() {
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return Unreachable
		case http.StatusForbidden:
			return AccessDenied
		case http.StatusTooManyRequests:
			return Throttled
		case http.StatusOK:
			return BadResponse
		}
		return Unsupported
	}
	var undecodable *smithy.DeserializationError
	if errors.As(err, &undecodable) {
		return Unsupported
	}
	return unknownReason
}

// message is the service's own sentence, without the SDK's frames around it.
func message(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorMessage() != "" {
		return api.ErrorMessage()
	}
	var undecodable *smithy.DeserializationError
	if errors.As(err, &undecodable) {
		return "the endpoint answered with something that is not this service's protocol"
	}
	var operation *smithy.OperationError
	for errors.As(err, &operation) && operation.Err != nil {
		err = operation.Err
	}
	return err.Error()
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const most = 400
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
