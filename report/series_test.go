package report

import (
	"strings"
	"testing"
)

func TestIdsInARowAreNamedByTheirEnds(t *testing.T) {
	for _, c := range []struct{ name, ids, want string }{
		{"none", "", ""},
		{"one", "CAP-01", "CAP-01"},
		{"two stay two", "CAP-01 CAP-02", "CAP-01 CAP-02"},
		{"three are a row", "CAP-01 CAP-02 CAP-03", "CAP-01–03"},
		{"a gap ends a row", "CAP-01 CAP-02 CAP-03 CAP-05", "CAP-01–03 CAP-05"},
		{"an area ends a row", "ART-01 ART-02 CAP-03 CAP-04", "ART-01 ART-02 CAP-03 CAP-04"},
		{"past nine", "CAP-08 CAP-09 CAP-10 CAP-11", "CAP-08–11"},
		{"what has no number", "COVERAGE DRIFT OWN-A OWN-B OWN-C", "COVERAGE DRIFT OWN-A OWN-B OWN-C"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(Series(strings.Fields(c.ids)), " "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
