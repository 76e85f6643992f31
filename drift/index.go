package drift

import "strings"

// index finds every known text inside longer texts in one pass: a trie whose
// letters are words (runs of letters and digits) and the single bytes between
// them, so that a match can neither begin nor end inside a word, and the
// longest match at a place wins.
type index struct {
	next map[edge]int32
	ends map[int32]entry
	size int32
}

type edge struct {
	from int32
	word string
}

type entry struct {
	level   strength
	mention mention
}

func newIndex() *index { return &index{next: map[edge]int32{}, ends: map[int32]entry{}} }

// add enters a text. What was entered first stays: a Region's own meaning of
// a text goes before the other Region's.
func (x *index) add(text string, level strength, m mention) {
	at := int32(0)
	for i := 0; i < len(text); {
		end := wordEnd(text, i)
		step := edge{at, text[i:end]}
		to, ok := x.next[step]
		if !ok {
			x.size++
			to = x.size
			x.next[step] = to
		}
		at, i = to, end
	}
	if at == 0 {
		return
	}
	if _, taken := x.ends[at]; !taken {
		x.ends[at] = entry{level, m}
	}
}

// rewrite replaces every mention in s by its symbol and lists the mentions in
// order of appearance. A text that mentions nothing is returned as it is.
func (x *index) rewrite(s string) (string, []mention) {
	var out strings.Builder
	var found []mention
	done := 0
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], "${") { // a symbol of a declared value stays
			if close := strings.IndexByte(s[i:], '}'); close > 0 {
				i += close + 1
				continue
			}
		}
		end, m, ok := x.longest(s, i)
		if !ok {
			i = wordEnd(s, i)
			continue
		}
		out.WriteString(s[done:i])
		out.WriteString(m.token())
		found = append(found, m)
		i, done = end, end
	}
	if found == nil {
		return s, nil
	}
	out.WriteString(s[done:])
	return out.String(), found
}

// longest finds the longest known text that starts at i.
func (x *index) longest(s string, i int) (end int, m mention, ok bool) {
	at := int32(0)
	for j := i; j < len(s); {
		stop := wordEnd(s, j)
		to, known := x.next[edge{at, s[j:stop]}]
		if !known {
			break
		}
		at, j = to, stop
		if e, here := x.ends[at]; here && bounded(s, i, j, e.level) {
			end, m, ok = j, e.mention, true
		}
	}
	return end, m, ok
}

// bounded reports whether s[from:to] may stand for a text of that strength.
func bounded(s string, from, to int, level strength) bool {
	switch level {
	case unmistake:
		return true
	case ordinary:
		return (from == 0 || !joins(s[from-1])) && (to == len(s) || !joins(s[to]))
	default:
		return from == 0 && to == len(s)
	}
}

func joins(c byte) bool { return c == '-' || c == '_' }

func wordEnd(s string, i int) int {
	if !isWordByte(s[i]) {
		return i + 1
	}
	for i < len(s) && isWordByte(s[i]) {
		i++
	}
	return i
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
