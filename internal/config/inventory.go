package config

import (
	"path"
	"strconv"
	"strings"
)

// inventory reads what is watched. A watched stack must not be a target too.
func (b *builder) inventory(n *node, release []Target) []Inventory {
	var list []Inventory
	named := map[string]Position{}
	for i, item := range n.itemsOf() {
		at := "inventory[" + strconv.Itoa(i) + "]"
		entry := Inventory{Pos: item.pos}
		switch {
		case item.get("terraform") != nil:
			entry.Terraform = b.terraform(item.get("terraform"), at+".terraform")
			b.uniqueSource(item, entry.Terraform.Name, at, named)
		case item.get("tags") != nil:
			entry.Tags = map[string]string{}
			for _, e := range item.get("tags").goodEntries() {
				entry.Tags[e.key] = e.value.text
			}
		case item.get("cloudformation") != nil:
			entry.CloudFormation = b.watched(item.get("cloudformation"), at+".cloudformation", release)
		default:
			continue
		}
		list = append(list, entry)
	}
	return list
}

func (b *builder) terraform(n *node, at string) *TerraformState {
	state := texts(b.each(n.get("state"), at+".state"))
	for region, location := range state {
		state[region] = cleanPath(location)
	}
	return &TerraformState{Name: n.get("name").value(), State: state}
}

// uniqueSource reports a Terraform inventory whose resources would have the same
// keys as those of another.
func (b *builder) uniqueSource(item *node, name, at string, named map[string]Position) {
	first, taken := named[name]
	switch {
	case !taken:
		named[name] = item.pos
	case name == "":
		b.add(item.pos, "add a name, such as name: network", "%s.terraform needs a name of its own beside the one on line %d", at, first.Line)
	default:
		b.add(item.get("terraform").get("name").pos, "choose another", "%s.terraform.name %s is already that of the one on line %d", at, shown(name), first.Line)
	}
}

func (b *builder) watched(n *node, at string, release []Target) *WatchedStack {
	name := n.get("stack")
	w := &WatchedStack{Names: texts(b.each(name, at+".stack"))}
	w.Key = w.Names[b.reference]
	for _, t := range release {
		for _, region := range b.regions {
			if w.Names[region] != "" && t.CloudFormation != nil && t.CloudFormation.Regions[region].Name == w.Names[region] {
				b.add(name.pos, "remove it: a target is watched anyway", "%s.stack %s is deployed by the target on line %d", at, shown(w.Names[region]), t.Pos.Line)
				return w
			}
		}
	}
	return w
}

// cleanPath is a path without ./ and the like; URLs stay as they are.
func cleanPath(text string) string {
	if strings.Contains(text, "://") {
		return text
	}
	return path.Clean(text)
}
