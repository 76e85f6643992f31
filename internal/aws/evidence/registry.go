package evidence

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type ecrAPI interface {
	BatchGetImage(context.Context, *ecr.BatchGetImageInput, ...func(*ecr.Options)) (*ecr.BatchGetImageOutput, error)
	DescribeRegistry(context.Context, *ecr.DescribeRegistryInput, ...func(*ecr.Options)) (*ecr.DescribeRegistryOutput, error)
}

type functionAPI interface {
	GetFunction(context.Context, *lambda.GetFunctionInput, ...func(*lambda.Options)) (*lambda.GetFunctionOutput, error)
}

const (
	definitionType = "AWS::ECS::TaskDefinition"
	repositoryType = "AWS::ECR::Repository"
)

// registryActions are the IAM actions for what registries are asked.
func registryActions(types []string) []string {
	var actions []string
	if slices.Contains(types, definitionType) {
		actions = append(actions, "ecs:DescribeTaskDefinition")
	}
	if slices.Contains(types, serviceType) || slices.Contains(types, definitionType) || slices.Contains(types, functionType) {
		actions = append(actions, "ecr:BatchGetImage", "ecr:DescribeRegistry")
	}
	if slices.Contains(types, repositoryType) {
		actions = append(actions, "ecr:DescribeRegistry")
	}
	return actions
}

// imagesPerCall is how many images BatchGetImage takes. Source: ECR API reference.
const imagesPerCall = 100

// The states of an image in FactImages.
const (
	imagePresent   = "present"
	imageAbsent    = "absent"
	imageElsewhere = "elsewhere"
)

// wanted is an image that something in the Region is started from.
type wanted struct {
	item        inventory.Item
	name, image string
	// digest is what it is known to be; empty when only the registry can tell.
	digest string
}

// location is where an image is pulled from.
type location struct{ registry, region, repository, tag string }

// privateImage is an image of a private registry, by either of its addresses, in
// any partition. Source: Amazon ECR user guide, Private registry and IPv6.
var privateImage = regexp.MustCompile(`^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.` +
	`(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|on\.aws|on\.amazonwebservices\.com\.cn)` +
	`/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$`)

// locationOf reads an image of a private registry of ECR; ok is false for any other.
func locationOf(image string) (l location, digest string, ok bool) {
	m := privateImage.FindStringSubmatch(image)
	if m == nil {
		return location{}, "", false
	}
	return location{registry: m[1], region: m[2], repository: m[3], tag: cmp.Or(m[4], "latest")}, m[5], true
}

// want notes an image to look up once all are known.
func (g *gatherer) want(w wanted) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wanted = append(g.wanted, w)
}

// wantContainers notes what the containers of a service are started from: what
// runs, and where nothing runs, what its task definition names.
func (g *gatherer) wantContainers(item inventory.Item, containers map[string]*container) {
	for name, c := range containers {
		if len(c.digests) == 0 {
			g.want(wanted{item: item, name: name, image: c.image})
		}
		for digest := range c.digests {
			g.want(wanted{item: item, name: name, image: c.image, digest: digest})
		}
	}
}

// definitionImages notes the images of a task definition that no service of the
// application runs: its tasks are started by schedules, workflows or people.
func (g *gatherer) definitionImages(ctx context.Context, item inventory.Item, all []inventory.Item) {
	used := func(service inventory.Item) bool {
		return service.Type == serviceType && service.Resolved["TaskDefinition"] == any(item.ID)
	}
	if item.ID == "" || slices.ContainsFunc(all, used) {
		return
	}
	task, err := g.task(ctx, item.ID)
	if err != nil {
		g.failed(drift.FactImages, item.Key, item.Type, err)
		return
	}
	for name, image := range task.Images {
		g.want(wanted{item: item, name: name, image: image})
	}
}

// functionImage notes the image of a function, if it has one: with the digest
// that its tag led to when it was deployed.
func (g *gatherer) functionImage(ctx context.Context, item inventory.Item) {
	code, _ := item.Resolved["Code"].(map[string]any)
	if item.ID == "" || item.Resolved["Code"] != nil && code["ImageUri"] == nil { // a source that tells no code is no word on it
		return
	}
	out, err := g.functions.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &item.ID})
	if err != nil {
		g.failed(drift.FactImages, item.Key, item.Type, err)
		return
	}
	if out.Code == nil || aws.ToString(out.Code.ImageUri) == "" {
		return
	}
	_, digest, _ := strings.Cut(aws.ToString(out.Code.ResolvedImageUri), "@")
	g.want(wanted{item: item, name: item.LogicalID(), image: *out.Code.ImageUri, digest: digest})
}

// lookUp looks up all images that were noted, and what the registry copies where it
// is asked for any or the application's own.
func (g *gatherer) lookUp(ctx context.Context, items []inventory.Item) {
	isRepository := func(item inventory.Item) bool { return item.Type == repositoryType }
	if g.imagesKnown(ctx) || slices.ContainsFunc(items, isRepository) {
		g.replication(ctx)
	}
}

// imagesKnown asks the registries of this Region for all images that were noted, a
// hundred of a repository in a call, and records what they have. It reports whether
// any was to be asked.
func (g *gatherer) imagesKnown(ctx context.Context) bool {
	slices.SortFunc(g.wanted, func(a, b wanted) int {
		return cmp.Or(cmp.Compare(a.item.Key, b.item.Key), cmp.Compare(a.name, b.name), cmp.Compare(a.digest, b.digest))
	})
	byRepository := map[location][]wanted{}
	known := map[string][]map[string]any{}
	for _, w := range g.wanted {
		l, pinned, private := locationOf(w.image)
		w.digest = cmp.Or(w.digest, pinned)
		if !private || l.region != g.region {
			known[w.item.Key] = append(known[w.item.Key], w.fact(l, w.digest, imageElsewhere))
			continue
		}
		repository := location{registry: l.registry, region: l.region, repository: l.repository}
		byRepository[repository] = append(byRepository[repository], w)
	}
	unread := map[string]bool{}
	for repository, list := range byRepository {
		for batch := range slices.Chunk(list, imagesPerCall) {
			found, err := g.imagesOf(ctx, repository, batch)
			for i, w := range batch {
				if err != nil {
					g.failed(drift.FactImages, w.item.Key, w.item.Type, err)
					unread[w.item.Key] = true
					continue
				}
				known[w.item.Key] = append(known[w.item.Key], found[i])
			}
		}
	}
	for key, list := range known {
		if !unread[key] {
			slices.SortFunc(list, func(a, b map[string]any) int {
				return cmp.Or(cmp.Compare(a["Name"].(string), b["Name"].(string)), cmp.Compare(a["Digest"].(string), b["Digest"].(string)))
			})
			g.fact(drift.FactImages, key, map[string]any{"Images": list})
		}
	}
	return len(byRepository) > 0
}

func (w wanted) fact(l location, digest, state string) map[string]any {
	return map[string]any{"Name": w.name, "Image": w.image, "Registry": l.registry, "Region": l.region, "Digest": digest, "State": state}
}

// imagesOf looks a batch up, in its order. A repository that does not exist
// holds none of them.
func (g *gatherer) imagesOf(ctx context.Context, at location, batch []wanted) ([]map[string]any, error) {
	ids := make([]types.ImageIdentifier, len(batch))
	for i, w := range batch {
		if l, _, _ := locationOf(w.image); w.digest != "" {
			ids[i].ImageDigest = aws.String(w.digest)
		} else {
			ids[i].ImageTag = aws.String(l.tag)
		}
	}
	out, err := g.ecr.BatchGetImage(ctx, &ecr.BatchGetImageInput{RegistryId: &at.registry, RepositoryName: &at.repository, ImageIds: unique(ids)})
	if err != nil && session.Classify(err).Reason != session.NotFound {
		return nil, err
	}
	held := map[string]string{} // digest by digest and by tag
	if err == nil {
		if err := unexplained(out.Failures); err != nil {
			return nil, err
		}
		for _, image := range out.Images {
			if image.ImageId != nil {
				held[aws.ToString(image.ImageId.ImageDigest)] = aws.ToString(image.ImageId.ImageDigest)
				held[aws.ToString(image.ImageId.ImageTag)] = aws.ToString(image.ImageId.ImageDigest)
			}
		}
	}
	facts := make([]map[string]any, len(batch))
	for i, w := range batch {
		l, _, _ := locationOf(w.image)
		digest, ok := held[cmp.Or(w.digest, l.tag)]
		state := imagePresent
		if !ok {
			digest, state = w.digest, imageAbsent
		}
		facts[i] = w.fact(l, digest, state)
	}
	return facts, nil
}

// replication records where the Region's own registry copies its images to.
func (g *gatherer) replication(ctx context.Context) {
	out, err := g.ecr.DescribeRegistry(ctx, &ecr.DescribeRegistryInput{})
	if err != nil {
		g.failed(drift.FactRegistryReplication, "", "", err)
		return
	}
	rules := []types.ReplicationRule{}
	if out.ReplicationConfiguration != nil && out.ReplicationConfiguration.Rules != nil {
		rules = out.ReplicationConfiguration.Rules
	}
	g.fact(drift.FactRegistryReplication, "", map[string]any{"Rules": rules})
}
