package readiness

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// scanned lists where configuration lives that a workload follows at run time:
// every string below these paths is looked at in the standby.
var scanned = []struct {
	kind, noun, action string
	paths              []string
}{
	{typeFunction, "function", "lambda:GetFunction", []string{"Environment.Variables", "Code.ImageUri", "DeadLetterConfig.TargetArn"}},
	{typeTaskDefinition, "task definition", "ecs:DescribeTaskDefinition", []string{"ContainerDefinitions"}},
	{typeParameter, "parameter", "ssm:GetParameters", []string{"Value"}},
	{"AWS::Lambda::EventSourceMapping", "event source mapping", "lambda:GetEventSourceMapping", []string{"EventSourceArn"}},
	{"AWS::Events::Rule", "event rule", "events:ListTargetsByRule", []string{"Targets"}},
	{typeSubscription, "subscription", "sns:GetSubscriptionAttributes", []string{"Endpoint"}},
}

func leakNeeds() []Need {
	needs := []Need{{Types: []string{stackType}, Properties: []string{"Parameters"}, Actions: []string{"cloudformation:DescribeStacks"}}}
	for _, target := range scanned {
		needs = append(needs, Need{Types: []string{target.kind}, Properties: target.paths, Actions: []string{target.action}})
	}
	return needs
}

// peerWords in the name of a variable say that a bare Region code in it is
// meant to name the other Region.
var peerWords = []string{"PRIMARY", "PEER", "OTHER", "REMOTE", "SOURCE", "ORIGIN", "HOME", "REPLICA"}

// noLeakage looks for the primary Region, and for resources that only the
// primary has, in the configuration of the standby.
func noLeakage(h *hearing) {
	for _, target := range scanned {
		h.applies(len(h.standby.byType[target.kind]), target.noun, "nothing of "+h.primary.region())
		h.used = h.used || len(h.primary.byType[target.kind]) > 0
		for _, r := range h.standby.byType[target.kind] {
			for _, path := range target.paths {
				h.scan(r.Key, path, at(r.Properties, path), h.sibling(r.Key, path))
			}
		}
	}
	h.scanStackParameters()
	h.scanSecrets()
	for _, f := range h.findings {
		if f.Property != "" && f.Severity != drift.Info && h.leaks(f) && !slices.Contains(h.consumed, f) {
			h.failFinding(f.Severity, f)
		}
	}
}

func (h *hearing) sibling(key, path string) any {
	if r := h.primary.byKey[key]; r != nil {
		return at(r.Properties, path)
	}
	return nil
}

// scanStackParameters looks at what the stacks were given. A parameter whose
// name says that it is about the peer, such as the key that a replica is of, may
// name it; where its value ends up is looked at by itself.
func (h *hearing) scanStackParameters() {
	for _, key := range h.standby.stackIDs {
		ours := map[string]string{}
		if here := h.primary.stacks[key]; here != nil {
			ours = here.Parameters
		}
		parameters := h.standby.stacks[key].Parameters
		for _, name := range slices.Sorted(maps.Keys(parameters)) {
			if namesPeer(name) {
				continue
			}
			h.scan(key, "Parameters."+name, parameters[name], ours[name])
		}
	}
}

// scanSecrets looks at secret values where they could be read; only the
// Regions they mention are known.
func (h *hearing) scanSecrets() {
	for _, subject := range h.standby.subjects[drift.FactSecretValue] {
		value, _ := h.standby.fact(drift.FactSecretValue, subject)
		ours, _ := h.primary.fact(drift.FactSecretValue, subject)
		h.scan(subject, "SecretString", value, ours)
	}
}

// scan walks a standby's value next to the primary's and fails each string
// that points at the primary.
func (h *hearing) scan(key, path string, theirs, ours any) {
	switch node := theirs.(type) {
	case string:
		if why := h.pointsBack(path, node, ours); why != "" {
			h.failProperty("", key, path, "", "%s is %s in %s: %s", path, show(node), h.standby.region(), why)
		}
	case []any:
		for i, child := range node {
			h.scan(key, path+"["+elementName(child, i)+"]", child, elementLike(ours, child, i))
		}
	case map[string]any:
		if sealed, ok := drift.AsSealed(node); ok {
			h.scanSealed(key, path, sealed, ours)
			return
		}
		other, _ := ours.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(node)) {
			h.scan(key, path+"."+name, node[name], other[name])
		}
	}
}

func (h *hearing) scanSealed(key, path string, sealed drift.Sealed, ours any) {
	if !slices.Contains(sealed.Regions, h.primary.snapshot.Region.Name) {
		return
	}
	if mine, ok := drift.AsSealed(ours); ok && slices.Contains(mine.Regions, h.standby.snapshot.Region.Name) {
		return // each names the other
	}
	h.failProperty("", key, path, "", "%s is secret in %s and names %s", path, h.standby.region(), h.primary.region())
}

func elementName(child any, i int) string {
	if o, ok := child.(map[string]any); ok {
		if name := cmp.Or(text(o, "Name"), text(o, "Id")); name != "" {
			return name
		}
	}
	return strconv.Itoa(i)
}

func elementLike(list, child any, i int) any {
	siblings, _ := list.([]any)
	if o, ok := child.(map[string]any); ok && text(o, "Name") != "" {
		return named(list)[text(o, "Name")]
	}
	if i < len(siblings) {
		return siblings[i]
	}
	return nil
}

// pointsBack says why a standby's value points at the primary, or "". Two
// values that name each other's Region are a pair of peers and no leak.
func (s *scene) pointsBack(path, theirs string, ours any) string {
	primary, standby := s.primary.snapshot.Region.Name, s.standby.snapshot.Region.Name
	mine, _ := ours.(string)
	if mentions(mine, standby) {
		return ""
	}
	if mentions(theirs, primary) {
		if theirs == primary && namesPeer(path) {
			return ""
		}
		return "it names " + primary
	}
	for _, word := range words.FindAllString(theirs, -1) {
		if owner, ok := s.owned[word]; ok {
			return "it names " + owner + " of " + primary
		}
	}
	return ""
}

func namesPeer(path string) bool {
	name := strings.ToUpper(strings.TrimSuffix(path[strings.LastIndexAny(path, ".[")+1:], "]"))
	return slices.ContainsFunc(peerWords, func(word string) bool { return strings.Contains(name, word) })
}

// mentions reports whether the text contains a Region's code, or the name of
// one of its zones, as a whole word: "us-east-1" is not in "us-east-10".
func mentions(s, region string) bool {
	if region == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(s[from:], region)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(region)
		if end < len(s) && s[end] >= 'a' && s[end] <= 'z' {
			end++ // the letter of a zone
		}
		if (start == 0 || !alphanumeric(s[start-1])) && (end == len(s) || !alphanumeric(s[end])) {
			return true
		}
		from = start + 1
	}
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

var words = regexp.MustCompile(`[A-Za-z0-9_-]+`)

// shortestOwned is the length from which a name that only the primary has is
// taken as naming it; shorter ones are words that appear anywhere.
const shortestOwned = 12

// primaryOnly maps the generated names and ids of the primary's resources that
// no resource of the standby shares to the resource's key. Names without a
// digit are not generated and may be plain words; the number of an account, by
// which a registry's settings are called, is in every ARN.
func (s *scene) primaryOnly() map[string]string {
	owned := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(s.primary.byKey)) {
		if drift.IsGlobal(s.primary.byKey[key].Type) && s.standby.byKey[key] == nil {
			continue // the one that all Regions have: the zone of the public names
		}
		for _, name := range namesOf(s.primary.byKey[key]) {
			if len(name) >= shortestOwned && words.FindString(name) == name && strings.ContainsAny(name, "0123456789") {
				owned[name] = key
			}
		}
	}
	for _, r := range s.standby.byKey {
		for _, name := range namesOf(r) {
			delete(owned, name)
		}
	}
	for _, v := range []*view{s.primary, s.standby} {
		delete(owned, v.snapshot.Account)
	}
	return owned
}

func namesOf(r *drift.Resource) []string {
	return append(slices.Collect(maps.Values(r.Identities)), r.ID)
}

// saysLeak are the words by which the comparison reports a value that ties the
// standby to the primary in a way only it can see.
const saysLeak = "points back at the primary"

// leaks reports whether a finding says that the standby points at the primary.
func (s *scene) leaks(f *drift.Finding) bool {
	return strings.Contains(f.Message, saysLeak) || s.leaksTree(f.Property, f.Standby, f.Primary)
}

func (s *scene) leaksTree(path string, theirs, ours any) bool {
	switch node := theirs.(type) {
	case string:
		return s.pointsBack(path, node, ours) != ""
	case []any:
		for i, child := range node {
			if s.leaksTree(path, child, elementLike(ours, child, i)) {
				return true
			}
		}
	case map[string]any:
		if sealed, ok := drift.AsSealed(node); ok {
			mine, _ := drift.AsSealed(ours)
			return slices.Contains(sealed.Regions, s.primary.snapshot.Region.Name) && !slices.Contains(mine.Regions, s.standby.snapshot.Region.Name)
		}
		other, _ := ours.(map[string]any)
		for name, child := range node {
			if s.leaksTree(path+"."+name, child, other[name]) {
				return true
			}
		}
	}
	return false
}
