package drift

import "testing"

func TestAMessageShowsAValueAsItWasWritten(t *testing.T) {
	if have, want := brief("https://x/?a=1&b=<1>"), `"https://x/?a=1&b=<1>"`; have != want {
		t.Errorf("%s, want %s", have, want)
	}
}
