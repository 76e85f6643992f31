package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// Operations that list resources, as gaps name them.
const (
	byStack = "cloudformation:ListStackResources"
	byState = "lockstep:ReadState"
	byTags  = "tag:GetResources"
)

// ListedBy is the operation that listed the item.
func (i Item) ListedBy() string {
	if i.listedBy == "" {
		return byStack
	}
	return i.listedBy
}

// ListedIn names the source for a sentence.
func (i Item) ListedIn() string {
	switch i.listedBy {
	case byState:
		return "the Terraform state"
	case byTags:
		return "the tagging API"
	}
	return "the stack"
}

// FromTags reports whether only tags say that the item exists. The tagging API
// lists deleted resources for a while.
func (i Item) FromTags() bool { return i.listedBy == byTags }

// MayLack reports whether nothing says that the item exists: it was looked for
// beside one that does.
func (i Item) MayLack() bool { return i.mayLack }

// part is something that a source lists on its own and that CloudFormation
// knows as a part of another resource.
type part struct {
	region, key     string
	typ, owner      string
	property        string
	address, listed string
}

// More is what sources other than stacks add to a Region's listing.
type More struct {
	Items []Item
	Gaps  []drift.Gap
	Facts []drift.Fact
	parts []part
}

// With adds what other sources list. What a stack lists already is not taken
// twice; added is what is new.
func (l Listing) With(more More) (with Listing, added []Item) {
	have := newOwned(l)
	for _, item := range more.Items {
		if !have.has(item) {
			added = append(added, item)
			have.add(item)
		}
	}
	l.Items = slices.Concat(l.Items, added)
	l.Gaps = slices.Concat(l.Gaps, more.Gaps)
	l.Facts = slices.Concat(l.Facts, more.Facts)
	l.parts = slices.Concat(l.parts, more.parts)
	slices.SortStableFunc(l.Items, func(a, b Item) int { return cmp.Compare(a.Key, b.Key) })
	return l, added
}

// Settled is the listing when all sources were added: parts are given to their
// owners. A part of something that the inventory does not hold would be looked
// at by nobody, and so would a property that, as covers says, the owner's reader
// does not read: both are gaps.
func (l Listing) Settled(covers func(typ, property string) bool) Listing {
	byName := map[string]string{}
	for _, item := range l.Items {
		for _, name := range item.texts() {
			byName[item.Type+" "+name] = item.Key
		}
	}
	l.Gaps = slices.Clone(l.Gaps)
	for _, p := range l.parts {
		gap := drift.Gap{Region: p.region, Resource: p.key, Type: p.typ, Operation: p.listed, Reason: "NotInInventory"}
		owner, ok := byName[p.typ+" "+p.owner]
		switch {
		case !ok:
			gap.Message = p.address + " is a part of a " + p.typ + " that no inventory of this Region holds, so nobody reads it"
		case p.property != "" && !covers(p.typ, p.property):
			gap.Resource, gap.Property, gap.Reason = owner, p.property, session.Unsupported
			gap.Message = p.address + " sets a property of " + p.typ + " that Lockstep does not read"
		default:
			continue
		}
		l.Gaps = append(l.Gaps, gap)
	}
	return l
}

// texts are all that names an item.
func (i Item) texts() []string {
	texts := []string{i.ID}
	for _, name := range i.Names {
		texts = append(texts, name)
	}
	return texts
}

// owned is what the sources so far list.
type owned struct {
	ids    map[string]bool
	stacks map[string]bool
}

func newOwned(l Listing) owned {
	o := owned{map[string]bool{}, map[string]bool{}}
	for _, stack := range l.Stacks {
		if stack.ID != "" { // one that does not exist holds nothing, and must not claim what no stack made
			o.stacks[stack.ID] = true
		}
	}
	for _, item := range l.Items {
		o.add(item)
	}
	return o
}

func (o owned) add(item Item) {
	for _, id := range item.sureIDs() {
		o.ids[id] = true
	}
}

func (o owned) has(item Item) bool {
	return slices.ContainsFunc(item.sureIDs(), func(id string) bool { return o.ids[id] })
}

// sureIDs are texts that no other resource of the Region has: an ARN, and the
// physical id of a type that is not addressed through another.
func (i Item) sureIDs() []string {
	var ids []string
	known, _ := metadata.Lookup(i.Type)
	if i.ID != "" && !slices.Contains(sharedIDs, i.Type) && (len(known.Identifier) == 1 || strings.Count(i.ID, "|") == len(known.Identifier)-1) {
		ids = append(ids, i.Type+" "+i.ID)
	}
	for _, text := range i.texts() {
		if strings.HasPrefix(text, "arn:") && !slices.Contains(attached, i.Type) {
			ids = append(ids, text)
		}
	}
	return ids
}

// sharedIDs are types whose physical id is not unique although their schema
// names one part only.
var sharedIDs = []string{"AWS::ApiGatewayV2::Stage", "AWS::Route53::RecordSet", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"}

// attached are types whose id, where we make it, is the ARN of what they are attached to.
var attached = []string{
	"AWS::SNS::TopicPolicy", "AWS::SecretsManager::ResourcePolicy", "AWS::SecretsManager::RotationSchedule", "AWS::WAFv2::LoggingConfiguration",
	"AWS::Lambda::Url", "AWS::Kinesis::ResourcePolicy",
}
