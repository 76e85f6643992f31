package read

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// Spec is what a reader promises for one type.
type Spec struct {
	Type string
	// Properties the reader covers, by their top-level names. A property that
	// a template declares and the reader does not cover is a gap.
	Properties []string
	// Actions are the IAM actions it needs.
	Actions []string
	// Batch says which resources share their calls ("100 a call"); empty: each
	// is asked for alone.
	Batch string
	// Identities are the attributes filled in Resource.Identities.
	Identities []string
	// Facts are the kinds of facts that come with the description.
	Facts []string
	// Secret says in words which values are sealed, beyond what Seal finds.
	Secret string
}

// reader reads the types of one service.
type reader struct {
	specs []Spec
	// read reports every item to the run: found, gone or failed. It is called for
	// one batch after the other, and must not expect to see all items at once.
	read func(context.Context, *run, []inventory.Item)
	// early are the types (allTypes: each) whose resources share no call, or only
	// calls about one parent of the same stack. They are read while stacks are
	// still being listed, so their reading must not ask what else there is (run.Items).
	// All others come in one batch, with the last.
	early []string
}

// readers lists the native readers. A new service is one line here and one file.
func readers() []reader {
	return []reader{
		openSearchReader(),
		backupReader(),
		efsReader(),
		wafReader(),
		route53Reader(),
		elastiCacheReader(),
		acmReader(),
		apiGatewayAccessReader(),
		apiGatewayPartsReader(),
		apiGatewayReader(),
		apiGatewayV2Reader(),
		appScalingReader(),
		autoScalingReader(),
		classicBalancerReader(),
		cloudWatchReader(),
		cognitoReader(),
		dhcpReader(),
		dynamoDBReader(),
		ec2Reader(),
		ecrReader(),
		ecsReader(),
		eksReader(),
		eventsReader(),
		flowLogReader(),
		iamReader(),
		instanceReader(),
		internetGatewayReader(),
		kafkaReader(),
		kinesisReader(),
		kmsReader(),
		lambdaReader(),
		launchTemplateReader(),
		listenerReader(),
		loadBalancerReader(),
		logsReader(),
		natGatewayReader(),
		networkACLReader(),
		prefixListReader(),
		rdsReader(),
		routeReader(),
		s3Reader(),
		schedulerReader(),
		secretsReader(),
		snsReader(),
		sqsReader(),
		ssmReader(),
		stepFunctionsReader(),
		subnetReader(),
		targetGroupReader(),
		vpcEndpointReader(),
		vpcReader(),
	}
}

// Specs describes every type that is read natively, sorted by type.
func Specs() []Spec {
	var all []Spec
	for _, r := range readers() {
		all = append(all, r.specs...)
	}
	slices.SortFunc(all, func(a, b Spec) int { return cmpString(a.Type, b.Type) })
	return all
}

// Types lists the types that are read natively, sorted.
func Types() []string {
	var types []string
	for _, s := range Specs() {
		types = append(types, s.Type)
	}
	return types
}

// Actions lists the IAM actions needed to read the given types, sorted. Types
// without a reader of their own need Cloud Control, and with it whatever its
// handler of the type calls: AWS publishes those as handlers.read.permissions.
func Actions(types []string) []string {
	needed := map[string]bool{}
	known := map[string]Spec{}
	for _, s := range Specs() {
		known[s.Type] = s
	}
	for _, t := range types {
		s, ok := known[t]
		if !ok {
			needed["cloudformation:GetResource"] = true
		}
		for _, action := range slices.Concat(s.Actions, mentionActions(s, ok), referenceActions(t)) {
			needed[action] = true
		}
	}
	return slices.Sorted(maps.Keys(needed))
}

func perCall(n int) string { return strconv.Itoa(n) + " a call" }

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
