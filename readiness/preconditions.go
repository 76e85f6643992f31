package readiness

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Precondition is a rule that says whether a Region can run a release at all,
// whichever other Regions there are.
type Precondition struct {
	Rule string
	// Why is what becomes of a deploy that goes on regardless.
	Why string
	// Fix is what to do in the Region.
	Fix string
	// Used: what fails is used by other resources, which cannot be changed while it does.
	Used bool
}

// Preconditions lists them, by id. The other rules compare two Regions, watch what
// runs, or ask whether a load from elsewhere fits: those are the gate's.
func Preconditions() []Precondition {
	return []Precondition{
		{"ART-01", "Tasks and functions that start anew find no image.", "Push or replicate the image, by digest, to the registry that it is pulled from.", false},
		{"ART-06", "Servers do not start from an image that is gone.", "Copy a current image to the Region and let the launch template name it.", true},
		{"CAP-04", "A group starts nothing of a type that its zones do not offer.", "Name types that the zones offer, or move the subnets to zones that offer them.", false},
		{"QTA-02", "Servers beyond the quota of vCPUs do not start, and the stack waits for them until it fails.", "Ask for the quota in the Region and wait until it is granted.", false},
		{"QTA-03", "Tasks, volumes, network interfaces and databases beyond their quotas are not created.", "Ask for the quota in the Region and wait until it is granted.", false},
		{"SEC-03", "Much of what uses a key that is off can be neither created nor changed, and the rest works with nothing that it encrypts.", "Enable the key, or cancel its deletion.", true},
		{"SEC-09", "No listener takes a certificate that is not issued.", "Request the certificate in the Region, add its validation records to DNS, and let it be renewed.", true},
	}
}

// Tally are the preconditions that were judged in a Region, by how they came out.
type Tally struct {
	// Passed hold for all they are about; Idle are about nothing that is there.
	Passed, Idle []string
	// Open do not hold or could not be told, also where a waiver, a level or the
	// policy for what is not known lets that through.
	Open []string
}

// PreconditionsJudged tells how those that a policy does not switch off came out in a
// Region.
func PreconditionsJudged(snapshot *drift.Snapshot, policy Policy, now time.Time) (tally Tally) {
	s := alone(snapshot, now)
	for _, p := range Preconditions() {
		rule, known := Find(p.Rule)
		if !known || policy.Rules[p.Rule] == LevelOff {
			continue
		}
		outcomes := s.judge(rule).outcomes
		is := func(status Status) bool {
			return !slices.ContainsFunc(outcomes, func(o outcome) bool { return o.status != status })
		}
		switch {
		case is(NotApplicable):
			tally.Idle = append(tally.Idle, p.Rule)
		case is(Pass):
			tally.Passed = append(tally.Passed, p.Rule)
		default:
			tally.Open = append(tally.Open, p.Rule)
		}
	}
	return tally
}

// Obstacle is one reason why a Region could not run a release.
type Obstacle struct {
	Precondition
	// Resource is what it is about, a key, an id or a quota; may be empty.
	Resource, Evidence string
	// Unknown: nobody can tell, because Missing was not read.
	Unknown bool
	Missing []drift.Gap
	// UsedBy is a resource that the release changes and that uses what fails.
	UsedBy string
}

// Obstacles judges a Region by itself: could it run what it would have after a
// release, at the size that this would have there? before is the Region as it is.
// What fails now and failed in the same way before stops no deploy, which may be what
// heals it, unless the release changes something that uses it. What only a prediction cannot
// know stops none either; what was to be read and was not does.
func Obstacles(before, after *drift.Snapshot, policy Policy, now time.Time) (stops, told []Obstacle) {
	was := obstacles(before, policy, now)
	for _, o := range obstacles(after, policy, now) {
		changed := changes(after, o.Resource)
		old := slices.ContainsFunc(was, func(w Obstacle) bool { return w.isStill(o, changed) })
		if o.Used {
			o.UsedBy = changedUser(after, o.Resource)
		}
		if o.stops(old) {
			stops = append(stops, o)
		} else {
			told = append(told, o)
		}
	}
	return stops, told
}

// isStill reports whether an obstacle is there after a release as it was before. What
// the release changes and what fails in another way then fails anew. A quota is changed
// by none: a load that was above it may grow, see docs/decisions.
func (o Obstacle) isStill(later Obstacle, changed bool) bool {
	same := o.Rule == later.Rule && o.Resource == later.Resource && o.Unknown == later.Unknown
	return same && (o.Unknown || !changed || o.Evidence == later.Evidence)
}

// changes reports whether a release changes a resource, or one that a part of is named
// by, after a number sign.
func changes(after *drift.Snapshot, subject string) bool {
	key, _, _ := strings.Cut(subject, "#")
	return slices.ContainsFunc(after.Resources, func(r drift.Resource) bool {
		return r.Planned != "" && (r.Key == key || r.ID == subject) && subject != ""
	})
}

// stops reports whether an obstacle keeps a release out, old or not.
func (o Obstacle) stops(old bool) bool {
	if o.Unknown {
		return old || slices.ContainsFunc(o.Missing, func(g drift.Gap) bool { return g.Reason != notRead && !g.Unevaluated() })
	}
	return !old || o.UsedBy != ""
}

// alone is a Region that is held against itself, without quotas on the one side: a
// load above its own quota excuses a Region that takes over, and here it is the
// question. Every strategy of takeover deploys the release to every Region, so that
// none softens it.
func alone(snapshot *drift.Snapshot, now time.Time) *scene {
	load := *snapshot
	load.Facts = slices.DeleteFunc(slices.Clone(snapshot.Facts), func(f drift.Fact) bool { return f.Kind == drift.FactQuota })
	return newScene(Evidence{Primary: &load, Standby: snapshot, Comparison: &drift.Comparison{}, Strategy: topology.WarmStandby, Now: now})
}

// obstacles are what keeps a Region from running what it has.
func obstacles(snapshot *drift.Snapshot, policy Policy, now time.Time) []Obstacle {
	s := alone(snapshot, now)
	accepted := collectWaivers(s.Evidence, policy)
	var found []Obstacle
	for _, p := range Preconditions() {
		rule, known := Find(p.Rule)
		if !known || policy.Rules[p.Rule] == LevelOff {
			continue
		}
		for _, o := range s.judge(rule).outcomes {
			unknown := o.status == Undetermined && policy.Unknown != LevelWarn && o.fix != fixNothingThere
			hard := severityUnder(o.severity, rule.Level(s.Strategy), policy.Rules[p.Rule]) == drift.Block
			if !hard || o.status != Fail && !unknown || accepted.accept(o, p.Rule, s.standby.region(), now) != nil {
				continue
			}
			obstacle := Obstacle{Precondition: p, Resource: o.resource, Evidence: strings.ReplaceAll(o.evidence, "\n", " "), Unknown: unknown, Missing: o.missing}
			if unknown && len(o.missing) > 0 {
				obstacle.Fix = grantText(o.missing, rule)
			}
			found = append(found, obstacle)
		}
	}
	return found
}

// changedUser is the first resource of a predicted Region that changes and uses
// another one, by its id or its key; empty: none.
func changedUser(after *drift.Snapshot, key string) string {
	ids := []string{"${" + key + "}", "${" + key + "."}
	if !strings.Contains(key, "/") {
		ids = append(ids, key) // an id
	}
	for _, r := range after.Resources {
		if r.Key == key && r.ID != "" {
			ids = append(ids, r.ID)
		}
	}
	user := ""
	for _, r := range after.Resources {
		uses := key != "" && r.Planned != "" && r.Key != key && (namesOne(r.Properties, ids) || namesOne(r.Declared, ids))
		if uses && (user == "" || r.Key < user) {
			user = r.Key
		}
	}
	return user
}

// namesOne reports whether something in a tree of properties is one of the ids.
func namesOne(tree any, ids []string) bool {
	switch v := tree.(type) {
	case string:
		return slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(v, id) })
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return namesOne(item, ids) })
	case map[string]any:
		for name, item := range v {
			if !spokenOf[name] && namesOne(item, ids) {
				return true
			}
		}
	}
	return false
}

// spokenOf are properties that speak of things and use none of them.
var spokenOf = map[string]bool{"AssumeRolePolicyDocument": true, "Description": true, "KeyPolicy": true, "Policies": true,
	"PolicyDocument": true, "RepositoryPolicyText": true, "ResourcePolicy": true, "Tags": true}
