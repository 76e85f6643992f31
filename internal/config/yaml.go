package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits that keep hostile files from costing more than a moment. A real
// configuration is far below each of them.
const (
	maxBytes  = 256 << 10
	maxTokens = 30_000 // the parser takes quadratic time
	maxDepth  = 64
	maxNodes  = 50_000
)

// decode reads one YAML document. It reports what is wrong and returns nil
// when there is nothing to look at.
func decode(src []byte, p *problems) *node {
	text := strings.TrimPrefix(string(src), "\ufeff")
	if !readable(text, p) {
		return nil
	}
	file, err := parseText(text)
	if err != nil {
		syntaxProblem(text, err, p)
		return nil
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc != nil && doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	if len(bodies) == 0 {
		p.add(Position{}, "start with version: 1", "the file is empty")
		return nil
	}
	if len(bodies) > 1 {
		p.add(positionOf(bodies[1]), "keep one document; remove what follows ---", "the file holds %d YAML documents", len(bodies))
		return nil
	}
	c := converter{problems: p, anchors: map[string]*node{}}
	root := c.convert(bodies[0], Position{1, 1}, 0)
	if c.stopped {
		return nil
	}
	return root
}

// readable refuses what is no text or too large before any parser sees it.
func readable(text string, p *problems) bool {
	if len(text) > maxBytes {
		p.add(Position{}, "a configuration is a few hundred lines", "the file has %d bytes, more than %d", len(text), maxBytes)
		return false
	}
	line, column := 1, 1
	for i, r := range text {
		_, width := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && width == 1 || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			p.add(Position{line, column}, "save the file as UTF-8 text", "the file is not YAML text: byte 0x%02x", text[i])
			return false
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return true
}

// parseText runs the YAML parser. It turns a panic of the parser into an
// error: the text comes from whoever opened the pull request.
func parseText(text string) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, err = nil, fmt.Errorf("the file is not valid YAML")
		}
	}()
	tokens := lexer.Tokenize(text)
	if len(tokens) > maxTokens {
		tk := tokens[maxTokens]
		return nil, &limitError{Position{tk.Position.Line, tk.Position.Column}, "the file holds too many values"}
	}
	if tk := tooDeep(tokens); tk != nil {
		return nil, &limitError{Position{tk.Position.Line, tk.Position.Column}, fmt.Sprintf("the file nests deeper than %d levels", maxDepth)}
	}
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

// limitError is a file beyond what is handed to the parser.
type limitError struct {
	at      Position
	message string
}

func (e *limitError) Error() string { return e.message }

// tooDeep returns the token at which brackets, dashes, question marks, tags
// and anchors nest beyond what the recursive parser should be given. Levels of
// indentation are bounded by the column a key can start in.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, run, line := 0, 0, 0
	for _, tk := range tokens {
		if tk.Position.Line != line {
			line, run = tk.Position.Line, 0
		}
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			run++
		case token.MappingValueType:
			if flow == 0 && tk.Prev != nil && tk.Prev.Position.Column > 8*maxDepth {
				return tk
			}
		}
		if flow > maxDepth || run > maxDepth {
			return tk
		}
	}
	return nil
}

// syntaxProblem words an error of the YAML parser.
func syntaxProblem(text string, err error, p *problems) {
	var limit *limitError
	if errors.As(err, &limit) {
		p.add(limit.at, "no configuration needs that; write it more plainly", "%s", limit.message)
		return
	}
	var syntax yaml.Error
	if !errors.As(err, &syntax) || syntax.GetToken() == nil {
		p.add(Position{}, "check it with a YAML linter", "not valid YAML: %s", oneLine(err.Error()))
		return
	}
	tk := syntax.GetToken()
	at := Position{tk.Position.Line, tk.Position.Column}
	lines := strings.Split(text, "\n")
	if at.Line >= 1 && at.Line <= len(lines) {
		line := lines[at.Line-1]
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 {
			p.add(Position{at.Line, tab + 1}, "use spaces: YAML forbids tabs there", "a tab indents %s", shown(strings.TrimSpace(line)))
			return
		}
	}
	text, _, _ = strings.Cut(strings.TrimSpace(tk.Value), "\n")
	p.add(at, syntaxHint(syntax.GetMessage()), "not valid YAML: %s at %s", oneLine(syntax.GetMessage()), shown(text))
}

// syntaxHints guess the usual cause from the parser's words; the first match wins.
var syntaxHints = []struct{ part, hint string }{
	{"mapping value is not allowed", "quote a value that contains a colon, and check the indentation"},
	{"value is not allowed", "check the indentation"},
	{"must be specified", "close the bracket above"},
	{"end token", "close the bracket"},
	{"end character", "close the quote"},
	{"reserved character", "quote a value that begins with this character"},
	{"directive", "quote a value that begins with this character"},
}

func syntaxHint(message string) string {
	for _, h := range syntaxHints {
		if strings.Contains(message, h.part) {
			return h.hint
		}
	}
	return "check quotes, brackets and indentation"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func positionOf(n ast.Node) Position {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return positionOf(n.Values[0])
		}
	case *ast.MappingValueNode:
		if n.Key != nil {
			return positionOf(n.Key)
		}
	}
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return Position{tk.Position.Line, tk.Position.Column}
	}
	return Position{}
}
