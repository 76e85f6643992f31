package drift

import "slices"

// Rules returns the table of relations: what of each type must hold between
// the primary and the standby. It is the reference for docs and for review;
// a type that is not listed falls under the rules of type "*". Where a resource holds
// what another type is made of (see Held), that type's rules hold inside.
func Rules() []Rule {
	return slices.Concat(generalRules, functionRules, serverRules, messagingRules, dataRules, accessRules, networkRules, watchRules, optionalRules)
}

const (
	fixCapacity = "raise it in the standby, or lower the objective in lockstep.yml if less is enough"
	fixSize     = "raise it in the standby, or accept the difference in lockstep.yml if less is enough" // no objective is about it
	fixCode     = "deploy the same release to both Regions with `lockstep deploy`; build once and ship the same bytes"
)

// generalRules hold for every type.
var generalRules = []Rule{
	{Type: "*", Property: "", Relation: Equal, Severity: Warn},
	{Type: "*", Property: "Type", Relation: Equal, Severity: Block},
	{Type: "*", Property: "Tags", Relation: Equal, Severity: Info},
	{Type: "*", Property: "TagSet", Relation: Equal, Severity: Info},
	{Type: "*", Property: "**.Description", Relation: Equal, Severity: Info},
	{Type: "*", Property: "**.RetentionInDays", Relation: Equal, Severity: Info},
	{Type: "*", Property: "**.AvailabilityZones", Relation: AtLeast, Severity: Warn, Scale: Count},
	{Type: "*", Property: "**.DesiredCount", Relation: AtLeast, Severity: Warn, Share: Floor, Fix: fixCapacity},
	{Type: "*", Property: "**.DesiredCapacity", Relation: AtLeast, Severity: Warn, Share: Floor, Fix: fixCapacity},
	{Type: "*", Property: "**.MinCapacity", Relation: AtLeast, Severity: Warn, Share: Floor, Fix: fixCapacity},
	{Type: "*", Property: "**.MinSize", Relation: AtLeast, Severity: Warn, Share: Floor, Fix: fixCapacity},
	{Type: "*", Property: "**.MaxCapacity", Relation: AtLeast, Severity: Block, Share: Ceiling, Fix: fixCapacity},
	{Type: "*", Property: "**.MaxSize", Relation: AtLeast, Severity: Block, Share: Ceiling, Fix: fixCapacity},
}
