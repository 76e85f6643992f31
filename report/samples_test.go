package report

import (
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

var evaluated = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

type object = map[string]any

func day(s string) drift.Date {
	d, err := drift.ParseDate(s)
	if err != nil {
		return drift.Date{}
	}
	return d
}

// samples are reports of every kind, by name of their golden file.
func samples() map[string]Report {
	return map[string]Report{
		"gate-ready": gateReady(), "gate-not-ready": gateNotReady(), "gate-unknown": gateUnknown(),
		"drift": driftReport(), "drift-none": driftNone(), "drift-gaps": driftGaps(), "drift-three": driftThree(),
		"deploy-done": deployDone(), "deploy-rolled-back": deployRolledBack(), "deploy-in-doubt": deployInDoubt(), "plan": planReport(), "rollback-planned": rollbackPlanned(),
		"gate-predicted": gatePredicted(), "predict": predictReport(), "predict-blocked": predictBlocked(),
		"strategy": strategyReport(),
		"hostile":  hostile(), "empty": {Schema: Schema, Command: "drift"},
	}
}

func base(command string) Report {
	return Report{Schema: Schema, App: "payments", Command: command, Version: "v1.0.0", EvaluatedAt: evaluated, Strategy: topology.WarmStandby,
		Regions: []Region{
			{Name: "us-east-1", Role: topology.Primary, Account: "111111111111", Release: "r-0123456789ab", DeployedAt: evaluated.Add(-time.Hour), Resources: 71, TakenAt: evaluated},
			{Name: "us-west-2", Role: topology.Standby, Account: "222222222222", Release: "r-0123456789ab", DeployedAt: evaluated.Add(-55 * time.Minute), Resources: 70, TakenAt: evaluated},
		},
		Coverage: drift.Coverage{Pairs: 71, Compared: 71},
		Config:   ".github/lockstep.yml at 3f2a91c", RunURL: "https://github.com/acme/payments/actions/runs/42",
		FilesURL: "https://github.com/acme/payments/blob/3f2a91c0ffee3f2a91c0ffee3f2a91c0ffee3f2a"}
}

func passes(region string, ids ...string) []readiness.Check {
	var checks []readiness.Check
	for _, id := range ids {
		rule, _ := readiness.Find(id)
		checks = append(checks, readiness.Check{Rule: id, Title: rule.Title, Status: readiness.Pass, Severity: rule.Severity,
			Region: region, Resources: []string{}, Evidence: "3 functions: the same in both Regions"})
	}
	return checks
}

func check(id string, status readiness.Status, severity drift.Severity, evidence, fix string, resources ...string) readiness.Check {
	rule, _ := readiness.Find(id)
	why := ""
	if status == readiness.Fail {
		why = rule.Why
	}
	return readiness.Check{Rule: id, Title: rule.Title, Status: status, Severity: severity, Region: "us-west-2",
		Resources: resources, Evidence: evidence, Why: why, Fix: fix}
}

// gatePredicted is a gate about what a merge would bring.
func gatePredicted() Report {
	r := gateNotReady()
	r.Prediction = &Prediction{Level: PredictedLive, Why: []string{"us-west-2 refused cloudformation:CreateChangeSet (AccessDenied)"}}
	r.Checks[0].Location = &drift.Location{File: "infra/app.yaml", Line: 41, Column: 7}
	r.Regions[0].Release, r.Regions[1].Release = "r-aaaaaaaaaaaa", "r-aaaaaaaaaaaa" // today; the plan's is another
	r.Deploy = planReport().Deploy
	r.Deploy.Timeline = deployDone().Deploy.Timeline
	return r
}

// predictReport is a comparison of templates.
func predictReport() Report {
	r := driftReport()
	r.Command, r.Prediction = "predict", &Prediction{Level: PredictedStatic, Why: []string{"predict reads templates alone"}}
	return r
}

// predictBlocked is a comparison of templates in which the gate would block something.
func predictBlocked() Report {
	r := predictReport()
	for _, c := range gateNotReady().Checks {
		if blockingCheck(c) {
			r.Checks = append(r.Checks, c)
		}
	}
	return r
}

func gateReady() Report {
	r := base("gate")
	r.Verdict = readiness.Ready
	r.Checks = passes("us-west-2", "ART-07", "CFG-02", "CFG-03", "CFG-04", "CFG-05", "REL-02", "SEC-01")
	r.Checks = append(r.Checks, check("REL-01", readiness.NotApplicable, drift.Block, "not used in us-east-1", ""))
	r.Ladder = ladder()
	r.Measured = []readiness.Measured{{Region: "us-west-2",
		RPO: readiness.Loss{Declared: 60, Measured: seconds(12.5), Resource: "payments/Orders", By: "ReplicaLag at 2026-11-22T17:59:00Z"},
		RTO: readiness.Outage{Declared: 900, Measured: seconds(720), Drill: "2026-10-03", Age: 50 * 24 * 60 * 60, By: "by plan", TTL: seconds(60), Record: "payments/Record"}}}
	return r
}

func seconds(s float64) *float64 { return &s }

// ladder stands on pilot-light, below the warm standby that is declared.
func ladder() *readiness.Ladder {
	l := readiness.NewLadder(topology.WarmStandby, topology.Objectives{RPO: time.Minute}, func(s topology.Strategy) readiness.Assessment {
		switch s {
		case topology.WarmStandby:
			return readiness.Assessment{Verdict: readiness.NotReady, Checks: []readiness.Check{check("CAP-07", readiness.Fail, drift.Block, "", "", "payments/Service")}}
		case topology.ActiveActive:
			var checks []readiness.Check
			for _, id := range []string{"CAP-02", "CAP-07", "CAP-10", "DAT-01", "DAT-03"} {
				checks = append(checks, check(id, readiness.Fail, drift.Block, "", ""))
			}
			checks = append(checks, check("RTE-01", readiness.Undetermined, drift.Block, "", ""), check("RTE-03", readiness.Undetermined, drift.Block, "", ""))
			return readiness.Assessment{Verdict: readiness.NotReady, Checks: checks}
		default:
			return readiness.Assessment{Verdict: readiness.Ready}
		}
	})
	return &l
}

func strategyReport() Report {
	r := base("strategy")
	r.Ladder = ladder()
	r.Checks = []readiness.Check{check("CAP-07", readiness.Fail, drift.Block, "payments/Service: runs 0 of 4 tasks in us-west-2", "Raise the desired count to the floor.", "payments/Service")}
	r.Costs = []Cost{
		{Region: "us-east-1", Amount: "1204.11", Currency: "USD", Of: "tag app=payments", From: "2026-11-01", To: "2026-11-22"},
		{Region: "us-west-2", Of: "tag app=payments", Unknown: "ce:GetCostAndUsage AccessDenied: not authorized"},
	}
	return r
}

var leakFinding = drift.Finding{Resource: "payments/Fn", Type: "AWS::Lambda::Function", Property: "Environment.Variables.QUEUE_URL", Region: "us-west-2",
	Primary: "https://sqs.us-east-1.amazonaws.com/111111111111/payments-queue", Standby: "https://sqs.us-east-1.amazonaws.com/111111111111/payments-queue",
	Relation: drift.Equal, Severity: drift.Block, Cause: drift.OutOfBand, ChangedIn: "us-west-2",
	Message:  "payments/Fn: Environment.Variables.QUEUE_URL in us-west-2 points back at the primary: it names https://sqs.us-east-1.amazonaws.com/111111111111/payments-queue, which is payments/Queue in us-east-1. When us-east-1 is lost, this stops working.",
	Fix:      "let it name the standby's own payments/Queue; redeploy with `lockstep deploy --revert-drift`",
	Location: &drift.Location{File: "infra/app.yaml", Line: 41, Column: 7}}

var memoryFinding = drift.Finding{Resource: "payments/Fn", Type: "AWS::Lambda::Function", Property: "MemorySize", Region: "us-west-2",
	Primary: 512.0, Standby: 128.0, Relation: drift.AtLeast, Severity: drift.Warn, Cause: drift.OutOfBand, ChangedIn: "us-west-2",
	Message:  "payments/Fn: MemorySize is 512 in us-east-1 and 128 in us-west-2. Both templates agree: it was changed by hand in us-west-2.",
	Fix:      "redeploy with `lockstep deploy --revert-drift`, or bring the change into the template",
	Location: &drift.Location{File: "infra/app.yaml", Line: 35}}

var retentionFinding = drift.Finding{Resource: "payments/LogGroup", Type: "AWS::Logs::LogGroup", Property: "RetentionInDays", Region: "us-west-2",
	Primary: 90.0, Standby: 7.0, Relation: drift.Equal, Severity: drift.Info, Cause: drift.Declared,
	Message: "payments/LogGroup: RetentionInDays is 90 in us-east-1 and 7 in us-west-2.", Fix: "make the template agree",
	Waived: &drift.Waiver{Resource: "payments/LogGroup", Property: "RetentionInDays", Reason: "cheaper in the standby", Until: day("2027-03-31")}}

var missingFinding = drift.Finding{Resource: "payments/DeadLetters", Type: "AWS::SQS::Queue", Region: "us-west-2",
	Primary: "https://sqs.us-east-1.amazonaws.com/111111111111/payments-dead", Relation: drift.Equal, Severity: drift.Block, Cause: drift.OutOfBand, ChangedIn: "us-west-2",
	Message: "payments/DeadLetters (AWS::SQS::Queue) is missing in us-west-2 although its template declares it: it was deleted by hand, and a takeover would have to do without it.",
	Fix:     "recreate it with `lockstep deploy --revert-drift`"}

var keyGap = drift.Gap{Region: "us-west-2", Resource: "payments/Key", Type: "AWS::KMS::Key", Operation: "kms:DescribeKey", Reason: "AccessDenied",
	Message: "User: arn:aws:sts::222222222222:assumed-role/lockstep/run is not authorized to perform: kms:DescribeKey", NeededBy: []string{"COVERAGE", "SEC-03"}}

func waivers() []drift.WaiverUse {
	return []drift.WaiverUse{
		{Waiver: *retentionFinding.Waived, Matched: true},
		{Waiver: drift.Waiver{Resource: "payments/OldQueue", Reason: "being removed", Until: day("2027-01-31")}},
		{Waiver: drift.Waiver{Resource: "payments/Alarm", Property: "rule:OBS-02", Region: "us-west-2", Reason: "no traffic yet", Until: day("2026-11-30")}, Matched: true},
	}
}

func gateNotReady() Report {
	r := gateReady()
	r.Verdict = readiness.NotReady
	r.Coverage = drift.Coverage{Pairs: 71, Compared: 70, NotCompared: 1}
	r.Checks = append(passes("us-west-2", "ART-07", "CFG-04", "REL-02", "REL-05", "SEC-01"),
		check("CFG-02", readiness.Fail, drift.Block, missingFinding.Message, missingFinding.Fix, "payments/DeadLetters"),
		check("CFG-05", readiness.Fail, drift.Block, leakFinding.Message, leakFinding.Fix, "payments/Fn"),
		check("CFG-03", readiness.Fail, drift.Warn, memoryFinding.Message, memoryFinding.Fix, "payments/Fn"))
	unknown := check("SEC-03", readiness.Undetermined, drift.Block, "payments/Key could not be read in us-west-2: kms:DescribeKey needed, AccessDenied",
		"Make kms:DescribeKey succeed in us-west-2.", "payments/Key")
	unknown.Missing = []drift.Gap{keyGap}
	waived := check("OBS-02", readiness.Waived, drift.Block, "payments/Alarm: is in ALARM in us-west-2", "", "payments/Alarm")
	w := waivers()[2].Waiver
	waived.Waived = &w
	r.Checks = append(r.Checks, unknown, waived)
	r.Findings = []drift.Finding{leakFinding, memoryFinding, missingFinding, retentionFinding}
	r.Gaps = []drift.Gap{keyGap}
	r.Waivers = waivers()
	r.Measured = []readiness.Measured{{Region: "us-west-2",
		RPO: readiness.Loss{Measured: seconds(93600), Resource: "payments/Orders", By: "recovery point of 2026-11-21T16:00:00Z, vault dr",
			NotMeasured: []string{"payments/A", "payments/B", "payments/C", "payments/D"}},
		RTO: readiness.Outage{Declared: 900}}}
	r.Notices = []string{"The configuration was read from the base commit 3f2a91c; the pull request changes it."}
	return r
}

func gateUnknown() Report {
	r := gateNotReady()
	r.Verdict = readiness.Unknown
	r.Checks = r.Checks[:5]
	unknown := check("SEC-03", readiness.Undetermined, drift.Block, "payments/Key could not be read in us-west-2: kms:DescribeKey needed, AccessDenied",
		"Make kms:DescribeKey succeed in us-west-2.", "payments/Key")
	unknown.Missing = []drift.Gap{keyGap}
	r.Checks = append(r.Checks, unknown)
	r.Findings, r.Waivers, r.Notices = nil, nil, nil
	return r
}

func driftReport() Report {
	r := base("drift")
	r.Findings = []drift.Finding{leakFinding, memoryFinding, missingFinding, retentionFinding,
		{Resource: "payments/Policy", Type: "AWS::SQS::QueuePolicy", Property: "PolicyDocument", Region: "us-west-2",
			Primary: object{"Statement": []any{object{"Effect": "Allow", "Action": "sqs:SendMessage"}}}, Standby: object{"Statement": []any{object{"Effect": "Allow", "Action": "sqs:*"}}},
			Relation: drift.Equal, Severity: drift.Block, Cause: drift.Declared, Message: "payments/Policy: PolicyDocument differs.", Fix: "make the template agree"},
		{Resource: "payments/Secret", Type: "AWS::SecretsManager::Secret", Property: "SecretString", Region: "us-west-2",
			Primary: drift.Redacted, Standby: drift.Redacted, Relation: drift.Equal, Severity: drift.Warn, Cause: drift.Unknown, Message: "differs", Fix: "rotate it in both Regions"},
		{Resource: "payments/Extra", Type: "AWS::SNS::Topic", Region: "us-west-2", Standby: "arn:aws:sns:us-west-2:222222222222:extra",
			Relation: drift.Equal, Severity: drift.Warn, Cause: drift.Declared, Message: "only there", Fix: "remove it"}}
	r.Waivers = waivers()
	return r
}

func driftNone() Report { return base("drift") }

func driftGaps() Report {
	r := base("drift")
	r.Coverage = drift.Coverage{Pairs: 71, Compared: 70, NotCompared: 1}
	r.Gaps = []drift.Gap{keyGap}
	return r
}

func driftThree() Report {
	r := driftReport()
	r.Regions = append(r.Regions, Region{Name: "eu-west-1", Role: topology.Standby, Account: "333333333333", Release: "r-ba9876543210", Resources: 71})
	other := memoryFinding
	other.Region, other.Standby, other.Cause, other.ChangedIn = "eu-west-1", 256.0, drift.NotYetDeployed, ""
	r.Findings = append(r.Findings, other)
	r.Coverage = drift.Coverage{Pairs: 142, Compared: 142}
	return r
}

func deployDone() Report {
	r := base("deploy")
	r.Coverage = drift.Coverage{}
	at := func(s int) time.Time { return evaluated.Add(time.Duration(s-300) * time.Second) }
	target := func(name, status string, from, to int, changes ...deploy.Change) deploy.TargetResult {
		return deploy.TargetResult{Target: name, Kind: "cloudformation", Status: status, StartedAt: at(from), FinishedAt: at(to), Changes: changes}
	}
	changes := []deploy.Change{
		{Resource: "Fn", Type: "AWS::Lambda::Function", Action: "Modify", Replacement: "False", Properties: []string{"Code", "MemorySize"}},
		{Resource: "Alarm", Type: "AWS::CloudWatch::Alarm", Action: "Add"}}
	region := func(name, role string, slower int) deploy.RegionResult {
		return deploy.RegionResult{Region: name, Role: role, Before: "r-aaaaaaaaaaaa", Now: "r-0123456789ab", State: "release r-0123456789ab everywhere",
			Targets: []deploy.TargetResult{target("payments-data", "unchanged", 10, 12), target("payments", "updated", 12, 80+slower, changes...)}}
	}
	r.Deploy = &deploy.Result{App: "payments", Outcome: deploy.Done, StartedAt: at(0), FinishedAt: at(120),
		Release: deploy.Release{ID: "r-0123456789ab", Name: "3f2a91c", Commit: "3f2a91c0ffee"},
		Regions: []deploy.RegionResult{region("us-east-1", "primary", 0), region("us-west-2", "standby", 9)}}
	for _, name := range []string{"us-east-1", "us-west-2"} {
		for i, phase := range []deploy.Phase{deploy.PhaseLock, deploy.PhaseObserve, deploy.PhasePrepare, deploy.PhaseCompare, deploy.PhaseExecute, deploy.PhaseVerify, deploy.PhaseRecord} {
			r.Deploy.Timeline = append(r.Deploy.Timeline, deploy.Event{At: at(i * 15), Region: name, Phase: phase, Text: "begins"},
				deploy.Event{At: at(i*15 + 14), Region: name, Phase: phase, Text: "ends"})
		}
	}
	return r
}

func deployRolledBack() Report {
	r := deployDone()
	d := r.Deploy
	d.Outcome, d.Reason = deploy.RolledBack, "us-west-2 could not update stack payments"
	for i := range d.Regions {
		d.Regions[i].Now, d.Regions[i].State = "r-aaaaaaaaaaaa", "rolled back to r-aaaaaaaaaaaa"
		d.Regions[i].Targets[1].Status = "restored"
	}
	d.Regions[1].FirstCause = &deploy.Failure{Region: "us-west-2", Target: "payments", Phase: deploy.PhaseExecute, Resource: "Fn", Type: "AWS::Lambda::Function",
		Reason: "Resource handler returned message: \"The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400)\"",
		Hint:   "check the trust policy of the role in us-west-2"}
	d.Regions[0].FirstCause = &deploy.Failure{Region: "us-east-1", Target: "payments", Phase: deploy.PhaseExecute, Resource: "Alarm", Type: "AWS::CloudWatch::Alarm",
		Reason: "Resource update cancelled"}
	d.Regions[1].Notes = []string{"the log group payments-old was kept: its policy is Retain"}
	return r
}

// rollbackPlanned is a rollback --dry-run: nothing was done.
func rollbackPlanned() Report {
	r := planReport()
	r.Command, r.DryRun = "rollback", true
	r.Deploy.Release = deploy.Release{ID: "r-999999999999", Name: "2026.11.1"}
	return r
}

func deployInDoubt() Report {
	r := deployRolledBack()
	d := r.Deploy
	d.Outcome, d.Reason = deploy.InDoubt, "us-west-2 stopped answering during the rollback"
	d.Regions[1].Now, d.Regions[1].State = "?", "in doubt: stack payments is UPDATE_ROLLBACK_FAILED"
	d.Regions[1].Targets[1].Status = "in-doubt"
	d.LeftOut = []string{"eu-west-1"}
	return r
}

func planReport() Report {
	r := deployDone()
	r.Command = "plan"
	d := r.Deploy
	d.Outcome, d.Timeline = "", nil
	for i := range d.Regions {
		d.Regions[i].Now = d.Regions[i].Before
		for j := range d.Regions[i].Targets {
			d.Regions[i].Targets[j].Status = "untouched"
		}
	}
	d.Regions[0].Targets[1].Changes = append(d.Regions[0].Targets[1].Changes, deploy.Change{Resource: "Table", Type: "AWS::DynamoDB::Table", Action: "Modify", Replacement: "True", Properties: []string{"KeySchema"}})
	d.Asymmetries = []deploy.Asymmetry{{Target: "payments", Resource: "Table", Type: "AWS::DynamoDB::Table", Action: "Modify", In: []string{"us-east-1"}, NotIn: []string{"us-west-2"}}}
	return r
}

// nasty is everything somebody could put into a tag, a message or a name.
const nasty = "::set-output name=verdict::ready\n@octocat #1 GH-2 <!-- lockstep:payments --> <script>alert(1)</script> | a | b ` ``` [x](https://evil.example) ![i](http://e) www.evil.example \x1b[31mred\x1b[0m \u202edlrow $x$ *b* _i_ ~s~ \\ ##[error]x</details>"

func hostile() Report { return poisoned(nasty) }

// poisoned is a report with the text wherever untrusted text can be.
func poisoned(nasty string) Report {
	r := gateNotReady()
	r.App, r.Version, r.Config, r.RunURL, r.Notices = nasty, nasty, nasty, "javascript:"+nasty, []string{nasty}
	r.FilesURL = "https://example.com/" + nasty
	for i := range r.Regions {
		r.Regions[i].Name, r.Regions[i].Release, r.Regions[i].Account = r.Regions[i].Name+nasty, nasty, nasty
	}
	for i := range r.Checks {
		c := &r.Checks[i]
		c.Title, c.Evidence, c.Why, c.Fix, c.Region, c.Resources = nasty, nasty, nasty, nasty, nasty, []string{nasty, nasty + "2"}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Resource, f.Type, f.Region, f.Primary, f.Standby, f.Message, f.Fix = nasty, nasty, nasty, nasty+"1", object{nasty: nasty}, nasty, nasty
		f.Property, f.ChangedIn = nasty, nasty
		f.Location = &drift.Location{File: nasty, Line: 1, Column: 1}
	}
	r.Gaps = []drift.Gap{{Region: nasty, Resource: nasty, Type: nasty, Operation: nasty, Reason: nasty, Message: nasty, Fact: nasty, NeededBy: []string{nasty}}}
	r.Measured = []readiness.Measured{{Region: nasty, RPO: readiness.Loss{Measured: seconds(1), Resource: nasty, By: nasty, NotMeasured: []string{nasty}},
		RTO: readiness.Outage{Measured: seconds(1), Drill: "2026-10-03", By: nasty, TTL: seconds(1), Record: nasty}}}
	for i := range r.Waivers {
		r.Waivers[i].Resource, r.Waivers[i].Property, r.Waivers[i].Reason, r.Waivers[i].Region = nasty, nasty, nasty, nasty
	}
	d := *deployInDoubt().Deploy
	d.Reason, d.LeftOut = nasty, []string{nasty}
	d.Release = deploy.Release{ID: nasty, Name: nasty, Commit: nasty}
	d.Asymmetries = []deploy.Asymmetry{{Target: nasty, Resource: nasty, Type: nasty, Action: nasty, In: []string{nasty}, NotIn: []string{nasty}}}
	for i := range d.Regions {
		region := &d.Regions[i]
		region.Region, region.State, region.Notes, region.Before = nasty, nasty, []string{nasty}, nasty
		region.FirstCause = &deploy.Failure{Region: nasty, Target: nasty, Phase: deploy.Phase(nasty), Resource: nasty, Type: nasty, Reason: nasty, Hint: nasty}
		for j := range region.Targets {
			region.Targets[j].Target, region.Targets[j].Status = nasty, nasty
			region.Targets[j].Changes = []deploy.Change{{Resource: nasty, Type: nasty, Action: nasty, Properties: []string{nasty}}}
		}
	}
	r.Deploy = &d
	return r
}
