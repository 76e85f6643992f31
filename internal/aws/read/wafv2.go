package read

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type wafAPI interface {
	GetWebACL(context.Context, *wafv2.GetWebACLInput, ...func(*wafv2.Options)) (*wafv2.GetWebACLOutput, error)
	GetWebACLForResource(context.Context, *wafv2.GetWebACLForResourceInput, ...func(*wafv2.Options)) (*wafv2.GetWebACLForResourceOutput, error)
	GetIPSet(context.Context, *wafv2.GetIPSetInput, ...func(*wafv2.Options)) (*wafv2.GetIPSetOutput, error)
	GetRuleGroup(context.Context, *wafv2.GetRuleGroupInput, ...func(*wafv2.Options)) (*wafv2.GetRuleGroupOutput, error)
	GetRegexPatternSet(context.Context, *wafv2.GetRegexPatternSetInput, ...func(*wafv2.Options)) (*wafv2.GetRegexPatternSetOutput, error)
	GetLoggingConfiguration(context.Context, *wafv2.GetLoggingConfigurationInput, ...func(*wafv2.Options)) (*wafv2.GetLoggingConfigurationOutput, error)
	ListTagsForResource(context.Context, *wafv2.ListTagsForResourceInput, ...func(*wafv2.Options)) (*wafv2.ListTagsForResourceOutput, error)
}

var webACLFields = []string{"Name", "Description", "VisibilityConfig", "AssociationConfig", "CaptchaConfig", "ChallengeConfig", "CustomResponseBodies",
	"TokenDomains", "DataProtectionConfig", "OnSourceDDoSProtectionConfig", "ApplicationConfig"}

func wafReader() reader {
	get := func(operation string) []string { return []string{"wafv2:" + operation, "wafv2:ListTagsForResource"} }
	return reader{
		specs: []Spec{
			{Type: "AWS::WAFv2::WebACL", Properties: append([]string{"Scope", "DefaultAction", "Rules", "Tags"}, webACLFields...), Actions: get("GetWebACL"),
				Identities: []string{"Arn", "Id"}},
			{Type: "AWS::WAFv2::RuleGroup", Properties: []string{"Name", "Scope", "Description", "Capacity", "Rules", "VisibilityConfig", "CustomResponseBodies", "Tags"},
				Actions: get("GetRuleGroup"), Identities: []string{"Arn", "Id"}},
			{Type: "AWS::WAFv2::IPSet", Properties: []string{"Name", "Scope", "Description", "IPAddressVersion", "Addresses", "Tags"}, Actions: get("GetIPSet"),
				Identities: []string{"Arn", "Id"}},
			{Type: "AWS::WAFv2::RegexPatternSet", Properties: []string{"Name", "Scope", "Description", "RegularExpressionList", "Tags"},
				Actions: get("GetRegexPatternSet"), Identities: []string{"Arn", "Id"}},
			{Type: "AWS::WAFv2::WebACLAssociation", Properties: []string{"ResourceArn", "WebACLArn"}, Actions: []string{"wafv2:GetWebACL", "wafv2:GetWebACLForResource"}},
			{Type: "AWS::WAFv2::LoggingConfiguration", Properties: []string{"ResourceArn", "LogDestinationConfigs", "LoggingFilter", "RedactedFields"},
				Actions: []string{"wafv2:GetLoggingConfiguration"}},
		},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				switch item.Type {
				case "AWS::WAFv2::WebACLAssociation":
					r.webACLAssociation(ctx, item)
				case "AWS::WAFv2::LoggingConfiguration":
					r.webACLLogging(ctx, item)
				default:
					r.wafEntity(ctx, item)
				}
			})
		},
	}
}

// wafEntity reads what WAF knows by name, id and scope, which is what Ref says of it.
func (r *run) wafEntity(ctx context.Context, item inventory.Item) {
	parts := strings.Split(item.ID, "|")
	if len(parts) != 3 {
		r.unaddressable(item, "a name, an id and a scope")
		return
	}
	name, id, scope := &parts[0], &parts[1], types.Scope(parts[2])
	o, arn := newObject().set("Scope", scope).identity("Id", *id), ""
	var err error
	switch item.Type {
	case "AWS::WAFv2::WebACL":
		var out *wafv2.GetWebACLOutput
		if out, err = r.clients.waf.GetWebACL(ctx, &wafv2.GetWebACLInput{Name: name, Id: id, Scope: scope}); err == nil && out.WebACL != nil {
			o.take(out.WebACL, webACLFields...).waf("Rules", out.WebACL.Rules).waf("DefaultAction", out.WebACL.DefaultAction)
			arn = aws.ToString(out.WebACL.ARN)
		}
	case "AWS::WAFv2::RuleGroup":
		var out *wafv2.GetRuleGroupOutput
		if out, err = r.clients.waf.GetRuleGroup(ctx, &wafv2.GetRuleGroupInput{Name: name, Id: id, Scope: scope}); err == nil && out.RuleGroup != nil {
			o.take(out.RuleGroup, "Name", "Description", "Capacity", "VisibilityConfig", "CustomResponseBodies").waf("Rules", out.RuleGroup.Rules)
			arn = aws.ToString(out.RuleGroup.ARN)
		}
	case "AWS::WAFv2::IPSet":
		var out *wafv2.GetIPSetOutput
		if out, err = r.clients.waf.GetIPSet(ctx, &wafv2.GetIPSetInput{Name: name, Id: id, Scope: scope}); err == nil && out.IPSet != nil {
			o.take(out.IPSet, "Name", "Description", "IPAddressVersion", "Addresses")
			arn = aws.ToString(out.IPSet.ARN)
		}
	case "AWS::WAFv2::RegexPatternSet":
		var out *wafv2.GetRegexPatternSetOutput
		if out, err = r.clients.waf.GetRegexPatternSet(ctx, &wafv2.GetRegexPatternSetInput{Name: name, Id: id, Scope: scope}); err == nil && out.RegexPatternSet != nil {
			patterns := []string{}
			for _, p := range out.RegexPatternSet.RegularExpressionList {
				patterns = append(patterns, aws.ToString(p.RegexString))
			}
			o.take(out.RegexPatternSet, "Name", "Description").set("RegularExpressionList", patterns)
			arn = aws.ToString(out.RegexPatternSet.ARN)
		}
	}
	if err != nil {
		r.failed(item, err)
		return
	}
	if arn == "" {
		r.note(item, "", "", "", session.BadResponse, "the answer does not have what was asked for")
		return
	}
	tags, err := r.clients.waf.ListTagsForResource(ctx, &wafv2.ListTagsForResourceInput{ResourceARN: &arn})
	if err != nil {
		r.partial(item, "Tags", err)
	} else if tags.TagInfoForResource != nil {
		o.tagList(tags.TagInfoForResource.TagList, "Key", "Value")
	}
	r.found(item, o.identity("Arn", arn))
}

// waf adds a property made of rules, in CloudFormation's spelling.
func (o *object) waf(name string, value any) *object {
	tree, err := drift.Tree(value)
	if err != nil {
		o.fail(err)
		return o
	}
	return o.set(name, wafSpelling(tree))
}

// wafSpelling: an ARN is an Arn in a template, and a text to search for is text
// there and bytes here.
func wafSpelling(v any) any {
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			v[i] = wafSpelling(element)
		}
	case map[string]any:
		if arn, ok := v["ARN"]; ok {
			v["Arn"] = arn
			delete(v, "ARN")
		}
		if encoded, ok := v["SearchString"].(string); ok {
			if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
				v["SearchString"] = string(plain)
			}
		}
		for key, member := range v {
			v[key] = wafSpelling(member)
		}
	}
	return v
}

func (r *run) webACLAssociation(ctx context.Context, item inventory.Item) {
	resource := text(item.Resolved, "ResourceArn")
	if resource == "" || unresolved(resource) {
		if resource, _, _ = strings.Cut(item.ID, "|"); !strings.HasPrefix(resource, "arn:") {
			r.unaddressable(item, "what it protects")
			return
		}
	}
	out, err := r.clients.waf.GetWebACLForResource(ctx, &wafv2.GetWebACLForResourceInput{ResourceArn: &resource})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.WebACL == nil {
		r.gone(item)
		return
	}
	r.found(item, newObject().set("ResourceArn", resource).set("WebACLArn", out.WebACL.ARN))
}

func (r *run) webACLLogging(ctx context.Context, item inventory.Item) {
	if !strings.HasPrefix(item.ID, "arn:") {
		r.unaddressable(item, "the ARN of a web ACL")
		return
	}
	out, err := r.clients.waf.GetLoggingConfiguration(ctx, &wafv2.GetLoggingConfigurationInput{ResourceArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.LoggingConfiguration == nil {
		r.empty(item, "wafv2:GetLoggingConfiguration", "configuration")
		return
	}
	r.found(item, newObject().take(out.LoggingConfiguration, "ResourceArn", "LogDestinationConfigs", "LoggingFilter", "RedactedFields"))
}
