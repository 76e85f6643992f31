package report

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/lockstep-dr/lockstep/drift"
)

// valueLimit is how many characters of a value a report shows.
const valueLimit = 200

// absent stands for a value that is not there.
const absent = "(absent)"

// plain writes a value as one line of text: strings as they are, anything else
// as compact JSON, secrets as "(secret)".
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return absent
	case string:
		return v
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(drift.Redact(v)); err != nil {
		return fmt.Sprintf("(a value of type %T)", v)
	}
	text := string(bytes.TrimRight(b.Bytes(), "\n"))
	if text == `"`+drift.Redacted+`"` {
		return drift.Redacted
	}
	return text
}

// abreast writes values that are to be read next to each other, each at most
// valueLimit characters, cut so that the first difference stays in sight.
// Values that differ only in type are told apart by quotes.
func abreast(values ...any) []string {
	texts := make([][]rune, len(values))
	for i, v := range values {
		text := plain(v)
		if s, isString := v.(string); isString && mixed(values) {
			text = fmt.Sprintf("%q", s)
		}
		texts[i] = []rune(text)
	}
	from := 0
	if same := commonPrefix(texts); same > valueLimit*3/4 {
		from = same - valueLimit/5
	}
	out := make([]string, len(texts))
	for i, text := range texts {
		if _, isString := values[i].(string); !isString && from == 0 && len(text) > valueLimit {
			out[i] = drift.ShortenJSON(string(text), len(string(text[:valueLimit*9/10])))
			continue
		}
		out[i] = window(text, from)
	}
	return out
}

// mixed reports whether a string stands next to a number or a boolean.
func mixed(values []any) bool {
	for _, v := range values {
		switch v.(type) {
		case bool, float64, int:
			return true
		}
	}
	return false
}

func commonPrefix(texts [][]rune) int {
	longest := 0
	for _, text := range texts {
		longest = max(longest, len(text))
	}
	if longest <= valueLimit {
		return 0
	}
	for n := 0; ; n++ {
		for _, text := range texts {
			if n == len(text) || text[n] != texts[0][n] {
				return n
			}
		}
	}
}

func window(text []rune, from int) string {
	if len(text) <= valueLimit && from == 0 {
		return string(text)
	}
	from = min(from, len(text))
	out, rest := "", text[from:]
	if from > 0 {
		out = "…"
	}
	if len(rest) > valueLimit-2 {
		return out + string(rest[:valueLimit-2]) + "…"
	}
	return out + string(rest)
}

// shorten cuts text that stands alone.
func shorten(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return string(runes[:limit-1]) + "…"
}
