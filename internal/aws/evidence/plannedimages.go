package evidence

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// StartsUnread reports whether a change names an image of a private registry of which
// the snapshot says nothing yet.
func StartsUnread(s *drift.Snapshot) bool { return len(plannedImages(s)) > 0 }

// PlannedImages reads whether the registries of a Region have the images that a
// change of it names. Failures are gaps.
func PlannedImages(ctx context.Context, region session.ReadOnly, s *drift.Snapshot) Found {
	g := gatherer{region: region.Region(), ecr: ecr.NewFromConfig(region.Config()), wanted: plannedImages(s)}
	g.imagesKnown(ctx)
	return g.found
}

// plannedImages are the images of private registries that planned task definitions
// and functions name and of which nothing is known yet. What is known only after the
// change names none.
func plannedImages(s *drift.Snapshot) []wanted {
	var images []wanted
	known := map[string]bool{}
	for _, f := range factsOf(s.Facts, drift.FactImages) {
		for _, image := range list(object(f.Value)["Images"]) {
			known[f.Subject+" "+text(image, "Image")] = true
		}
	}
	for _, r := range of(s, definitionType, functionType) {
		if r.Planned == "" {
			continue
		}
		item := inventory.Item{Key: r.Key, Type: r.Type, ID: r.ID}
		named := map[string]string{item.LogicalID(): text(r.Declared["Code"], "ImageUri")}
		for _, c := range list(r.Properties["ContainerDefinitions"]) {
			named[text(c, "Name")] = text(c, "Image")
		}
		for _, name := range slices.Sorted(maps.Keys(named)) {
			if _, _, private := locationOf(named[name]); private && !strings.Contains(named[name], "{") && !known[r.Key+" "+named[name]] {
				images = append(images, wanted{item: item, name: name, image: named[name]})
			}
		}
	}
	return images
}
