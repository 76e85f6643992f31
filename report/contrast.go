package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/lockstep-dr/lockstep/drift"
)

// side is a value in one Region, in pieces that differ from the reference or not.
type side struct {
	Region string
	Absent bool
	Parts  []piece
}

type piece struct {
	Text    string
	Changed bool
}

// sideLimit is how many characters of a value a page shows.
const sideLimit = 20_000

// sidesOf sets the reference's value beside that of other Regions, with what
// differs marked. In the reference, the difference from the first of them is.
func sidesOf(reference string, value any, regions []string, values []any) []side {
	all := append([]any{value}, values...)
	texts := make([]string, len(all))
	for i, v := range all {
		texts[i] = shorten(spread(v, mixed(all)), sideLimit)
	}
	sides := []side{{Region: reference, Absent: value == nil}}
	for i, region := range regions {
		mine, theirs := contrast(texts[0], texts[i+1])
		if texts[0] == texts[i+1] && texts[0] != drift.Redacted {
			mine, theirs = mentions(texts[0], reference), mentions(texts[0], reference)
		}
		if i == 0 {
			sides[0].Parts = mine
		}
		sides = append(sides, side{Region: region, Absent: values[i] == nil, Parts: theirs})
	}
	return sides
}

// spread writes a value for people: trees, also those inside of a string, over
// several lines.
func spread(v any, quoted bool) string {
	tree := v
	if s, isString := v.(string); isString {
		trimmed := strings.TrimSpace(s)
		if !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") || json.Unmarshal([]byte(trimmed), &tree) != nil {
			if quoted {
				return fmt.Sprintf("%q", s)
			}
			return s
		}
	}
	switch tree.(type) {
	case map[string]any, []any:
	default:
		return plain(v)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if plain(tree) == drift.Redacted || enc.Encode(drift.Redact(tree)) != nil {
		return plain(v)
	}
	return strings.TrimRight(b.String(), "\n")
}

// mentions marks where a text that is equal in both Regions names one of them:
// that is what is wrong with it.
func mentions(text, region string) []piece {
	if region == "" {
		return []piece{{text, false}}
	}
	var parts []piece
	for i, rest := range strings.Split(text, region) {
		if i > 0 {
			parts = append(parts, piece{region, true})
		}
		parts = append(parts, piece{rest, false})
	}
	return parts
}

// contrast splits two texts into what they share and what they do not: by line
// where there are several, else by word.
func contrast(a, b string) (left, right []piece) {
	cut := words
	if strings.Contains(a, "\n") && strings.Contains(b, "\n") {
		cut = func(s string) []string { return strings.SplitAfter(s, "\n") }
	}
	return align(cut(a), cut(b))
}

// words cuts a text into runs of letters and digits and single other characters.
func words(s string) []string {
	var list []string
	from := 0
	inWord := false
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if i > from && !(letter && inWord) {
			list = append(list, s[from:i])
			from = i
		}
		inWord = letter
	}
	if from < len(s) {
		list = append(list, s[from:])
	}
	return list
}

// alignLimit bounds the work for one pair of values; beyond it, everything
// between the common beginning and the common end counts as different.
const alignLimit = 300

func align(a, b []string) (left, right []piece) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	same := func(tokens []string) []piece { return join(nil, tokens, false) }
	left, right = same(a[:head]), same(b[:head])
	middleA, middleB := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(middleA) > alignLimit || len(middleB) > alignLimit {
		left, right = join(left, middleA, true), join(right, middleB, true)
	} else {
		left, right = alignMiddle(left, right, middleA, middleB)
	}
	return join(left, a[len(a)-tail:], false), join(right, b[len(b)-tail:], false)
}

// alignMiddle keeps the longest common subsequence and marks the rest.
func alignMiddle(left, right []piece, a, b []string) ([]piece, []piece) {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			left, right = join(left, a[i:i+1], false), join(right, b[j:j+1], false)
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			left = join(left, a[i:i+1], true)
			i++
		default:
			right = join(right, b[j:j+1], true)
			j++
		}
	}
	return join(left, a[i:], true), join(right, b[j:], true)
}

// join appends tokens, to the last piece where it is of the same kind.
func join(parts []piece, tokens []string, changed bool) []piece {
	for _, token := range tokens {
		if n := len(parts); n > 0 && parts[n-1].Changed == changed {
			parts[n-1].Text += token
			continue
		}
		parts = append(parts, piece{token, changed})
	}
	return parts
}
