package inventory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/regionname"
	"github.com/lockstep-dr/lockstep/internal/terraform"
	"github.com/lockstep-dr/lockstep/topology"
)

// TagsKey begins the keys of resources that tags alone list.
const TagsKey = "tags"

// perPage is the most resources the tagging API gives in one answer.
const perPage = 100

type taggingAPI interface {
	GetResources(context.Context, *resourcegroupstaggingapi.GetResourcesInput, ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error)
}

// TagLister lists resources by their tags.
type TagLister struct {
	api             taggingAPI
	region, account string
	words           regionname.Words
}

// NewTagLister lists in one Region; others are the application's other Regions,
// whose codes in a name say that the name points there.
func NewTagLister(region session.ReadOnly, others []string) TagLister {
	return TagLister{
		api: resourcegroupstaggingapi.NewFromConfig(region.Config()), region: region.Region(), account: region.Account(),
		words: regionname.Of(region.Region(), others),
	}
}

// List finds the resources that carry all tags of one of the sources and that
// the listing does not have yet. The API knows only what is or was tagged. The
// error is the context's; whatever else goes wrong is a gap.
func (t TagLister) List(ctx context.Context, sources []map[string]string, have Listing) (More, error) {
	var more More
	found := map[string]map[string]string{}
	for _, source := range sources {
		if err := t.resources(ctx, source, found); err != nil {
			if ctx.Err() != nil {
				return More{}, ctx.Err()
			}
			p := session.Classify(err)
			more.Gaps = append(more.Gaps, drift.Gap{Region: t.region, Resource: TagsKey, Operation: cmp.Or(p.Permission, byTags), Reason: p.Reason, Message: p.Message})
		}
	}
	known, byKey := newOwned(have), map[string][]Item{}
	for _, arn := range slices.Sorted(maps.Keys(found)) {
		item, gap, ok := t.item(arn, found[arn])
		switch {
		case !ok || known.has(item) || known.stacks[found[arn]["aws:cloudformation:stack-id"]]:
		case gap != nil:
			more.Gaps = append(more.Gaps, *gap)
		default:
			byKey[item.Key] = append(byKey[item.Key], item)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		more.choose(t.region, newest(byKey[key]))
	}
	more.beside(t.region, have)
	return more, nil
}

// resources adds what one source finds, by ARN, with all its tags.
func (t TagLister) resources(ctx context.Context, source map[string]string, found map[string]map[string]string) error {
	in := &resourcegroupstaggingapi.GetResourcesInput{ResourcesPerPage: aws.Int32(perPage)}
	for _, key := range slices.Sorted(maps.Keys(source)) {
		in.TagFilters = append(in.TagFilters, types.TagFilter{Key: aws.String(key), Values: []string{source[key]}})
	}
	pages := resourcegroupstaggingapi.NewGetResourcesPaginator(t.api, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, r := range page.ResourceTagMappingList {
			tags := map[string]string{}
			for _, tag := range r.Tags {
				tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
			found[aws.ToString(r.ResourceARN)] = tags
		}
	}
	return nil
}

// item says what an ARN is. ok is false for what is left out on purpose; a gap is
// something nobody can look at, or pair.
func (t TagLister) item(arn string, tags map[string]string) (item Item, gap *drift.Gap, ok bool) {
	refused := func(typ, why string) (Item, *drift.Gap, bool) {
		return Item{}, &drift.Gap{Region: t.region, Resource: TagsKey + "/" + plain(arn), Type: typ, Operation: byTags, Reason: session.Unsupported, Message: arn + ": " + why}, true
	}
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) != 6 {
		return refused("", "not an ARN")
	}
	shape, words := shapeOf(fields[2], strings.TrimSuffix(fields[5], ":*"))
	switch {
	case shape.Ignored != "", tags["aws:autoscaling:groupName"] != "" && shape.Type == "AWS::EC2::Instance":
		return Item{}, nil, false
	case shape.Type == "":
		return refused("", "Lockstep does not know which CloudFormation type this is")
	}
	maps.Copy(words, map[string]string{"arn": arn, "region": t.region, "account": t.account, "suffix": topology.DNSSuffix(t.region)})
	amend(shape.Type, words)
	item = Item{Type: shape.Type, ID: fill(shape.ID, words), Names: map[string]string{"Arn": arn}, Resolved: map[string]any{}, listedBy: byTags}
	for pair := range strings.FieldsSeq(shape.Resolved) {
		name, pattern, _ := strings.Cut(pair, "=")
		item.Resolved[name] = fill(pattern, words)
	}
	if item.Key = t.key(shape, words, tags); item.Key == "" {
		return refused(shape.Type, "it has no name by which it could be paired; give it a tag Name, or the tag "+terraform.PairTag)
	}
	return item, nil, true
}

func shapeOf(service, resource string) (arnShape, map[string]string) {
	for _, shape := range taggable() {
		if shape.Service != service {
			continue
		}
		if words := match(shape.Resource, resource); words != nil {
			return shape, words
		}
	}
	return arnShape{}, nil
}

// secretSuffix is what Secrets Manager puts behind the name of a secret in its ARN.
var secretSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// amend gives words the form that the ARN lost or changed.
func amend(typ string, words map[string]string) {
	switch typ {
	case "AWS::SecretsManager::Secret":
		words["secret"] = secretSuffix.ReplaceAllString(words["secret"], "")
	case "AWS::SSM::Parameter":
		if strings.Contains(words["parameter"], "/") { // only names that begin with a slash may hold another
			words["parameter"] = "/" + words["parameter"]
		}
	}
}

func fill(pattern string, words map[string]string) string {
	var pairs []string
	for name, text := range words {
		pairs = append(pairs, "{"+name+"}", text)
	}
	return strings.NewReplacer(pairs...).Replace(pattern)
}

// nestedSuffix is what CloudFormation puts behind the name of a nested stack.
var nestedSuffix = regexp.MustCompile(`-[0-9A-Z]{12,13}$`)

// key pairs a tagged resource with its sibling, by the strongest that it has: the
// tag made for that, stack and logical id, its name, its tag Name.
func (t TagLister) key(shape arnShape, words, tags map[string]string) string {
	stack, logical := tags["aws:cloudformation:stack-name"], tags["aws:cloudformation:logical-id"]
	name := cmp.Or(fill(shape.Name, words), tags["Name"])
	switch {
	case tags[terraform.PairTag] != "":
		return TagsKey + "/" + plain(tags[terraform.PairTag])
	case stack != "" && logical != "":
		return TagsKey + "/" + plain(t.named(nestedSuffix.ReplaceAllString(stack, ""))) + "/" + logical
	case name != "":
		return TagsKey + "/" + shape.Type + "/" + plain(t.named(name))
	}
	return ""
}

// named is a name without its Region; "{region}" when that was all it said.
func (t TagLister) named(name string) string { return cmp.Or(t.words.Strip(name), "{region}") }

// choose takes the one item of a key. Of several none is taken, because nobody
// can say which of them the sibling belongs to.
func (m *More) choose(region string, items []Item) {
	if len(items) == 1 {
		m.Items = append(m.Items, items[0])
		return
	}
	var arns []string
	for _, item := range items {
		arns = append(arns, item.Names["Arn"])
		m.Facts = append(m.Facts, unread(item))
	}
	m.Gaps = append(m.Gaps, ambiguous(items[0], region, fmt.Sprintf("%s share this key: nothing says which of them belongs to which in the other Region; give each its own tag %s",
		strings.Join(arns, ", "), terraform.PairTag)))
}

// newest leaves of the revisions of one task definition the latest: earlier ones
// stay registered for ever.
func newest(items []Item) []Item {
	if len(items) < 2 || slices.ContainsFunc(items, func(i Item) bool { return i.Type != "AWS::ECS::TaskDefinition" || family(i.ID) != family(items[0].ID) }) {
		return items
	}
	return []Item{slices.MaxFunc(items, func(a, b Item) int { return cmp.Compare(revision(a.ID), revision(b.ID)) })}
}

func family(arn string) string { return arn[:strings.LastIndexByte(arn, ':')] }

func revision(arn string) int {
	n, err := strconv.Atoi(arn[strings.LastIndexByte(arn, ':')+1:])
	if err != nil {
		return 0
	}
	return n
}
