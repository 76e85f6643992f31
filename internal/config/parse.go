package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

// Parse reads a configuration. file is named in messages only; now decides
// which waivers have expired, which is a warning. The error, if any, is an *Errors with every
// problem found; the configuration is then nil.
func Parse(src []byte, file string, now time.Time) (*Config, error) {
	found := &problems{file: file}
	root := decode(src, found)
	if root == nil {
		return nil, &Errors{Problems: found.sorted()}
	}
	checker{found}.check(root, fileShape(), "", "version: 1")
	b := builder{problems: found, warnings: &problems{file: file}, now: now.UTC()}
	config := b.build(root.ok())
	if len(found.list) > 0 {
		return nil, &Errors{Problems: found.sorted()}
	}
	config.File = file
	config.Warnings = b.warnings.sorted()
	return config, nil
}

// builder turns checked nodes into the domain and reports what the table
// cannot express: whatever depends on two places of the file or on the day.
type builder struct {
	*problems
	warnings *problems
	now      time.Time
	// regions are the configured Region codes in the file's order; reference
	// is the one that names the pairs.
	regions   []string
	reference string
}

// defaultQuotaShare leaves most of every quota to those who share the account.
const defaultQuotaShare = "30%"

func (b *builder) build(root *node) *Config {
	if root == nil {
		return nil
	}
	c := &Config{App: root.get("app").value(), RulePositions: map[string]Position{}}
	b.topology(root, c)
	c.Objectives = b.objectives(root.get("objectives"), c.Topology.Strategy)
	c.Takeover = b.takeover(root.get("takeover"))
	c.Release = b.release(root.get("release"))
	b.deploy(root.get("deploy"), c)
	c.Inventory = b.inventory(root.get("inventory"), c.Release)
	b.drift(root.get("drift"), c)
	b.gate(root.get("gate"), c)
	c.QuotaShare = parsePercent(cmp.Or(root.get("read").get("quota-share").value(), defaultQuotaShare))
	if !root.names("release") && !root.names("inventory") {
		b.add(root.pos, "add release: for what is deployed from here, or inventory: for what is only watched",
			"nothing to look at: neither release nor inventory names anything")
	}
	return c
}

// names reports whether a list is present and not empty, or was present and wrong.
func (n *node) names(key string) bool {
	for _, e := range n.entries {
		if e.key == key && (e.value.bad || len(e.value.items) > 0) {
			return true
		}
	}
	return false
}

func (b *builder) objectives(n *node, strategy topology.Strategy) topology.Objectives {
	o := topology.Objectives{Ceiling: 1}
	if strategy == topology.ActiveActive {
		o.Floor = 1
	}
	// The format was checked: errors cannot happen and would leave zero, "not declared".
	o.RPO, _ = parseDuration(n.get("rpo").value())
	o.RTO, _ = parseDuration(n.get("rto").value())
	o.Drill, _ = parseDuration(n.get("drill").value())
	o.ReservedCapacity, o.CapacityScore = n.get("reserved-capacity").value() == "true", n.get("capacity-score").value() == "true"
	if partitioned := n.get("geo-partitioned"); partitioned != nil && !partitioned.bad {
		for _, item := range partitioned.items {
			o.GeoPartitioned = append(o.GeoPartitioned, item.value())
		}
		if strategy != topology.ActiveActive {
			b.add(partitioned.pos, "a standby has no users of its own: leave it out, or write strategy: active-active",
				"objectives.geo-partitioned does not fit strategy %s", strategy)
		}
	}
	floor, ceiling := n.get("floor"), n.get("ceiling")
	if floor != nil {
		o.Floor = parsePercent(floor.text)
	}
	if ceiling != nil {
		o.Ceiling = parsePercent(ceiling.text)
	}
	if o.Floor > o.Ceiling && ceiling != nil {
		b.add(ceiling.pos, "the ceiling is what a standby can grow to, so not below what it has now",
			"objectives.ceiling %s is below the floor of %g%%", shown(ceiling.text), o.Floor*100)
	}
	return o
}

// known reports a Region code that the application does not run in.
func (b *builder) known(e entry, path string) bool {
	if len(b.regions) == 0 || slices.Contains(b.regions, e.key) {
		return true
	}
	suggestion := didYouMean(e.key, b.regions, "configured")
	if topology.IsKnownRegion(e.key) {
		suggestion = "configured: " + strings.Join(b.regions, ", ")
	}
	b.add(e.pos, suggestion, "%s names Region %s, which is not under regions", path, e.key)
	return false
}

// each gives every configured Region its value of a node that is one scalar
// for all or a mapping with one for each. Values that are wrong are absent.
func (b *builder) each(n *node, path string) map[string]*node {
	values := map[string]*node{}
	if n == nil {
		return values
	}
	if n.scalar() {
		for _, region := range b.regions {
			values[region] = n
		}
		return values
	}
	named := map[string]bool{}
	for _, e := range n.entries {
		named[e.key] = true
		if b.known(e, path) && e.value.ok() != nil {
			values[e.key] = e.value
		}
	}
	var missing []string
	for _, region := range b.regions {
		if !named[region] {
			missing = append(missing, region)
		}
	}
	if len(missing) > 0 {
		b.add(n.pos, "give every configured Region a value", "%s lacks %s", path, strings.Join(missing, ", "))
	}
	return values
}

// texts is each, as strings.
func texts(values map[string]*node) map[string]string {
	result := map[string]string{}
	for region, n := range values {
		result[region] = n.text
	}
	return result
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
