package cfn

import (
	"regexp"
	"strconv"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// signalWait is a resource that is held until it was signalled often enough.
type signalWait struct {
	row      *resource
	need     int
	got      map[string]bool // unique ids of successes
	complete func()
}

// waitForSignals holds a resource that has a CreationPolicy, or is a wait condition, and reports whether it does.
func (op *operation) waitForSignals(r *resource, complete func()) bool {
	policy, err := op.ev.Value(op.ev.Template().Resources[r.logical].CreationPolicy)
	signal := wire.AsObject(policy).Object("ResourceSignal")
	if err != nil || signal == nil && r.typ != waitConditionType {
		return false
	}
	w := &signalWait{row: r, need: max(signal.Int("Count", 1), 1), got: map[string]bool{}, complete: complete}
	timeout, reason := isoDuration(signal.Or("Timeout", "PT5M")), "Failed to receive "+strconv.Itoa(w.need)+" resource signal(s) within the specified duration"
	if signal == nil {
		props := wire.Object(r.properties)
		w.need = max(props.Int("Count", 1), 1)
		timeout = time.Duration(props.Int("Timeout", 300)) * time.Second
		reason = "WaitCondition timed out. Received 0 conditions when expecting " + strconv.Itoa(w.need)
	}
	op.signals[r.logical] = w
	op.in(timeout, func() {
		if op.signals[r.logical] == w {
			delete(op.signals, r.logical)
			op.failed(r, failedOf(r), reason)
		}
	})
	return true
}

func failedOf(r *resource) string {
	if r.status == updateInProgress {
		return updateFailed
	}
	return createFailed
}

func signalResource(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	logical, unique := c.In.String("LogicalResourceId"), c.In.String("UniqueId")
	row := st.resources[logical]
	if row == nil {
		return nil, invalid("Resource %s does not exist for stack %s", logical, st.name)
	}
	if st.op == nil || st.op.signals[logical] == nil {
		return nil, invalid("Resource %s is in %s state and cannot be signaled", logical, row.status)
	}
	op, w := st.op, st.op.signals[logical]
	switch c.In.String("Status") {
	case "FAILURE":
		delete(op.signals, logical)
		e.setResource(st, op, row, row.status, "Received FAILURE signal with UniqueId "+unique)
		op.in(0, func() { op.failed(row, failedOf(row), "Received FAILURE signal with UniqueId "+unique) })
	case "SUCCESS":
		w.got[unique] = true
		e.setResource(st, op, row, row.status, "Received SUCCESS signal with UniqueId "+unique)
		if len(w.got) >= w.need {
			delete(op.signals, logical)
			op.in(settleDelay, w.complete)
		}
	default:
		return nil, invalid("1 validation error detected: Value '%s' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [SUCCESS, FAILURE]", c.In.String("Status"))
	}
	return nil, nil
}

// isoDuration reads PT#H#M#S; anything else is five minutes, CloudFormation's default.
func isoDuration(text string) time.Duration {
	m := regexp.MustCompile(`^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$`).FindStringSubmatch(text)
	if m == nil {
		return 5 * time.Minute
	}
	var total time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		n, err := strconv.Atoi(m[i+1])
		if err == nil {
			total += time.Duration(n) * unit
		}
	}
	return total
}
