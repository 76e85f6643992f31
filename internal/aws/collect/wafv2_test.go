package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
)

func TestWebACLs(t *testing.T) {
	w := telltale(t, "wafv2")
	ctx := t.Context()
	acl := func(change func(*wafv2.UpdateWebACLInput)) func(aws.Config, string) error {
		return func(cfg aws.Config, id string) error {
			api, name, key := wafv2.NewFromConfig(cfg), aws.String("wall"), aws.String(id[len("wall|"):len(id)-len("|REGIONAL")])
			out, err := api.GetWebACL(ctx, &wafv2.GetWebACLInput{Name: name, Id: key, Scope: "REGIONAL"})
			if err != nil {
				return err
			}
			in := &wafv2.UpdateWebACLInput{Name: name, Id: key, Scope: "REGIONAL", LockToken: out.LockToken, DefaultAction: out.WebACL.DefaultAction,
				Rules: out.WebACL.Rules, VisibilityConfig: out.WebACL.VisibilityConfig}
			change(in)
			_, err = api.UpdateWebACL(ctx, in)
			return err
		}
	}
	w.shows(
		edit{"Wall", "DefaultAction", acl(func(in *wafv2.UpdateWebACLInput) {
			in.DefaultAction = &types.DefaultAction{Block: &types.BlockAction{}}
		})},
		edit{"Wall", "Rules", acl(func(in *wafv2.UpdateWebACLInput) { in.Rules[2].Action = &types.RuleAction{Count: &types.CountAction{}} })},
		edit{"Wall", "Rules", acl(func(in *wafv2.UpdateWebACLInput) {
			in.Rules[1].OverrideAction = &types.OverrideAction{Count: &types.CountAction{}}
		})},
		edit{"Offices", "Addresses", func(cfg aws.Config, id string) error {
			_, err := wafv2.NewFromConfig(cfg).UpdateIPSet(ctx, &wafv2.UpdateIPSetInput{Name: aws.String("offices"), Id: aws.String(id[len("offices|") : len(id)-len("|REGIONAL")]),
				Scope: "REGIONAL", LockToken: aws.String("x"), Addresses: []string{"192.0.2.0/24"}})
			return err
		}},
	)
}
