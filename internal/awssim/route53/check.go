package route53

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func checkKind() core.Kind {
	return core.Kind{Type: CheckType, Global: true, Identifier: []string{"HealthCheckId"}, Ref: "{HealthCheckId}",
		Schema: core.Schema{Required: []string{"HealthCheckConfig"}, Numbers: []string{"HealthCheckConfig.Port", "HealthCheckConfig.FailureThreshold",
			"HealthCheckConfig.RequestInterval", "HealthCheckConfig.HealthThreshold"}, Booleans: []string{"HealthCheckConfig.EnableSNI", "HealthCheckConfig.Inverted",
			"HealthCheckConfig.MeasureLatency"}},
		Create: func(c *core.Change) error {
			c.Resource.Attributes["HealthCheckId"] = c.World.IDs.UUID(c.Resource.Account, CheckType, c.Origin.StackID, c.Origin.Logical)
			config := wire.AsObject(c.Resource.Properties["HealthCheckConfig"])
			for name, v := range map[string]any{"FailureThreshold": 3.0, "RequestInterval": 30.0, "MeasureLatency": false, "Inverted": false, "EnableSNI": config.String("Type") == "HTTPS"} {
				if !config.Has(name) {
					config[name] = v
				}
			}
			return takeTags(c, "HealthCheckTags")
		}}
}

func check(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(CheckType, c.In.String("Id")); ok {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(404, "NoSuchHealthCheck", "A health check with id %s does not exist.", c.In.String("Id"))
}

func presentCheck(r store.Resource) core.Out {
	return core.Out{"Id": r.ID, "CallerReference": r.ID, "HealthCheckVersion": r.Revision, "HealthCheckConfig": r.Properties["HealthCheckConfig"]}
}

func getCheck(c *core.Call) (any, error) {
	r, err := check(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"HealthCheck": presentCheck(r)}, nil
}

func listChecks(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(CheckType) {
		list = append(list, presentCheck(r))
	}
	page, next, err := core.Paginate(list, c.In.String("marker"), c.In.Int("maxitems", 100))
	if err != nil {
		return nil, err
	}
	return core.Out{"HealthChecks": page, "IsTruncated": next != nil, "NextMarker": next, "MaxItems": 100}, nil
}

func updateCheck(c *core.Call) (any, error) {
	r, err := check(c)
	if err != nil {
		return nil, err
	}
	in, err := body(c)
	if err != nil {
		return nil, err
	}
	config := wire.AsObject(r.Properties["HealthCheckConfig"])
	for _, name := range []string{"AlarmIdentifier", "ChildHealthChecks", "Disabled", "EnableSNI", "FailureThreshold", "FullyQualifiedDomainName", "HealthThreshold",
		"IPAddress", "InsufficientDataHealthStatus", "Inverted", "Port", "Regions", "ResourcePath", "SearchString"} {
		if in.Has(name) {
			config[name] = shape.Plain(in[name])
		}
	}
	if r, err = c.Update(CheckType, r.ID, map[string]any{"HealthCheckConfig": map[string]any(config)}); err != nil {
		return nil, err
	}
	return core.Out{"HealthCheck": presentCheck(r)}, nil
}

// checkStatus is what three checkers see.
func checkStatus(c *core.Call) (any, error) {
	r, err := check(c)
	if err != nil {
		return nil, err
	}
	failing, seen := wire.Object(r.Private).Int("Failing", 0), []any{}
	for i, region := range []string{"us-east-1", "eu-west-1", "ap-southeast-1"} {
		status := "Success: HTTP Status Code 200, OK"
		if i < failing {
			status = "Failure: Connection timed out. The endpoint or the internet connection is down, or requests are being blocked by your firewall."
		}
		seen = append(seen, core.Out{"Region": region, "IPAddress": "192.0.2.1", "StatusReport": core.Out{"Status": status, "CheckedTime": c.Now()}})
	}
	return core.Out{"HealthCheckObservations": seen}, nil
}
