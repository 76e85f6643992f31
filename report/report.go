package report

import (
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// Schema names the JSON format; fields are only ever added to a version.
const Schema = "lockstep.report/v1"

// Report is everything one command found out. Renderers take it as it is.
type Report struct {
	Schema  string `json:"schema"`
	App     string `json:"app"`
	Command string `json:"command"` // deploy, plan, drift, gate, predict, strategy
	// DryRun: what a deploy or a rollback would do was planned, and nothing done.
	DryRun      bool              `json:"dry_run,omitempty"`
	Version     string            `json:"version,omitempty"`
	EvaluatedAt time.Time         `json:"evaluated_at"`
	Strategy    topology.Strategy `json:"strategy,omitempty"`
	// Verdict is set by gate only.
	Verdict  readiness.Verdict `json:"verdict,omitempty"`
	Regions  []Region          `json:"regions"`
	Coverage drift.Coverage    `json:"coverage"`
	Findings []drift.Finding   `json:"findings"`
	// Checks are set by gate; by predict those that the gate would block by.
	Checks  []readiness.Check `json:"checks,omitempty"`
	Gaps    []drift.Gap       `json:"gaps"`
	Waivers []drift.WaiverUse `json:"waivers"`
	// Ladder is the application judged under every strategy; set by gate, watch and
	// strategy.
	Ladder *readiness.Ladder `json:"ladder,omitempty"`
	// Measured are the objectives of every Region that would take over, beside what
	// was measured; set by gate and watch only.
	Measured []readiness.Measured `json:"measured,omitempty"`
	// Costs are what the Regions cost; set by strategy only.
	Costs []Cost `json:"costs,omitempty"`
	// Deploy is set by deploy and plan only.
	Deploy *deploy.Result `json:"deploy,omitempty"`
	// Prediction is set where the report is about what a merge would bring.
	Prediction *Prediction `json:"prediction,omitempty"`
	// Admitted is set where a gate passes although the verdict is not ready.
	Admitted *Admission `json:"admitted,omitempty"`
	// Notices are things the reader must know about the report itself:
	// simulated AWS, level of evaluation reached, configuration from the base commit.
	Notices []string `json:"notices,omitempty"`
	// Config is where the configuration came from: file and, in Actions, commit.
	Config string `json:"config,omitempty"`
	// Commit is what a run in Actions was about: the head of the pull request, or
	// the commit of the push or the schedule.
	Commit string `json:"commit,omitempty"`
	RunURL string `json:"run_url,omitempty"`
	// FilesURL is where the files of that commit are shown, for links to lines.
	FilesURL string `json:"files_url,omitempty"`
	// FilesChanged are files that places are in and that commit has not, or not so:
	// nothing links to them.
	FilesChanged []string `json:"files_changed,omitempty"`
}

// Region is one line of the table of Regions.
type Region struct {
	Name       string        `json:"name"`
	Role       topology.Role `json:"role"`
	Account    string        `json:"account,omitempty"`
	Release    string        `json:"release,omitempty"`
	DeployedAt time.Time     `json:"deployed_at,omitzero"`
	Resources  int           `json:"resources"`
	TakenAt    time.Time     `json:"taken_at,omitzero"`
}

// Cost is what one Region cost in the month that runs.
type Cost struct {
	Region string `json:"region"`
	// Amount is a decimal number as Cost Explorer wrote it; empty: not known.
	Amount   string `json:"amount,omitempty"`
	Currency string `json:"currency,omitempty"`
	// Of is what was asked for: the account, or a tag in it.
	Of string `json:"of"`
	// From and To bound the days, To excluded.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Unknown says why there is no amount.
	Unknown string `json:"unknown,omitempty"`
}
