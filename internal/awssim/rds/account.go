package rds

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
)

// LimitType scripts a limit of the account: id is its name, the property Max its value.
const LimitType = "sim::RDS::AccountQuota"

// accountAttributes says what the account may have and has. The limits are AWS's defaults, unless they are scripted.
func accountAttributes(c *core.Call) (any, error) {
	storage := 0
	instances := c.List(InstanceType)
	for _, r := range instances {
		storage += shape.Int(r.Properties["AllocatedStorage"], 0)
	}
	quota := func(name string, used, most int) core.Out {
		if r, ok := c.Get(LimitType, name); ok {
			most = shape.Int(r.Properties["Max"], most)
		}
		return core.Out{"AccountQuotaName": name, "Used": used, "Max": most}
	}
	return core.Out{"AccountQuotas": []any{
		quota("DBInstances", len(instances), 40), quota("AllocatedStorage", storage, 100000), quota("DBClusters", len(c.List(ClusterType)), 40),
	}}, nil
}
