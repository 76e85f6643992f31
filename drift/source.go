package drift

import "strings"

// source is what made a resource known: it decides what a person can do about it.
type source int

const (
	fromStack source = iota
	fromTerraform
	fromTags
)

// sourceOf tells by the first part of a key, which no stack takes away from the
// sources that begin their keys with it: a stack of that name is a stack.
func (c *comparer) sourceOf(key string) source {
	if c.primary.stackOf(key) != nil || c.standby.stackOf(key) != nil {
		return fromStack
	}
	switch first, _, _ := strings.Cut(key, "/"); first {
	case "terraform":
		return fromTerraform
	case "tags":
		return fromTags
	}
	return fromStack
}

// makeThere says how a resource gets into a Region that lacks it.
func (s source) makeThere(region string) string {
	switch s {
	case fromTerraform:
		return "apply the same Terraform configuration to " + region
	case fromTags:
		return "make it in " + region + " too or, where it is, give it the same tags"
	}
	return "deploy the same release to " + region + " with `lockstep deploy`"
}

// agree says how two resources become alike.
func (s source) agree() string {
	switch s {
	case fromTerraform:
		return "make both Regions agree by applying one Terraform configuration to both"
	case fromTags:
		return "make both Regions agree with the tool that makes them"
	}
	return "make both Regions agree with `lockstep deploy`"
}

// silence says why nobody knows what the code declares.
func (s source) silence() string {
	switch s {
	case fromTerraform:
		return "A Terraform state does not say what the code declares, so which Region left it is not known."
	case fromTags:
		return "Nothing says what the code declares, so which Region left it is not known."
	}
	return "What the templates say could not be evaluated."
}

// witness is what says that a resource should exist although it does not.
func (s source) witness() string {
	if s == fromTerraform {
		return "the Terraform state lists it"
	}
	return "its template declares it"
}

// oneSource says how to keep a resource from existing in one Region alone.
func (s source) oneSource() string {
	switch s {
	case fromTerraform:
		return "apply one Terraform configuration to both Regions"
	case fromTags:
		return "make it in both Regions from one source"
	}
	return "deploy one template to both Regions"
}
