package lambda

import (
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func getConcurrency(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"ReservedConcurrentExecutions": f.Properties["ReservedConcurrentExecutions"]}, nil
}

func putConcurrency(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	n := float64(c.In.Int("ReservedConcurrentExecutions", 0))
	if _, err := c.Update(Type, f.ID, map[string]any{"ReservedConcurrentExecutions": n}); err != nil {
		return nil, err
	}
	return core.Out{"ReservedConcurrentExecutions": n}, nil
}

func deleteConcurrency(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(Type, f.ID, map[string]any{"ReservedConcurrentExecutions": nil})
	return &wire.Raw{Status: 204}, err
}

// provisionTime is how long new provisioned concurrency that was asked for through the API is in progress.
const provisionTime = 60 * time.Second

// target finds the alias or version that a request for provisioned concurrency names.
func target(c *core.Call) (store.Resource, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return f, err
	}
	if qualifier == "" || qualifier == "$LATEST" {
		return f, invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
	}
	id := functionARN(f.Scope, f.ID) + ":" + qualifier
	for _, typ := range []string{AliasType, VersionType} {
		if r, ok := c.Get(typ, id); ok {
			return r, nil
		}
	}
	return f, notFound("Function not found: %s", id)
}

// requested is the provisioned concurrency of an alias or version, 0 when there is none.
func requested(r store.Resource) int {
	return wire.Object(r.Properties).Object("ProvisionedConcurrencyConfig").Int("ProvisionedConcurrentExecutions", 0)
}

func presentProvisioned(r store.Resource) core.Out {
	n := requested(r)
	out := core.Out{
		"RequestedProvisionedConcurrentExecutions": n, "AllocatedProvisionedConcurrentExecutions": n, "AvailableProvisionedConcurrentExecutions": n,
		"Status": "READY", "LastModified": r.Updated.UTC().Format("2006-01-02T15:04:05+0000"),
	}
	if status := wire.Text(r.Private["ProvisionedStatus"]); status != "" {
		out["Status"], out["StatusReason"] = status, r.Private["ProvisionedReason"]
		out["AllocatedProvisionedConcurrentExecutions"], out["AvailableProvisionedConcurrentExecutions"] = 0, 0
	}
	return out
}

func getProvisioned(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	if requested(r) == 0 {
		return nil, wire.Errorf(404, "ProvisionedConcurrencyConfigNotFoundException", "No Provisioned Concurrency Config found for this function")
	}
	return presentProvisioned(r), nil
}

func putProvisioned(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	n := c.In.Int("ProvisionedConcurrentExecutions", 0)
	if n < 1 {
		return nil, wire.Errorf(400, "ValidationException", "1 validation error detected: Value '%d' at 'provisionedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 1", n)
	}
	config := map[string]any{"ProvisionedConcurrentExecutions": float64(n)}
	if _, err := c.Update(r.Type, r.ID, map[string]any{"ProvisionedConcurrencyConfig": config}); err != nil {
		return nil, err
	}
	if r, err = provision(c.World, r); err != nil {
		return nil, err
	}
	return wire.JSONBody(202, presentProvisioned(r)), nil
}

// provision begins to provide what was requested; it is there after provisionTime, unless that was asked for anew.
func provision(w *core.World, r store.Resource) (store.Resource, error) {
	round := 0
	began, _, err := w.Store.Update(r.Scope, r.Type, r.ID, func(r *store.Resource) error {
		round = shape.Int(r.Private["ProvisionedRound"], 0) + 1
		r.Private["ProvisionedStatus"], r.Private["ProvisionedRound"] = "IN_PROGRESS", round
		return nil
	})
	w.Clock.AfterFunc(provisionTime, func() {
		_, _, _ = w.Store.Update(r.Scope, r.Type, r.ID, func(r *store.Resource) error { // an alias that is gone needs no status
			if shape.Int(r.Private["ProvisionedRound"], 0) == round {
				r.Private["ProvisionedStatus"] = nil
			}
			return nil
		})
	})
	return began, err
}

func deleteProvisioned(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(r.Type, r.ID, map[string]any{"ProvisionedConcurrencyConfig": nil})
	return &wire.Raw{Status: 204}, err
}

func listProvisioned(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range append(aliasesOf(c.Read(), f.Scope, f.ID), versionsOf(c, f)...) {
		if requested(r) > 0 {
			one := presentProvisioned(r)
			one["FunctionArn"] = r.ID
			list = append(list, one)
		}
	}
	return page(c, "ProvisionedConcurrencyConfigs", list, 50)
}

// LimitType scripts how many executions at once a Region allows: the property Value of the id "limit".
const LimitType = "sim::Lambda::AccountLimit"

func getAccountSettings(c *core.Call) (any, error) {
	limit := accountLimit
	if r, ok := c.Get(LimitType, "limit"); ok {
		limit = shape.Int(r.Properties["Value"], limit)
	}
	reserved, size, count := 0, 0, 0
	for _, f := range c.List(Type) {
		reserved += shape.Int(f.Properties["ReservedConcurrentExecutions"], 0)
		size += shape.Int(f.Private["CodeSize"], 0)
		count++
	}
	return core.Out{
		"AccountLimit": core.Out{"TotalCodeSize": 80530636800, "CodeSizeUnzipped": 262144000, "CodeSizeZipped": 52428800,
			"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": limit - reserved},
		"AccountUsage": core.Out{"TotalCodeSize": size, "FunctionCount": count},
	}, nil
}
