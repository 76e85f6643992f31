package wire

import "fmt"

// Error is an error as AWS reports it. Handlers return it; the protocol writes it in its own dialect.
type Error struct {
	Status  int    // HTTP status
	Code    string // error code or shape name, without a namespace
	Message string

	QueryCode string // the older code that services moved from query to JSON still send, for example AWS.SimpleQueueService.NonExistentQueue
	Members   Object // further members of a modelled error shape
	Header    map[string]string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf returns an Error with a formatted message.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Fault is "Sender" for errors of the caller, "Receiver" for errors of the service.
func (e *Error) Fault() string {
	if e.Status >= 500 {
		return "Receiver"
	}
	return "Sender"
}
