// Package wafv2 simulates web ACLs, rule groups, sets of addresses and of patterns, what they protect and where they log. It
// owns those AWS::WAFv2 types. It judges no request and counts no capacity. Lock tokens are given and not asked for.
package wafv2

import (
	"encoding/base64"
	"maps"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	ACLType         = "AWS::WAFv2::WebACL"
	GroupType       = "AWS::WAFv2::RuleGroup"
	IPSetType       = "AWS::WAFv2::IPSet"
	PatternsType    = "AWS::WAFv2::RegexPatternSet"
	AssociationType = "AWS::WAFv2::WebACLAssociation"
	LoggingType     = "AWS::WAFv2::LoggingConfiguration"
)

// entity is one kind of thing that has a name, an id and a scope.
type entity struct {
	typ, api, path string
	settings       []string // members of an update
}

func entities() []entity {
	return []entity{
		{ACLType, "WebACL", "webacl", []string{"DefaultAction", "Description", "Rules", "VisibilityConfig", "CustomResponseBodies", "CaptchaConfig", "ChallengeConfig",
			"TokenDomains", "AssociationConfig"}},
		{GroupType, "RuleGroup", "rulegroup", []string{"Description", "Rules", "VisibilityConfig", "CustomResponseBodies"}},
		{IPSetType, "IPSet", "ipset", []string{"Description", "Addresses"}},
		{PatternsType, "RegexPatternSet", "regexpatternset", []string{"Description", "RegularExpressionList"}},
	}
}

// Service returns WAF.
func Service() core.Service {
	tags := core.Tagging{Find: byARN, Show: func(c *core.Call, tags map[string]string) (any, error) {
		return core.Out{"TagInfoForResource": core.Out{"ResourceARN": c.In.String("ResourceARN"), "TagList": core.TagList(tags)}}, nil
	}}
	s := core.Service{Name: "wafv2", Operations: map[string]core.Handler{
		"GetWebACLForResource": forResource, "AssociateWebACL": associate, "DisassociateWebACL": disassociate,
		"GetLoggingConfiguration": getLogging, "PutLoggingConfiguration": putLogging, "DeleteLoggingConfiguration": deleteLogging,
		"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
	}}
	for _, e := range entities() {
		s.Operations["Get"+e.api], s.Operations["Update"+e.api], s.Operations["Create"+e.api] = e.get, e.update, e.create
		s.Kinds = append(s.Kinds, e.kind())
	}
	s.Kinds = append(s.Kinds,
		core.Kind{Type: AssociationType, Identifier: []string{"ResourceArn", "WebACLArn"}, Ref: "{ID}", Replace: []string{"ResourceArn", "WebACLArn"},
			Schema: core.Schema{Required: []string{"ResourceArn", "WebACLArn"}}},
		core.Kind{Type: LoggingType, Identifier: []string{"ResourceArn"}, Ref: "{ResourceArn}", Replace: []string{"ResourceArn"},
			Schema: core.Schema{Required: []string{"ResourceArn", "LogDestinationConfigs"}}})
	return s
}

func (e entity) kind() core.Kind {
	return core.Kind{
		Type: e.typ, Name: core.NameRule{Property: "Name", Max: 128}, Identifier: []string{"Name", "Id", "Scope"}, Ref: "{Name}|{Id}|{Scope}",
		Invalid: "WAFInvalidParameterException", Replace: []string{"Name", "Scope", "IPAddressVersion", "Capacity"},
		Attributes: map[string]string{"Arn": "arn:aws:wafv2:{Region}:{Account}:{Path}/{Name}/{Id}", "LabelNamespace": "awswaf:{Account}:" + e.path + ":{Name}:"},
		Schema: core.Schema{Required: []string{"Scope"}, Numbers: []string{"Capacity", "Rules.Priority"}, Booleans: []string{"VisibilityConfig.CloudWatchMetricsEnabled",
			"VisibilityConfig.SampledRequestsEnabled", "Rules.VisibilityConfig.CloudWatchMetricsEnabled", "Rules.VisibilityConfig.SampledRequestsEnabled"}},
		Create: func(c *core.Change) error {
			r := c.Resource
			scope := "regional/"
			if wire.Text(r.Properties["Scope"]) == "CLOUDFRONT" {
				if r.Region != "us-east-1" {
					return wire.Errorf(400, "WAFInvalidParameterException", "The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT")
				}
				scope = "global/"
			}
			r.Attributes["Path"] = scope + e.path
			r.Attributes["Id"] = c.World.IDs.UUID(r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
			return nil
		},
	}
}

// create makes one by hand. Source: AWS WAF API reference, CreateWebACL and the like.
func (e entity) create(c *core.Call) (any, error) {
	properties := map[string]any{}
	for name, v := range c.In {
		if name != "Tags" {
			properties[name] = spelling(v, false)
		}
	}
	r, err := c.Create(e.typ, properties, core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"Summary": core.Out{"Name": r.Properties["Name"], "Id": r.Attributes["Id"], "ARN": r.Attributes["Arn"], "LockToken": "1"}}, nil
}

func missing() error {
	return wire.Errorf(400, "WAFNonexistentItemException", "AWS WAF couldn't perform the operation because your resource doesn't exist.")
}

func (e entity) find(c *core.Call) (store.Resource, error) {
	id := c.In.String("Name") + "|" + c.In.String("Id") + "|" + c.In.String("Scope")
	if r, ok := c.Get(e.typ, id); ok {
		return r, nil
	}
	return store.Resource{}, missing()
}

func present(r store.Resource) core.Out {
	out := core.Out{}
	for name, v := range r.Properties {
		if name != "Scope" {
			out[name] = spelling(v, true)
		}
	}
	out["ARN"], out["Id"] = r.Attributes["Arn"], r.Attributes["Id"]
	if list := wire.Object(r.Properties).Strings("RegularExpressionList"); len(list) > 0 {
		out["RegularExpressionList"] = core.Each(list, "RegexString", nil)
	}
	if out["Capacity"] == nil {
		out["Capacity"] = 1
	}
	return out
}

// spelling turns templates' words into the API's, and back.
func spelling(v any, api bool) any {
	if list, ok := wire.Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = spelling(e, api)
		}
		return out
	}
	o := wire.AsObject(v)
	if o == nil {
		return v
	}
	out := map[string]any{}
	for name, member := range o {
		switch {
		case api && name == "Arn":
			name = "ARN"
		case !api && name == "ARN":
			name = "Arn"
		case api && name == "SearchString":
			member = base64.StdEncoding.EncodeToString([]byte(wire.Text(member)))
		case !api && name == "SearchString":
			if plain, err := base64.StdEncoding.DecodeString(wire.Text(member)); err == nil {
				member = string(plain)
			}
		}
		out[name] = spelling(member, api)
	}
	return out
}

func (e entity) get(c *core.Call) (any, error) {
	r, err := e.find(c)
	if err != nil {
		return nil, err
	}
	return core.Out{e.api: present(r), "LockToken": lock(r)}, nil
}

func lock(r store.Resource) string { return shape.ManagedKeyID(r.ID, "lock", wire.Text(r.Revision)) }

// update replaces the settings as a whole: what is not given is gone.
func (e entity) update(c *core.Call) (any, error) {
	r, err := e.find(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, name := range e.settings {
		patch[name] = nil
		if c.In.Has(name) {
			patch[name] = shape.Plain(spelling(c.In[name], false))
		}
	}
	if list := c.In.Objects("RegularExpressionList"); e.typ == PatternsType {
		patterns := []any{}
		for _, p := range list {
			patterns = append(patterns, p.String("RegexString"))
		}
		patch["RegularExpressionList"] = patterns
	}
	if r, err = c.Update(e.typ, r.ID, patch); err != nil {
		return nil, err
	}
	return core.Out{"NextLockToken": lock(r)}, nil
}

func byARN(c *core.Call) (store.Resource, error) {
	for _, e := range entities() {
		for _, r := range c.List(e.typ) {
			if wire.Text(r.Attributes["Arn"]) == c.In.String("ResourceARN") {
				return r, nil
			}
		}
	}
	return store.Resource{}, missing()
}

func forResource(c *core.Call) (any, error) {
	for _, a := range c.List(AssociationType) {
		if strings.HasPrefix(a.ID, c.In.String("ResourceArn")+"|") {
			c.In["ResourceARN"] = a.Properties["WebACLArn"]
			r, err := byARN(c)
			if err != nil {
				return nil, err
			}
			return core.Out{"WebACL": present(r)}, nil
		}
	}
	return core.Out{}, nil
}

// associate gives a resource its ACL, in place of the one it had.
func associate(c *core.Call) (any, error) {
	if _, err := disassociate(c); err != nil {
		return nil, err
	}
	_, err := c.Create(AssociationType, map[string]any{"ResourceArn": c.In.String("ResourceArn"), "WebACLArn": c.In.String("WebACLArn")}, nil)
	return nil, err
}

func disassociate(c *core.Call) (any, error) {
	for _, a := range c.List(AssociationType) {
		if strings.HasPrefix(a.ID, c.In.String("ResourceArn")+"|") {
			if err := c.Delete(AssociationType, a.ID); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

func getLogging(c *core.Call) (any, error) {
	r, ok := c.Get(LoggingType, c.In.String("ResourceArn"))
	if !ok {
		return nil, missing()
	}
	return core.Out{"LoggingConfiguration": r.Properties}, nil
}

func putLogging(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Plain(c.In["LoggingConfiguration"]))
	arn := given.String("ResourceArn")
	if _, ok := c.Get(LoggingType, arn); !ok {
		_, err := c.Create(LoggingType, given, nil)
		return core.Out{"LoggingConfiguration": given}, err
	}
	whole := map[string]any{"RedactedFields": nil, "LoggingFilter": nil} // what is not given is none any more
	maps.Copy(whole, given)
	_, err := c.Update(LoggingType, arn, whole)
	return core.Out{"LoggingConfiguration": given}, err
}

func deleteLogging(c *core.Call) (any, error) {
	arn := c.In.String("ResourceArn")
	if _, ok := c.Get(LoggingType, arn); !ok {
		return nil, missing()
	}
	return nil, c.Delete(LoggingType, arn)
}
