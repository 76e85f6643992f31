package github

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/go-github/v88/github"
)

// refused words a failure with what a person can do about it: hints are by
// status, and a token that GitHub does not know has one hint everywhere.
func refused(doing string, err error, hints map[int]string) error {
	hint := hints[statusOf(err)]
	if statusOf(err) == http.StatusUnauthorized {
		hint = "is the input github-token valid?"
	}
	if hint != "" {
		hint = " (" + hint + ")"
	}
	return fmt.Errorf("%s: %w%s", doing, err, hint)
}

// permission is the hint for a call that a permission of the job would allow.
func permission(needed string) map[int]string {
	return map[int]string{
		http.StatusForbidden: fmt.Sprintf("does the job have \"permissions: %s\"? Pull requests from forks and Dependabot only read", needed),
		http.StatusNotFound:  "may the token see the repository?",
	}
}

func statusOf(err error) int {
	var response *github.ErrorResponse
	if errors.As(err, &response) && response.Response != nil {
		return response.Response.StatusCode
	}
	return 0
}
