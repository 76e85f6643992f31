package regionname

import (
	"cmp"
	"slices"
	"strings"
)

// Codes are the customary ways to write a Region in a name, the longest first:
// us-east-1 is also us_east_1, us.east.1, useast1 and use1.
func Codes(region string) []string {
	parts := strings.Split(region, "-")
	if len(parts) < 3 {
		return nil
	}
	var short strings.Builder
	short.WriteString(parts[0])
	for _, word := range parts[1 : len(parts)-1] {
		short.WriteString(compass(word))
	}
	short.WriteString(parts[len(parts)-1])
	codes := []string{region, strings.Join(parts, "_"), strings.Join(parts, "."), strings.Join(parts, ""), short.String()}
	slices.SortFunc(codes, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(codes)
}

// compass shortens the middle word of a Region code the way AWS's zone ids do:
// "northeast" is "ne", "central" is "c".
func compass(word string) string {
	for _, direction := range []string{"north", "south"} {
		if rest, ok := strings.CutPrefix(word, direction); ok && rest != "" {
			return direction[:1] + rest[:1]
		}
	}
	return word[:min(1, len(word))]
}

// Words are words that stand for something in names, by the text that takes
// their place: "" removes the word with the separator beside it.
type Words map[string]string

// Of returns the words of a Region's names. What belongs to the Region itself is
// removed; another Region of the application becomes "{peer}", so that a name
// that points there stays another name.
func Of(region string, others []string) Words {
	w := Words{}
	for _, other := range others {
		for _, code := range Codes(other) {
			w[code] = "{peer}"
		}
	}
	for _, code := range Codes(region) {
		w[code] = ""
	}
	return w
}

// Strip replaces every word of the table that stands in a name as a whole word,
// in one pass from the left, the longest first. Letter case does not matter.
func (w Words) Strip(name string) string {
	lower := strings.ToLower(name)
	words := w.longestFirst()
	var out strings.Builder
	for i := 0; i < len(name); {
		word := wordAt(lower, i, words)
		if word == "" {
			out.WriteByte(name[i])
			i++
			continue
		}
		i += len(word)
		if put := w[word]; put != "" {
			out.WriteString(put)
			continue
		}
		i = dropSeparator(&out, name, i)
	}
	return out.String()
}

func (w Words) longestFirst() []string {
	words := make([]string, 0, len(w))
	for word := range w {
		if word != "" {
			words = append(words, word)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return words
}

// wordAt is the longest word that stands at i with no letter or digit beside it.
func wordAt(name string, i int, words []string) string {
	if i > 0 && isWordByte(name[i-1]) {
		return ""
	}
	for _, word := range words {
		if strings.HasPrefix(name[i:], word) && (i+len(word) == len(name) || !isWordByte(name[i+len(word)])) {
			return word
		}
	}
	return ""
}

// dropSeparator removes the one separator that a removed word leaves behind: the
// one before it or, at the beginning of a part, the one after it.
func dropSeparator(out *strings.Builder, name string, after int) int {
	text := out.String()
	if n := len(text); n > 0 && isJoiner(text[n-1]) {
		out.Reset()
		out.WriteString(text[:n-1])
		return after
	}
	if after < len(name) && isJoiner(name[after]) {
		return after + 1
	}
	return after
}

func isJoiner(c byte) bool { return c == '-' || c == '_' || c == '.' }

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
