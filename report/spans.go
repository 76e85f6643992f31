package report

// span is a piece of text that is code or not.
type span struct {
	Text string
	Code bool
}

// spans tells the `commands` between backticks from the text around them. A
// message quotes values as JSON does: a backtick in a value is one of its
// characters, and never begins or ends a command.
func spans(s string) []span {
	var list []span
	add := func(text string, code bool) {
		if text != "" {
			list = append(list, span{text, code})
		}
	}
	from, open := 0, -1
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"' && open < 0:
			i += quotedLength(s[i:])
		case s[i] == '`' && open < 0:
			open = i
		case s[i] == '`':
			add(s[from:open], false)
			add(s[open+1:i], true)
			from, open = i+1, -1
		}
	}
	if open >= 0 {
		return []span{{Text: s}} // a backtick without a partner
	}
	add(s[from:], false)
	return list
}

// quotedLength is how far the end of the JSON string is from its beginning; 0
// where it does not end.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return 0
}
