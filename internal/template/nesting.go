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
