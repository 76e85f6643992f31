package readiness

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// taskLoad is what a service of the primary runs.
type taskLoad struct {
	running      float64
	vcpus        float64 // of one task on Fargate On-Demand; 0 elsewhere
	ownInterface bool
}

// tasks lists the services of the primary by what their task definitions say. One
// of which something is not known leaves the rule open.
func (h *hearing) tasks() []taskLoad {
	var all []taskLoad
	for _, r := range h.primary.byType[typeService] {
		if h.absent[r.Key] {
			continue
		}
		n, known := h.taskCount(r)
		if !known {
			h.unknown(h.primary.region(), r.Key, drift.FactServiceState, "how many tasks it runs was not read in %s", h.primary.region())
			continue
		}
		t := taskLoad{running: n}
		if n > 0 {
			h.sizeTasks(&t, r)
		}
		all = append(all, t)
	}
	return all
}

// taskCount is how many tasks a service of the primary should run: as many as it
// wants, and those that run beyond that during a deployment. Tasks that do not
// start today are part of the load all the same.
func (h *hearing) taskCount(r *drift.Resource) (n float64, known bool) {
	state, read := h.primary.object(drift.FactServiceState, r.Key)
	running, known := number(state, "RunningCount")
	desired, _ := number(state, "DesiredCount")
	if wanted, changes := plannedCount(h.primary, r); changes {
		return h.loadAfter(r, wanted, running), true
	}
	return max(running, desired), read && known
}

// loadAfter is what a service of the primary runs after a change of its count. What
// scales it brings back what runs now, if the change lowers it.
func (h *hearing) loadAfter(r *drift.Resource, wanted, running float64) float64 {
	if _, scales := leastScaled(h.primary, r); scales {
		return max(wanted, running)
	}
	return wanted
}

// plannedCount is how many tasks a service would want once a change of its count, or
// the service itself, is made.
// Source: Amazon ECS API reference, CreateService: one task if nothing is said, and
// of a daemon as many as there are machines.
func plannedCount(v *view, r *drift.Resource) (n float64, changes bool) {
	state, read := v.object(drift.FactServiceState, r.Key)
	wanted, says := number(r.Properties, "DesiredCount")
	if !read {
		if r.Properties["DesiredCount"] == nil && text(r.Properties, "SchedulingStrategy") != "DAEMON" {
			wanted, says = 1, true
		}
		return wanted, says && r.Planned == drift.PlannedCreate
	}
	desired, known := number(state, "DesiredCount")
	return wanted, r.Planned != "" && says && known && wanted != desired
}

// leastScaled is the least that a service is scaled to, and whether anything does:
// of all scalable targets that may be the service's.
// Source: Application Auto Scaling API reference, RegisterScalableTarget.
func leastScaled(v *view, service *drift.Resource) (least float64, scales bool) {
	name := text(service.Properties, "ServiceName")
	for _, target := range v.byType[typeTarget] {
		of := text(target.Properties, "ResourceId")
		its := name == "" || strings.HasSuffix(of, "/"+name) || strings.Contains(of, "${")
		if !its || text(target.Properties, "ScalableDimension") != "ecs:service:DesiredCount" {
			continue
		}
		minimum, _ := number(target.Properties, "MinCapacity")
		if !scales || minimum < least {
			least, scales = minimum, true
		}
	}
	return least, scales
}

// sizeTasks finds out what one task of a service takes.
func (h *hearing) sizeTasks(t *taskLoad, r *drift.Resource) {
	definition, known := h.definitionOf(r)
	if !known {
		return
	}
	t.ownInterface = definition["NetworkMode"] == "awsvpc"
	vcpus, sized := vcpusOf(definition["Cpu"])
	switch {
	case !onFargate(r.Properties) && !perhapsFargate(r, definition):
	case !onFargate(r.Properties):
		h.undecided(r.Key, "whether its tasks run on Fargate is for its cluster to say, and not known before the change")
	case !sized:
		h.undecided(r.Key, "the size of its tasks is not known: %s", show(definition["Cpu"]))
	default:
		t.vcpus = vcpus
	}
}

// definitionOf is the task definition that a service uses, or would use after a
// change, as an object with Cpu and NetworkMode. Where it is no resource of the
// application, as after every deploy that gave the service its images, it is the
// one that the service was seen to use.
func (h *hearing) definitionOf(service *drift.Resource) (definition map[string]any, known bool) {
	name := text(service.Properties, "TaskDefinition")
	for _, r := range h.primary.byType[typeTaskDefinition] {
		// A stack that replaces the definition gives the service the new one.
		replaced := r.Planned != "" && (refersTo(service.Declared["TaskDefinition"], service.Key, r.Key) || refersTo(name, service.Key, r.Key))
		if replaced || r.ID == name && name != "" {
			return r.Properties, true
		}
	}
	size, read := h.primary.object(drift.FactTaskSize, service.Key)
	revision := text(size, "Revision")
	switch {
	case !read && service.Planned != drift.PlannedCreate:
		h.unknown(h.primary.region(), service.Key, drift.FactTaskSize, "how large its tasks are was not read in %s", h.primary.region())
		return nil, false
	case !read || name != "" && name != revision && !strings.HasSuffix(revision, "/"+name):
		h.undecided(service.Key, "how large its tasks are is not known: the task definition %s was not read", show(name))
		return nil, false
	}
	return size, true
}

// refersTo reports whether a value is the symbol of a resource, as templates name
// it (${Task}) or with the stack before it.
func refersTo(v any, from, key string) bool {
	text, _ := v.(string)
	symbol, isSymbol := strings.CutPrefix(text, "${")
	symbol, _, _ = strings.Cut(strings.TrimSuffix(symbol, "}"), ".")
	if !strings.Contains(symbol, "/") {
		symbol = from[:strings.LastIndexByte(from, '/')+1] + symbol
	}
	return isSymbol && symbol == key
}

// cpuUnits make a vCPU. Source: Amazon ECS developer guide, Task definition parameters.
const cpuUnits = 1024

// vcpusOf reads the size of a task: units of CPU, or as templates may have it vCPUs
// ("1 vCPU").
func vcpusOf(cpu any) (vcpus float64, known bool) {
	text, _ := cpu.(string)
	if in, ok := strings.CutSuffix(strings.ToLower(text), "vcpu"); ok {
		vcpus, err := strconv.ParseFloat(strings.TrimSpace(in), 64)
		return vcpus, err == nil
	}
	units, known := number(map[string]any{"Cpu": cpu}, "Cpu")
	return units / cpuUnits, known
}

// onFargate reports whether a service runs on Fargate On-Demand. Spot counts
// towards a quota of its own.
func onFargate(properties map[string]any) bool {
	if text(properties, "LaunchType") == "FARGATE" {
		return true
	}
	return slices.ContainsFunc(objects(properties["CapacityProviderStrategy"]), func(s map[string]any) bool { return text(s, "CapacityProvider") == "FARGATE" })
}

// perhapsFargate reports whether a service that a change makes leaves it to its
// cluster where tasks run which Fargate could run. ECS says it of what exists.
func perhapsFargate(service *drift.Resource, definition map[string]any) bool {
	return service.Planned != "" && text(service.Properties, "LaunchType") == "" && len(objects(service.Properties["CapacityProviderStrategy"])) == 0 &&
		slices.Contains(stringsOf(definition["RequiresCompatibilities"]), "FARGATE")
}
