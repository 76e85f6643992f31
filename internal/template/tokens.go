package template

import (
	"sort"
	"strings"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// tokenize cuts YAML into tokens and mends what the lexer and the parser after it would misread without a word: colons that
// belong to a word ("{Fn::Sub: x}", "{Action: sqs:*}"), and tags without a value.
func tokenize(src string) token.Tokens {
	if !strings.HasSuffix(src, "\n") {
		src += "\n" // at the very end of a text the lexer loses a tag
	}
	stand, ok := standIn(src)
	if ok {
		src = hideColons(src, stand)
	}
	raw := lexer.Tokenize(src)
	if ok {
		for _, tk := range raw {
			tk.Value = strings.ReplaceAll(tk.Value, string(stand), ":")
			tk.Origin = strings.ReplaceAll(tk.Origin, string(stand), ":")
		}
	}
	return fillEmptyTags(raw)
}

// columns corrects positions: for every tag on a line the lexer counts one column too few in what follows.
type columns map[int][]int // line → columns of its tags, as the lexer gives them

func newColumns(tokens token.Tokens) columns {
	c := columns{}
	for _, tk := range tokens {
		if tk.Type == token.TagType {
			c[tk.Position.Line] = append(c[tk.Position.Line], tk.Position.Column)
		}
	}
	return c
}

func (c columns) position(tk *token.Token) Position {
	if tk == nil || tk.Position == nil {
		return Position{}
	}
	line, column := tk.Position.Line, tk.Position.Column
	return Position{Line: line, Column: column + sort.SearchInts(c[line], column)}
}

// standIn is a character of Unicode's private use area that the text does not use.
func standIn(src string) (rune, bool) {
	for c := rune(0xE000); c < 0xE100; c++ {
		if !strings.ContainsRune(src, c) {
			return c, true
		}
	}
	return 0, false
}

// hideColons replaces every colon that cannot end a key: one that is followed by neither a blank nor a flow indicator, and that
// does not stand right behind a quoted key. In text, quoted or not, the colon is put back after the lexer has run.
func hideColons(src string, stand rune) string {
	var out strings.Builder
	out.Grow(len(src) + len(src)/16)
	for i := range len(src) {
		if src[i] != ':' || i+1 == len(src) || strings.IndexByte(" \t\r\n,[]{}", src[i+1]) >= 0 ||
			i > 0 && (src[i-1] == '"' || src[i-1] == '\'') {
			out.WriteByte(src[i])
			continue
		}
		out.WriteRune(stand)
	}
	return out.String()
}

// fillEmptyTags gives every tag that stands alone, such as "AvailabilityZones: !GetAZs", an explicit empty text. The parser
// would otherwise take whatever follows on the next lines, siblings included, for the tag's value.
func fillEmptyTags(raw token.Tokens) token.Tokens {
	out := make(token.Tokens, 0, len(raw))
	flow := 0
	pending := -1 // index in raw after which an empty text goes
	for i, tk := range raw {
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.TagType:
			if end, empty := emptyTag(raw, i, flow > 0); empty {
				pending = end
			}
		}
		out.Add(tk)
		if i == pending {
			at := *tk.Position
			out.Add(token.SingleQuote("", "''", &at))
		}
	}
	return out
}

// emptyTag says whether the tag at index i has no value, and which token is the last that belongs to it (its anchor, if any).
func emptyTag(tokens token.Tokens, i int, inFlow bool) (end int, empty bool) {
	end = i
	next := skipComments(tokens, i+1)
	if next+1 < len(tokens) && tokens[next].Type == token.AnchorType {
		end = next + 1
		next = skipComments(tokens, next+2)
	}
	if next >= len(tokens) {
		return end, true
	}
	n := tokens[next]
	switch n.Type {
	case token.CollectEntryType, token.SequenceEndType, token.MappingEndType:
		return end, inFlow
	case token.DocumentEndType, token.DocumentHeaderType:
		return end, true
	}
	if inFlow || n.Position.Line == tokens[i].Position.Line {
		return end, false
	}
	column, underKey := ownerColumn(tokens, i)
	if underKey && n.Type == token.SequenceEntryType {
		return end, n.Position.Column < column
	}
	return end, n.Position.Column <= column
}

func skipComments(tokens token.Tokens, i int) int {
	for i < len(tokens) && tokens[i].Type == token.CommentType {
		i++
	}
	return i
}

// ownerColumn is the column of the key or of the "-" whose value the tag at index i begins; 0 at the top of a document.
func ownerColumn(tokens token.Tokens, i int) (column int, underKey bool) {
	j := i - 1
	for j >= 0 && tokens[j].Type == token.CommentType {
		j--
	}
	if j >= 1 && tokens[j-1].Type == token.AnchorType {
		j -= 2
	}
	for j >= 0 && tokens[j].Type == token.CommentType {
		j--
	}
	if j < 0 {
		return 0, false
	}
	switch owner := tokens[j]; owner.Type {
	case token.SequenceEntryType, token.MappingKeyType:
		return owner.Position.Column, false
	case token.MappingValueType:
		if j > 0 && tokens[j-1].Position.Line == owner.Position.Line {
			key := tokens[j-1]
			if j > 2 && tokens[j-2].Type == token.AnchorType {
				key = tokens[j-2]
			}
			return key.Position.Column, true
		}
		return owner.Position.Column, true
	}
	return 0, false
}
