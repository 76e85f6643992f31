package locate

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/lockstep-dr/lockstep/drift"
)

// Block is a resource block of a Terraform configuration.
type Block struct {
	At drift.Location
	// Attributes are where the block's own attributes and nested blocks stand, by name.
	Attributes map[string]drift.Location
}

var (
	blockStart = regexp.MustCompile(`^\s*resource\s+"([A-Za-z0-9_]+)"\s+"([A-Za-z0-9_-]+)"\s*\{`)
	attribute  = regexp.MustCompile(`^\s*([a-z][a-z0-9_]*)\s*(?:=|\{|"[^"]*"\s*\{)`)
)

// Blocks finds the resource blocks of a file in Terraform's language. It looks
// at lines: what is not written as `terraform fmt` writes it may be missed.
func Blocks(file, text string, found map[string][]Block) {
	open, depth := "", 0
	var block Block
	for i, line := range strings.Split(text, "\n") {
		if m := blockStart.FindStringSubmatchIndex(line); m != nil && depth == 0 {
			open = line[m[2]:m[3]] + "." + line[m[4]:m[5]]
			block = Block{At: drift.Location{File: file, Line: i + 1, Column: indent(line) + 1}, Attributes: map[string]drift.Location{}}
		} else if m := attribute.FindStringSubmatch(line); m != nil && open != "" && block.Attributes[m[1]].Line == 0 {
			block.Attributes[m[1]] = drift.Location{File: file, Line: i + 1, Column: indent(line) + 1}
		}
		depth += strings.Count(line, "{") - strings.Count(line, "}")
		if depth <= 0 && open != "" {
			found[open] = append(found[open], block)
			open = ""
		}
		depth = max(depth, 0)
	}
}

// indent is how many bytes a line is indented by.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// address is the end of a resource's key that its Terraform address is.
var address = regexp.MustCompile(`([a-z0-9]+_[a-z0-9_]+\.[A-Za-z0-9_-]+)(?:\[[^\]]*\])?$`)

// inTerraform is the place of a resource that a Terraform state lists, if one
// block alone can be meant.
func (r *Repository) inTerraform(key, property string) *drift.Location {
	m := address.FindStringSubmatch(key)
	if m == nil || !strings.HasPrefix(key, "terraform") || len(r.Terraform[m[1]]) != 1 {
		return nil
	}
	block := r.Terraform[m[1]][0]
	place := block.At
	for _, step := range steps(property) {
		if at, written := block.Attributes[snake(step)]; written {
			place = at
		}
	}
	return &place
}

// snake is a property in the form of Terraform's attributes: MemorySize is memory_size.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
