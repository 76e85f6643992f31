package drift

import "strings"

// index finds every known text inside longer texts in one pass: a trie whose
// letters are words (runs of letters and digits) and the single bytes between
// them, so that a match can neither begin nor end inside a word, and the
// longest match at a place wins. One index serves both Regions: an entry knows
// what its text means in each.
type index struct {
	words map[string]uint32
	next  map[uint64]uint32 // node and word → node
	ends  []*entry          // by node; nil where no text ends
	// regions are the codes of the primary's and the standby's Region.
	regions [2]string
}

// entry is what one text means to the primary (0) and the standby (1). What a
// Region calls its own goes before what belongs to the other.
type entry struct {
	text  string
	level strength
	own   [2]*mention
}

// firstWord is the number of the first word; smaller numbers are single bytes.
const firstWord = 256

// newIndex makes an index for about so many texts: a map that grows is copied
// over and over.
func newIndex(texts int) *index {
	return &index{words: make(map[string]uint32, texts), next: make(map[uint64]uint32, 2*texts), ends: make([]*entry, 1, 2*texts+1)}
}

func edge(node, word uint32) uint64 { return uint64(node)<<32 | uint64(word) }

// add enters what a text means to one side. What was entered first stays.
func (x *index) add(side int, text string, level strength, m mention) {
	at := uint32(0)
	for i := 0; i < len(text); {
		end := wordEnd(text, i)
		step := edge(at, x.word(text[i:end]))
		to, ok := x.next[step]
		if !ok {
			to = uint32(len(x.ends))
			x.ends = append(x.ends, nil)
			x.next[step] = to
		}
		at, i = to, end
	}
	if at == 0 {
		return
	}
	e := x.ends[at]
	if e == nil {
		e = &entry{text: text, level: level}
		x.ends[at] = e
	}
	if e.own[side] == nil {
		e.own[side] = &m
		e.level = max(e.level, level)
	}
}

// word numbers a word, a new one too.
func (x *index) word(s string) uint32 {
	if len(s) == 1 && !isWordByte(s[0]) {
		return uint32(s[0])
	}
	n, ok := x.words[s]
	if !ok {
		n = firstWord + uint32(len(x.words))
		x.words[s] = n
	}
	return n
}

// token is one letter of a text to be searched: its number, 0 for a word no
// known text has, and where it ends.
type token struct {
	word uint32
	end  int
}

// tokens cuts a text into letters, into a buffer of the caller's.
func (x *index) tokens(s string, buffer []token) []token {
	for i := 0; i < len(s); {
		end := wordEnd(s, i)
		word := uint32(s[i])
		if isWordByte(s[i]) {
			word = x.words[s[i:end]]
		}
		buffer = append(buffer, token{word, end})
		i = end
	}
	return buffer
}

// rewrite replaces every mention in s by its symbol, as the side understands
// it, and lists the mentions in order of appearance. A text that mentions
// nothing is returned as it is.
func (x *index) rewrite(side int, s string) (string, []mention) {
	return x.rewriteIf(side, s, func(*mention) bool { return true })
}

// rewriteIf is rewrite for the mentions that are wanted.
func (x *index) rewriteIf(side int, s string, want func(*mention) bool) (string, []mention) {
	var space [64]token
	tokens := x.tokens(s, space[:0])
	var out strings.Builder
	var found []mention
	done, start := 0, 0
	for i := 0; i < len(tokens); {
		if strings.HasPrefix(s[start:], "${") { // a symbol of a declared value stays
			if length := strings.IndexByte(s[start:], '}'); length > 0 {
				for i < len(tokens) && tokens[i].end <= start+length+1 {
					i++
				}
				start += length + 1
				continue
			}
		}
		after, e := x.longest(s, tokens, i, start)
		if e == nil {
			start = tokens[i].end
			i++
			continue
		}
		m := e.read(side)
		if m.peer && m.place == placeResource && insideARNOf(x.regions[side], s, start) {
			m.peer = false // the own Region's resource of that name, whether it exists or not
		}
		if !want(&m) {
			start = tokens[i].end
			i++
			continue
		}
		out.WriteString(s[done:start])
		out.WriteString(m.token())
		found = append(found, m)
		start = tokens[after-1].end
		i, done = after, start
	}
	if found == nil {
		return s, nil
	}
	out.WriteString(s[done:])
	return out.String(), found
}

// insideARNOf reports whether s[at] stands in an ARN of the Region.
func insideARNOf(region, s string, at int) bool {
	begin := strings.LastIndex(s[:at], "arn:")
	if strings.HasPrefix(s[at:], "arn:") {
		begin = -1 // an ARN within another ("…/functions/arn:…") says its own Region
	}
	if begin < 0 || region == "" || strings.ContainsAny(s[begin:at], " \t\n\"',") {
		return false
	}
	fields := strings.SplitN(s[begin:at], ":", 5)
	return len(fields) == 5 && fields[3] == region
}

// read is what the entry's text means to a side.
func (e *entry) read(side int) mention {
	if e.own[side] != nil {
		return *e.own[side]
	}
	m := *e.own[1-side]
	m.peer = true
	return m
}

// longest finds the longest known text that begins with token i, at start.
func (x *index) longest(s string, tokens []token, i, start int) (after int, found *entry) {
	at := uint32(0)
	for j := i; j < len(tokens); j++ {
		to, known := x.next[edge(at, tokens[j].word)]
		if !known || tokens[j].word == 0 {
			break
		}
		at = to
		if e := x.ends[at]; e != nil && bounded(s, start, tokens[j].end, e.level) {
			after, found = j+1, e
		}
	}
	return after, found
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
