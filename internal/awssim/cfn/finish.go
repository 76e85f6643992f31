package cfn

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// applied runs when every resource of the template is as it should be.
func (op *operation) applied() {
	outputs, err := op.outputs()
	if err != "" {
		op.in(settleDelay, func() { op.abort(err) })
		return
	}
	op.in(settleDelay+op.monitoring(), func() {
		if alarm := op.raisedAlarm(); alarm != "" {
			op.abort("Rollback triggered by alarm " + alarm)
			return
		}
		op.st.outputs = outputs
		if op.kind == opCreate {
			op.e.setStatus(op.st, op, createComplete, "")
			op.finish(true, "")
			return
		}
		op.cleanup()
	})
}

// cleanup deletes what the update has replaced or removed. From here on nothing can fail it.
func (op *operation) cleanup() {
	wanted, err := op.ev.Order()
	if err != nil {
		wanted = nil // the order was computed before; it cannot fail now
	}
	for id, r := range op.st.resources {
		if !slices.Contains(wanted, id) {
			if r.lives() {
				op.doomed = append(op.doomed, r)
			} else {
				delete(op.st.resources, id)
			}
		}
	}
	op.next()
	op.e.setStatus(op.st, op, updateCleanup, "")
	op.in(settleDelay, func() {
		op.remove(op.doomed, "delete", false, func(failed []string) {
			for _, r := range op.doomed {
				if op.st.resources[r.logical] == r {
					delete(op.st.resources, r.logical)
				}
			}
			reason := ""
			if len(failed) > 0 {
				reason = "Update successful. One or more resources could not be deleted."
			}
			op.e.setStatus(op.st, op, updateComplete, reason)
			op.finish(true, "")
		})
	})
}

// outputs evaluates the outputs; problem says why they cannot be.
func (op *operation) outputs() (out []outputValue, problem string) {
	out, err := op.ev.Outputs()
	if err != nil {
		return nil, message(err)
	}
	for _, o := range out {
		node := op.ev.Template().Outputs[o.Name].Value
		if missing, err := op.ev.Unresolved(node); err == nil && len(missing) > 0 {
			return nil, message(unresolvedError("Outputs", missing[0]))
		}
		if o.Export == "" {
			continue
		}
		for _, x := range op.e.exports(op.st.Scope) {
			if x.name == o.Export && x.stack != op.st {
				return nil, "Export with name " + o.Export + " is already exported by stack " + x.stack.name
			}
		}
	}
	return out, ""
}

// monitoring is how long the stack watches its alarms before the operation is final.
func (op *operation) monitoring() time.Duration {
	return time.Duration(op.target.rollback.Int("MonitoringTimeInMinutes", 0)) * time.Minute
}

func (op *operation) alarms(match func(arn string, found bool, state string) bool) string {
	for _, trigger := range op.target.rollback.Objects("RollbackTriggers") {
		arn := trigger.String("Arn")
		name := arn[strings.LastIndex(arn, ":")+1:]
		r, ok := op.e.world.Store.Find(op.st.Scope, "AWS::CloudWatch::Alarm", func(r store.Resource) bool {
			return r.ID == name || wire.Text(r.Properties["AlarmName"]) == name
		})
		state := wire.Text(r.Private["State"])
		if match(arn, ok, state) {
			return arn
		}
	}
	return ""
}

func (op *operation) missingAlarm() string {
	return op.alarms(func(_ string, found bool, _ string) bool { return !found })
}

func (op *operation) raisedAlarm() string {
	return op.alarms(func(_ string, _ bool, state string) bool { return state == "ALARM" })
}

func (op *operation) deadline() {
	op.in(time.Duration(op.st.timeout)*time.Minute, func() {
		if op.st.status == createInProgress {
			op.abort("Stack creation time exceeded the specified timeout.")
		}
	})
}
