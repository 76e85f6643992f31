package inventory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// stackType is the CloudFormation type of a nested stack.
const stackType = "AWS::CloudFormation::Stack"

// Source is one stack of the configuration.
type Source struct {
	// Key pairs the stack with its siblings: its name in the reference Region.
	Key string
	// Names by Region code, where the name is not the key.
	Names map[string]string
}

// Name is the stack's name in a Region.
func (s Source) Name(region string) string { return cmp.Or(s.Names[region], s.Key) }

// Item is one resource that a stack, a Terraform state or tags list.
type Item struct {
	// Key is "<stack key>/<logical id>", or the like of another source.
	Key  string
	Type string
	// ID is the physical id; empty when the stack does not say.
	ID string
	// Stack is the key of the stack that owns it, StackID the stack's ARN; empty
	// for other sources.
	Stack, StackID string
	// Names are the attributes that can be told from the physical id alone.
	Names map[string]string
	// Parameters are those of the stack that owns it, hidden ones masked.
	Parameters map[string]string
	// Declared is the template's word on its properties with other resources
	// as symbols; nil when that could not be worked out.
	Declared map[string]any
	// Undeclared says why Declared is nil.
	Undeclared string
	// Resolved is the same with the physical ids of other resources instead.
	// Sources that know no template give what a reader needs to find it.
	Resolved map[string]any

	// parts are properties that other entries of the source fill.
	parts []string

	listedBy string // empty: a stack
	mayLack  bool   // nothing says that it exists
}

// Sets reports whether the source says that somebody wrote the property: in the
// resource's own declaration, or as an entry of its own that is a part of it.
func (i Item) Sets(property string) bool {
	return i.Declared[property] != nil || slices.Contains(i.parts, property)
}

// LogicalID is the last part of the key.
func (i Item) LogicalID() string { return i.Key[strings.LastIndex(i.Key, "/")+1:] }

// Listing is what a Region's stacks hold, sorted by key.
type Listing struct {
	Stacks []drift.Stack
	Items  []Item
	Gaps   []drift.Gap
	Facts  []drift.Fact
	parts  []part
}

// api are the read calls this package makes.
type api interface {
	DescribeStacks(context.Context, *cloudformation.DescribeStacksInput, ...func(*cloudformation.Options)) (*cloudformation.DescribeStacksOutput, error)
	ListStackResources(context.Context, *cloudformation.ListStackResourcesInput, ...func(*cloudformation.Options)) (*cloudformation.ListStackResourcesOutput, error)
	GetTemplate(context.Context, *cloudformation.GetTemplateInput, ...func(*cloudformation.Options)) (*cloudformation.GetTemplateOutput, error)
}

// Actions are the IAM actions that List needs. CloudFormation asks for
// ListStacks when stacks are described without naming one.
func Actions() []string {
	return []string{"cloudformation:DescribeStacks", "cloudformation:GetTemplate", "cloudformation:ListStackResources", "cloudformation:ListStacks"}
}

// List reads the stacks of one Region, all at once. The error is the
// context's; everything else that goes wrong is a gap. found, unless it is nil,
// is given the items of every stack as soon as that is listed, from several
// goroutines; they are in the listing too.
func List(ctx context.Context, region session.ReadOnly, sources []Source, found func([]Item)) (Listing, error) {
	l := lister{
		api:     cloudformation.NewFromConfig(region.Config()),
		region:  region.Region(),
		account: region.Account(),
		found:   found,
	}
	return l.list(ctx, sources)
}

type lister struct {
	api             api
	region, account string
	// found hears of items early; may be nil.
	found func([]Item)
	// all are the Region's stacks, when many are read.
	all func() map[string]types.Stack

	mu          sync.Mutex
	listing     Listing
	deployments []deployment
}

func (l *lister) list(ctx context.Context, sources []Source) (Listing, error) {
	if len(sources) >= stacksForList {
		l.all = l.inTheBackground(func() map[string]types.Stack { return l.describeAll(ctx, len(sources)) })
	}
	var group errgroup.Group
	group.SetLimit(8)
	for _, source := range sources {
		group.Go(func() error { return l.stack(ctx, source.Key, source.Name(l.region)) })
	}
	err := group.Wait()
	l.link()
	slices.SortFunc(l.listing.Stacks, func(a, b drift.Stack) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(l.listing.Items, func(a, b Item) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(l.listing.Gaps, func(a, b drift.Gap) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Property, b.Property))
	})
	return l.listing, err
}

// stack reads one stack and, below it, those it nests. The three calls do not
// depend on one another and are made together.
func (l *lister) stack(ctx context.Context, key, name string) error {
	var (
		described               types.Stack
		rows                    []types.StackResourceSummary
		body                    string
		noStack, noRows, noBody error
		calls                   sync.WaitGroup
	)
	calls.Go(func() { described, noStack = l.describe(ctx, name) })
	calls.Go(func() { rows, noRows = l.rows(ctx, name) })
	calls.Go(func() { body, noBody = l.template(ctx, name) })
	calls.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	if noStack != nil {
		if session.Classify(noStack).Reason == session.NotFound {
			l.add(func() { l.listing.Stacks = append(l.listing.Stacks, drift.Stack{Key: key, Name: name}) })
			return nil
		}
		l.gap(key, stackType, "", noStack)
		return nil
	}
	d := deployment{key: key, region: l.region, account: l.account, stack: stackOf(key, described), rows: rows, exported: exports(described)}
	if noBody != nil {
		d.problem = "the template was not read: " + session.Classify(noBody).Reason
		l.gap(key, stackType, "Template", noBody)
	} else if err := d.parse(body, described.Parameters); err != nil {
		d.problem = err.Error()
		l.note(key, stackType, "Template", "cloudformation:GetTemplate", "Unreadable", err.Error())
	}
	l.add(func() { l.listing.Stacks, l.deployments = append(l.listing.Stacks, d.stack), append(l.deployments, d) })
	if noRows != nil {
		l.gap(key, stackType, "", noRows)
		return nil
	}
	return l.resources(ctx, d)
}

// resources turns the rows of a stack into items, gaps and nested stacks.
func (l *lister) resources(ctx context.Context, d deployment) error {
	found := d.resources()
	l.add(func() {
		l.listing.Items = append(l.listing.Items, found.items...)
		l.listing.Gaps = append(l.listing.Gaps, found.gaps...)
		l.listing.Facts = append(l.listing.Facts, found.facts...)
	})
	if l.found != nil {
		l.found(slices.DeleteFunc(slices.Clone(found.items), waits))
	}
	for _, n := range found.nested {
		if err := l.stack(ctx, n.Key, n.ID); err != nil {
			return err
		}
	}
	return nil
}

func (l *lister) rows(ctx context.Context, name string) ([]types.StackResourceSummary, error) {
	var rows []types.StackResourceSummary
	pages := cloudformation.NewListStackResourcesPaginator(l.api, &cloudformation.ListStackResourcesInput{StackName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, page.StackResourceSummaries...)
	}
	return rows, nil
}

// template asks for the template after transforms: its logical ids are those
// of the resources. Stages other than that are the same text without transforms.
func (l *lister) template(ctx context.Context, name string) (string, error) {
	out, err := l.api.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &name, TemplateStage: types.TemplateStageProcessed})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.TemplateBody), nil
}

func (l *lister) gap(key, typ, property string, err error) {
	p := session.Classify(err)
	l.note(key, typ, property, p.Permission, p.Reason, p.Message)
}

func (l *lister) note(key, typ, property, operation, reason, message string) {
	l.add(func() {
		l.listing.Gaps = append(l.listing.Gaps, drift.Gap{
			Region: l.region, Resource: key, Type: typ, Property: property, Operation: operation, Reason: reason, Message: message,
		})
	})
}

func (l *lister) add(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// exports are the names under which a stack's outputs are exported.
func exports(s types.Stack) map[string]string {
	out := map[string]string{}
	for _, o := range s.Outputs {
		if o.ExportName != nil {
			out[aws.ToString(o.OutputKey)] = *o.ExportName
		}
	}
	return out
}

func stackOf(key string, s types.Stack) drift.Stack {
	out := drift.Stack{
		Key:          key,
		Name:         aws.ToString(s.StackName),
		ID:           aws.ToString(s.StackId),
		Status:       string(s.StackStatus),
		StatusReason: aws.ToString(s.StackStatusReason),
		Parameters:   map[string]string{},
		Outputs:      map[string]string{},
		Tags:         map[string]string{},
		UpdatedAt:    aws.ToTime(cmp.Or(s.LastUpdatedTime, s.CreationTime)).UTC(),
	}
	for _, p := range s.Parameters {
		out.Parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	for _, o := range s.Outputs {
		out.Outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	for _, t := range s.Tags {
		out.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return out
}
