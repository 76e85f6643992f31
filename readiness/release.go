package readiness

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Types the release rules look at.
const (
	typeFunction = "AWS::Lambda::Function"
	typeAlias    = "AWS::Lambda::Alias"
	typeService  = "AWS::ECS::Service"
)

func releaseRules() []Rule {
	return []Rule{
		{
			ID: "REL-01", Severity: drift.Block, check: sameImages,
			Title:      "The containers running in the standby have the image digests of the primary",
			Why:        "A tag names whatever was pushed last. Only the digest tells whether the standby would serve the release that was tested.",
			Source:     "Well-Architected REL13-BP04; Amazon ECR user guide, Private image replication",
			Strategies: map[topology.Strategy]Level{topology.BackupRestore: LevelOff, topology.PilotLight: LevelWarn},
			Needs: []Need{{Types: []string{typeService}, Fact: drift.FactTaskImages,
				Actions: []string{"ecs:DescribeTasks", "ecs:ListTasks", "ecs:DescribeServices", "ecs:DescribeTaskDefinition"}}},
			Fix: "Deploy the release to the standby with images named by digest, and check that they are in its registry.",
		},
		{
			ID: "REL-02", Severity: drift.Block, compares: true, check: sameFunctions,
			Title:      "Every function runs the same code, and no alias is in the middle of a shift",
			Why:        "The standby would answer with another build than the one that was tested, or with two builds at once.",
			Source:     "Well-Architected REL13-BP04",
			Strategies: map[topology.Strategy]Level{topology.BackupRestore: LevelWarn},
			Needs: []Need{
				{Types: []string{typeFunction}, Properties: []string{"CodeSha256", "ImageDigest", "Code"}, Actions: []string{"lambda:GetFunction"}},
				{Types: []string{typeAlias}, Properties: []string{"FunctionVersion", "RoutingConfig"}, Fact: drift.FactLambdaAlias, Actions: []string{"lambda:GetAlias"}},
			},
			Fix: "Deploy the same release to both Regions: build the bundle once and upload the same bytes to each.",
		},
		{
			ID: "REL-05", Severity: drift.Block, check: stacksFinished,
			Title:      "Every stack exists in the standby and finished its last operation",
			Why:        "A stack that failed, rolled back or is still working runs neither the old nor the new release for certain, and refuses the update that would repair it.",
			Source:     "Well-Architected REL13-BP04; Disaster Recovery of Workloads on AWS",
			Strategies: map[topology.Strategy]Level{topology.BackupRestore: LevelWarn},
			Needs:      []Need{{Types: []string{stackType}, Properties: []string{"Status"}, Actions: []string{"cloudformation:DescribeStacks"}}},
			Fix:        "Bring the stack to an end: `lockstep recover`, or continue the rollback, then deploy again.",
		},
		{
			ID: "REL-06", Severity: drift.Warn, check: sameTemplates,
			Title:  "Every stack was deployed from the same template",
			Why:    "Two templates drift apart by design: what the standby is made of is then nobody's decision.",
			Source: "Well-Architected REL13-BP04",
			Needs:  []Need{{Types: []string{stackType}, Properties: []string{"Template", "TemplateDigest", "Parameters"}, Actions: []string{"cloudformation:GetTemplate", "cloudformation:DescribeStacks"}}},
			Fix:    "Deploy one template to both Regions and keep what differs in parameters.",
		},
		{
			ID: "REL-07", Severity: drift.Block, check: sameRelease,
			Title:      "The ledgers of both Regions name the same release, and it ended well",
			Why:        "The standby believes that it runs something else than the primary, or its last deploy never finished.",
			Source:     "Well-Architected REL13-BP04; AWS multi-Region fundamentals 4",
			Strategies: map[topology.Strategy]Level{topology.BackupRestore: LevelWarn},
			Needs:      []Need{{Fact: drift.FactRelease, Actions: []string{"ssm:GetParameters"}}},
			Fix:        "Run `lockstep status`, then `lockstep deploy` or `lockstep recover` until both Regions record the same release.",
		},
	}
}

// sameFunctions compares code hashes of functions, then of what their aliases serve.
func sameFunctions(h *hearing) {
	functions := h.pairs(typeFunction)
	h.applies(len(functions), "function", "the same code in both Regions")
	for _, p := range h.present(functions) {
		ours, theirs := text(p.primary.Properties, "CodeSha256"), text(p.standby.Properties, "CodeSha256")
		switch {
		case ours == "":
			h.unknown(h.primary.region(), p.key, "", "the code hash was not read in %s", h.primary.region())
		case theirs == "":
			h.unknown(h.standby.region(), p.key, "", "the code hash was not read in %s", h.standby.region())
		case ours != theirs:
			h.failProperty("", p.key, "CodeSha256", "", "code is %s in %s and %s in %s", ours, h.primary.region(), theirs, h.standby.region())
		}
	}
	aliases := h.pairs(typeAlias)
	h.applies(len(aliases), "alias", "serves that code and nothing else")
	for _, p := range h.present(aliases) {
		h.sameAlias(p)
	}
	for _, kind := range []string{typeFunction, typeAlias} {
		h.hearFindings(kind, func(f *drift.Finding) (drift.Severity, bool) {
			code := within(f.Property, "CodeSha256") || within(f.Property, "ImageDigest") || within(f.Property, "Code") && !within(f.Property, "Code.ImageUri") ||
				kind == typeAlias && (within(f.Property, "FunctionVersion") || within(f.Property, "RoutingConfig"))
			return f.Severity, code
		})
	}
}

// unpublished is the version of a function that every upload changes.
const unpublished = "$LATEST"

func (h *hearing) sameAlias(p pair) {
	ours, known := h.primary.object(drift.FactLambdaAlias, p.key)
	theirs, knownThere := h.standby.object(drift.FactLambdaAlias, p.key)
	a, b := text(ours, "CodeSha256"), text(theirs, "CodeSha256")
	switch {
	case !known || a == "":
		h.unknown(h.primary.region(), p.key, drift.FactLambdaAlias, "what the alias serves was not read in %s", h.primary.region())
	case !knownThere || b == "":
		h.unknown(h.standby.region(), p.key, drift.FactLambdaAlias, "what the alias serves was not read in %s", h.standby.region())
	case a != b:
		h.fail("", p.key, "Publish the release in the standby and point the alias at it.",
			"serves version %s with code %s in %s and version %s with code %s in %s", show(ours["FunctionVersion"]), a,
			h.primary.region(), show(theirs["FunctionVersion"]), b, h.standby.region())
	case text(theirs, "FunctionVersion") == unpublished && text(ours, "FunctionVersion") != unpublished:
		h.fail("", p.key, "Point the alias at the published version.", "serves %s in %s: its code is alike today and changes with the next upload",
			unpublished, h.standby.region())
	}
	if weights, _ := theirs["RoutingWeights"].(map[string]any); len(weights) > 0 {
		h.fail("", p.key, "Finish or undo the traffic shift in the standby.", "is in the middle of a traffic shift in %s: %s",
			h.standby.region(), show(weights))
	}
}

// hearFindings fails every unsettled finding about a type for which claim
// says that the rule owns it, at the severity that claim names. Findings of
// severity info never fail a rule.
func (h *hearing) hearFindings(kind string, claim func(*drift.Finding) (drift.Severity, bool)) {
	for _, f := range h.byType[kind] {
		if f.Property == "" || slices.Contains(h.consumed, f) {
			continue
		}
		severity, mine := claim(f)
		switch {
		case !mine:
		case severity == drift.Info:
			h.settle(f)
		default:
			h.failFinding(severity, f)
		}
	}
}

func stacksFinished(h *hearing) {
	stacks := 0
	for _, key := range h.primary.stackIDs {
		there, read := h.standby.stacks[key]
		if h.primary.stacks[key].Status == "" {
			h.noReference(key, there)
			continue
		}
		stacks++
		switch {
		case !read:
			h.unknown(h.standby.region(), key, "", "the stack was not read in %s", h.standby.region())
		case there.Status == "" && h.worldwide(key):
			stacks-- // it has what exists once: there is nothing to deploy in another Region
		case there.Status == "":
			h.fail("", key, "Deploy the stack to the standby.", "exists in %s and not in %s", h.primary.region(), h.standby.region())
		case !finished(there.Status):
			h.unfinished(key, there)
		}
	}
	h.applies(stacks, "stack", "finished in the standby")
}

// worldwide reports whether a stack of the primary has nothing but what exists once
// for all Regions, as far as everything of it was read.
func (h *hearing) worldwide(key string) bool {
	found := false
	for _, r := range h.primary.byKey {
		if strings.HasPrefix(r.Key, key+"/") {
			if found = true; !drift.IsGlobal(r.Type) {
				return false
			}
		}
	}
	unread := slices.ContainsFunc(h.primary.snapshot.Gaps, func(g drift.Gap) bool {
		return g.Fact == "" && g.Property == "" && (g.Resource == "" || g.Resource == key || strings.HasPrefix(g.Resource, key+"/"))
	})
	return found && !unread
}

// noReference judges a configured stack that the reference Region lacks. In
// neither Region, it is new or its name is wrong: nothing of it was judged, and
// saying nothing would look like health. In the standby alone there is nothing
// the standby could be measured by.
func (h *hearing) noReference(key string, there *drift.Stack) {
	if there == nil || there.Status == "" {
		h.fail(drift.Warn, key, "Deploy the release, or correct the name of the stack in the configuration.",
			"exists neither in %s nor in %s: nothing of it was compared", h.primary.region(), h.standby.region())
		return
	}
	h.fail("", key, "Deploy the release to "+h.primary.region()+", or correct the name of its stack in the configuration.",
		"exists in %s and not in %s: there is nothing to compare it with", h.standby.region(), h.primary.region())
}

// unfinished fails a stack. One that went back to the very template of the
// primary serves the right release all the same: a warning.
func (h *hearing) unfinished(key string, there *drift.Stack) {
	severity := drift.Block
	here := h.primary.stacks[key]
	if there.Status == "UPDATE_ROLLBACK_COMPLETE" && here.TemplateDigest != "" && here.TemplateDigest == there.TemplateDigest {
		severity = drift.Warn
	}
	reason := ""
	if there.StatusReason != "" {
		reason = ": " + show(there.StatusReason)
	}
	h.fail(severity, key, "", "is %s in %s and %s in %s%s", here.Status, h.primary.region(), there.Status, h.standby.region(), reason)
}

// finished reports whether a stack status is a good end. Source: the
// StackStatus values of the CloudFormation API reference.
func finished(status string) bool {
	return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" || status == "IMPORT_COMPLETE"
}

func sameTemplates(h *hearing) {
	stacks := 0
	for _, key := range h.primary.stackIDs {
		here, there := h.primary.stacks[key], h.standby.stacks[key]
		if here.Status == "" {
			continue
		}
		stacks++
		switch {
		case there == nil:
			h.unknown(h.standby.region(), key, "", "the stack was not read in %s", h.standby.region())
		case there.Status == "": // REL-05 says so
		case here.TemplateDigest == "":
			h.unknown(h.primary.region(), key, "", "the template was not read in %s", h.primary.region())
		case there.TemplateDigest == "":
			h.unknown(h.standby.region(), key, "", "the template was not read in %s", h.standby.region())
		case here.TemplateDigest != there.TemplateDigest:
			h.fail("", key, "", "template is %s in %s and %s in %s", short(here.TemplateDigest), h.primary.region(),
				short(there.TemplateDigest), h.standby.region())
		}
		if there != nil {
			h.sameParameterNames(key, here, there)
		}
	}
	h.applies(stacks, "stack", "one template")
}

// sameParameterNames: values may differ, that is what parameters are for; they
// are named in the evidence. A parameter that only one Region has is a failure.
func (h *hearing) sameParameterNames(key string, here, there *drift.Stack) {
	if there.Status == "" {
		return
	}
	var lacking, differing []string
	for _, name := range slices.Sorted(maps.Keys(here.Parameters)) {
		value, ok := there.Parameters[name]
		if !ok {
			lacking = append(lacking, name)
		} else if value != here.Parameters[name] {
			differing = append(differing, name)
		}
	}
	if len(lacking) > 0 {
		h.fail("", key, "", "parameters of %s that %s does not have: %s", h.primary.region(), h.standby.region(), strings.Join(lacking, ", "))
	}
	if len(differing) > 0 {
		h.remark("%s has its own value for %s", key, strings.Join(differing, ", "))
	}
}

func short(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	if len(digest) > 12 {
		return digest[:12]
	}
	return digest
}

// goodOutcomes are the ledger's words for a deploy after which the Region runs
// the release it records.
var goodOutcomes = []string{"done", "no-change", "rolled-back"}

func sameRelease(h *hearing) {
	here, readHere := h.primary.release()
	there, readThere := h.standby.release()
	if !readHere {
		h.unknown(h.primary.region(), "", drift.FactRelease, "the ledger was not read in %s", h.primary.region())
	}
	if !readThere {
		h.unknown(h.standby.region(), "", drift.FactRelease, "the ledger was not read in %s", h.standby.region())
	}
	unfinished := h.deployUnfinished()
	if !readHere || !readThere || here == "" && there == "" && !unfinished {
		return // unknown, or nobody deploys this application with Lockstep
	}
	h.used = true
	h.remark("both Regions record release %s", here)
	if here != there {
		h.fail("", "", "", "%s records %s and %s records %s%s", h.primary.region(), cmp.Or(here, "no release"),
			h.standby.region(), cmp.Or(there, "no release"), h.onPurpose())
	}
	if r := h.standby.snapshot.Release; r != nil && r.ID != "" && !slices.Contains(goodOutcomes, r.Outcome) {
		if r.Outcome == "" {
			h.undecided("", "the ledger of %s does not say how release %s ended", h.standby.region(), r.ID)
			return
		}
		h.fail("", "", "Run `lockstep recover`.", "release %s ended as %s in %s", r.ID, r.Outcome, h.standby.region())
	}
}

// deployUnfinished fails a Region whose ledger notes a deploy that has not ended: what
// runs there is not known until it has.
func (h *hearing) deployUnfinished() bool {
	found := false
	for _, v := range []*view{h.primary, h.standby} {
		if r := v.snapshot.Release; r != nil && r.Unfinished != "" {
			found = true
			h.used = true
			h.fail("", "", "Run `lockstep deploy` to go forward, or `lockstep recover` to go back.", "%s in %s", r.Unfinished, v.region())
		}
	}
	return found
}

// onPurpose says that one of the two was left behind by intention.
func (h *hearing) onPurpose() string {
	for _, pair := range [][2]*view{{h.primary, h.standby}, {h.standby, h.primary}} {
		if r := pair[0].snapshot.Release; r != nil && slices.Contains(r.LeftOut, pair[1].region()) {
			return fmt.Sprintf(": the deploy of %s left %s behind on purpose", r.ID, pair[1].region())
		}
	}
	return ""
}

// release is the id in the Region's ledger, empty when it records none, and
// whether the ledger was read.
func (v *view) release() (string, bool) {
	if v.snapshot.Release != nil {
		return v.snapshot.Release.ID, true
	}
	subject := ""
	if named := v.subjects[drift.FactRelease]; len(named) == 1 {
		subject = named[0]
	}
	value, read := v.fact(drift.FactRelease, subject)
	switch id := value.(type) {
	case nil:
		return "", read
	case string:
		return id, true
	case map[string]any:
		return cmp.Or(text(id, "ID"), text(id, "id")), true
	default:
		return "", false
	}
}
