package readiness

import (
	"regexp"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// registryHost is the address of a private Amazon ECR registry; it names the
// account and the Region. Source: Amazon ECR user guide, Private registry.
var registryHost = regexp.MustCompile(`^[0-9]{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+/`)

func ownRegistryRule() Rule {
	return Rule{
		ID: "ART-04", Severity: drift.Block, check: ownRegistry,
		Title:      "Containers and functions of the standby pull their images from the standby's registry",
		Why:        "The name of an image carries the Region of its registry. Replicated or not, an image named in the lost Region cannot be pulled.",
		Source:     "Amazon ECR user guide, Private image replication; AWS multi-Region fundamentals 3",
		Strategies: strategyLevels{topology.BackupRestore: LevelWarn},
		Needs: []Need{
			{Types: []string{typeTaskDefinition}, Properties: []string{"ContainerDefinitions"}, Actions: []string{"ecs:DescribeTaskDefinition"}},
			{Types: []string{typeFunction}, Properties: []string{"Code"}, Actions: []string{"lambda:GetFunction"}},
		},
		Fix: "Name the image in the standby's own registry (${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/...), and replicate it there.",
	}
}

// ownRegistry looks at the image names of the standby, whether the primary has
// a sibling or not: each is pulled on its own.
func ownRegistry(h *hearing) {
	images := 0
	for _, r := range h.standby.byType[typeTaskDefinition] {
		for _, container := range objects(r.Properties["ContainerDefinitions"]) {
			images += h.pulledHere(r.Key, "ContainerDefinitions["+text(container, "Name")+"].Image", text(container, "Image"))
		}
	}
	for _, r := range h.standby.byType[typeFunction] {
		image, _ := at(r.Properties, "Code.ImageUri").(string)
		images += h.pulledHere(r.Key, "Code.ImageUri", image)
	}
	h.applies(images, "image", "in the standby's registry")
	h.present(h.pairs(typeTaskDefinition))
}

// pulledHere judges one image name and counts it when it is one of a private
// registry; others do not say where they are.
func (h *hearing) pulledHere(key, property, image string) int {
	host := registryHost.FindStringSubmatch(image)
	if host == nil {
		return 0
	}
	switch region := host[1]; {
	case region == h.primary.snapshot.Region.Name && region != h.standby.snapshot.Region.Name:
		h.failProperty("", key, property, "", "%s is pulled from the registry in %s: %s", property, h.primary.region(), show(image))
	case region != h.standby.snapshot.Region.Name:
		h.failProperty(drift.Warn, key, property, "", "%s is pulled from a third Region, %s: %s", property, region, show(image))
	}
	return 1
}
