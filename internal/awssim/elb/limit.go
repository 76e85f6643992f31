package elb

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// LimitType scripts a limit of the account: id is its name, the property Max its value.
const LimitType = "sim::ElasticLoadBalancingV2::Limit"

// describeLimits tells some of the account's limits: AWS's defaults, unless they are scripted.
func describeLimits(c *core.Call) (any, error) {
	list := []any{}
	for _, l := range []struct{ name, most string }{
		{"application-load-balancers", "50"}, {"network-load-balancers", "50"}, {"target-groups", "3000"}, {"targets-per-application-load-balancer", "1000"},
		{"listeners-per-application-load-balancer", "50"}, {"rules-per-application-load-balancer", "100"},
	} {
		most := any(l.most)
		if r, ok := c.Get(LimitType, l.name); ok {
			most = r.Properties["Max"]
		}
		list = append(list, core.Out{"Name": l.name, "Max": most})
	}
	return core.Out{"Limits": list}, nil
}
