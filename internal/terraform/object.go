package terraform

import (
	"fmt"
	"strings"
)

// Object is one thing of a state in CloudFormation's terms. It is one of three:
// a resource (Type and ID are set), a part of another resource (Part is set), or
// something that cannot be found in AWS from what is known of it (Problem is set).
type Object struct {
	// Address is the address in the state; what is written inside another
	// resource has that one's address and a label.
	Address string
	// Terraform is the Terraform type.
	Terraform string
	// Region is where it exists; empty when that cannot be told.
	Region string
	// Key is what pairs it with its siblings. See Regions.
	Key string
	// Ambiguous says with which others the object shares a key, when it does.
	// The key is then the address, and the object must be left unpaired.
	Ambiguous string

	Type, ID string
	Names    map[string]string
	Resolved map[string]any

	Part    *Part
	Problem string

	// normal is the address without the words that say the Region, tag the key
	// that a person gave by the tag lockstep:key.
	normal, tag string
	// change is what the plan that lists it would do, for an object of a plan.
	change *Change
}

// KeyIn is the key under which a source of resources lists the object: without
// the slash, which in a key divides a source from what it holds.
func (o Object) KeyIn(source string) string {
	return source + "/" + strings.ReplaceAll(o.Key, "/", ":")
}

// Part says to which resource of CloudFormation an object belongs.
type Part struct {
	// Type is the owner's type and Owner its id, one of its names, or its ARN.
	Type, Owner string
	// Property is the owner's property that shows it; empty when any may.
	Property string
}

// PairTag is the tag by which a person says which resources belong together.
const PairTag = "lockstep:key"

// objects translates one resource: itself and what is written inside it.
func (t tables) objects(r Resource, separate map[string]bool) []Object {
	own := Object{Address: r.Address(), Terraform: r.Type, tag: r.tag(PairTag)}
	if rows := t.types[r.Type]; len(rows) > 0 && rows[0].Each {
		return partsOfEach(own, r, rows)
	}
	t.translate(&own, r)
	list := []Object{own}
	for _, inline := range t.inlines[r.Type] {
		list = append(list, inline.objects(r, own, separate)...)
	}
	return list
}

func (t tables) translate(o *Object, r Resource) {
	row, ok := t.row(r)
	if !ok {
		o.Problem = fmt.Sprintf("Lockstep does not know which CloudFormation type %s is", r.Type)
		return
	}
	if row.By != "" {
		owner, ok := firstFilled(row.By, r.Text)
		if !ok {
			o.Problem = "the state does not say which resource it is a part of"
			return
		}
		o.Part = &Part{Type: row.CloudFormation, Owner: owner, Property: row.Property}
		return
	}
	id, ok := firstFilled(row.ID, r.Text)
	if !ok {
		o.Problem = "the state holds no id for it"
		if r.hides(row.ID) {
			o.Problem = "the attribute that identifies it is marked sensitive, and Lockstep takes no sensitive values"
		}
		return
	}
	o.Type, o.ID = row.CloudFormation, id
	o.Names, o.Resolved = assignments(row.Names, r.Text), tree(assignments(row.Resolved, r.Text))
}

// partsOfEach are the parts of a resource that belongs to several others.
func partsOfEach(whole Object, r Resource, rows []Type) []Object {
	var list []Object
	for _, row := range rows {
		attribute := strings.Trim(row.By, "{}")
		if r.sensitive[attribute] {
			whole.Problem = "the attribute " + attribute + " is marked sensitive, and Lockstep takes no sensitive values"
			return []Object{whole}
		}
		owners, _ := r.attributes[attribute].([]any)
		for _, owner := range owners {
			name, _ := scalarText(owner)
			o, label := whole, "."+attribute+"["+name+"]"
			o.Address, o.normal = o.Address+label, label
			o.Part = &Part{Type: row.CloudFormation, Owner: name, Property: row.Property}
			list = append(list, o)
		}
	}
	if len(list) == 0 {
		whole.Problem = "the state does not say which resource it is a part of"
		return []Object{whole}
	}
	return list
}

// hides reports whether a pattern names a sensitive attribute.
func (r Resource) hides(patterns string) bool {
	for attribute := range r.sensitive {
		if r.sensitive[attribute] && strings.Contains(patterns, "{"+attribute+"}") {
			return true
		}
	}
	return false
}

// objects are the resources that are written inside another.
func (i Inline) objects(r Resource, owner Object, separate map[string]bool) []Object {
	if !holds(i.When, r.Text) || i.Unless != "" && separate[separateKey(i.Unless, owner.ID)] {
		return nil
	}
	if r.sensitive[i.Attribute] { // nobody can say what it holds, or that it holds nothing
		o := i.object(r, owner, "", "", func(string) (string, bool) { return "", false })
		o.Problem = "the attribute is marked sensitive, and Lockstep takes no sensitive values"
		return []Object{o}
	}
	if !i.Blocks {
		if _, set := r.Text(i.Attribute); !set {
			return nil
		}
		return []Object{i.object(r, owner, "", "", r.Text)}
	}
	var list []Object
	for _, block := range r.objects(i.Attribute) {
		get := func(attribute string) (string, bool) {
			if name, inBlock := strings.CutPrefix(attribute, "."); inBlock {
				return scalarText(block[name])
			}
			return r.Text(attribute)
		}
		label, _ := firstFilled(i.Label, get)
		loose, _ := firstFilled(i.Loose, get)
		list = append(list, i.object(r, owner, label, loose, get))
	}
	return list
}

func (i Inline) object(r Resource, owner Object, label, loose string, get lookup) Object {
	o := Object{Address: owner.Address + "." + i.Attribute, Terraform: r.Type, normal: "." + i.Attribute, Type: i.CloudFormation}
	if label != "" {
		o.Address += "[" + label + "]"
	}
	if loose != "" {
		o.normal += "[" + loose + "]"
	}
	if owner.tag != "" {
		o.tag = owner.tag + o.normal
	}
	id, ok := firstFilled(i.ID, get)
	if !ok {
		o.Type, o.Problem = "", "the state holds no id for it"
		return o
	}
	o.ID, o.Resolved = id, tree(assignments(i.Resolved, get))
	return o
}

// tables are both tables by Terraform type.
type tables struct {
	types   map[string][]Type
	inlines map[string][]Inline
}

func newTables() tables {
	t := tables{map[string][]Type{}, map[string][]Inline{}}
	for _, row := range Types() {
		t.types[row.Terraform] = append(t.types[row.Terraform], row)
	}
	for _, row := range Inlines() {
		t.inlines[row.Terraform] = append(t.inlines[row.Terraform], row)
	}
	return t
}

func (t tables) row(r Resource) (Type, bool) {
	for _, row := range t.types[r.Type] {
		if holds(row.When, r.Text) {
			return row, true
		}
	}
	return Type{}, false
}

// separate lists what the state says as resources of their own and not inside
// others, by type and owner.
func (t tables) separate(resources []Resource) map[string]bool {
	found := map[string]bool{}
	for _, list := range t.inlines {
		for _, i := range list {
			for _, r := range resources {
				if owner, ok := r.Text(i.UnlessBy); ok && r.Type == i.Unless {
					found[separateKey(i.Unless, owner)] = true
				}
			}
		}
	}
	return found
}

func separateKey(typ, owner string) string { return typ + " " + owner }
