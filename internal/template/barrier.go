package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// BarrierPrefix begins the logical id of every barrier: a wait condition that
// Lockstep adds to a template, so that a stack waits before its update is
// final. It is no part of what the team declares.
const BarrierPrefix = "LockstepBarrier"

// Barrier is one such wait condition.
type Barrier struct {
	// ID is its logical id; one that the stack has not had yet, because a
	// creation policy counts for creations only.
	ID string
	// Release is written into it for people.
	Release string
	// Timeout is how long the stack waits before it goes back by itself.
	Timeout time.Duration
}

// WithBarrier adds a barrier to the text of a template: it is created after
// everything else, and it stands on a line of its own, so that WithoutBarrier
// gives back the very text. The error says why a template cannot have one.
func WithBarrier(text []byte, b Barrier) ([]byte, error) {
	t, err := Parse(text)
	if err != nil {
		return nil, err
	}
	switch {
	case len(t.Transforms) > 0 || len(t.moved) > 0:
		return nil, errors.New("its template has transforms or loops, which make resources that are not in its text")
	case len(t.Resources) >= maxResources:
		return nil, fmt.Errorf("its template has %d resources, and CloudFormation takes no more than %d", len(t.Resources), maxResources)
	}
	body, err := json.Marshal(t.barrier(b))
	if err != nil {
		return nil, err
	}
	at, indent, ok := t.firstResource(text)
	if !ok {
		return nil, errors.New("its template writes Resources in one line")
	}
	line := fmt.Sprintf("%s: %s\n%s", b.ID, body, indent)
	if isJSON(text) {
		line = fmt.Sprintf("%q: %s,\n", b.ID, body)
	}
	out := slices.Concat(text[:at], []byte(line), text[at:])
	if again, err := Parse(out); err != nil || len(again.Resources) != len(t.Resources)+1 || !bytes.Equal(WithoutBarrier(out), text) {
		return nil, errors.New("its template is written in a way that takes no further resource")
	}
	return out, nil
}

// barrier is the wait condition. DependsOn takes names only, and one of a
// resource whose condition does not hold is refused; a reference under
// Fn::If is not, and orders just the same.
func (t *Template) barrier(b Barrier) map[string]any {
	depends, after := []string{}, []any{}
	for _, id := range sortedKeys(t.Resources) {
		if condition := t.Resources[id].Condition; condition != "" {
			after = append(after, map[string]any{"Fn::If": []any{condition, map[string]any{"Ref": id}, ""}})
		} else {
			depends = append(depends, id)
		}
	}
	return map[string]any{
		"Type":           "AWS::CloudFormation::WaitCondition",
		"CreationPolicy": map[string]any{"ResourceSignal": map[string]any{"Count": 1, "Timeout": isoDuration(b.Timeout)}},
		"DependsOn":      depends,
		"Metadata":       map[string]any{"Lockstep": b.Release, "After": after},
	}
}

func isoDuration(d time.Duration) string { return fmt.Sprintf("PT%dS", int(d.Seconds())) }

// firstResource is where the first entry of Resources begins, and the blanks
// before it on its line; ok is false if there is anything else before it.
func (t *Template) firstResource(text []byte) (offset int, indent string, ok bool) {
	first := Position{}
	for _, r := range t.Resources {
		if p := r.Pos; first.Line == 0 || p.Line < first.Line || p.Line == first.Line && p.Column < first.Column {
			first = p
		}
	}
	for range first.Line - 1 {
		offset += bytes.IndexByte(text[offset:], '\n') + 1
	}
	line, _, _ := strings.Cut(string(text[offset:]), "\n")
	start := 0
	for range first.Column - 1 {
		for start++; start < len(line) && line[start]&0xC0 == 0x80; start++ { // the rest of a character
		}
	}
	if start > len(line) {
		return 0, "", false
	}
	return offset + start, line[:start], first.Line > 0 && (isJSON(text) || strings.Trim(line[:start], " ") == "")
}

func isJSON(text []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) }

// barrierLine is a barrier as WithBarrier writes it: in YAML with the
// indentation of what follows.
var barrierLine = regexp.MustCompile(`(?:"` + BarrierPrefix + `[0-9a-f]+": \{[^\n]*\},\n|` + BarrierPrefix + `[0-9a-f]+: \{[^\n]*\}\n *)`)

// WithoutBarrier is the text that WithBarrier was given; any other text stays
// as it is.
func WithoutBarrier(text []byte) []byte { return barrierLine.ReplaceAll(text, nil) }

// KeepingBarrier is a new text with the barrier of the text that is deployed,
// unchanged: what is different then is different in what the team declares.
// Without one in either, or where it would refer to what is gone, it is the
// new text.
func KeepingBarrier(text, deployed []byte) []byte {
	line := barrierLine.Find(deployed)
	t, err := Parse(text)
	if line == nil || err != nil {
		return text
	}
	at, indent, ok := t.firstResource(text)
	if !ok || bytes.HasPrefix(line, []byte(`"`)) != isJSON(text) {
		return text
	}
	if !isJSON(text) {
		line = append(bytes.TrimRight(line, " "), indent...)
	}
	out := slices.Concat(text[:at], []byte(line), text[at:])
	if again, err := Parse(out); err != nil || again.Validate() != nil {
		return text
	}
	return out
}
