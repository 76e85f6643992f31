package readiness

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// sameEnvironment demands every variable and secret reference of the primary
// in the standby. That a value differs is only a failure where the comparison
// says that it matters; that it points at the primary is CFG-05's business.
func sameEnvironment(h *hearing) {
	functions, tasks := h.pairs(typeFunction), h.pairs(typeTaskDefinition)
	h.applies(len(functions), "function", "every environment variable set")
	h.applies(len(tasks), "task definition", "every environment variable and secret set")
	for _, p := range h.present(functions) {
		h.sameNames(p.key, "Environment.Variables", variables(p.primary), variables(p.standby))
	}
	for _, p := range h.present(tasks) {
		h.sameContainerNames(p)
	}
	for _, kind := range []string{typeFunction, typeTaskDefinition} {
		h.hearFindings(kind, func(f *drift.Finding) (drift.Severity, bool) {
			mine := within(f.Property, "Environment") || kind == typeTaskDefinition && inEnvironment(f.Property)
			return f.Severity, mine && !h.leaks(f)
		})
	}
}

func variables(r *drift.Resource) map[string]any {
	set, _ := at(r.Properties, "Environment.Variables").(map[string]any)
	return set
}

func inEnvironment(property string) bool {
	return within(property, "ContainerDefinitions") &&
		(strings.Contains(property, "Environment") || strings.Contains(property, "Secrets"))
}

func (h *hearing) sameNames(key, property string, ours, theirs map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if _, set := theirs[name]; !set {
			h.failProperty("", key, property+"."+name, "", "%s is set in %s and not in %s", name, h.primary.region(), h.standby.region())
		}
	}
}

func (h *hearing) sameContainerNames(p pair) {
	theirs := map[string]map[string]any{}
	for _, c := range objects(p.standby.Properties["ContainerDefinitions"]) {
		theirs[text(c, "Name")] = c
	}
	for _, c := range objects(p.primary.Properties["ContainerDefinitions"]) {
		name := text(c, "Name")
		sibling, ok := theirs[name]
		if !ok {
			h.failProperty("", p.key, "ContainerDefinitions["+name+"]", "", "container %s is defined in %s and not in %s", name, h.primary.region(), h.standby.region())
			continue
		}
		for _, list := range []string{"Environment", "Secrets"} {
			h.sameNames(p.key, "ContainerDefinitions["+name+"]."+list, named(c[list]), named(sibling[list]))
		}
	}
}

// named indexes a list of objects by their Name.
func named(list any) map[string]any {
	out := map[string]any{}
	for _, o := range objects(list) {
		out[text(o, "Name")] = o
	}
	return out
}
