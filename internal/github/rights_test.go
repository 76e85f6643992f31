package github

import (
	"slices"
	"strings"
	"testing"
)

func TestRights(t *testing.T) {
	tests := []struct {
		name, token string
		pull        int
		granted     []string
		failed      bool
	}{
		{"the token of a job with everything", actionsToken, 12, []string{"contents: read", "pull-requests: read", "statuses: write", "issues: write", "pull-requests: write"}, false},
		{"without a pull request its comments are not asked for", actionsToken, 0, []string{"contents: read", "pull-requests: read", "statuses: write", "issues: write"}, false},
		{"the token of a fork", readOnlyToken, 12, nil, false},
		{"a token that is not valid tells nothing", "ghs_invalid", 12, nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := pullAPI()
			s.Files = map[string]string{"acme/shop@HEAD:x": ""}
			c, _ := client(t, s, test.token)
			var granted []string
			for _, right := range c.Rights(t.Context(), "acme", "shop", test.pull) {
				if right.Granted {
					granted = append(granted, right.Permission)
				}
				if (right.Err != nil) != test.failed || right.Err != nil && !strings.Contains(right.Err.Error(), "github-token") {
					t.Errorf("%s: %v", right.Permission, right.Err)
				}
			}
			if !slices.Equal(granted, test.granted) {
				t.Errorf("granted %q, want %q", granted, test.granted)
			}
			if len(s.Issues())+len(s.Comments())+len(s.Statuses()) > 0 {
				t.Error("asking left something behind")
			}
		})
	}
}
