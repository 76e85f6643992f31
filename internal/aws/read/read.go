package read

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/immutable"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// inFlight bounds the resources of one service that are being read at once. The
// pace is set by the session's token buckets; a bound for all services together
// would let those that wait for their tokens keep the others from working.
const inFlight = 32

// Request is what to read in one Region.
type Request struct {
	Region, Account string
	Items           []inventory.Item
	// Sealer replaces secret values.
	Sealer drift.Sealer
	// SecretValues asks for a keyed digest of the current value of every secret.
	SecretValues bool
	// Known remembers what never changes; may be nil.
	Known *immutable.Store
	// Shared is what the Regions of a run read once between them; nil: nothing.
	Shared *Shared
}

// Result is what was read, sorted by key.
type Result struct {
	Resources []drift.Resource
	Facts     []drift.Fact
	Gaps      []drift.Gap
}

// Resources reads every item of the request (see Reading).
func Resources(ctx context.Context, clients Clients, q Request) (Result, error) {
	return Start(ctx, clients, q).Result()
}

func specsByType() map[string]Spec {
	specs := map[string]Spec{}
	for _, s := range Specs() {
		specs[s.Type] = s
	}
	return specs
}

// run collects what the readers find.
type run struct {
	Request
	clients Clients
	specs   map[string]Spec

	mu     sync.Mutex
	done   map[string]bool
	result Result
	// What functions have reserved and which layers they name is told once all are known.
	concurrency *concurrency
	layers      *layersInUse
	// What versions are is asked once, and told when all functions are known.
	versions *functionVersions
	// A policy is asked for once, for what has it and for the resources that declare it.
	policies       asked[*lambda.GetPolicyOutput]
	bucketPolicies asked[*s3.GetBucketPolicyOutput]
	secretPolicies asked[*secretsmanager.GetResourcePolicyOutput]
	// User data waits for the names of all resources (see sealScripts).
	scripts []script
	// others are names of the application's that this run does not read, and
	// described what is known already of what is outside of it.
	others    ownNames
	described map[string]bool
}

// expect notes items that must come to something.
func (r *run) expect(items []inventory.Item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Items = append(r.Items, items...)
}

// each runs fn for every element at once, within the bound on what is in flight.
func each[T any](ctx context.Context, list []T, fn func(T)) {
	var group errgroup.Group
	group.SetLimit(inFlight)
	for _, element := range list {
		if ctx.Err() != nil {
			break // what is left has no answer, and neither has the whole
		}
		group.Go(func() error {
			fn(element)
			return nil
		})
	}
	_ = group.Wait() // fn reports to the run
}

// accountForAll turns an item that a reader forgot into a gap.
func (r *run) accountForAll() {
	for _, item := range r.Items {
		if !r.done[item.Key] {
			r.note(item, "", "", "", "Error", "the reader of "+item.Type+" gave no answer")
		}
	}
}

// found reports a resource that was read.
func (r *run) found(item inventory.Item, o *object) {
	if o.err != nil {
		r.note(item, "", "", "", "BadResponse", o.err.Error())
		return
	}
	resource := drift.Resource{
		Key: item.Key, Type: item.Type, ID: item.ID, Via: "native",
		Identities: o.identities, Properties: o.properties, Declared: item.Declared, Undeclared: WithoutCredentials(item.Undeclared), Tags: userTags(o.tags),
	}
	r.seal(&resource, item)
	r.uncovered(item)
	r.add(item.Key, func() { r.result.Resources = append(r.result.Resources, resource) })
}

// gone reports a resource that the service says does not exist. Tags do not say
// that it ever should: their API lists what was deleted for a while.
func (r *run) gone(item inventory.Item) {
	if item.MayLack() {
		r.add(item.Key, func() {}) // that is its answer
		return
	}
	if item.FromTags() {
		r.note(item, "", "", item.ListedBy(), "Unconfirmed",
			"the tagging API lists it and its service does not know it: it was deleted a moment ago, or goes by another id")
		return
	}
	r.add(item.Key, func() { r.result.Facts = append(r.result.Facts, nameOf(drift.FactGone, item)) })
}

// nameOf is what is known of a resource without reading it.
func nameOf(kind string, item inventory.Item) drift.Fact {
	names := map[string]any{}
	for attribute, name := range item.Names {
		names[attribute] = name
	}
	return drift.Fact{Kind: kind, Subject: item.Key, Value: map[string]any{
		"Type": item.Type, "PhysicalId": item.ID, "Identities": names,
	}}
}

// failed reports that a resource could not be read, or is gone.
func (r *run) failed(item inventory.Item, err error) {
	p := session.Classify(err)
	if p.Reason == session.NotFound {
		r.gone(item)
		return
	}
	r.note(item, "", "", p.Permission, p.Reason, p.Message)
}

// partial reports that one property of a resource could not be read.
func (r *run) partial(item inventory.Item, property string, err error) {
	p := session.Classify(err)
	r.note(item, property, "", p.Permission, p.Reason, p.Message)
}

// factGap reports that a fact could not be read.
func (r *run) factGap(item inventory.Item, kind string, err error) {
	p := session.Classify(err)
	r.note(item, "", kind, p.Permission, p.Reason, p.Message)
}

// unaddressable reports an item whose source does not say how to find it.
func (r *run) unaddressable(item inventory.Item, what string) {
	r.note(item, "", "", item.ListedBy(), session.Unsupported, item.ListedIn()+" lists it without "+what+", so it cannot be found")
}

// note records a gap. A gap without property and fact is the item's answer, and
// what the item is called is kept, because others mention it.
func (r *run) note(item inventory.Item, property, fact, operation, reason, message string) {
	gap := drift.Gap{
		Region: r.Region, Resource: item.Key, Type: item.Type, Property: property, Fact: fact,
		Operation: operation, Reason: reason, Message: message,
	}
	if property != "" || fact != "" {
		r.add("", func() { r.result.Gaps = append(r.result.Gaps, gap) })
		return
	}
	r.add(item.Key, func() {
		r.result.Gaps = append(r.result.Gaps, gap)
		if item.ID != "" {
			r.result.Facts = append(r.result.Facts, nameOf(drift.FactUnread, item))
		}
	})
}

// fact records a fact about an item; its value is closed first.
func (r *run) fact(item inventory.Item, kind string, value any) {
	tree, err := drift.Tree(value)
	if err != nil {
		r.note(item, "", kind, "", "BadResponse", err.Error())
		return
	}
	r.add("", func() {
		r.result.Facts = append(r.result.Facts, drift.Fact{Kind: kind, Subject: item.Key, Value: tree})
	})
}

func (r *run) add(key string, change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key != "" {
		r.done[key] = true
	}
	change()
}

func (r *run) sorted() Result {
	slices.SortFunc(r.result.Resources, func(a, b drift.Resource) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(r.result.Facts, func(a, b drift.Fact) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Subject, b.Subject))
	})
	slices.SortFunc(r.result.Gaps, CompareGaps)
	return r.result
}

// CompareGaps orders gaps by what they are about.
func CompareGaps(a, b drift.Gap) int {
	return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Property, b.Property), cmp.Compare(a.Fact, b.Fact),
		cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Message, b.Message))
}
