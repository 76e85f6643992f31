package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"github.com/lockstep-dr/lockstep/drift"
)

// AcceptWaiver adds a waiver at the end of drift.accept in the text of a
// configuration and changes nothing else: every byte that was there stays,
// comments included. The result is read again and must say what the text said
// and the waiver; where it would not, as behind an alias, the error holds the
// line to write by hand. It returns the line of the waiver.
func AcceptWaiver(src []byte, file string, w drift.Waiver, now time.Time) (edited []byte, line int, err error) {
	old, err := Parse(src, file, now)
	if err != nil {
		return nil, 0, err
	}
	if w.Until.Expired(now) {
		return nil, 0, fmt.Errorf("%s: a waiver until %s expired %s", file, w.Until, daysAgo(w.Until, now))
	}
	for _, have := range slices.Concat(old.Accept, old.Expired) {
		if have.Resource == w.Resource && have.Property == w.Property && have.Region == w.Region {
			return nil, 0, fmt.Errorf("%s: drift.accept has %s %s already, until %s: change it there", file, w.Resource, w.Property, have.Until)
		}
	}
	item := waiverText(w)
	text, at, ok := insertion(string(src), item)
	if !ok || !says(src, []byte(text), w) {
		return nil, 0, fmt.Errorf("%s: drift.accept is written in a way that cannot be added to; add there by hand: %s", file, item)
	}
	if _, err := Parse([]byte(text), file, now); err != nil {
		return nil, 0, refused(err, item)
	}
	return []byte(text), 1 + strings.Count(text[:at], "\n"), nil
}

// refused words what the parser says of the waiver that was to be added.
func refused(err error, item string) error {
	var list *Errors
	if !errors.As(err, &list) || len(list.Problems) == 0 {
		return err
	}
	p := list.Problems[0]
	return fmt.Errorf("%s cannot be accepted: %s: %s", item, p.Message, p.Suggestion)
}

// waiverText is a waiver as an item of the list, on one line. Whatever somebody
// typed is quoted.
func waiverText(w drift.Waiver) string {
	region := ""
	if w.Region != "" {
		region = "region: " + strconv.Quote(w.Region) + ", "
	}
	return fmt.Sprintf("{resource: %s, property: %s, %sreason: %s, until: %s}", strconv.Quote(w.Resource), strconv.Quote(w.Property), region, strconv.Quote(w.Reason), w.Until)
}

// insertion puts an item into the text; at is where the item begins.
func insertion(src, item string) (text string, at int, ok bool) {
	defer func() { // the parser's tree is not ours to trust
		if recover() != nil {
			ok = false
		}
	}()
	file, err := parseText(src)
	if err != nil || len(file.Docs) == 0 {
		return "", 0, false
	}
	e := editor{src: src, newline: "\n"}
	if strings.Contains(src, "\r\n") {
		e.newline = "\r\n"
	}
	section := entryOf(file.Docs[0].Body, "drift")
	if section == nil {
		return e.append("drift:" + e.newline + "  accept:" + e.newline + "    - " + item)
	}
	accept := entryOf(section.Value, "accept")
	if accept != nil {
		return e.intoList(accept, item)
	}
	if m, flow := section.Value.(*ast.MappingNode); flow && m.IsFlowStyle {
		return e.beforeEnd(m.End, "accept: ["+item+"]")
	}
	indent := strings.Repeat(" ", positionOf(section.Value).Column-1)
	return e.afterLine(section.Key.GetToken().Position.Line, indent+"accept:", indent+"  - "+item)
}

// entryOf is the entry of a mapping, which may be of one entry.
func entryOf(n ast.Node, key string) *ast.MappingValueNode {
	var entries []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	}
	for _, e := range entries {
		if e.Key.GetToken().Value == key {
			return e
		}
	}
	return nil
}

// editor makes insertions into a text.
type editor struct{ src, newline string }

// put inserts what begins with an item, or holds it, at a byte.
func (e editor) put(at int, inserted string) (string, int, bool) {
	return e.src[:at] + inserted + e.src[at:], at + max(strings.Index(inserted, "{"), 0), true
}

// append adds lines at the end, after an empty one.
func (e editor) append(lines string) (string, int, bool) {
	gap := e.newline
	if !strings.HasSuffix(e.src, "\n") {
		gap += e.newline
	}
	return e.put(len(e.src), gap+lines+e.newline)
}

// afterLine adds lines after a line, counted from 1.
func (e editor) afterLine(line int, lines ...string) (string, int, bool) {
	inserted := strings.Join(lines, e.newline) + e.newline
	at, ended := e.lineStart(line + 1)
	if !ended {
		inserted = e.newline + inserted
	}
	return e.put(at, inserted)
}

// lineStart is where a line begins; false where the text ends before without a
// line's end.
func (e editor) lineStart(line int) (at int, ok bool) {
	for range line - 1 {
		next := strings.IndexByte(e.src[at:], '\n')
		if next < 0 {
			return len(e.src), false
		}
		at += next + 1
	}
	return at, true
}

// offset is where a token begins.
func (e editor) offset(t *token.Token) int {
	at, _ := e.lineStart(t.Position.Line)
	for range t.Position.Column - 1 {
		_, width := utf8.DecodeRuneInString(e.src[at:])
		at += width
	}
	return at
}

// intoList adds an item to the list of an entry.
func (e editor) intoList(entry *ast.MappingValueNode, item string) (string, int, bool) {
	list, ok := entry.Value.(*ast.SequenceNode)
	switch {
	case !ok:
		return "", 0, false
	case list.IsFlowStyle:
		return e.beforeEnd(list.End, item)
	}
	first := list.Start.Position
	indent := strings.Repeat(" ", first.Column-1)
	return e.afterLine(e.lastLine(first.Line, first.Column), indent+"- "+item)
}

// lastLine is the last line of a block list whose items begin in a column: the
// one before what follows it. Comments and empty lines belong to what follows.
func (e editor) lastLine(from, column int) int {
	lines := strings.Split(strings.TrimRight(e.src, "\r\n"), "\n")
	last, end := from, len(lines)
	for _, t := range lexer.Tokenize(e.src) {
		p := t.Position
		if t.Type == token.CommentType || p.Line < from {
			continue
		}
		begins := t.Prev == nil || t.Prev.Position.Line < p.Line && t.Prev.Type != token.LiteralType && t.Prev.Type != token.FoldedType
		if p.Line > from && begins && (p.Column < column || p.Column == column && t.Type != token.SequenceEntryType) {
			end = p.Line - 1
			break
		}
		last = max(last, p.Line)
	}
	for end > last {
		text := strings.TrimSpace(lines[end-1])
		if text != "" && text[0] != '#' {
			break
		}
		end--
	}
	return end
}

// beforeEnd adds an item to a list in brackets, after what is the last one.
func (e editor) beforeEnd(end *token.Token, item string) (string, int, bool) {
	at := e.offset(end)
	if at >= len(e.src) || !strings.ContainsRune("]}", rune(e.src[at])) {
		return "", 0, false
	}
	before := strings.TrimRight(e.src[:at], " \t\r\n")
	switch before[len(before)-1] {
	case '[', '{':
		return e.put(at, item)
	case ',':
		return e.put(len(before), " "+item)
	}
	return e.put(len(before), ", "+item)
}

// says reports whether a text says what another said and accepts a waiver more.
func says(old, edited []byte, w drift.Waiver) bool {
	var ignored problems
	before, after := decode(old, &ignored), decode(edited, &ignored)
	if before == nil || after == nil || len(ignored.list) > 0 {
		return false
	}
	had, has := before.takeAccept(), after.takeAccept()
	if len(has) != len(had)+1 || before.image() != after.image() {
		return false
	}
	last := has[len(has)-1]
	want := map[string]string{"resource": w.Resource, "property": w.Property, "reason": w.Reason, "until": w.Until.String(), "region": w.Region}
	for key, value := range want {
		if last.get(key).value() != value {
			return false
		}
	}
	return slices.EqualFunc(had, has[:len(had)], func(a, b *node) bool { return a.image() == b.image() })
}

// takeAccept takes the list of waivers out of a configuration.
func (n *node) takeAccept() []*node {
	section := n.get("drift")
	if section == nil {
		return nil
	}
	items := section.get("accept").itemsOf()
	section.entries = slices.DeleteFunc(section.entries, func(e entry) bool { return e.key == "accept" })
	if len(section.entries) == 0 {
		n.entries = slices.DeleteFunc(n.entries, func(e entry) bool { return e.key == "drift" })
	}
	return items
}

// image is all that a tree says, without where it says it.
func (n *node) image() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q %t", n.kind, n.text, n.quoted)
	entries := slices.Clone(n.entries)
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	for _, e := range entries {
		fmt.Fprintf(&b, " %q:(%s)", e.key, e.value.image())
	}
	for _, item := range n.items {
		fmt.Fprintf(&b, " -(%s)", item.image())
	}
	return b.String()
}
