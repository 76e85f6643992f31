package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/terraform"
	"github.com/lockstep-dr/lockstep/readiness"
)

// quotedType is a resource type as an expression names one.
var quotedType = regexp.MustCompile(`["']((?:AWS|Custom)::[A-Za-z0-9]+(?:::[A-Za-z0-9]+)?)["']`)

// checkReads refuses own rules about resource types and facts that nothing reads:
// they would hold of an empty list for ever. A type without a reader of its own is
// read through Cloud Control if the application has it. Where not every type can be
// seen here (nested stacks, macros, an inventory from elsewhere) it is a warning; the
// gate says unknown of what is in neither Region.
func (g *globals) checkReads(cfg *config.Config) error {
	known, declared := knownReads(), (*declaredTypes)(nil)
	var wrong []config.Problem
	for _, rule := range cfg.Gate.Own {
		names := slices.Clone(rule.Reads)
		for _, match := range quotedType.FindAllStringSubmatch(rule.Expression, -1) {
			names = append(names, match[1])
		}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if known[name] {
				continue
			}
			if declared == nil {
				declared = g.declaredTypes(cfg)
			}
			problem := cfg.Problem(rule.Pos, fmt.Sprintf("%s: nothing reads %q", rule.ID, name), remedyFor(name, known))
			switch custom := isCustom(name); {
			case !custom && declared.types[name]:
			case !custom && declared.more && strings.Contains(name, "::"):
				g.warn([]config.Problem{problem})
			default:
				wrong = append(wrong, problem)
			}
		}
	}
	if len(wrong) > 0 {
		return &config.Errors{Problems: wrong}
	}
	return nil
}

// isCustom reports whether a type is a team's own resource, whose state no API tells.
func isCustom(name string) bool {
	return strings.HasPrefix(name, "Custom::") || name == "AWS::CloudFormation::CustomResource"
}

func remedyFor(name string, known map[string]bool) string {
	if likely := config.Nearest(name, known); likely != "" {
		return fmt.Sprintf("did you mean %q?", likely)
	}
	return "docs/resources.md lists types and facts"
}

// knownReads are the resource types that a table of Lockstep knows, and all kinds
// of facts.
func knownReads() map[string]bool {
	known := map[string]bool{}
	for _, fact := range []string{drift.FactUnread, drift.FactUnlisted, drift.FactElsewhere, drift.FactTerraformState, drift.FactSetting} { // which no reader of a type lists
		known[fact] = true
	}
	for _, s := range read.Specs() {
		known[s.Type] = true
		for _, fact := range s.Facts {
			known[fact] = true
		}
	}
	for _, rule := range drift.Rules() {
		known[rule.Type] = true
	}
	for _, t := range terraform.Types() {
		known[t.CloudFormation] = true
	}
	for _, rule := range readiness.Rules() {
		for _, need := range rule.Needs {
			known[need.Fact] = true
			for _, name := range need.Types {
				known[name] = true
			}
		}
	}
	delete(known, "")
	delete(known, "*")
	return known
}

// declaredTypes are the resource types that the templates of the release have.
type declaredTypes struct {
	types map[string]bool
	// more says that the application may have types that no template here shows.
	more bool
}

func (g *globals) declaredTypes(cfg *config.Config) *declaredTypes {
	d := &declaredTypes{types: map[string]bool{}, more: len(cfg.Inventory) > 0}
	sources, err := readTemplates(g, cfg)
	if err != nil { // which the command says itself, if it needs them
		d.more = true
		return d
	}
	for _, name := range sources.types() {
		d.types[name] = true
	}
	for _, t := range sources.parsed {
		d.more = d.more || len(t.Transforms) > 0 || d.types["AWS::CloudFormation::Stack"]
	}
	return d
}
