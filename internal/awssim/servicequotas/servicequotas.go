// Package servicequotas simulates Service Quotas, as far as values are asked for. Every account has AWS's defaults; a value of
// its own is a resource of type Type, id "SERVICE/CODE", with the property Value. An
// increase is granted at once; another fate of a request is a resource of type RequestType. Nothing is held to a quota: a simulated
// service makes as much as it is asked for.
package servicequotas

import (
	"strconv"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Type is the type of a value that an account has of its own.
const Type = "sim::ServiceQuotas::Quota"

// RequestType is the type of a request for another value.
const RequestType = "sim::ServiceQuotas::Request"

// Service returns Service Quotas.
func Service() core.Service {
	return core.Service{Name: "servicequotas", Operations: map[string]core.Handler{
		"GetServiceQuota": applied, "GetAWSDefaultServiceQuota": byDefault, "RequestServiceQuotaIncrease": raise,
		"ListRequestedServiceQuotaChangeHistory": history,
	}}
}

// defaults are AWS's values of the quotas that a takeover may hit.
func defaults() map[string]float64 {
	return map[string]float64{
		"lambda/L-B99A9384": 1000, "ec2/L-1216C47A": 5, "ec2/L-DB2E81BA": 0, "ec2/L-417A185B": 0, "ec2/L-34B43A08": 5, "ec2/L-0263D0A3": 5, "vpc/L-F678F1CE": 5,
		"vpc/L-FE5A380F": 5, "vpc/L-DF5E4CA3": 5000, "vpc/L-E79EC296": 2500, "elasticloadbalancing/L-53DA6B97": 50, "elasticloadbalancing/L-69A177A2": 50,
		"elasticloadbalancing/L-B22855CB": 3000, "autoscaling/L-CDE20ADC": 500, "fargate/L-3032A538": 6, "eks/L-1194D53C": 100, "rds/L-7B6409FD": 40,
		"rds/L-952B80B8": 40, "rds/L-7ADDB58A": 100000, "dynamodb/L-F98FE922": 2500, "elasticache/L-DFE45DF3": 300, "elasticfilesystem/L-848C634D": 1000,
		"apigateway/L-8A5B8E43": 10000, "sns/L-61103206": 100000, "events/L-244521F2": 300, "kms/L-C2F1777E": 100000, "cloudformation/L-0485CB21": 2000,
		"ec2/L-74FC7D96": 0, "ec2/L-1945791B": 0, "ec2/L-2C3B7624": 0, "ec2/L-7295265B": 0, "ec2/L-6E869C2A": 0, "ec2/L-43DA4232": 0, "ec2/L-F7808C92": 0,
		"ebs/L-D18FCD1D": 50, "ebs/L-7A658B76": 50, "ebs/L-FD252861": 50, "ebs/L-09BD8365": 20, "ebs/L-82ACEF56": 50, "ebs/L-17AF77E8": 50, "ebs/L-9CF3C2EB": 50,
		"ebs/L-B3A130E6": 300000, "ebs/L-8D977E7E": 100000,
	}
}

func id(c *core.Call) string { return c.In.String("ServiceCode") + "/" + c.In.String("QuotaCode") }

func missing() error {
	return wire.Errorf(400, "NoSuchResourceException", "The request failed because the specified service or quota does not exist.")
}

func present(c *core.Call, value any) core.Out {
	return core.Out{"Quota": core.Out{"ServiceCode": c.In.String("ServiceCode"), "QuotaCode": c.In.String("QuotaCode"), "QuotaName": id(c), "Value": value,
		"Unit": "None", "Adjustable": true, "GlobalQuota": false}}
}

func applied(c *core.Call) (any, error) {
	if r, ok := c.Get(Type, id(c)); ok {
		return present(c, r.Properties["Value"]), nil
	}
	return nil, missing()
}

func byDefault(c *core.Call) (any, error) {
	if value, ok := defaults()[id(c)]; ok {
		return present(c, value), nil
	}
	return nil, missing()
}

// raise grants an increase at once.
func raise(c *core.Call) (any, error) {
	if _, ok := defaults()[id(c)]; !ok {
		return nil, missing()
	}
	value := float64(c.In.Int("DesiredValue", 0))
	c.World.Store.Put(store.Resource{Scope: c.Scope, Type: Type, ID: id(c), Properties: map[string]any{"Value": value}})
	request := core.Out{"Id": strconv.Itoa(len(c.List(RequestType)) + 1), "ServiceCode": c.In.String("ServiceCode"), "QuotaCode": c.In.String("QuotaCode"), "DesiredValue": value, "Status": "APPROVED"}
	c.World.Store.Put(store.Resource{Scope: c.Scope, Type: RequestType, ID: request["Id"].(string), Properties: request})
	return core.Out{"RequestedQuota": request}, nil
}

// history lists every request, with the members of its answer.
func history(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(RequestType) {
		list = append(list, core.Merge(core.Out{"Created": r.Created}, r.Properties))
	}
	return core.Out{"RequestedQuotas": list}, nil
}
