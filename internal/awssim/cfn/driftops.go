package cfn

import (
	"maps"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// detection is one drift detection.
type detection struct {
	id      string
	st      *stack
	status  string
	started time.Time
	drifted int
}

func detectStackDrift(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	if busy(st.status) || st.status == reviewInProgress || !st.exists() {
		return nil, invalid("Drift detection cannot be performed on stack [%s] while it is in %s state.", st.id, st.status)
	}
	d := &detection{id: e.world.IDs.UUID("detection", st.id), st: st, status: "DETECTION_IN_PROGRESS", started: e.world.Clock.Now()}
	e.detections[d.id] = d
	only := c.In.Strings("LogicalResourceIds")
	e.after(detectDelay, func() { e.detect(d, only) })
	return core.Out{"StackDriftDetectionId": d.id}, nil
}

func (e *Engine) detect(d *detection, only []string) {
	d.status = "DETECTION_COMPLETE"
	for id, r := range d.st.resources {
		if !r.lives() || len(only) > 0 && !slices.Contains(only, id) {
			continue
		}
		r.drift = e.driftOf(d.st, r, r.properties)
		if r.drift.status == modified || r.drift.status == deleted {
			d.drifted++
		}
	}
	d.st.drift = driftInfo{status: inSync, at: e.world.Clock.Now()}
	if d.drifted > 0 {
		d.st.drift.status = "DRIFTED"
	}
}

func detectStackResourceDrift(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	r := st.resources[c.In.String("LogicalResourceId")]
	if !r.lives() {
		return nil, invalid("Resource %s does not exist for stack %s", c.In.String("LogicalResourceId"), st.name)
	}
	r.drift = e.driftOf(st, r, r.properties)
	return core.Out{"StackResourceDrift": e.driftRow(st, r)}, nil
}

func describeDetection(e *Engine, c *core.Call) (any, error) {
	d := e.detections[c.In.String("StackDriftDetectionId")]
	if d == nil || d.st.Scope != c.Scope {
		return nil, invalid("Drift detection with id %s does not exist", c.In.String("StackDriftDetectionId"))
	}
	out := core.Out{"StackId": d.st.id, "StackDriftDetectionId": d.id, "DetectionStatus": d.status, "Timestamp": d.started}
	if d.status == "DETECTION_COMPLETE" {
		out["DriftedStackResourceCount"] = d.drifted
		out["StackDriftStatus"] = inSync
		if d.drifted > 0 {
			out["StackDriftStatus"] = "DRIFTED"
		}
	}
	return out, nil
}

func describeResourceDrifts(e *Engine, c *core.Call) (any, error) {
	st, err := e.need(c, c.In.String("StackName"))
	if err != nil {
		return nil, err
	}
	filter := c.In.Strings("StackResourceDriftStatusFilters")
	rows := []any{}
	for _, id := range slices.Sorted(maps.Keys(st.resources)) {
		r := st.resources[id]
		if r.drift.at.IsZero() || !r.lives() || len(filter) > 0 && !slices.Contains(filter, r.drift.status) {
			continue
		}
		rows = append(rows, e.driftRow(st, r))
	}
	page, next, err := core.Paginate(rows, c.In.String("NextToken"), c.In.Int("MaxResults", 100))
	return core.Out{"StackResourceDrifts": page, "NextToken": next}, err
}

func (e *Engine) driftRow(st *stack, r *resource) core.Out {
	out := core.Out{
		"StackId": st.id, "LogicalResourceId": r.logical, "PhysicalResourceId": r.physical, "ResourceType": r.typ,
		"StackResourceDriftStatus": r.drift.status, "Timestamp": r.drift.at, "PropertyDifferences": []any{},
	}
	if r.drift.status == notChecked {
		return out
	}
	out["ExpectedProperties"] = compact(r.drift.expected)
	if r.drift.actual != nil {
		out["ActualProperties"] = compact(r.drift.actual)
	}
	diffs := []any{}
	for _, d := range r.drift.differences {
		diffs = append(diffs, core.Out{"PropertyPath": d.path, "DifferenceType": d.kind,
			"ExpectedValue": orText(d.expected, "null"), "ActualValue": orText(d.actual, "null")})
	}
	out["PropertyDifferences"] = diffs
	return out
}

func orText(v any, absent string) any {
	if v == nil {
		return absent
	}
	return jsonText(v)
}

// resourceDriftInfo is the DriftInformation of a row.
func resourceDriftInfo(r *resource) wire.Object {
	if r.drift.at.IsZero() {
		return wire.Object{"StackResourceDriftStatus": notChecked}
	}
	return wire.Object{"StackResourceDriftStatus": r.drift.status, "LastCheckTimestamp": r.drift.at}
}

func stackDriftInfo(st *stack) wire.Object {
	if st.drift.at.IsZero() {
		return wire.Object{"StackDriftStatus": notChecked}
	}
	return wire.Object{"StackDriftStatus": st.drift.status, "LastCheckTimestamp": st.drift.at}
}
