package progress

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
)

// output is the resource of an event that is a line of a program's output.
const output = "|"

// begins are the statuses that say that something is under way from now on.
var begins = map[deploy.Phase][]string{
	deploy.PhasePrepare: {"planning"},
	deploy.PhaseExecute: {string(deploy.ActionCreate), string(deploy.ActionUpdate)},
	deploy.PhaseCommit:  {"kept", "resumed"},
}

// ends are the statuses that say that nothing is under way any more.
var ends = map[deploy.Phase][]string{
	deploy.PhaseLock:     {"taken", "lost"},
	deploy.PhasePrepare:  {string(deploy.ActionCreate), string(deploy.ActionUpdate), "unchanged", "deferred", "failed"},
	deploy.PhaseExecute:  {"created", "updated", "unchanged", "failed", "in-doubt", "ready"},
	deploy.PhaseVerify:   {"verified", "failed"},
	deploy.PhaseBake:     {"failed"},
	deploy.PhaseCommit:   {"created", "updated", "unchanged", "failed"},
	deploy.PhaseRollback: {"restored", "deleted", "untouched", "failed"},
	deploy.PhaseRecord:   {"recorded"},
	deploy.PhaseDiscard:  {"discarded", "failed"},
}

// failed are the ends that are none people hoped for.
var failed = []string{"failed", "in-doubt"}

// details are the statuses that are of interest only to who asks for everything.
var details = []string{"planning", "asking", "uploading", "uploaded", "registered"}

func isBegin(e deploy.Event) bool {
	return e.Status == "started" || slices.Contains(begins[e.Phase], e.Status)
}

func isEnd(e deploy.Event) bool { return slices.Contains(ends[e.Phase], e.Status) }

// isDetail reports whether an event is left out unless everything is asked for.
func isDetail(e deploy.Event) bool {
	switch {
	case e.Resource != "":
		return !isFailure(e)
	case e.Status == "started":
		return e.Target == "" && e.Text == ""
	case isState(e.Status):
		return !slices.ContainsFunc([]string{"ROLLBACK", "FAILED", "STOP"}, func(word string) bool { return strings.Contains(e.Status, word) })
	}
	return slices.Contains(details, e.Status)
}

// isFailure reports whether a resource failed, and not because another had.
func isFailure(e deploy.Event) bool {
	reason := strings.TrimSuffix(e.Text, ".")
	return strings.HasSuffix(e.Status, "_FAILED") && !(strings.HasPrefix(reason, "Resource ") && strings.HasSuffix(reason, " cancelled"))
}

// isState recognises AWS's own words for the state of a thing.
func isState(status string) bool {
	return status != "" && strings.ToUpper(status) == status
}

// isUnderWay recognises the state of a thing that will have another soon.
func isUnderWay(status string) bool { return strings.HasSuffix(status, "_IN_PROGRESS") }
