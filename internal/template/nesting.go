package template

import (
	"bytes"
	"fmt"
)

// maxUnclosed bounds what a text may open before the YAML parser, which recurses without a limit of its own, sees it. It is
// far above maxDepth because brackets inside scripts and comments are counted too.
const maxUnclosed = 5000

// checkNesting refuses text whose nesting could exhaust the stack: brackets that stay open, and chains of "- ", "? ", tags and
// anchors.
func checkNesting(src []byte) *Error {
	open, chain, line, column := 0, 0, 1, 0
	for i, c := range src {
		column++
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		case '\n':
			line, column = line+1, 0
		}
		if bytes.IndexByte([]byte("-?!&"), c) >= 0 && (i == 0 || isBlank(src[i-1])) {
			chain++
		} else if isBlank(c) && i+1 < len(src) && !isBlank(src[i+1]) && bytes.IndexByte([]byte("-?!&"), src[i+1]) < 0 {
			chain = 0
		}
		if open > maxUnclosed || chain > maxUnclosed {
			return &Error{Line: line, Column: column, Message: fmt.Sprintf("Template format error: nested deeper than %d levels.", maxDepth)}
		}
	}
	return nil
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// maxWidth bounds the entries of one map: the YAML parser's time grows with their square.
const maxWidth = 20_000

// checkWidth refuses text with too many lines side by side at one indentation, or too many "key:" on one line.
func checkWidth(src []byte) *Error {
	type level struct{ indent, lines int }
	var stack []level
	line := 0
	for text := range bytes.Lines(src) {
		line++
		body := bytes.TrimLeft(text, " ")
		if len(bytes.TrimSpace(body)) == 0 || body[0] == '#' {
			continue
		}
		indent := len(text) - len(body)
		for len(stack) > 0 && stack[len(stack)-1].indent > indent {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 || stack[len(stack)-1].indent < indent {
			stack = append(stack, level{indent: indent})
		}
		top := &stack[len(stack)-1]
		top.lines++
		if top.lines > maxWidth || bytes.Count(body, []byte(": ")) > maxWidth {
			return &Error{Line: line, Column: indent + 1, Message: fmt.Sprintf("Template format error: more than %d entries side by side.", maxWidth)}
		}
	}
	return nil
}
