package drift

import (
	"bytes"
	"encoding/json"
	"strings"
)

// briefly is how many bytes of a value a message shows.
const briefly = 120

func brief(v any) string { return Brief(v, briefly) }

// Brief writes a value as JSON on one line, of at most so many bytes. What
// escapes it for HTML is the sink that is HTML.
func Brief(v any, most int) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return "a value that cannot be shown"
	}
	return ShortenJSON(strings.TrimSuffix(text.String(), "\n"), most)
}

// ShortenJSON cuts JSON to at most so many bytes. It closes what the cut left
// open and marks the cut outside of quotes, so that nobody takes the mark for a
// part of the value: {"Action":"sqs:Se"…}.
func ShortenJSON(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for cut := most; cut > 0; cut-- {
		if short := closed(text[:cut]); len(short) <= most {
			return short
		}
	}
	return "…"
}

// closed ends JSON that was cut anywhere.
func closed(prefix string) string {
	prefix = strings.ToValidUTF8(prefix, "")
	var open []byte // what is still to be closed, outermost first
	quoted, escape := false, -1
	for i := range len(prefix) {
		b := prefix[i]
		switch {
		case escape >= 0:
			if i == escape+1 && b != 'u' || i == escape+5 { // \n, or \u and four digits
				escape = -1
			}
		case quoted && b == '\\':
			escape = i
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{':
			open = append(open, '}')
		case b == '[':
			open = append(open, ']')
		case (b == '}' || b == ']') && len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	if escape >= 0 {
		prefix = prefix[:escape]
	}
	var end strings.Builder
	if quoted {
		end.WriteByte('"')
	}
	end.WriteString("…")
	for i := len(open) - 1; i >= 0; i-- {
		end.WriteByte(open[i])
	}
	return prefix + end.String()
}
