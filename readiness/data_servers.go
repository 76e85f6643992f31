package readiness

import (
	"math"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

func serverRules() []Rule {
	return []Rule{{
		ID: "DAT-13", Severity: drift.Block, check: serversReplicated,
		Title:  "Elastic Disaster Recovery replicates every instance that it protects, within the RPO",
		Why:    "A source server whose agent stalled keeps its last recovery point and gets no new one; nothing else in the application shows it.",
		Source: "AWS Elastic Disaster Recovery API reference, DataReplicationInfo",
		Needs:  []Need{needsServers},
		Fix:    "Look at the source server in Elastic Disaster Recovery in the standby's Region: repair the agent or its network, or start the replication again.",
	}}
}

// What the states of a source server say. In syncing ones no recovery point is
// known to be whole yet; the lag tells of the others. Source: AWS Elastic Disaster
// Recovery API reference, DataReplicationInfo.
var (
	serverReplicates = []string{"CONTINUOUS", "BACKLOG", "RESCAN", "CREATING_SNAPSHOT"}
	serverSyncs      = []string{"INITIATING", "INITIAL_SYNC"}
)

var needsServers = Need{Types: []string{typeInstance}, Fact: drift.FactSourceServers, Actions: []string{"drs:DescribeSourceServers"}}

// protected are the copies that Elastic Disaster Recovery keeps in the standby, by
// the instance. An instance that was registered twice has an old copy, which stays
// disconnected, and one that counts: the better of them.
func (h *hearing) protected() (copies map[string]map[string]any, read bool) {
	fact, read := h.standby.object(drift.FactSourceServers, "")
	copies = map[string]map[string]any{}
	for _, s := range objects(fact["Servers"]) {
		if best := copies[text(s, "InstanceID")]; best == nil || standing(s) < standing(best) {
			copies[text(s, "InstanceID")] = s
		}
	}
	return copies, read
}

// standing ranks copies, the best first: one that replicates by its lag, then one
// that is made for the first time, then any other.
func standing(s map[string]any) float64 {
	lag, known := number(s, "LagSeconds")
	switch state := text(s, "State"); {
	case slices.Contains(serverReplicates, state) && known:
		return lag
	case slices.Contains(serverReplicates, state) || slices.Contains(serverSyncs, state):
		return math.MaxFloat64
	}
	return math.Inf(1)
}

// serversReplicated judges the instances of the primary that the service protects
// in the standby. Where it protects none it is not used, and says nothing; where it
// protects some, the others may have been forgotten.
func serversReplicated(h *hearing) {
	instances := h.primary.byType[typeInstance]
	if len(instances) == 0 {
		return
	}
	servers, read := h.protected()
	if !read {
		h.applies(len(instances), "instance", "replicated wherever the service protects it")
		h.unknown(h.standby.region(), "", drift.FactSourceServers, "which instances Elastic Disaster Recovery protects in %s was not read", h.standby.region())
		return
	}
	protected := slices.DeleteFunc(slices.Clone(instances), func(r *drift.Resource) bool { return servers[r.ID] == nil })
	h.applies(len(protected), "protected instance", "replicated within the RPO")
	if len(protected) == 0 {
		return
	}
	var lags []time.Duration
	for _, r := range instances {
		if s := servers[r.ID]; s == nil {
			h.fail(drift.Warn, r.Key, "Install the replication agent, or waive it.", "Elastic Disaster Recovery does not protect it in %s, as it does %s", h.standby.region(), protected[0].Key)
		} else if lag, holds := h.serverKeepsUp(r.Key, s); holds {
			lags = append(lags, lag)
		}
	}
	h.worst(lags)
}

// serverKeepsUp judges one source server; it returns its lag where that holds.
func (h *hearing) serverKeepsUp(key string, s map[string]any) (time.Duration, bool) {
	state, reason := text(s, "State"), text(s, "Error")
	if reason != "" {
		reason = " (" + reason + ")"
	}
	if text(s, "LastLaunchResult") == "FAILED" {
		h.fail(drift.Warn, key, "Read the job's log in Elastic Disaster Recovery, and launch a drill again.", "the last launch of its copy in %s failed", h.standby.region())
	}
	seconds, known := number(s, "LagSeconds")
	lag := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	switch {
	case slices.Contains(serverSyncs, state):
		h.undecided(key, "is being copied to %s for the first time (%s)%s", h.standby.region(), state, reason)
	case state == "" || slices.Contains(serverReplicates, state) && !known:
		h.undecided(key, "Elastic Disaster Recovery does not say how far its copy in %s is behind (state %q)", h.standby.region(), state)
	case !slices.Contains(serverReplicates, state):
		h.fail("", key, "", "its replication to %s is %s%s", h.standby.region(), state, reason)
	case h.Objectives.RPO == 0:
		h.fail(drift.Warn, key, "Declare objectives.rpo.", "its copy is %s behind, and no objectives.rpo says how much is too much", lag)
	case lag > h.Objectives.RPO:
		h.fail("", key, "", "its copy in %s is %s behind (%s)%s; the RPO is %s", h.standby.region(), lag, state, reason, h.Objectives.RPO)
	default:
		return lag, true
	}
	return 0, false
}
