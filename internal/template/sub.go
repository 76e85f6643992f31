package template

import (
	"errors"
	"strings"
)

// piece is a stretch of literal text of Fn::Sub, or the name of a variable in it.
type piece struct {
	text     string
	variable bool
}

// subParts reads both forms of Fn::Sub: a text, and [text, variables].
func subParts(argument any) (text string, variables map[string]any, err error) {
	switch v := argument.(type) {
	case string:
		return v, nil, nil
	case []any:
		if len(v) != 2 {
			break
		}
		text, isText := v[0].(string)
		variables, isMap := v[1].(map[string]any)
		if isText && isMap {
			return text, variables, nil
		}
	}
	return "", nil, errors.New(subMessage)
}

// splitSub cuts the text of Fn::Sub into pieces. "${!Name}" is the literal "${Name}"; an opening that never closes is literal.
func splitSub(text string) ([]piece, error) {
	var out []piece
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		length := strings.IndexByte(text[start:], '}')
		if length < 0 {
			break
		}
		name := strings.TrimSpace(text[start+2 : start+length])
		out = append(out, piece{text: text[:start]})
		text = text[start+length+1:]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			out = append(out, piece{text: "${" + literal + "}"})
			continue
		}
		if !isVariableName(name) {
			return nil, errors.New(subNameMessage)
		}
		out = append(out, piece{text: name, variable: true})
	}
	return append(out, piece{text: text}), nil
}

func isVariableName(name string) bool {
	if name == "" {
		return false
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}
