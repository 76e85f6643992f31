package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// What init looks through for templates: files of these names, none larger than
// CloudFormation takes, and no more of them than a repository has by hand.
const (
	largestTemplate = 1 << 20
	mostFiles       = 5000
)

var templateEndings = []string{".yaml", ".yml", ".json", ".template"}

// notLookedInto are directories of what others wrote, or of what a build makes.
var notLookedInto = []string{"node_modules", "vendor", "cdk.out", "dist", "build"}

// foundTemplate is a file of the repository that is the template of a stack.
type foundTemplate struct {
	path string // from the directory of the run, with slashes
	*template.Template
}

// findTemplates names for every stack the one file of the working tree that has the
// same resources as what is deployed. Two such files are none: nobody knows which.
func (p *proposal) findTemplates(g *globals) {
	files := templatesBelow(g.path("."))
	for i, pair := range p.stacks {
		deployed := p.deployed(pair)
		var same []foundTemplate
		for _, f := range files {
			if len(deployed) == len(p.options.regions) && !slices.ContainsFunc(deployed, func(s drift.Stack) bool { return !f.deployedAs(s) }) {
				same = append(same, f)
			}
		}
		if len(same) == 1 && oneName(deployed) {
			p.stacks[i].file, p.stacks[i].deployed = &same[0], deployed
		}
	}
}

// deployed are a pair's stacks, in the order of the Regions.
func (p *proposal) deployed(pair pairOfStacks) []drift.Stack {
	var list []drift.Stack
	for _, s := range p.compared.snapshots {
		for _, stack := range s.Stacks {
			if stack.Key == pair.key {
				list = append(list, stack)
			}
		}
	}
	return list
}

func oneName(stacks []drift.Stack) bool {
	return !slices.ContainsFunc(stacks, func(s drift.Stack) bool { return s.Name != stacks[0].Name || !maps.Equal(s.Tags, stacks[0].Tags) })
}

// deployedAs reports whether a stack has the resources of the file, by logical id
// and type. What a macro makes of a template is not in the file.
func (f foundTemplate) deployedAs(s drift.Stack) bool {
	tree, _ := s.Template.(map[string]any)
	resources, _ := tree["Resources"].(map[string]any)
	if len(f.Transforms) > 0 || len(resources) == 0 || len(resources) != len(f.Resources) {
		return false
	}
	for id, r := range resources {
		of, _ := r.(map[string]any)
		if f.Resources[id].Type == "" || of["Type"] != f.Resources[id].Type {
			return false
		}
	}
	return true
}

// templatesBelow are the files of a directory that are templates. What cannot be
// read is none.
func templatesBelow(root string) []foundTemplate {
	var list []foundTemplate
	seen := 0
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // a proposal is made of what can be read
		case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || slices.Contains(notLookedInto, entry.Name())):
			return fs.SkipDir
		case !entry.Type().IsRegular() || !slices.Contains(templateEndings, filepath.Ext(path)):
			return nil
		case seen == mostFiles:
			return fs.SkipAll
		}
		seen++
		if t := templateIn(path, entry); t != nil {
			from, err := filepath.Rel(root, path)
			if err == nil {
				list = append(list, foundTemplate{filepath.ToSlash(from), t})
			}
		}
		return nil
	})
	return list
}

func templateIn(path string, entry fs.DirEntry) *template.Template {
	info, err := entry.Info()
	if err != nil || info.Size() > largestTemplate {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(content, []byte("Resources")) {
		return nil
	}
	t, err := template.Parse(content)
	if err != nil {
		return nil
	}
	return t
}

// release proposes the stacks whose templates are here: their changes can be
// predicted. It writes nothing where there is none.
func (p *proposal) release(line func(string, ...any)) {
	first := true
	for _, pair := range p.inOrder() {
		if first {
			line("\n# Stacks whose templates are in this repository: a pull request is told what it would do to")
			line("# them, and `lockstep deploy`, if you run it, brings them to every Region or to none, in this")
			line("# order. Parameters are those of the day, secret ones left out.")
			line("release:")
			first = false
		}
		line("  - cloudformation:")
		line("      stack: %s", strconv.Quote(pair.deployed[0].Name))
		line("      template: %s", strconv.Quote(pair.file.path))
		if capabilities := pair.file.capabilities(); capabilities != "" {
			line("      capabilities: [%s]", capabilities)
		}
		if tags := pair.deployed[0].Tags; len(tags) > 0 {
			line("      tags: %s", quotedMap(tags))
		}
		p.releaseParameters(line, pair)
	}
}

// inOrder are the stacks with templates, each after those whose outputs it takes, as
// a parameter or by Fn::ImportValue.
func (p *proposal) inOrder() []pairOfStacks {
	var list []pairOfStacks
	added := map[string]bool{}
	for before := -1; before < len(list); { // until no round adds one
		before = len(list)
		for _, pair := range p.stacks {
			waits := slices.ContainsFunc(slices.Collect(maps.Values(p.outputsFor(pair))), func(o output) bool { return !added[o.stack] })
			waits = waits || slices.ContainsFunc(p.stacks, func(other pairOfStacks) bool { return !added[other.key] && p.imports(pair, other) })
			if pair.file != nil && !added[pair.key] && !waits {
				list, added[pair.key] = append(list, pair), true
			}
		}
	}
	return list
}

// imports reports whether a stack takes by Fn::ImportValue what another one exports.
func (p *proposal) imports(pair, from pairOfStacks) bool {
	if pair.file == nil || from.file == nil || pair.key == from.key {
		return false
	}
	region := p.options.regions[0]
	here := func(of pairOfStacks) stackHere {
		return stackHere{key: of.key, name: of.deployed[0].Name, template: of.file.Template, parameters: of.deployed[0].Parameters}
	}
	exports := here(from).exports(region)
	return slices.ContainsFunc(here(pair).imports(region), func(name string) bool { return exports[name] != "" })
}

// output is an output of another stack of the release.
type output struct{ stack, name string }

// outputsFor are the parameters of a stack that are another stack's output in every
// Region, and another value in each.
func (p *proposal) outputsFor(pair pairOfStacks) map[string]output {
	all := map[string]output{}
	if pair.file == nil {
		return all
	}
	for name, value := range pair.deployed[0].Parameters {
		if !slices.ContainsFunc(pair.deployed, func(s drift.Stack) bool { return s.Parameters[name] != value }) {
			continue
		}
		for _, other := range p.stacks {
			if other.file == nil || other.key == pair.key {
				continue
			}
			for _, given := range slices.Sorted(maps.Keys(other.deployed[0].Outputs)) {
				if passesOn(other.deployed, given, pair.deployed, name) {
					all[name] = output{other.key, given}
				}
			}
		}
	}
	return all
}

// passesOn reports whether an output is a parameter's value in every Region.
func passesOn(from []drift.Stack, output string, to []drift.Stack, parameter string) bool {
	for i := range from {
		if value := from[i].Outputs[output]; value == "" || value != to[i].Parameters[parameter] {
			return false
		}
	}
	return true
}

// releaseParameters writes what every Region has alike or from another stack, and
// then what each has for itself.
func (p *proposal) releaseParameters(line func(string, ...any), pair pairOfStacks) {
	given, outputs := make([]map[string]string, len(pair.deployed)), p.outputsFor(pair)
	for i, s := range pair.deployed {
		given[i] = pair.file.given(s)
		maps.DeleteFunc(given[i], func(name, _ string) bool { _, is := outputs[name]; return is })
	}
	shared := maps.Clone(given[0])
	maps.DeleteFunc(shared, func(name, value string) bool {
		return slices.ContainsFunc(given, func(other map[string]string) bool { have, is := other[name]; return !is || have != value })
	})
	if len(shared)+len(outputs) > 0 {
		line("      parameters:")
	}
	for _, name := range slices.Sorted(maps.Keys(shared)) {
		line("        %s: %s", strconv.Quote(name), strconv.Quote(shared[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		line("        %s: {output: %s}", strconv.Quote(name), strconv.Quote(outputs[name].stack+"."+outputs[name].name))
	}
	first := true
	for i, region := range p.options.regions {
		maps.DeleteFunc(given[i], func(name, _ string) bool { _, is := shared[name]; return is })
		if len(given[i]) == 0 {
			continue
		}
		if first {
			line("      regions:")
			first = false
		}
		line("        %s:", strconv.Quote(region))
		line("          parameters:")
		for _, name := range slices.Sorted(maps.Keys(given[i])) {
			line("            %s: %s", strconv.Quote(name), strconv.Quote(given[i][name]))
		}
	}
}

// given are the parameters of a stack that the file declares, that are no secret and
// not what they are by default.
func (f foundTemplate) given(s drift.Stack) map[string]string {
	values := map[string]string{}
	for name, value := range s.Parameters {
		p, declared := f.Parameters[name]
		if declared && !p.NoEcho && value != drift.Redacted && (p.Default == nil || *p.Default != value) {
			values[name] = value
		}
	}
	return values
}

// capabilities is what CloudFormation must be allowed for the file: to make IAM
// resources, also under names of their own.
func (f foundTemplate) capabilities() string {
	for _, r := range f.Resources {
		if strings.HasPrefix(r.Type, "AWS::IAM::") {
			return "CAPABILITY_NAMED_IAM"
		}
	}
	return ""
}

func quotedMap(values map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, strconv.Quote(name)+": "+strconv.Quote(values[name]))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
