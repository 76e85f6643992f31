package drift

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxDepth bounds the nesting of JSON inside texts.
const maxDepth = 200

// parseJSON reads exactly one JSON value. Large whole numbers keep their
// digits as text, so that two of them never become equal by rounding.
func parseJSON(s string) (any, bool) {
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, false
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, false
	}
	return closeNumbers(v, 0)
}

func closeNumbers(v any, depth int) (any, bool) {
	if depth > maxDepth {
		return nil, false
	}
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil || number(f) != v.String() && isInteger(v.String()) || len(v.String()) > 17 {
			return v.String(), true
		}
		return f, true
	case []any:
		for i := range v {
			kid, ok := closeNumbers(v[i], depth+1)
			if !ok {
				return nil, false
			}
			v[i] = kid
		}
	case map[string]any:
		for k := range v {
			kid, ok := closeNumbers(v[k], depth+1)
			if !ok {
				return nil, false
			}
			v[k] = kid
		}
	}
	return v, true
}
