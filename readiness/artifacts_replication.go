package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

func imageReplicationRules() []Rule {
	return []Rule{{
		ID: "ART-02", Severity: drift.Block, check: imagesReplicated, Strategies: softInBackup,
		Title:  "Every image of the primary that its registry copies to the standby has arrived there",
		Why:    "Replication begins with a push and takes its time, half an hour for most images. It is not repeated when it failed, and what was pushed before the rule existed is never copied.",
		Source: "Amazon ECR user guide, Private image replication",
		Needs: []Need{
			{Types: []string{typeService, typeFunction, typeTaskDefinition}, Fact: drift.FactImageReplication, Actions: []string{"ecr:DescribeImageReplicationStatus"}},
			{Fact: drift.FactImages, Actions: []string{"ecr:BatchGetImage"}},
			{Fact: drift.FactRegistryReplication, Actions: []string{"ecr:DescribeRegistry"}},
		},
		Fix:    "Wait for the replication to end; push the image again, or to the standby's registry, if it failed or never began.",
		unused: "no registry copies an image of the application to the standby",
	}}
}

// imagesReplicated judges the images that the primary runs from its own registry,
// where a rule copies them to the standby. An image that the standby's registry was
// seen to hold has arrived, however it came.
func imagesReplicated(h *hearing) {
	registry, _ := h.primary.object(drift.FactRegistryReplication, "")
	rules := objects(registry["Rules"])
	judged := map[string]bool{}
	for _, key := range h.primary.subjects[drift.FactImages] {
		value, _ := h.primary.object(drift.FactImages, key)
		for _, image := range objects(value["Images"]) {
			subject := repositoryOf(text(image, "Image")) + "@" + text(image, "Digest")
			own := text(image, "State") == "present" && text(image, "Region") == h.primary.region() &&
				text(image, "Registry") == h.primary.snapshot.Account && text(image, "Digest") != ""
			if own && !judged[subject] && h.replicatesRepository(rules, repositoryOf(text(image, "Image"))) {
				judged[subject] = true
				h.imageReplicated(key, subject, text(image, "Digest"))
			}
		}
	}
	h.applies(len(judged), "image", "copied to the standby")
}

func (h *hearing) imageReplicated(key, subject, digest string) {
	there := h.standby.region()
	fact, read := h.primary.object(drift.FactImageReplication, subject)
	status := copyIn(fact, there)
	switch {
	case text(status, "Status") == "COMPLETE" || h.standbyHolds(digest):
	case !read:
		h.unknown(h.primary.region(), subject, drift.FactImageReplication, "how far the copy of %s is was not read in %s", subject, h.primary.region())
	case status == nil:
		h.fail("", key, "", "image %s was never copied to %s: it is older than the rule that would", subject, there)
	case text(status, "Status") == "FAILED":
		h.fail("", key, "", "the copy of image %s to %s failed: %s", subject, there, show(status["FailureCode"]))
	case text(status, "Status") == "IN_PROGRESS":
		h.fail("", key, "", "image %s is still being copied to %s", subject, there)
	default:
		h.undecided(key, "the copy of image %s to %s is %s, which is no state that is known", subject, there, show(status["Status"]))
	}
}

// copyIn is the status of the copy in a Region, nil where there is none.
func copyIn(fact map[string]any, region string) map[string]any {
	statuses := objects(fact["Statuses"])
	if i := slices.IndexFunc(statuses, func(s map[string]any) bool { return text(s, "Region") == region }); i >= 0 {
		return statuses[i]
	}
	return nil
}

// standbyHolds reports whether the standby was seen to hold a digest in a registry of its Region.
func (s *scene) standbyHolds(digest string) bool {
	return slices.ContainsFunc(s.standby.subjects[drift.FactImages], func(key string) bool {
		value, _ := s.standby.object(drift.FactImages, key)
		return slices.ContainsFunc(objects(value["Images"]), func(image map[string]any) bool {
			return text(image, "Digest") == digest && text(image, "State") == "present"
		})
	})
}

// repositoryOf is the repository in the name of an image: what stands between the
// registry and the tag or the digest.
func repositoryOf(image string) string {
	_, name, _ := strings.Cut(image, "/")
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, ":")
	return name
}
