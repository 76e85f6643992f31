package config

import (
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// topology reads strategy and regions and fills Topology and ExternalIDs.
func (b *builder) topology(root *node, c *Config) {
	strategy := topology.Strategy(root.get("strategy").value())
	n := root.get("regions")
	var regions []topology.Region
	c.ExternalIDs = map[string]string{}
	for _, e := range n.goodEntries() {
		regions = append(regions, b.region(e, c.ExternalIDs))
		b.regions = append(b.regions, e.key)
	}
	b.reference = reference(regions)
	c.Topology = topology.Topology{App: c.App, Strategy: strategy, Regions: regions}
	if n == nil || strategy == "" || len(regions) < len(n.entries) {
		return // reported already; roles cannot be judged on half of the Regions
	}
	before := len(b.list)
	b.roles(n, strategy)
	t, err := topology.New(c.App, strategy, regions)
	if err != nil && len(b.list) == before && !missingRole(regions) {
		b.add(n.pos, "check the role of every Region", "regions: %s", err.Error())
	}
	c.Topology = t
}

func missingRole(regions []topology.Region) bool {
	for _, r := range regions {
		if r.Role == "" {
			return true
		}
	}
	return false
}

// reference is the Region that names the pairs: the primary or, without one,
// the first by name.
func reference(regions []topology.Region) string {
	first := ""
	for _, r := range regions {
		if r.Role == topology.Primary {
			return r.Name
		}
		if first == "" || r.Name < first {
			first = r.Name
		}
	}
	return first
}

func (b *builder) region(e entry, externalIDs map[string]string) topology.Region {
	r := topology.Region{
		Name: e.key, Role: topology.Role(e.value.get("role").value()),
		Account:      e.value.get("account").value(),
		RoleToAssume: e.value.get("role-to-assume").value(),
		Probe:        b.probe(e),
	}
	if !topology.IsKnownRegion(r.Name) {
		suggestion := "check the code; a new Region is fine"
		if near := nearest(r.Name, topology.KnownRegions()); near != "" {
			suggestion = "did you mean " + near + "?"
		}
		b.warnings.add(e.pos, suggestion, "Region %s is not one this version knows", r.Name)
	}
	if external := e.value.get("external-id"); external != nil {
		externalIDs[r.Name] = external.text
		if e.value.get("role-to-assume") == nil {
			b.add(external.pos, "add role-to-assume, or remove external-id", "regions.%s.external-id is set without role-to-assume", r.Name)
		}
	}
	b.roleARN(e, r)
	return r
}

// roleARN holds a role against the Region's partition and account.
func (b *builder) roleARN(e entry, r topology.Region) {
	parts := strings.SplitN(r.RoleToAssume, ":", 6)
	if len(parts) < 6 {
		return
	}
	at := e.value.get("role-to-assume").pos
	if want := topology.Partition(r.Name); parts[1] != want {
		b.add(at, "a role of that Region begins with arn:"+want+":iam::", "regions.%s.role-to-assume is in partition %s, the Region is in %s", r.Name, parts[1], want)
	}
	if r.Account != "" && parts[4] != r.Account {
		b.add(at, "make both name one account", "regions.%s.role-to-assume is in account %s, account says %s", r.Name, parts[4], r.Account)
	}
}

// roles holds the roles of all Regions against the strategy.
func (b *builder) roles(n *node, strategy topology.Strategy) {
	if len(n.entries) == 1 {
		b.add(n.pos, "add the Region that takes over", "regions names only %s; an application needs at least two", n.entries[0].key)
		return
	}
	if strategy == topology.ActiveActive {
		for _, e := range n.entries {
			if role := e.value.get("role"); role != nil && role.text != string(topology.Active) {
				b.add(role.pos, "write active, or choose another strategy",
					"regions.%s.role %s does not fit strategy active-active", e.key, role.text)
			}
		}
		return
	}
	var primary *entry
	wrong := false
	for i, e := range n.entries {
		role := e.value.get("role")
		switch {
		case role == nil:
			wrong = true
		case role.text == string(topology.Active):
			wrong = true
			b.add(role.pos, "write primary or standby, or strategy: active-active",
				"regions.%s.role active does not fit strategy %s", e.key, strategy)
		case role.text == string(topology.Primary) && primary != nil:
			b.add(role.pos, "write standby", "regions.%s is a second primary beside %s", e.key, primary.key)
		case role.text == string(topology.Primary):
			primary = &n.entries[i]
		}
	}
	if primary == nil && !wrong {
		b.add(n.pos, "give exactly one Region role: primary", "no Region has role primary")
	}
}
