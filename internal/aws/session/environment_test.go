package session

import (
	"os"
	"strings"
	"testing"
)

// TestMain forgets the AWS settings of whoever runs the tests: an endpoint or a
// profile of theirs would change what is tested.
func TestMain(m *testing.M) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AWS_") {
			if err := os.Unsetenv(name); err != nil {
				panic(err) // a test that runs in the wrong environment proves nothing
			}
		}
	}
	os.Exit(m.Run())
}
