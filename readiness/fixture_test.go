package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const (
	east = "us-east-1"
	west = "us-west-2"
)

var now = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

// world is a pair of Regions that a test case bends.
type world struct {
	east, west drift.Snapshot
	compared   drift.Comparison
	strategy   topology.Strategy
	objectives topology.Objectives
	probe      topology.Probe
	takeover   topology.Takeover
	delivered  []string
	policy     Policy
}

type object = map[string]any

// healthy is a pair of Regions that every rule is content with: one resource
// of each kind that the rules look at.
func healthy() *world {
	w := &world{strategy: topology.WarmStandby}
	w.east, w.west = healthyRegion(east, topology.Primary), healthyRegion(west, topology.Standby)
	w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"PrimaryRegion": east,
		"Replicas": []any{object{"Region": west, "Status": "InSync"}}})
	arrives(w)
	prepared(w)
	surrounded(w)
	n := len(w.east.Resources)
	w.compared = drift.Comparison{Region: west, Coverage: drift.Coverage{Pairs: n, Compared: n}}
	return w
}

func healthyRegion(region string, role topology.Role) drift.Snapshot {
	s := drift.Snapshot{Schema: drift.SnapshotSchema, App: "app", Region: topology.Region{Name: region, Role: role}, TakenAt: now,
		Release: &drift.Release{ID: "r-1", Outcome: "done"},
		Stacks: []drift.Stack{{Key: "app", Name: "app", Status: "UPDATE_COMPLETE", TemplateDigest: "sha256:aa",
			Parameters: map[string]string{"Stage": "prod"}}}}
	add := func(id, kind string, properties object) {
		s.Resources = append(s.Resources, drift.Resource{Key: "app/" + id, Type: kind, ID: id, Properties: properties})
	}
	add("Fn", typeFunction, object{"CodeSha256": "c0de", "Runtime": "python3.13", "Code": object{"S3Bucket": "code", "S3Key": "fn.zip"},
		"Environment": object{"Variables": object{"QUEUE": "https://sqs." + region + ".amazonaws.com/1/q"}}})
	add("Live", typeAlias, object{"Name": "live"})
	add("Service", typeService, object{})
	add("Parameter", typeParameter, object{"Type": "String", "Value": "v"})
	add("Queue", typeQueue, object{"VisibilityTimeout": 30.0})
	add("Topic", typeTopic, object{})
	add("Secret", typeSecret, object{})
	add("Key", "AWS::KMS::Key", object{})
	add("Alarm", "AWS::CloudWatch::Alarm", object{})
	s.Resources = append(s.Resources, estate(region)...)
	fact := func(kind, subject string, value any) {
		s.Facts = append(s.Facts, drift.Fact{Kind: kind, Subject: subject, Value: value, At: now})
	}
	fact(drift.FactLambdaState, "app/Fn", object{"State": "Active", "LastUpdateStatus": "Successful"})
	fact(drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 10.0, "Provisioned": nil})
	fact(drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "7", "CodeSha256": "c0de", "RoutingWeights": object{}})
	fact(drift.FactTaskImages, "app/Service", object{"Service": "svc", "Running": 1.0,
		"Containers": []any{object{"Name": "web", "Image": "web:1", "Digests": []any{"sha256:11"}}}})
	fact(drift.FactSubscriptions, "app/Topic", []any{object{"Protocol": "sqs", "Confirmed": true}})
	fact(drift.FactKeyState, "app/Key", object{"KeyState": "Enabled", "Enabled": true})
	fact(drift.FactKeyState, "app/mrk-1", object{"KeyState": "Enabled", "Enabled": true})
	fact(drift.FactAlarmState, "app/Alarm", "OK")
	for _, known := range drift.AccountSettings() {
		fact(drift.FactSetting, known.Subject, object{})
	}
	s.Facts = append(s.Facts, conditions()...)
	fact(drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "abc"})
	fact(drift.FactRelease, "", "r-1")
	return s
}

func (w *world) fact(s *drift.Snapshot, kind, subject string, value any) {
	for i := range s.Facts {
		if s.Facts[i].Kind == kind && s.Facts[i].Subject == subject {
			s.Facts[i].Value = value
			return
		}
	}
	s.Facts = append(s.Facts, drift.Fact{Kind: kind, Subject: subject, Value: value, At: now})
}

// forget drops a fact, as if nobody had tried to read it.
func (w *world) forget(s *drift.Snapshot, kind string) {
	var kept []drift.Fact
	for _, f := range s.Facts {
		if f.Kind != kind {
			kept = append(kept, f)
		}
	}
	s.Facts = kept
}

// deny turns a resource of the standby into a gap.
func (w *world) deny(key, operation string) {
	var kept []drift.Resource
	kind := ""
	for _, r := range w.west.Resources {
		if r.Key == key {
			kind = r.Type
			continue
		}
		kept = append(kept, r)
	}
	w.west.Resources = kept
	w.gap(drift.Gap{Region: west, Resource: key, Type: kind, Operation: operation, Reason: "AccessDenied"})
	w.compared.Coverage.Compared--
	w.compared.Coverage.NotCompared++
}

func (w *world) gap(g drift.Gap) {
	if g.Region == east {
		w.east.Gaps = append(w.east.Gaps, g)
	} else {
		w.west.Gaps = append(w.west.Gaps, g)
	}
	w.compared.Gaps = append(w.compared.Gaps, g)
}

// deniedFact replaces a fact of the standby by a gap.
func (w *world) deniedFact(kind, subject, operation string) {
	w.forget(&w.west, kind)
	w.gap(drift.Gap{Region: west, Resource: subject, Operation: operation, Reason: "AccessDenied", Fact: kind})
}

func (w *world) find(f drift.Finding) {
	f.Region = west
	w.compared.Findings = append(w.compared.Findings, f)
}

// lose removes a resource of the standby and reports it missing.
func (w *world) lose(key string, severity drift.Severity) {
	var kept []drift.Resource
	for _, r := range w.west.Resources {
		if r.Key != key {
			kept = append(kept, r)
			continue
		}
		w.find(drift.Finding{Resource: key, Type: r.Type, Primary: "exists", Severity: severity, Message: key + " is missing in us-west-2", Fix: "Deploy it."})
	}
	w.west.Resources = kept
}

func (w *world) resource(s *drift.Snapshot, key string) *drift.Resource {
	for i := range s.Resources {
		if s.Resources[i].Key == key {
			return &s.Resources[i]
		}
	}
	return nil
}

// onlyIn drops the resources and facts of a kind from both Regions, so that
// the primary does not use it.
func (w *world) without(kinds ...string) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		var kept []drift.Resource
		for _, r := range s.Resources {
			drop := false
			for _, kind := range kinds {
				drop = drop || r.Type == kind
			}
			if !drop {
				kept = append(kept, r)
			}
		}
		s.Resources = kept
	}
}

func (w *world) evidence() Evidence {
	return Evidence{Primary: &w.east, Standby: &w.west, Comparison: &w.compared,
		Strategy: w.strategy, Objectives: w.objectives, Probe: w.probe, Takeover: w.takeover, Delivered: w.delivered, Now: now}
}

func (w *world) assess() Assessment { return Assess(w.evidence(), w.policy) }

// statuses are the statuses of a rule's checks, worst severity per status.
func statuses(a Assessment, rule string) map[Status]drift.Severity {
	found := map[Status]drift.Severity{}
	for _, c := range a.Checks {
		if c.Rule == rule && (found[c.Status] == "" || c.Severity == drift.Block) {
			found[c.Status] = c.Severity
		}
	}
	return found
}

func day(s string) drift.Date {
	d, err := drift.ParseDate(s)
	if err != nil {
		return drift.Date{}
	}
	return d
}
