package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// server is what an instance that a template names keeps on disks of its own.
// Volumes that are resources themselves are judged themselves, and instances that a
// group starts are replaced at will.
//
// A disk that stays when its instance is terminated was meant to outlive it. One
// that goes with it is gone with the next change that replaces the instance: what is
// on it comes from the image, or is lost one day in any Region. Where an instance has
// the one kind only those count; where all go with it, the rule only warns.
// Source: Amazon EC2 user guide, Preserve data when an instance is terminated.
func (h *hearing) server(p pair, s store) []held {
	fact, _ := h.primary.object(drift.FactInstanceState, p.key)
	if _, read := fact["Disks"].([]any); !read {
		s.elsewhere = "" // it is for its disks to say whether it is a store
		return []held{{pair: p, store: s}}
	}
	var all, staying []string
	for _, disk := range objects(fact["Disks"]) {
		id := text(disk, "Id")
		if slices.ContainsFunc(h.primary.byType[volumeStore.kind], func(r *drift.Resource) bool { return r.ID == id }) {
			continue
		}
		all = append(all, id)
		if disk["DeleteOnTermination"] != true {
			staying = append(staying, id)
		}
	}
	switch {
	case len(all) == 0:
		return nil
	case len(staying) == 0:
		s.severity, staying = drift.Warn, all
	}
	return []held{{pair: p, store: s, disks: staying}}
}

// disksRecoverable judges a server without a point of its own that counts by those
// of its disks: each needs one. own is what its own points come to.
func (h *hearing) disksRecoverable(s held, own pointsFinding) pointsFinding {
	if s.disks == nil {
		return pointsFinding{status: Undetermined, subject: s.key, fact: drift.FactInstanceState, says: "which disks it has was not read in " + h.primary.region()}
	}
	var oldest, open *pointsFinding
	for _, id := range s.disks {
		disk := held{pair: pair{key: s.key + "#" + id}, store: volumeStore}
		f := h.bestPoint(disk)
		switch {
		case f.status == Pass && (oldest == nil || f.point.at.Before(oldest.point.at)):
			oldest = &f
		case f.status != Pass && open == nil:
			if points, _ := h.pointsOf(disk.key); len(points) > 0 {
				f.says = "its disk " + id + ": " + f.says
			} else {
				f = own
			}
			f.unread = append(h.unreadOf(disk.key), h.unreadOf(s.key)...)
			open = &f
		}
	}
	if open == nil {
		return *oldest
	}
	slices.Sort(open.unread)
	open.unread = slices.Compact(open.unread)
	return *open
}

// liveServer takes what Elastic Disaster Recovery replicates in place of recovery
// points; where that was not read, nobody knows whether it does.
func (h *hearing) liveServer(s held) bool {
	copies, read := h.protected()
	if !read {
		h.unknown(h.standby.region(), "", drift.FactSourceServers, "%s: whether Elastic Disaster Recovery replicates it to %s was not read", s.key, h.standby.region())
		return true
	}
	if copied := copies[s.primary.ID]; copied != nil {
		h.serverKeepsUp(s.key, copied)
		return true
	}
	return false
}
