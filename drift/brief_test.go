package drift

import (
	"strings"
	"testing"
)

func TestAMessageShowsAValueAsItWasWritten(t *testing.T) {
	if have, want := brief("https://x/?a=1&b=<1>"), `"https://x/?a=1&b=<1>"`; have != want {
		t.Errorf("brief: %s, want %s", have, want)
	}
}

func TestALongValueIsCutOutsideOfItsQuotes(t *testing.T) {
	tests := []struct {
		name, text string
		most       int
		want       string
	}{
		{"short enough", `"abc"`, 5, `"abc"`},
		{"in a string", `"abcdefghij"`, 10, `"abcde"…`},
		{"in nested objects", `{"Statement":[{"Action":"sqs:SendMessage"}]}`, 36, `{"Statement":[{"Action":"sqs:"…}]}`},
		{"a bracket in a string opens nothing", `["[[[[{{{{", "abcdefgh"]`, 20, `["[[[[{{{{", "a"…]`},
		{"a quote in a string ends nothing", `"ab\"cdefghij"`, 10, `"ab\"c"…`},
		{"in an escape", `"abc\"defghij"`, 9, `"abc"…`},
		{"in a number of an escape", `"ab\u00e9cdefgh"`, 12, `"ab"…`},
		{"behind an escape", `"\\\\\\\\abcdef"`, 12, `"\\\\\\"…`},
		{"in a rune", `"üüüüüüüü"`, 10, `"üü"…`},
		{"in a number", `[12345678901]`, 10, `[12345…]`},
		{"between members", `{"a":1,"bcdefg":2}`, 11, `{"a":1,…}`},
		{"deeper than there is room", `[[[[[[[[[[1]]]]]]]]]]`, 7, `[[…]]`},
		{"no room at all", `"abcdef"`, 3, `…`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			have := ShortenJSON(test.text, test.most)
			if have != test.want {
				t.Errorf("%s, want %s", have, test.want)
			}
			if len(have) > test.most {
				t.Errorf("%s has %d bytes, more than %d", have, len(have), test.most)
			}
		})
	}
	long := brief(map[string]any{"Statement": []any{map[string]any{"Action": strings.Repeat("a", 500)}}})
	if !strings.HasSuffix(long, `a"…}]}`) || len(long) > briefly {
		t.Errorf("in a message: %s", long)
	}
}
