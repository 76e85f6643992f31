package ownrules

import (
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

type object = map[string]any

// viewer writes snapshots as the trees an expression reads.
type viewer struct {
	// reads are the resource types and kinds of facts that the rule may see;
	// empty: all.
	reads []string
	// sealed says whether secrets may be compared: their digests are made with a
	// key that only one run had, so those of two runs differ for no reason.
	sealed bool
}

func (v viewer) sees(name string) bool { return len(v.reads) == 0 || slices.Contains(v.reads, name) }

func (v viewer) region(s *drift.Snapshot) object {
	region := object{"name": s.Region.Name, "role": string(s.Region.Role), "account": s.Account, "taken_at": s.TakenAt}
	if s.Release != nil {
		region["release"] = object{"id": s.Release.ID, "name": s.Release.Name, "commit": s.Release.Commit,
			"outcome": s.Release.Outcome, "deployed_at": s.Release.DeployedAt}
	}
	stacks := []any{}
	for _, stack := range s.Stacks {
		stacks = append(stacks, object{"key": stack.Key, "name": stack.Name, "status": stack.Status, "updated_at": stack.UpdatedAt,
			"parameters": orEmpty(stack.Parameters), "outputs": orEmpty(stack.Outputs), "tags": orEmpty(stack.Tags)})
	}
	region["stacks"] = stacks
	region["resources"], region["by_key"] = v.resources(s)
	facts := []any{}
	for _, fact := range s.Facts {
		if value, ok := v.plain(fact.Value); ok && v.sees(fact.Kind) {
			facts = append(facts, withTime(object{"kind": fact.Kind, "subject": fact.Subject, "value": value}, "at", fact.At))
		}
	}
	region["facts"] = facts
	return region
}

func (v viewer) resources(s *drift.Snapshot) ([]any, object) {
	list, byKey := []any{}, object{}
	for _, r := range s.Resources {
		if !v.sees(r.Type) {
			continue
		}
		properties, _ := v.plain(orEmpty(r.Properties))
		resource := object{"key": r.Key, "type": r.Type, "id": r.ID, "properties": properties, "tags": orEmpty(r.Tags)}
		list = append(list, resource)
		byKey[r.Key] = resource
	}
	return list, byKey
}

// plain is a value without the secrets that could not be compared. A secret is
// never more than its digest: that is how it comes in a snapshot.
func (v viewer) plain(value any) (any, bool) {
	if v.sealed {
		return value, true
	}
	switch node := value.(type) {
	case map[string]any:
		if _, secret := drift.AsSealed(node); secret {
			return nil, false
		}
		kept := make(object, len(node))
		for name, child := range node {
			if child, ok := v.plain(child); ok {
				kept[name] = child
			}
		}
		return kept, true
	case []any:
		kept := make([]any, len(node))
		for i, child := range node {
			// A list with a hole in it would equal another with one: it goes as a whole.
			var ok bool
			if kept[i], ok = v.plain(child); !ok {
				return nil, false
			}
		}
		return kept, true
	default:
		return value, true
	}
}

// objectives leaves out what was not declared: a rule that needs it is unknown.
func objectives(o topology.Objectives) object {
	declared := object{"floor": o.Floor, "ceiling": o.Ceiling}
	for name, d := range map[string]time.Duration{"rpo": o.RPO, "rto": o.RTO} {
		if d > 0 {
			declared[name] = d
		}
	}
	return declared
}

func withTime(o object, name string, at time.Time) object {
	if !at.IsZero() {
		o[name] = at
	}
	return o
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}
