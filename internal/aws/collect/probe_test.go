package collect

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/probe"
	"github.com/lockstep-dr/lockstep/topology"
)

func TestTheAnswerOfAProbeIsAFactOrAGap(t *testing.T) {
	healthy := map[string]any{"URL": "https://usw2.example.com/", "Host": "", "Status": 200.0, "Location": "", "Certificate": "", "Release": "r-1", "Mentions": []any{}, "Cut": false}
	for _, c := range []struct {
		name   string
		answer probe.Answer
		err    error
		fact   any
		reason string
	}{
		{"an answer", probe.Answer{Status: 200, Release: "r-1"}, nil, healthy, ""},
		{"no answer in time", probe.Answer{}, &probe.Failure{Kind: probe.Timeout, Message: "nothing came"}, nil, probe.Timeout},
		{"an error that nobody classified", probe.Answer{}, errors.New("broken"), nil, probe.NoAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			o := w.options()
			o.Topology.Regions = slices.Clone(o.Topology.Regions)
			o.Topology.Regions[1].Probe = topology.Probe{URL: "https://usw2.example.com/"}
			asked := 0
			o.Probe = func(context.Context, topology.Probe) (probe.Answer, error) { asked++; return c.answer, c.err }
			snapshots := w.snapshots(o)
			if asked != 1 {
				t.Errorf("asked %d times", asked)
			}
			var fact any
			for _, f := range snapshots[1].Facts {
				if f.Kind == drift.FactProbe {
					fact = f.Value
				}
			}
			if diff := cmp.Diff(c.fact, fact); diff != "" {
				t.Errorf("fact (-want +got)\n%s", diff)
			}
			gap := slices.IndexFunc(snapshots[1].Gaps, func(g drift.Gap) bool { return g.Fact == drift.FactProbe })
			if (c.reason == "") != (gap < 0) || gap >= 0 && snapshots[1].Gaps[gap].Reason != c.reason {
				t.Errorf("gaps %+v, want reason %q", snapshots[1].Gaps, c.reason)
			}
			if slices.ContainsFunc(snapshots[0].Facts, func(f drift.Fact) bool { return f.Kind == drift.FactProbe }) {
				t.Error("the primary, which has no probe, has an answer")
			}
		})
	}
}

func TestABodyNamesAReleaseByWholeWords(t *testing.T) {
	releases := []*drift.Release{{ID: "r-1", Name: "1.2", Commit: "0123456789abcdef"}, {ID: "r-2", Name: "team/blue 7"}}
	for text, want := range map[string][]string{
		`{"release":"r-1"}`:             {"r-1"},
		`version 1.2.`:                  {"1.2"},
		`version 1.2.3, r-10, 0123`:     nil,
		`build 0123456 of 0123456789ab`: {"0123456", "0123456789ab"},
		`r-2 beside r-1`:                {"r-1", "r-2"},
		`serving team/blue 7 now`:       {"team/blue 7"},
		``:                              nil,
	} {
		if diff := cmp.Diff(want, mentioned(text, releases)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
}
