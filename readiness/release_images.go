package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// sameImages compares, container by container, the digests that run.
func sameImages(h *hearing) {
	services := h.pairs(typeService)
	h.applies(len(services), "service", "the same image digests in both Regions")
	for _, p := range h.present(services) {
		ours, known := h.primary.object(drift.FactTaskImages, p.key)
		theirs, knownThere := h.standby.object(drift.FactTaskImages, p.key)
		if !known {
			h.unknown(h.primary.region(), p.key, drift.FactTaskImages, "the running images were not read in %s", h.primary.region())
		}
		if !knownThere {
			h.unknown(h.standby.region(), p.key, drift.FactTaskImages, "the running images were not read in %s", h.standby.region())
		}
		if known && knownThere {
			h.sameContainers(p.key, objects(ours["Containers"]), objects(theirs["Containers"]))
		}
	}
}

func (h *hearing) sameContainers(service string, ours, theirs []map[string]any) {
	if len(ours) == 0 {
		h.undecided(service, "no container was read in %s", h.primary.region())
	}
	for _, container := range ours {
		name := text(container, "Name")
		sibling := slices.IndexFunc(theirs, func(c map[string]any) bool { return text(c, "Name") == name })
		if sibling < 0 {
			h.fail("", service, "", "container %s runs in %s and not in %s", name, h.primary.region(), h.standby.region())
			continue
		}
		a, b := digests(container), digests(theirs[sibling])
		switch {
		case len(a) == 0:
			h.undecided(service, "container %s: no digest is known in %s (no running task, image %s is named by tag)",
				name, h.primary.region(), text(container, "Image"))
		case len(b) == 0:
			h.undecided(service, "container %s: no digest is known in %s (no running task, image %s is named by tag)",
				name, h.standby.region(), text(theirs[sibling], "Image"))
		case !slices.Equal(a, b):
			h.fail("", service, "", "container %s runs %s in %s and %s in %s", name,
				strings.Join(a, ", "), h.primary.region(), strings.Join(b, ", "), h.standby.region())
		}
	}
}

// digests are those of the running tasks or, when none runs, the digest that
// the image reference is pinned to.
func digests(container map[string]any) []string {
	if running := stringsOf(container["Digests"]); len(running) > 0 {
		return running
	}
	if _, pinned, ok := strings.Cut(text(container, "Image"), "@"); ok {
		return []string{pinned}
	}
	return nil
}
