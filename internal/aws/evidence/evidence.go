package evidence

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/immutable"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// inFlight bounds the calls of one Region that wait for an answer at once.
const inFlight = 16

// Found is the evidence of one Region, sorted.
type Found struct {
	Facts []drift.Fact
	Gaps  []drift.Gap
	// Release is what the ledger records; nil when it records nothing or could
	// not be read (then there is a gap).
	Release *drift.Release
}

// Actions are the IAM actions needed for resources of the given types and for
// what was declared of them.
func Actions(types []string, d Declared) []string {
	actions := []string{"ssm:GetParameters"}
	if slices.Contains(types, serviceType) {
		actions = append(actions, "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks")
	}
	actions = append(actions, registryActions(types)...)
	if slices.Contains(types, functionType) {
		actions = append(actions, "lambda:GetFunction")
	}
	if slices.Contains(types, functionType) || slices.Contains(types, layerType) {
		// Without ListBucket, S3 answers "forbidden" for an object that is not there.
		actions = append(actions, "s3:GetObject", "s3:ListBucket")
	}
	actions = slices.Concat(actions, quotaActions(types), settingActions(types), acrossActions(types, d))
	slices.Sort(actions)
	return slices.Compact(actions)
}

// Gather reads the evidence about the items of one Region; known, which may be
// nil, remembers what never changes. The error is the context's; whatever else
// goes wrong is a gap.
func Gather(ctx context.Context, region session.ReadOnly, app string, items []inventory.Item, known *immutable.Store) (Found, error) {
	g := gatherer{
		region:    region.Region(),
		ecr:       ecr.NewFromConfig(region.Config()),
		ecs:       ecs.NewFromConfig(region.Config()),
		functions: lambda.NewFromConfig(region.Config()),
		s3:        s3.NewFromConfig(region.Config(), region.S3),
		ledger:    ledger.NewReader(region.Config(), app, region.Region()),
		known:     known,
		quotas:    servicequotas.NewFromConfig(region.Config()),
		settings:  newRegionSettings(region),
	}
	return g.gather(ctx, items)
}

// ledgerReader is what is asked of the Region's ledger.
type ledgerReader interface {
	Read(context.Context) (deploy.LedgerState, error)
}

type gatherer struct {
	region    string
	ecr       ecrAPI
	ecs       ecsAPI
	functions functionAPI
	s3        s3API
	ledger    ledgerReader
	known     *immutable.Store
	// quotas and settings are the Region's own; nil ones are not asked.
	quotas   quotasAPI
	settings settingsAPI

	mu     sync.Mutex
	found  Found
	wanted []wanted // images, before they are looked up
}

func (g *gatherer) gather(ctx context.Context, items []inventory.Item) (Found, error) {
	var group errgroup.Group
	group.SetLimit(inFlight)
	group.Go(func() error { g.release(ctx); return nil })
	group.Go(func() error { g.limits(ctx, items); return nil })
	group.Go(func() error { g.accountSettings(ctx, items); return nil })
	for _, item := range items {
		switch item.Type {
		case serviceType:
			group.Go(func() error { g.service(ctx, item); return nil })
		case definitionType:
			group.Go(func() error { g.definitionImages(ctx, item, items); return nil })
		case functionType:
			group.Go(func() error { g.artifact(ctx, item, "Code"); g.functionImage(ctx, item); return nil })
		case layerType:
			group.Go(func() error { g.artifact(ctx, item, "Content"); return nil })
		}
	}
	_ = group.Wait() // failures are gaps
	g.lookUp(ctx, items)
	if err := ctx.Err(); err != nil {
		return Found{}, err
	}
	slices.SortFunc(g.found.Facts, func(a, b drift.Fact) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Subject, b.Subject))
	})
	slices.SortFunc(g.found.Gaps, func(a, b drift.Gap) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Operation, b.Operation))
	})
	return g.found, nil
}

// release reads what the Region's ledger says it runs.
func (g *gatherer) release(ctx context.Context) {
	state, err := g.ledger.Read(ctx)
	if err != nil {
		// Text that is not the ledger's is no AWS error: say what it is.
		p := session.Classify(err)
		g.gap(drift.Gap{Operation: cmp.Or(p.Permission, "ssm:GetParameters"), Reason: p.Reason, Message: p.Message, Fact: drift.FactRelease})
		return
	}
	unfinished := ""
	if j := state.Journal; j != nil {
		unfinished = fmt.Sprintf("the deploy of release %s has not ended (%s since %s)", j.Release.ID, j.State, j.StartedAt.UTC().Format(time.RFC3339))
	}
	if state.Record == nil {
		g.fact(drift.FactRelease, "", nil)
		if unfinished != "" {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.found.Release = &drift.Release{Unfinished: unfinished}
		}
		return
	}
	r := state.Record
	g.fact(drift.FactRelease, "", r.ID)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.found.Release = &drift.Release{ID: r.ID, Name: r.Name, Commit: r.Commit, DeployedAt: r.DeployedAt.UTC(), Outcome: string(r.Outcome),
		LeftOut: r.LeftOut, Unfinished: unfinished}
}

// fact records a fact; its value is closed first.
func (g *gatherer) fact(kind, subject string, value any) {
	tree, err := drift.Tree(value)
	if err != nil {
		g.gap(drift.Gap{Resource: subject, Reason: "BadResponse", Message: err.Error(), Fact: kind})
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.found.Facts = append(g.found.Facts, drift.Fact{Kind: kind, Subject: subject, Value: tree})
}

func (g *gatherer) gap(gap drift.Gap) {
	gap.Region = g.region
	g.mu.Lock()
	defer g.mu.Unlock()
	g.found.Gaps = append(g.found.Gaps, gap)
}

// failed records that a fact could not be read.
func (g *gatherer) failed(kind, subject, typ string, err error) {
	p := session.Classify(err)
	g.gap(drift.Gap{Resource: subject, Type: typ, Operation: p.Permission, Reason: p.Reason, Message: p.Message, Fact: kind})
}
