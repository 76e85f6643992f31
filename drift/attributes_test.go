package drift

import "testing"

func TestAnAttributeThatOneRegionDoesNotListHasItsDefault(t *testing.T) {
	attribute := func(key, value string) any { return props{"Key": key, "Value": value} }
	group := func(p testPlace, list ...any) *Snapshot {
		return lonely(p, "AWS::ElasticLoadBalancingV2::TargetGroup", props{"TargetGroupAttributes": list})
	}
	common := attribute("stickiness.enabled", "true")
	for name, c := range map[string]struct {
		primary, standby []any
		differs          bool
	}{
		"the default, listed in the primary":   {list(common, attribute("slow_start.duration_seconds", "0")), list(common), false},
		"the default, listed in the standby":   {list(common), list(common, attribute("slow_start.duration_seconds", "0")), false},
		"another value, listed in the primary": {list(common, attribute("slow_start.duration_seconds", "30")), list(common), true},
		"another value, listed in the standby": {list(common), list(common, attribute("slow_start.duration_seconds", "30")), true},
		"an attribute of no known default":     {list(common, attribute("brand.new", "0")), list(common), true},
		"two values":                           {list(common, attribute("slow_start.duration_seconds", "0")), list(common, attribute("slow_start.duration_seconds", "30")), true},
	} {
		t.Run(name, func(t *testing.T) {
			found := Compare(group(east, c.primary...), group(oneAccount(), c.standby...), options).Findings
			if (len(found) > 0) != c.differs {
				t.Errorf("differs: want %v, have:%s", c.differs, show(found))
			}
		})
	}
}
