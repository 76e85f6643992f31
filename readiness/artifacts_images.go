package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeRepository = "AWS::ECR::Repository"

func imageRules() []Rule {
	return []Rule{
		{
			ID: "ART-01", Severity: drift.Block, check: imagesThere, Strategies: softInBackup,
			Title:  "Every image that the standby's services and functions name is in the registry they pull it from",
			Why:    "A running task keeps its image; the next one pulls it again. An image that was removed, or never replicated, is found missing by the first task that starts.",
			Source: "Amazon ECR user guide, Private image replication; Well-Architected REL13-BP04",
			Needs: []Need{{Types: []string{typeService, typeFunction, typeTaskDefinition}, Fact: drift.FactImages,
				Actions: []string{"ecr:BatchGetImage"}}},
			Fix: "Push or replicate the image, by digest, to the standby's registry.",
		},
		{
			ID: "ART-03", Severity: drift.Warn, check: repositoriesReplicated, Strategies: softInBackup,
			Title:  "The primary's registry replicates its repositories to the standby, or the release pushes to both",
			Why:    "Replication starts with a push, is filtered by prefix and is not chained: a repository that no rule covers is never copied.",
			Source: "Amazon ECR user guide, Private image replication",
			Needs:  []Need{{Types: []string{typeRepository}, Fact: drift.FactRegistryReplication, Actions: []string{"ecr:DescribeRegistry"}}},
			Fix:    "Add a replication rule for the repository's prefix with the standby's Region as destination, or push every image to both Regions.",
		},
	}
}

func imagesThere(h *hearing) {
	seen := 0
	for _, subject := range h.standby.subjects[drift.FactImages] {
		value, _ := h.standby.object(drift.FactImages, subject)
		for _, image := range objects(value["Images"]) {
			seen++
			h.imageThere(subject, image)
		}
	}
	h.applies(seen, "image", "in the registry it is pulled from")
}

// imageThere judges one image. What lies in another registry was not asked for
// here; whether it may lie there is ART-04's question.
func (h *hearing) imageThere(subject string, image map[string]any) {
	switch state := text(image, "State"); state {
	case "present", "elsewhere":
	case "absent":
		h.fail("", subject, "", "image %s is not in the registry in %s", show(image["Image"]), h.standby.region())
	default:
		h.unknown(h.standby.region(), subject, drift.FactImages, "whether image %s is there was not read in %s", show(image["Image"]), h.standby.region())
	}
}

// repositoriesReplicated accepts either way of getting images to the standby:
// a rule that covers the repository, or a repository of its own that already
// holds what the standby runs.
func repositoriesReplicated(h *hearing) {
	repositories := h.primary.byType[typeRepository]
	h.applies(len(repositories), "repository", "replicated, or pushed to in both Regions")
	if len(repositories) == 0 {
		return
	}
	value, read := h.primary.object(drift.FactRegistryReplication, "")
	if !read {
		h.unknown(h.primary.region(), "", drift.FactRegistryReplication, "the registry's replication was not read in %s", h.primary.region())
		return
	}
	for _, r := range repositories {
		name, _ := r.Properties["RepositoryName"].(string)
		if h.standby.byKey[r.Key] == nil && !h.replicatesRepository(objects(value["Rules"]), name) {
			h.fail("", r.Key, "", "no rule of the registry in %s copies %s to %s, and %s has no repository of that name",
				h.primary.region(), show(name), h.standby.region(), h.standby.region())
		}
	}
}

// replicatesRepository reports whether a rule copies the repository to the
// standby. A rule without filters covers every repository.
func (h *hearing) replicatesRepository(rules []map[string]any, repository string) bool {
	return slices.ContainsFunc(rules, func(rule map[string]any) bool {
		filters := objects(rule["RepositoryFilters"])
		covered := len(filters) == 0 || slices.ContainsFunc(filters, func(f map[string]any) bool {
			return strings.HasPrefix(repository, text(f, "Filter"))
		})
		return covered && namesRegion(rule["Destinations"], "Region", h.standby.region())
	})
}
