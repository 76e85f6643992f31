package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
)

// resourcesMarkdown is docs/resources.md: how each type is read, from the
// readers, and what is compared of it, from the table of relations.
func resourcesMarkdown() string {
	var b strings.Builder
	b.WriteString(resourcesIntroduction)
	specs, rules := specsAndRules()
	fmt.Fprintf(&b, "| type | read by | shared calls | also as facts |\n|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		s := specs[name]
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", name, anchor(name), codes(s.Actions), cmp.Or(s.Batch, "no"), codes(s.Facts))
	}
	b.WriteString("\n## Every type\n\nThese hold for every type unless its own table says otherwise.\n\n")
	writeRules(&b, rules["*"])
	all := map[string]bool{}
	for name := range specs {
		all[name] = true
	}
	for name := range rules {
		all[name] = name != "*"
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !all[name] {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n", name)
		if s, native := specs[name]; native {
			writeReader(&b, s)
		} else {
			b.WriteString("Read through Cloud Control (`cloudformation:GetResource` and what the type's handler calls): one call a resource, " +
				"all properties that AWS returns.\n")
		}
		if len(rules[name]) > 0 {
			b.WriteString("\n")
			writeRules(&b, rules[name])
		}
		for _, held := range drift.Held(name) {
			fmt.Fprintf(&b, "\nInside `%s` the rules of [%s](#%s) hold.\n", held[0], held[1], anchor(held[1]))
		}
	}
	return b.String()
}

const resourcesIntroduction = `# Resources

` + generatedNote + `Which resource types Lockstep reads, how, and what it compares. The list of resources comes from the stacks themselves; a type
that is not named here is read through Cloud Control and compared by the rules for [every type](#every-type). What cannot be
read is a gap, never equal: a type without a read handler, a property a reader does not cover, a call that is refused.

Calls that several resources share are made once for all of them. ` + "`lockstep iam`" + ` prints the policy for the types an
application has. Secrets are sealed in every resource, whatever its type: values whose names or forms say that they are
secret leave the reader as a keyed digest only. What a type's own reader seals beyond that is said with the type.

The relations:

| relation | the standby's value must |
|---|---|
| equal | be the same, after names, ARNs, Region codes and references have been brought to what they mean |
| at-least | be a number no smaller than the primary's, or than the share of it that ` + "`objectives`" + ` in the configuration sets |
| at-least, by class | be of the same family and no smaller size (db.r6g.large is less than db.r6g.xlarge); another family is worth a line |
| at-least, by version | be of the same major version, and no older |
| at-least, by count | have as many elements, whatever they are called (Availability Zones) |
| at-least, by range | be a block of as many addresses, and not overlap the primary's unless it is the same |
| at-least, by switch | be on where the primary's is |
| superset | contain every element of the primary's |
| present | be set where the primary's is; the value may differ |
| may-be-off | be the same, or off: a standby at rest, unless its template switches it on, or every Region is active |
| replica-shape | not be compared where one is the replica of the other, which differ by design; equal elsewhere, where a severity is given |
| ignore | not be compared |

## Types with a reader of their own

`

func specsAndRules() (map[string]read.Spec, map[string][]drift.Rule) {
	specs, rules := map[string]read.Spec{}, map[string][]drift.Rule{}
	for _, s := range read.Specs() {
		specs[s.Type] = s
	}
	for _, r := range drift.Rules() {
		rules[r.Type] = append(rules[r.Type], r)
	}
	return specs, rules
}

func writeReader(b *strings.Builder, s read.Spec) {
	fmt.Fprintf(b, "- Calls: %s; %s\n", codes(s.Actions), cmp.Or(s.Batch, "each resource alone"))
	fmt.Fprintf(b, "- Properties: %s\n", codes(s.Properties))
	if len(s.Identities) > 0 {
		fmt.Fprintf(b, "- Known to others by: %s\n", codes(s.Identities))
	}
	if len(s.Facts) > 0 {
		fmt.Fprintf(b, "- Facts: %s\n", codes(s.Facts))
	}
	if s.Secret != "" {
		fmt.Fprintf(b, "- Sealed: %s\n", s.Secret)
	}
}

func writeRules(b *strings.Builder, rules []drift.Rule) {
	b.WriteString("| property | relation | when it does not hold |\n|---|---|---|\n")
	for _, r := range rules {
		property := "everything else"
		if r.Property != "" {
			property = "`" + r.Property + "`"
		}
		relation := string(r.Relation)
		if r.Scale != drift.Number {
			relation += ", by " + string(r.Scale)
		}
		if r.Share != drift.Whole {
			relation += ", times the objective `" + string(r.Share) + "`"
		}
		broken := cmp.Or(string(r.Severity), "–")
		if r.Off != "" {
			broken += "; off where it may not be: " + string(r.Off)
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", property, relation, broken)
	}
}

func codes(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "`" + strings.Join(words, "`, `") + "`"
}

// anchor is what GitHub makes of a heading.
func anchor(heading string) string { return strings.ToLower(strings.ReplaceAll(heading, ":", "")) }
