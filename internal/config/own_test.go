package config

import (
	"strings"
	"testing"
)

// The place of a line and a column of an expression is the place in the file.
func TestAnExpressionKnowsItsPlaceInTheFile(t *testing.T) {
	const before = "gate:\n  own:\n    - id: OWN-01\n      message: m\n      expression: "
	tests := []struct {
		name, yaml   string
		line, column int
		at           string // what stands there; empty: where the value begins
	}{
		{"plain", "abc.def\n", 1, 4, ".def"},
		{"quoted", "\"abc.def\"\n", 1, 4, ".def"},
		{"a block", "|\n        abc\n          .def\n", 2, 3, ".def"},
		{"the first line of a block", "|-\n        abc.def\n", 1, 4, ".def"},
		{"a block that folds its lines", ">\n        abc\n        .def\n", 1, 5, ""},
		{"quoted over two lines", "\"abc\n        .def\"\n", 2, 1, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := strings.Replace(minimal, "release:", before+test.yaml+"release:", 1)
			c, err := Parse([]byte(file), "lockstep.yml", now)
			if err != nil {
				t.Fatal(err)
			}
			at := c.Gate.Own[0].At(test.line, test.column)
			line := strings.Split(file, "\n")[at.Line-1]
			want := test.at
			if want == "" {
				want = strings.Split(test.yaml, "\n")[0]
			}
			if !strings.HasPrefix(line[at.Column-1:], want) {
				t.Errorf("%v is %q, want %q", at, line[at.Column-1:], want)
			}
		})
	}
}
