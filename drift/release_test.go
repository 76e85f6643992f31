package drift

import "testing"

func TestAReleaseIsNamedByItsIDNameOrCommit(t *testing.T) {
	r := &Release{ID: "r-1", Name: "2026.11", Commit: "0123456789abcdef0123456789abcdef01234567"}
	for text, want := range map[string]bool{
		"r-1": true, "2026.11": true, r.Commit: true, "0123456": true, "012345": false, "1234567": false, "r-11": false, "": false,
	} {
		if r.Named(text) != want {
			t.Errorf("Named(%q) is %v", text, !want)
		}
	}
	if (*Release)(nil).Named("r-1") || (&Release{ID: "r-1"}).Named("") {
		t.Error("nothing is named by nothing")
	}
}
