package main

import (
	"cmp"
	"errors"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// The exit codes, for every command alike. This file is the only place that
// maps an outcome to a code.
const (
	exitOK           = 0 // released, or nothing to do; no drift; ready
	exitNo           = 1 // not released and every Region on the old release; drift; not ready
	exitUsage        = 2 // usage or configuration error; nothing was touched
	exitUndetermined = 3 // could not determine; nothing was touched. Or the report could not be written: the outcome is said instead
	exitInDoubt      = 4 // Regions differ, or one is in doubt: run lockstep recover
)

// usageError is a mistake in flags or configuration.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// exitError carries a code that a command already decided; it prints nothing more.
type exitError struct{ code int }

func (e exitError) Error() string { return "" }

func exitCodeOf(err error) int {
	var exit exitError
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &usage):
		return exitUsage
	default:
		return exitUndetermined
	}
}

func exitForVerdict(v readiness.Verdict) int {
	switch v {
	case readiness.Ready:
		return exitOK
	case readiness.NotReady:
		return exitNo
	default:
		return exitUndetermined
	}
}

// exitForDrift: drift at or above the threshold wins over what could not be
// compared, because it is certain. failOn "never" still reports what could not
// be compared, but only drift itself is forgiven.
func exitForDrift(findings []drift.Finding, undetermined bool, failOn string) int {
	for _, f := range findings {
		if f.Waived == nil && failOn != failOnNever && f.Severity.AtLeast(drift.Severity(failOn)) {
			return exitNo
		}
	}
	if undetermined {
		return exitUndetermined
	}
	return exitOK
}

// exitForPrediction: what the gate would refuse is refused here too, and what it
// would let pass fails only where failOn asks for it.
func exitForPrediction(r report.Report, undetermined bool, failOn string) int {
	if len(r.Checks) > 0 && failOn != failOnNever {
		return exitNo
	}
	return exitForDrift(r.Findings, undetermined, cmp.Or(failOn, failOnNever))
}

var deployExits = map[deploy.Outcome]int{
	deploy.Done:        exitOK,
	deploy.NoChange:    exitOK,
	deploy.Planned:     exitOK,
	deploy.Rejected:    exitNo,
	deploy.FailedClean: exitNo,
	deploy.RolledBack:  exitNo,
	deploy.Quarantined: exitInDoubt,
	deploy.InDoubt:     exitInDoubt,
}

// exitForDeploy: a deploy that touched nothing because something could not be
// determined is "could not determine", not "no". An outcome without a row in
// the table is in doubt: it must never look like success.
func exitForDeploy(r deploy.Result) int {
	code, ok := deployExits[r.Outcome]
	switch {
	case !ok:
		return exitInDoubt
	case r.Undetermined && code == exitNo:
		return exitUndetermined
	default:
		return code
	}
}

// exitForReport is the code that the command of a report ended with, as far as the
// report says it: what drift fails on is not in it. A report that has nothing of
// what its command finds out is of something that could not be determined.
func exitForReport(r report.Report, failOn string) int {
	switch {
	case r.Verdict != "":
		return exitForGate(r)
	case r.Deploy != nil:
		return exitForDeploy(*r.Deploy)
	case r.Command == "predict":
		return exitForPrediction(r, couldNotCompare(r), "")
	case r.Command == "drift":
		return exitForDrift(r.Findings, couldNotCompare(r), failOn)
	default:
		return exitUndetermined
	}
}

// standingExits are the codes of a summary.
var standingExits = map[report.Standing]int{
	report.Passed:       exitOK,
	report.Undetermined: exitUndetermined,
	report.Failed:       exitNo,
	report.InDoubt:      exitInDoubt,
}

// standingOf is how an application stands whose command ended with a code.
func standingOf(code int) report.Standing {
	for standing, exit := range standingExits {
		if exit == code {
			return standing
		}
	}
	return report.Undetermined
}
