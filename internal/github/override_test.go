package github

import "testing"

func TestTheReasonStandsOnALineOfTheDescription(t *testing.T) {
	tests := []struct{ name, description, want string }{
		{"at the end", "What it does.\r\n\r\nBreak-glass: the primary burns\r\n", "the primary burns"},
		{"in other letters, indented", "  BREAK-GLASS:INC-7", "INC-7"},
		{"without a reason", "Break-glass:\nmore", ""},
		{"within a sentence", "We may need break-glass: no", ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if have := reasonIn(test.description); have != test.want {
				t.Errorf("%q, want %q", have, test.want)
			}
		})
	}
}
