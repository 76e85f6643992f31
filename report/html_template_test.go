package report

import (
	"strings"
	"testing"
)

func TestThePageTemplate(t *testing.T) {
	type view struct {
		Text string
		List []string
		Own  trusted
	}
	for _, c := range []struct{ name, page, want, fails string }{
		{"text is escaped", `{{define "p"}}<p title="{{.Text}}">{{.Text}}{{end}}`, `<p title="&lt;&#34;&gt;">&lt;&#34;&gt;`, ""},
		{"what is the page's own is not", `{{define "p"}}{{.Own}}{{end}}`, `<b>`, ""},
		{"a list with its places", `{{define "p"}}{{range $i, $x := .List}}{{$i}}{{$x}}{{end}}{{len .List}}{{end}}`, `0a1b2`, ""},
		{"a choice", `{{define "p"}}{{if eq .Text "a"}}1{{else if .List}}2{{else}}3{{end}}{{end}}`, `2`, ""},
		{"a template of a part", `{{define "p"}}{{template "q" .List}}{{end}}{{define "q"}}{{range .}}<{{.}}>{{end}}{{end}}`, `<a><b>`, ""},
		{"a field that is not there", `{{define "p"}}{{.Other}}{{end}}`, "", "has no field Other"},
		{"a pipe", `{{define "p"}}{{.List | len}}{{end}}`, "", "not understood"},
		{"a template that is not there", `{{define "p"}}{{template "q" .}}{{end}}`, "", `no template "q"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := parsePage(c.page)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			err = page.execute(&b, "p", view{Text: `<">`, List: []string{"a", "b"}, Own: "<b>"})
			switch {
			case c.fails == "" && (err != nil || b.String() != c.want):
				t.Errorf("%q, %v; want %q", b.String(), err, c.want)
			case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)):
				t.Errorf("error %v; want %q", err, c.fails)
			}
		})
	}
}
