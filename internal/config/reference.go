package config

import (
	"fmt"
	"strings"
)

// KeyDoc documents one key of the configuration.
type KeyDoc struct {
	// Path is the key with its parents: "regions.<Region>.role",
	// "release[].cloudformation.stack".
	Path string
	Type string
	// Required within its parent.
	Required bool
	// Default in words or as YAML; empty: none.
	Default     string
	Description string // Markdown, one paragraph
	// Example is YAML in flow style.
	Example string
}

// Keys lists every key in the order of the table, parents before children.
func Keys() []KeyDoc { return fileShape().docs("") }

func (s *shape) docs(path string) []KeyDoc {
	var list []KeyDoc
	for i := range s.keys {
		k := &s.keys[i]
		at := join(path, k.name)
		list = append(list, KeyDoc{
			Path: at, Type: k.shape.typeName(), Required: k.required,
			Default: k.def, Description: k.doc, Example: k.example,
		})
		list = append(list, k.shape.docs(at)...)
	}
	if s.list != nil {
		list = append(list, s.list.docs(path+"[]")...)
	}
	if s.values != nil {
		list = append(list, s.values.docs(path+".<"+s.names.name+">")...)
	}
	return list
}

// ReferenceMarkdown is the reference of all keys, a section for each key of
// the top level, for docs/configuration.md.
func ReferenceMarkdown() string {
	var out strings.Builder
	table := false
	for _, k := range Keys() {
		if !strings.ContainsAny(k.Path, ".[") {
			table = false
			fmt.Fprintf(&out, "## `%s`\n\n%s\n\n", k.Path, k.Description)
			fmt.Fprintf(&out, "%s; %s.\n\n```yaml\n%s: %s\n```\n\n", capital(k.Type), presence(k), k.Path, k.Example)
			continue
		}
		if !table {
			table = true
			out.WriteString("| key | type | required or default | meaning | example |\n|---|---|---|---|---|\n")
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s | `%s` |\n", k.Path, cell(k.Type), presence(k), cell(k.Description), cell(k.Example))
	}
	return strings.ReplaceAll(out.String(), "|\n## ", "|\n\n## ")
}

func presence(k KeyDoc) string {
	switch {
	case k.Required:
		return "required"
	case k.Default != "":
		return "default: " + cell(k.Default)
	}
	return "optional"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// cell keeps text from ending a cell of a table or opening a tag.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(s)
}
