package report

import (
	"fmt"
	"html"
	"reflect"
	"strings"
	"text/template/parse"
)

// trusted is text of the page's own that is written as it stands: its style and
// its script. Everything else is escaped.
type trusted string

// pageTemplate writes the page. It understands what page.html uses of the
// language of text/template: fields, variables, if, with, range, template, eq
// and len. The interpreter of the standard library can call any method of
// anything by its name, so that a program with it keeps every operation of every
// AWS client: it was three times as large.
type pageTemplate map[string]*parse.Tree

func parsePage(text string) (pageTemplate, error) {
	trees, err := parse.Parse("page", text, "", "", map[string]any{"eq": eq, "len": reflect.Value.Len})
	return trees, err
}

func eq(a, b any) bool { return a == b }

// execute writes the named template of a view.
func (t pageTemplate) execute(w *strings.Builder, name string, view any) error {
	tree, ok := t[name]
	if !ok {
		return fmt.Errorf("no template %q", name)
	}
	root := reflect.ValueOf(view)
	p := &painter{templates: t, out: w, variables: map[string]reflect.Value{"$": root}}
	p.list(tree.Root, root)
	return p.err
}

// painter writes one template; the first error ends it.
type painter struct {
	templates pageTemplate
	out       *strings.Builder
	variables map[string]reflect.Value
	err       error
}

func (p *painter) fail(format string, args ...any) reflect.Value {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
	return reflect.Value{}
}

func (p *painter) list(l *parse.ListNode, dot reflect.Value) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		if p.err != nil {
			return
		}
		p.node(n, dot)
	}
}

func (p *painter) node(n parse.Node, dot reflect.Value) {
	switch n := n.(type) {
	case *parse.TextNode:
		p.out.Write(n.Text)
	case *parse.ActionNode:
		p.print(p.pipe(n.Pipe, dot))
	case *parse.IfNode:
		if truth(p.pipe(n.Pipe, dot)) {
			p.list(n.List, dot)
		} else {
			p.list(n.ElseList, dot)
		}
	case *parse.WithNode:
		if v := p.pipe(n.Pipe, dot); truth(v) {
			p.list(n.List, v)
		} else {
			p.list(n.ElseList, dot)
		}
	case *parse.RangeNode:
		p.each(n, dot)
	case *parse.TemplateNode:
		p.fold(p.templates.execute(p.out, n.Name, value(p.pipe(n.Pipe, dot))))
	case *parse.CommentNode:
	default:
		p.fail("the page uses %s, which is not understood", n)
	}
}

func (p *painter) fold(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *painter) each(n *parse.RangeNode, dot reflect.Value) {
	items := p.pipe(n.Pipe, dot)
	if !truth(items) {
		p.list(n.ElseList, dot)
		return
	}
	if items.Kind() != reflect.Slice {
		p.fail("%s is no list", n.Pipe)
		return
	}
	for i := range items.Len() {
		if names := n.Pipe.Decl; len(names) == 2 {
			p.variables[names[0].Ident[0]], p.variables[names[1].Ident[0]] = reflect.ValueOf(i), items.Index(i)
		}
		p.list(n.List, items.Index(i))
	}
}

// pipe is the value of one command.
func (p *painter) pipe(n *parse.PipeNode, dot reflect.Value) reflect.Value {
	if n == nil {
		return reflect.Value{}
	}
	if len(n.Cmds) != 1 {
		return p.fail("the page uses %s, which is not understood", n)
	}
	args := n.Cmds[0].Args
	name, call := args[0].(*parse.IdentifierNode)
	switch {
	case !call && len(args) == 1:
		return p.operand(args[0], dot)
	case call && name.Ident == "len" && len(args) == 2:
		if v := p.operand(args[1], dot); v.Kind() == reflect.Slice {
			return reflect.ValueOf(v.Len())
		}
	case call && name.Ident == "eq" && len(args) == 3:
		return reflect.ValueOf(eq(value(p.operand(args[1], dot)), value(p.operand(args[2], dot))))
	}
	return p.fail("the page uses %s, which is not understood", n)
}

func (p *painter) operand(n parse.Node, dot reflect.Value) reflect.Value {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.StringNode:
		return reflect.ValueOf(n.Text)
	case *parse.FieldNode:
		return p.fields(dot, n.Ident)
	case *parse.VariableNode:
		return p.fields(p.variables[n.Ident[0]], n.Ident[1:])
	}
	return p.fail("the page uses %s, which is not understood", n)
}

func (p *painter) fields(v reflect.Value, names []string) reflect.Value {
	for _, name := range names {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if v.Kind() != reflect.Struct {
			return p.fail("nothing has the field %s", name)
		}
		owner := v.Type()
		if v = v.FieldByName(name); !v.IsValid() {
			return p.fail("%s has no field %s", owner, name)
		}
	}
	return v
}

// print writes a value, escaped for text and for quoted attributes alike.
func (p *painter) print(v reflect.Value) {
	if p.err != nil {
		return
	}
	if own, ok := value(v).(trusted); ok {
		p.out.WriteString(string(own))
		return
	}
	p.out.WriteString(html.EscapeString(fmt.Sprint(value(v))))
}

func value(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

// truth is what if, with and range ask: a value that is there and not empty.
func truth(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Slice, reflect.Map, reflect.String:
		return v.Len() > 0
	case reflect.Struct:
		return true
	default:
		return !v.IsZero()
	}
}
