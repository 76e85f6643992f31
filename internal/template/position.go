package template

import (
	"strconv"
	"strings"
)

// Position is a place in the template's source; both numbers start at 1. The zero value means unknown.
type Position struct {
	Line, Column int
}

// Position finds a node by its path: keys and list indexes joined by "/", for example
// "Resources/Fn/Properties/MemorySize". A "/" inside a key is written "~1" and a "~" is written "~0". Short forms are
// addressed by their long name ("…/Fn::Sub"). For an entry of a map it is the place of the key, for an element of a list the
// place of the element. The nearest known ancestor answers for a path that is not in the source.
func (t *Template) Position(path string) Position {
	for {
		if p, ok := t.positions[path]; ok {
			return p
		}
		if source, ok := t.moved[path]; ok {
			return t.Position(source)
		}
		if source, ok := t.sourceOf(path); ok {
			path = source
			continue
		}
		cut := strings.LastIndexByte(path, '/')
		if cut < 0 {
			return t.positions[""]
		}
		path = path[:cut]
	}
}

// sourceOf translates a path below something a loop produced into the path below the loop's body.
func (t *Template) sourceOf(path string) (string, bool) {
	for cut := len(path); cut > 0; cut = strings.LastIndexByte(path[:cut], '/') {
		if source, ok := t.moved[path[:cut]]; ok {
			return source + path[cut:], true
		}
	}
	return "", false
}

// errorAt makes an Error that carries the position of path.
func (t *Template) errorAt(path, message string) *Error {
	p := t.Position(path)
	return &Error{Line: p.Line, Column: p.Column, Path: path, Message: message}
}

var pathEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// join appends a key to a path.
func join(path, key string) string {
	if strings.ContainsAny(key, "~/") {
		key = pathEscaper.Replace(key)
	}
	if path == "" {
		return key
	}
	return path + "/" + key
}

func joinIndex(path string, i int) string { return join(path, strconv.Itoa(i)) }
