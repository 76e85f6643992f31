// Package drs simulates what Elastic Disaster Recovery says about the servers that it replicates into a Region. It owns no
// CloudFormation type: AWS has none. A resource of type ServerType is a source server as the API shows it; until an account was
// initialized in a Region, or has a server there, the service answers that it was not. Nothing is replicated.
package drs

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package. ServerType has the members of SourceServer, in the API's
// own names; AccountType is an account that was initialized.
const (
	ServerType  = "sim::DRS::SourceServer"
	AccountType = "sim::DRS::Account"
)

// Service returns Elastic Disaster Recovery.
func Service() core.Service {
	return core.Service{
		Name: "drs", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{"InitializeService": initialize, "DescribeSourceServers": describe},
		Routes: []wire.Route{
			{Operation: "InitializeService", Method: "POST", Path: "/InitializeService"},
			{Operation: "DescribeSourceServers", Method: "POST", Path: "/DescribeSourceServers"},
		},
		Kinds: []core.Kind{{Type: ServerType, Identifier: []string{"sourceServerID"}}},
	}
}

func initialize(c *core.Call) (any, error) {
	c.World.Store.Put(store.Resource{Scope: c.Scope, Type: AccountType, ID: c.Account, Properties: map[string]any{}})
	return core.Out{}, nil
}

func describe(c *core.Call) (any, error) {
	servers := c.List(ServerType)
	if _, initialized := c.Get(AccountType, c.Account); !initialized && len(servers) == 0 {
		return nil, wire.Errorf(400, "UninitializedAccountException", "Account not initialized")
	}
	list := []any{}
	for _, r := range servers {
		list = append(list, core.Out(r.Properties))
	}
	return core.Page{Size: 200, Token: "nextToken", Max: "maxResults"}.Cut(c, "items", list)
}
