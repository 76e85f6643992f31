package config

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// probe reads a URL, or the object that says more than one.
func (b *builder) probe(region entry) topology.Probe {
	n := region.value.get("probe")
	if n == nil {
		return topology.Probe{}
	}
	p := topology.Probe{URL: n.value(), Status: 200}
	if n.scalar() {
		return p
	}
	p.URL, p.Host, p.Release = n.get("url").value(), n.get("host").value(), n.get("release").value()
	// The format was checked: errors cannot happen.
	p.Status, _ = strconv.Atoi(cmp.Or(n.get("status").value(), "200"))
	p.Private = strings.EqualFold(n.get("private").value(), "true")
	return p
}

func (b *builder) takeover(n *node) topology.Takeover {
	return topology.Takeover{
		Plan: n.get("region-switch").value(), BreakGlass: n.get("break-glass").value(),
		Organization: strings.EqualFold(n.get("organization").value(), "true"), Drill: b.drill(n.get("drill")),
	}
}

// drill reads a drill that somebody wrote down; a day that is still to come is a plan.
func (b *builder) drill(n *node) topology.Drill {
	on := n.get("on")
	if on == nil {
		return topology.Drill{}
	}
	day, err := drift.ParseDate(on.text)
	if err != nil {
		return topology.Drill{} // the format was checked: it was reported there
	}
	if day.After(b.now) {
		b.add(on.pos, "write it down when it was done", "takeover.drill.on is %s, a day that has not come", shown(on.text))
	}
	d := topology.Drill{On: day.Time, Release: n.get("release").value()}
	d.Took, _ = parseDuration(n.get("took").value())
	return d
}
