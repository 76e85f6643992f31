package collect

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/probe"
	"github.com/lockstep-dr/lockstep/topology"
)

// Probe asks a Region's own endpoint; the error is a *probe.Failure.
type Probe func(context.Context, topology.Probe) (probe.Answer, error)

// probed is what one endpoint answered; asked is false where none is configured.
type probed struct {
	asked  bool
	answer probe.Answer
	err    error
}

// probes asks the endpoints of all Regions at once and hands their answers out
// when the snapshots are there: only then the releases are known that an answer
// may name.
func (o Options) probes(ctx context.Context) (wait func() []probed) {
	ask := o.Probe
	if ask == nil {
		ask = probe.Asker{}.Ask
	}
	answers := make([]probed, len(o.Topology.Regions))
	var group sync.WaitGroup
	for i, region := range o.Topology.Regions {
		if region.Probe.URL == "" || !o.wants(region.Name) {
			continue
		}
		group.Go(func() {
			answer, err := ask(ctx, region.Probe)
			answers[i] = probed{true, answer, err}
		})
	}
	return func() []probed { group.Wait(); return answers }
}

// recordProbes turns the answers into facts or gaps of their Regions.
func recordProbes(snapshots []*drift.Snapshot, answers []probed) {
	var releases []*drift.Release
	for _, s := range snapshots {
		if s.Release != nil {
			releases = append(releases, s.Release)
		}
	}
	for i, s := range snapshots {
		a := answers[i]
		var failure *probe.Failure
		switch {
		case !a.asked:
			continue
		case errors.As(a.err, &failure):
			s.Gaps = append(s.Gaps, drift.Gap{Region: s.Region.Name, Fact: drift.FactProbe, Reason: failure.Kind, Message: read.WithoutCredentials(failure.Message)})
		case a.err != nil:
			s.Gaps = append(s.Gaps, drift.Gap{Region: s.Region.Name, Fact: drift.FactProbe, Reason: probe.NoAnswer, Message: read.WithoutCredentials(a.err.Error())})
		default:
			s.Facts = append(s.Facts, drift.Fact{Kind: drift.FactProbe, Value: probeValue(s.Region.Probe, a.answer, releases)})
		}
		inOrder(s)
	}
}

// probeValue keeps of an answer what the rule needs: never the body, which may
// hold anything.
func probeValue(p topology.Probe, a probe.Answer, releases []*drift.Release) map[string]any {
	names := []any{}
	for _, name := range mentioned(a.Body, releases) {
		names = append(names, name)
	}
	return map[string]any{
		"URL": p.URL, "Host": p.Host, "Status": float64(a.Status), "Location": read.WithoutCredentials(a.Location), "Certificate": a.Certificate,
		"Release": read.WithoutCredentials(a.Release), "Mentions": names, "Cut": a.Cut,
	}
}

// word is what may stand for a release in a text: what it is joined to by a dot, a
// dash, an underscore or a plus belongs to it.
var word = regexp.MustCompile(`[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*`)

// mentioned lists by which of their names a text names the releases, sorted: 1.2 is
// not named by 1.2.3.
func mentioned(text string, releases []*drift.Release) []string {
	var found []string
	words := word.FindAllString(text, -1)
	for _, r := range releases {
		found = append(found, slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !r.Named(w) })...)
		if r.Name != word.FindString(r.Name) && strings.Contains(text, r.Name) { // a name of several words
			found = append(found, r.Name)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
