package readiness

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeRepository = "AWS::ECR::Repository"

// serverTypes are what starts from a machine image.
var serverTypes = []string{"AWS::EC2::LaunchTemplate", typeGroup, "AWS::EC2::Instance"}

// machineRules: the machine images that servers start from.
func machineRules() []Rule {
	return append(parityRules(parity{
		id: "REL-04", severity: drift.Block, noun: "launch template, group or instance", holds: "starts from the same image",
		title:  "Servers of the standby start from an image of the same source as the primary's",
		why:    "The ids of images differ in every Region, so that an old copy is not seen: the standby would start last month's servers.",
		source: "Well-Architected REL13-BP04; Disaster Recovery of Workloads on AWS",
		fix:    "Copy the image of the release to the standby and let its launch template name it.",
		types:  serverTypes, properties: []string{"LaunchTemplateData", "LaunchTemplate", "MixedInstancesPolicy", "ImageId", "InstanceType", "UserData"},
		least: drift.Warn, actions: []string{"ec2:DescribeImages", "ec2:DescribeLaunchTemplateVersions"}, strategies: softInBackup,
	}, parity{
		id: "ART-05", severity: drift.Block, noun: "repository", holds: "the same tag mutability, lifecycle and policy",
		title:  "Image repositories keep their images alike: tag mutability, lifecycle and policy",
		why:    "A lifecycle rule, or a tag that was moved, can remove from the standby the image that the primary still runs.",
		source: "Amazon ECR user guide, Private image replication: settings and policies are not replicated",
		fix:    "Give the standby's repository the same lifecycle policy, tag mutability and repository policy.",
		types:  []string{typeRepository}, least: drift.Warn, actions: []string{"ecr:DescribeRepositories", "ecr:GetLifecyclePolicy"}, strategies: softInBackup,
	}), Rule{
		ID: "ART-06", Severity: drift.Block, check: imagesUsable, Strategies: softInBackup,
		Title:  "The machine images of the standby exist, are available and are not deprecated",
		Why:    "A launch template keeps the id of an image that was deregistered; the first instance that starts from it fails.",
		Source: "Disaster Recovery of Workloads on AWS; Amazon EC2 user guide, Deprecate an AMI",
		Needs:  []Need{{Types: serverTypes, Fact: drift.FactContent, Actions: []string{"ec2:DescribeImages"}}},
		Fix:    "Copy a current image to the standby and let the launch template name it.",
	})
}

// imagesUsable judges every machine image that the standby's properties name.
func imagesUsable(h *hearing) {
	seen := 0
	for _, id := range h.standby.subjects[drift.FactContent] {
		image, _ := h.standby.object(drift.FactContent, id)
		if text(image, "Kind") != "AMI" {
			continue
		}
		seen++
		switch state := text(image, "State"); {
		case state == "":
			h.unknown(h.standby.region(), id, drift.FactContent, "the state of image %s was not read in %s", id, h.standby.region())
		case state == "pending":
			h.undecided(id, "image %s is being made in %s", id, h.standby.region())
		case state != "available":
			h.fail("", id, "", "image %s is %s in %s", id, state, h.standby.region())
		case h.past(text(image, "DeprecationTime")):
			h.fail(drift.Warn, id, "", "image %s (%s) is deprecated since %s", id, show(image["Name"]), text(image, "DeprecationTime"))
		}
	}
	h.applies(seen, "machine image", "available in the standby")
}

func (h *hearing) past(date string) bool {
	at, err := time.Parse(time.RFC3339, date)
	return err == nil && at.Before(h.Now)
}

func imageRules() []Rule {
	return append(imageReplicationRules(), []Rule{
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
	}...)
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
		if h.pushedNowhere(subject, image) {
			h.undecided(subject, "image %s, which the change names, is in the registry of neither Region yet", show(image["Image"]))
			return
		}
		h.fail("", subject, "", "image %s is not in the registry in %s", show(image["Image"]), h.standby.region())
	default:
		h.unknown(h.standby.region(), subject, drift.FactImages, "whether image %s is there was not read in %s", show(image["Image"]), h.standby.region())
	}
}

// pushedNowhere reports whether an image that a change names is missing in the primary
// too, as long as nobody pushed it: whether it will come to both nobody knows.
func (h *hearing) pushedNowhere(subject string, image map[string]any) bool {
	r := h.standby.byKey[subject]
	ours, _ := h.primary.object(drift.FactImages, subject)
	return r != nil && r.Planned != "" && slices.ContainsFunc(objects(ours["Images"]), func(i map[string]any) bool {
		return i["Name"] == image["Name"] && i["State"] == "absent"
	})
}

// repositoriesReplicated accepts either way of getting images to the standby:
// a rule that covers the repository, or a repository of its own that already
// holds what the standby runs.
func repositoriesReplicated(h *hearing) {
	repositories := h.primary.byType[typeRepository]
	h.applies(len(repositories), "repository", "replicated, or pushed to in both Regions")
	for _, r := range repositories {
		if h.standby.byKey[r.Key] == nil {
			h.repositoryReplicated(r)
		}
	}
}

func (h *hearing) repositoryReplicated(r *drift.Resource) {
	registry, read := h.primary.object(drift.FactRegistryReplication, "")
	name, _ := r.Properties["RepositoryName"].(string)
	switch {
	case !read:
		h.unknown(h.primary.region(), "", drift.FactRegistryReplication, "the registry's replication was not read in %s", h.primary.region())
	case !h.replicatesRepository(objects(registry["Rules"]), name):
		h.fail("", r.Key, "", "no rule of the registry in %s copies %s to %s, and %s has no repository of that name",
			h.primary.region(), show(name), h.standby.region(), h.standby.region())
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
