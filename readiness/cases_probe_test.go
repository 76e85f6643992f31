package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// prepared gives a world what a team prepares for a takeover besides resources.
func prepared(w *world) {
	w.probe = topology.Probe{URL: "https://usw2.pay.example.com/healthz", Host: "pay.example.com", Status: 200, Release: "header X-Release"}
	answers(w, nil)
}

// answers replaces members of the answers of both Regions' endpoints.
func answers(w *world, members object) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		value := object{"URL": w.probe.URL, "Host": w.probe.Host, "Status": 200.0, "Location": "", "Certificate": "", "Release": "r-1",
			"Mentions": []any{}, "Cut": false}
		for name, member := range members {
			value[name] = member
		}
		w.fact(s, drift.FactProbe, "", value)
	}
}

// inBody lets the body of the answer name the release.
func inBody(w *world, cut bool, names ...any) {
	w.probe.Release = "body"
	answers(w, object{"Release": "", "Mentions": names, "Cut": cut})
}

// unrecorded is a world whose releases no ledger records.
func unrecorded(w *world) {
	w.east.Release, w.west.Release = nil, nil
	w.fact(&w.east, drift.FactRelease, "", nil)
	w.fact(&w.west, drift.FactRelease, "", nil)
}

// silent is an endpoint that gave no answer.
func silent(w *world, reason, message string) {
	w.forget(&w.west, drift.FactProbe)
	w.gap(drift.Gap{Region: west, Reason: reason, Message: message, Fact: drift.FactProbe})
}

var probeCases = []ruleCase{
	{"RTE-08", "the endpoint fails", func(w *world) { answers(w, object{"Status": 503.0}) }, blocks("answers with status 503, not 200")},
	{"RTE-08", "the endpoint redirects", func(w *world) { answers(w, object{"Status": 302.0, "Location": "https://pay.example.com/login"}) },
		blocks("sends clients on to https://pay.example.com/login, which is not followed")},
	{"RTE-08", "a redirect that is expected", func(w *world) {
		w.probe.Status = 302
		answers(w, object{"Status": 302.0})
	}, passes()},
	{"RTE-08", "the certificate is for another name", func(w *world) {
		answers(w, object{"Status": 0.0, "Certificate": "x509: certificate is valid for example.org, not pay.example.com"})
	}, blocks("has no certificate that holds for pay.example.com")},
	{"RTE-08", "another release answers", func(w *world) { answers(w, object{"Release": "r-0"}) }, blocks("answers with release r-0; r-1 was deployed to us-west-2")},
	{"RTE-08", "no header names the release", func(w *world) { answers(w, object{"Release": ""}) }, blocks("has no header X-Release")},
	{"RTE-08", "the commit names the release", func(w *world) {
		w.east.Release.Commit, w.west.Release.Commit = "0123456789", "0123456789"
		answers(w, object{"Release": "0123456"})
	}, passes()},
	{"RTE-08", "the body names the release", func(w *world) { inBody(w, false, "r-1") }, passes()},
	{"RTE-08", "the body names another release", func(w *world) { inBody(w, false, "r-0") }, blocks("answers with release r-0")},
	{"RTE-08", "the body names none", func(w *world) { inBody(w, false) }, blocks("does not name release r-1")},
	{"RTE-08", "the part of the body that was read names none", func(w *world) { inBody(w, true) }, unknown("")},
	{"RTE-08", "no ledger, and both endpoints name one release", unrecorded, passes()},
	{"RTE-08", "no ledger, and the endpoints name two releases", func(w *world) {
		unrecorded(w)
		w.fact(&w.east, drift.FactProbe, "", object{"Release": "r-2"})
	}, blocks("the endpoint of us-east-1 with r-2")},
	{"RTE-08", "no ledger, and the primary has no probe", func(w *world) {
		unrecorded(w)
		w.forget(&w.east, drift.FactProbe)
	}, unknown("")},
	{"RTE-08", "healthy, with the release", func(*world) {}, passes()},
	{"RTE-08", "healthy, and nobody asks for the release", func(w *world) {
		w.probe.Release = ""
		answers(w, object{"Release": ""})
	}, passes()},
	{"RTE-08", "nothing came in time", func(w *world) { silent(w, "Timeout", "no complete answer came in time") }, unknown("")},
	{"RTE-08", "the address is private", func(w *world) { silent(w, "PrivateAddress", "its address 10.0.0.7 is private") }, unknown("")},
	{"RTE-08", "nobody asked", func(w *world) { w.forget(&w.west, drift.FactProbe) }, unknown("")},
	{"RTE-08", "the snapshot is of another probe", func(w *world) { w.probe.URL = "https://other.example.com/" }, unknown("")},
	{"RTE-08", "no probe is configured", func(w *world) { w.probe = topology.Probe{} }, want{status: NotApplicable, verdict: Ready, says: "no probe"}},
	{"RTE-08", "a pilot light whose application is off", func(w *world) {
		members := w.east.Facts[slices.IndexFunc(w.east.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactGlobalClusterState })].Value
		backedUp(w)
		w.strategy = topology.PilotLight
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", members)
		answers(w, object{"Status": 503.0})
	}, warns("answers with status 503")},
}
