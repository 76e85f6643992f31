// Package ses simulates what Amazon SES says about sending, in its second API. It owns AWS::SES::EmailIdentity. It sends nothing. An
// account begins in the sandbox of every Region and is let out when it asks; an identity is verified when it is made.
package ses

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package. AccountType is what an account was let do in a Region.
const (
	Type        = "AWS::SES::EmailIdentity"
	AccountType = "sim::SES::Account"
)

// Service returns SES.
func Service() core.Service {
	return core.Service{
		Name: "ses", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{"GetAccount": account, "PutAccountDetails": ask, "GetEmailIdentity": identity},
		Routes: []wire.Route{
			{Operation: "GetAccount", Method: "GET", Path: "/v2/email/account"},
			{Operation: "PutAccountDetails", Method: "POST", Path: "/v2/email/account/details"},
			{Operation: "GetEmailIdentity", Method: "GET", Path: "/v2/email/identities/{EmailIdentity}"},
		},
		Kinds: []core.Kind{{Type: Type, Identifier: []string{"EmailIdentity"}, Ref: "{EmailIdentity}", Replace: []string{"EmailIdentity"},
			Schema: core.Schema{Required: []string{"EmailIdentity"}}}},
	}
}

func account(c *core.Call) (any, error) {
	_, out := c.Get(AccountType, c.Account)
	return core.Out{"ProductionAccessEnabled": out, "SendingEnabled": true, "EnforcementStatus": "HEALTHY", "DedicatedIpAutoWarmupEnabled": true}, nil
}

func ask(c *core.Call) (any, error) {
	if c.In["ProductionAccessEnabled"] == true {
		c.World.Store.Put(store.Resource{Scope: c.Scope, Type: AccountType, ID: c.Account, Properties: map[string]any{}})
	}
	return core.Out{}, nil
}

func identity(c *core.Call) (any, error) {
	r, ok := c.Get(Type, c.In.String("EmailIdentity"))
	if !ok {
		return nil, wire.Errorf(404, "NotFoundException", "Email identity %s does not exist.", c.In.String("EmailIdentity"))
	}
	return core.Out{"IdentityType": "DOMAIN", "VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS", "FeedbackForwardingStatus": true,
		"ConfigurationSetName": wire.AsObject(r.Properties["ConfigurationSetAttributes"]).String("ConfigurationSetName")}, nil
}
