package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// jsonError tells a broken text (which may still be YAML) from a JSON text that is refused (final).
type jsonError struct {
	*Error
	final bool
}

// json reads a JSON document.
func (b *builder) json(src []byte) (any, *jsonError) {
	r := &jsonReader{builder: b, src: src, dec: json.NewDecoder(bytes.NewReader(src))}
	r.dec.UseNumber()
	root, err := r.value("", 0)
	if err != nil {
		return nil, err
	}
	if _, tokenErr := r.dec.Token(); !errors.Is(tokenErr, io.EOF) {
		return nil, r.malformed(r.next())
	}
	return root, nil
}

type jsonReader struct {
	*builder
	src  []byte
	dec  *json.Decoder
	mark struct{ offset, line, start int } // how far lines were counted: each byte once
}

// lines is the position of an offset that is not before the last one asked for.
func (r *jsonReader) lines(offset int) Position {
	m := &r.mark
	for ; m.offset < offset; m.offset++ {
		if r.src[m.offset] == '\n' {
			m.line, m.start = m.line+1, m.offset+1
		}
	}
	return Position{Line: m.line + 1, Column: 1 + utf8.RuneCount(r.src[m.start:offset])}
}

// next is the offset at which the next token starts.
func (r *jsonReader) next() int {
	at := int(r.dec.InputOffset())
	for at < len(r.src) && bytes.IndexByte([]byte(" \t\r\n,:"), r.src[at]) >= 0 {
		at++
	}
	return at
}

func (r *jsonReader) malformed(offset int) *jsonError {
	at := r.lines(offset)
	return &jsonError{Error: &Error{Line: at.Line, Column: at.Column,
		Message: fmt.Sprintf("Template format error: JSON not well-formed. (line %d, column %d)", at.Line, at.Column)}}
}

func (r *jsonReader) value(path string, depth int) (any, *jsonError) {
	start := r.next()
	at := r.lines(start)
	if err := r.enter(depth, at); err != nil {
		return nil, &jsonError{Error: err, final: true}
	}
	r.note(path, at)
	token, err := r.dec.Token()
	if err != nil {
		return nil, r.malformed(min(r.next(), len(r.src)))
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return r.object(path, depth)
		}
		return r.array(path, depth)
	case json.Number:
		return plainNumber(v.String()), nil
	}
	return token, nil
}

func (r *jsonReader) object(path string, depth int) (any, *jsonError) {
	out := map[string]any{}
	for r.dec.More() {
		at := r.lines(r.next())
		token, err := r.dec.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return nil, r.malformed(min(r.next(), len(r.src)))
		}
		if _, taken := out[key]; taken {
			return nil, &jsonError{Error: duplicateKey(key, at), final: true}
		}
		child := join(path, key)
		r.note(child, at)
		value, failure := r.value(child, depth+1)
		if failure != nil {
			return nil, failure
		}
		out[key] = value
	}
	if _, err := r.dec.Token(); err != nil {
		return nil, r.malformed(r.next())
	}
	return out, nil
}

func (r *jsonReader) array(path string, depth int) (any, *jsonError) {
	out := []any{}
	for r.dec.More() {
		value, err := r.value(joinIndex(path, len(out)), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	if _, err := r.dec.Token(); err != nil {
		return nil, r.malformed(r.next())
	}
	return out, nil
}
