package readiness

import (
	"fmt"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// Types the configuration rules look at.
const (
	typeTaskDefinition = "AWS::ECS::TaskDefinition"
	typeParameter      = "AWS::SSM::Parameter"
	typeQueue          = "AWS::SQS::Queue"
	typeTopic          = "AWS::SNS::Topic"
	typeSubscription   = "AWS::SNS::Subscription"
)

func configurationRules() []Rule {
	return append(configurationParityRules(), []Rule{
		{
			ID: "CFG-02", Severity: drift.Block, compares: true, check: sameInventory, Strategies: softInBackup,
			Title:  "Every resource of the primary exists in the standby",
			Why:    "Creating what is missing needs control planes, several of which depend on us-east-1: on the day of the failover they may not answer.",
			Source: "Well-Architected REL13-BP04; AWS Fault Isolation Boundaries, global services",
			Needs:  []Need{{Types: []string{stackType}, Properties: []string{"Resources"}, Fact: drift.FactGone, Actions: []string{"cloudformation:ListStackResources"}}},
			Fix:    "Deploy the release to the standby, or accept the absence with a reason and an expiry date.",
		},
		{
			ID: "CFG-03", Severity: drift.Block, compares: true, check: sameRuntimes, Strategies: softInBackup,
			Title:  "Functions have the same runtime, architecture and handler, and no less memory or time",
			Why:    "The same code on another runtime, with less memory or a shorter timeout fails under the load it never sees while it is passive.",
			Source: "ARC readiness rules for Lambda functions",
			Needs:  []Need{{Types: []string{typeFunction}, Properties: runtimeNames(), Actions: []string{"lambda:GetFunction"}}},
			Fix:    "Deploy the same function configuration to the standby.",
		},
		{
			ID: "CFG-04", Severity: drift.Block, compares: true, check: sameEnvironment, Strategies: softInBackup,
			Title:  "Environment variables and secret references of the primary are all set in the standby",
			Why:    "A variable that is missing is found by the first request after the failover.",
			Source: "Well-Architected REL13-BP04; AWS multi-Region fundamentals 3",
			Needs: []Need{
				{Types: []string{typeFunction}, Properties: []string{"Environment"}, Actions: []string{"lambda:GetFunction"}},
				{Types: []string{typeTaskDefinition}, Properties: []string{"ContainerDefinitions"}, Actions: []string{"ecs:DescribeTaskDefinition"}},
			},
			Fix: "Set the same variables in the standby, with the standby's own values.",
		},
		{
			ID: "CFG-05", Severity: drift.Block, compares: true, check: noLeakage,
			Title:  "Nothing in the standby's configuration points at the primary Region",
			Why:    "A standby that calls the primary's queue, bucket, registry or database is lost together with the primary.",
			Source: "AWS multi-Region fundamentals 3; Amazon ECR user guide, Private image replication",
			Needs:  leakNeeds(),
			Fix:    "Use the standby's own resource: a reference in the template, AWS::Region, or a parameter per Region.",
		},
		{
			ID: "CFG-06", Severity: drift.Block, compares: true, check: sameParameters, Strategies: softInBackup,
			Title:  "SSM parameters have the same names and the same values",
			Why:    "A parameter that is missing stops a start; one that differs changes behaviour on the worst day.",
			Source: "Well-Architected REL13-BP04; AWS multi-Region fundamentals 3",
			Needs:  []Need{{Types: []string{typeParameter}, Properties: []string{"Value", "Type"}, Actions: []string{"ssm:GetParameters"}}},
			Fix:    "Write the parameter in the standby, or accept the difference where it belongs to the Region.",
		},
		{
			ID: "CFG-08", Severity: drift.Block, compares: true, check: sameMessaging, Strategies: softInBackup,
			Title:  "Queues and topics are alike: attributes, dead-letter queues, confirmed subscriptions",
			Why:    "Without its dead-letter queue or with a subscription nobody confirmed, the standby loses messages silently.",
			Source: "ARC readiness rules for SQS queues, SNS topics and SNS subscriptions",
			Needs: []Need{
				{Types: []string{typeQueue}, Actions: []string{"sqs:GetQueueAttributes"}},
				{Types: []string{typeTopic}, Fact: drift.FactSubscriptions, Actions: []string{"sns:ListSubscriptionsByTopic", "sns:GetTopicAttributes"}},
				{Types: []string{typeSubscription}, Actions: []string{"sns:GetSubscriptionAttributes"}},
			},
			Fix: "Deploy the queues and topics to the standby and confirm its subscriptions.",
		},
	}...)
}

// sameInventory judges what the comparison found missing, and what a gap says
// is gone although its stack lists it.
func sameInventory(h *hearing) {
	h.applies(len(h.primary.byKey), "resource", "exist in both Regions")
	for _, f := range h.findings {
		if f.Property != "" {
			continue
		}
		switch {
		case h.replicated(f):
			h.settle(f)
			h.remark("%s is a replica", f.Resource)
		case f.Severity == drift.Info:
			h.settle(f)
		default:
			h.failFinding(f.Severity, f)
		}
	}
	for _, key := range h.standby.subjects[drift.FactGone] {
		gone, _ := h.standby.object(drift.FactGone, key)
		if h.missing(key) == nil && MattersForTakeover(text(gone, "Type")) {
			h.fail("", key, restoreFix, "its stack lists %s in %s, and it does not exist there", show(gone["PhysicalId"]), h.standby.region())
		}
	}
	for _, gap := range h.gaps {
		if gone(gap) && gap.Property == "" && gap.Fact == "" && gap.Resource != "" && gap.Region == h.standby.region() && MattersForTakeover(h.typeOf(gap)) {
			h.add(outcome{status: Fail, resource: gap.Resource, missing: []drift.Gap{gap}, fix: restoreFix,
				evidence: fmt.Sprintf("its stack lists it in %s, and it does not exist there (%s)", gap.Region, gap.Reason)})
		}
	}
}

const restoreFix = "Restore the resource: its stack lists it, and it does not exist."

// replicated reports whether a finding misses a resource that reaches the
// standby as a replica.
func (h *hearing) replicated(f *drift.Finding) bool {
	r := h.primary.byKey[f.Resource]
	return r != nil && isMissing(f) && h.replicates(r)
}

// replicates reports whether a resource of the primary declares a replica in
// the standby. Whether the replica works is another rule's business.
func (h *hearing) replicates(r *drift.Resource) bool {
	switch r.Type {
	case typeSecret:
		_, declared := h.replicaOf(r.Key)
		return declared
	case "AWS::DynamoDB::GlobalTable":
		return namesRegion(r.Properties["Replicas"], "Region", h.standby.region())
	case typeRepository:
		registry, _ := h.primary.object(drift.FactRegistryReplication, "")
		name, _ := r.Properties["RepositoryName"].(string)
		return h.replicatesRepository(objects(registry["Rules"]), name)
	default:
		return false
	}
}

func namesRegion(list any, field, region string) bool {
	return slices.ContainsFunc(objects(list), func(o map[string]any) bool { return text(o, field) == region })
}

// runtimeProperties are the properties of a function that CFG-03 owns, with the least
// severity of a difference. Source: ARC readiness rules for Lambda; runtime
// and architecture decide whether the code runs at all.
var runtimeProperties = []struct {
	property string
	least    drift.Severity
}{
	{"Runtime", drift.Block}, {"Architectures", drift.Block}, {"PackageType", drift.Block},
	{"Handler", drift.Warn}, {"Layers", drift.Warn}, {"DeadLetterConfig", drift.Warn},
	{"MemorySize", drift.Warn}, {"Timeout", drift.Warn}, {"EphemeralStorage", drift.Warn}, {"ImageConfig", drift.Warn},
}

func runtimeNames() []string {
	names := make([]string, len(runtimeProperties))
	for i, p := range runtimeProperties {
		names[i] = p.property
	}
	return names
}

func sameRuntimes(h *hearing) {
	functions := h.pairs(typeFunction)
	h.applies(len(functions), "function", "same runtime, architecture and handler, memory and timeout not lower")
	h.present(functions)
	h.hearFindings(typeFunction, func(f *drift.Finding) (drift.Severity, bool) {
		if h.leaks(f) {
			return "", false // CFG-05
		}
		for _, p := range runtimeProperties {
			if within(f.Property, p.property) {
				return harder(f.Severity, p.least), true
			}
		}
		return "", false
	})
}

func harder(a, b drift.Severity) drift.Severity {
	if a.AtLeast(b) {
		return a
	}
	return b
}

func sameParameters(h *hearing) {
	parameters := h.pairs(typeParameter)
	h.applies(len(parameters), "parameter", "the same names and values")
	h.failMissing(typeParameter)
	h.present(parameters)
	h.hearFindings(typeParameter, func(f *drift.Finding) (drift.Severity, bool) {
		mine := within(f.Property, "Value") || within(f.Property, "Type")
		return harder(f.Severity, drift.Warn), mine && !h.leaks(f)
	})
}

// failMissing fails what the comparison found missing of a type that the rule
// owns. CFG-02 says so too, for the inventory as a whole.
func (h *hearing) failMissing(kind string) {
	for _, f := range h.byType[kind] {
		if isMissing(f) {
			h.failFinding(drift.Block, f)
		}
	}
}

func sameMessaging(h *hearing) {
	queues, topics, subscriptions := h.pairs(typeQueue), h.pairs(typeTopic), h.pairs(typeSubscription)
	h.applies(len(queues), "queue", "same attributes and dead-letter queues")
	h.applies(len(topics), "topic", "same attributes, as many subscriptions, all confirmed")
	h.applies(len(subscriptions), "subscription", "same attributes")
	for _, kind := range []string{typeQueue, typeTopic, typeSubscription} {
		h.failMissing(kind)
	}
	h.present(queues)
	h.present(subscriptions)
	for _, p := range h.present(topics) {
		h.sameSubscriptions(p.key)
	}
	for _, kind := range []string{typeQueue, typeTopic, typeSubscription} {
		h.hearFindings(kind, h.messagingSeverity)
	}
}

// messagingSeverity: a dead-letter queue that the standby lacks loses messages.
func (h *hearing) messagingSeverity(f *drift.Finding) (drift.Severity, bool) {
	if h.leaks(f) {
		return "", false // CFG-05
	}
	if f.Property == "RedrivePolicy" && f.Standby == nil || f.Property == "RedrivePolicy.deadLetterTargetArn" && f.Standby == nil {
		return drift.Block, true
	}
	return f.Severity, true
}

// sameSubscriptions counts subscriptions per protocol; the standby must have
// as many as the primary and none that waits for confirmation.
func (h *hearing) sameSubscriptions(topic string) {
	here, known := h.primary.fact(drift.FactSubscriptions, topic)
	there, knownThere := h.standby.fact(drift.FactSubscriptions, topic)
	if !known {
		h.unknown(h.primary.region(), topic, drift.FactSubscriptions, "the subscriptions were not read in %s", h.primary.region())
	}
	if !knownThere {
		h.unknown(h.standby.region(), topic, drift.FactSubscriptions, "the subscriptions were not read in %s", h.standby.region())
	}
	if !known || !knownThere {
		return
	}
	ours, theirs := byProtocol(here), byProtocol(there)
	for _, protocol := range protocols(ours, theirs) {
		if theirs[protocol].confirmed+theirs[protocol].pending < ours[protocol].confirmed {
			h.fail("", topic, "Subscribe the missing endpoint in the standby.", "has %d confirmed %s subscriptions in %s and %d in %s",
				ours[protocol].confirmed, protocol, h.primary.region(), theirs[protocol].confirmed, h.standby.region())
		}
		if theirs[protocol].pending > 0 {
			h.fail("", topic, "Confirm the subscription in the standby.", "%d of %d %s subscriptions wait for confirmation in %s",
				theirs[protocol].pending, theirs[protocol].pending+theirs[protocol].confirmed, protocol, h.standby.region())
		}
	}
}

type subscriptionCount struct{ confirmed, pending int }

func byProtocol(v any) map[string]subscriptionCount {
	counts := map[string]subscriptionCount{}
	for _, s := range objects(v) {
		count := counts[text(s, "Protocol")]
		if confirmed, _ := s["Confirmed"].(bool); confirmed {
			count.confirmed++
		} else {
			count.pending++
		}
		counts[text(s, "Protocol")] = count
	}
	return counts
}

func protocols(counts ...map[string]subscriptionCount) []string {
	var names []string
	for _, c := range counts {
		for name := range c {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
