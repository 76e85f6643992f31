package elb

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkListener gives a listener its ARN, and wants its target groups to exist
// and its port to be free.
func checkListener(c *core.Change) error {
	r, p := c.Resource, wire.Object(c.Resource.Properties)
	balancer, err := exists(c, BalancerType, "LoadBalancerArn", noBalancer)
	if err != nil {
		return err
	}
	if err := checkTargets(c); err != nil {
		return err
	}
	if protocol := p.String("Protocol"); (protocol == "HTTPS" || protocol == "TLS") && !p.Has("SslPolicy") {
		p["SslPolicy"] = "ELBSecurityPolicy-2016-08"
	}
	for _, other := range c.World.Store.List(r.Scope, ListenerType) {
		if c.Before == nil && other.Properties["LoadBalancerArn"] == balancer.ID && wire.Text(other.Properties["Port"]) == p.String("Port") {
			return wire.Errorf(400, "DuplicateListener", "A listener already exists on this port for this load balancer '%s'", balancer.ID)
		}
	}
	if c.Before == nil {
		unique := c.World.IDs.Hex(16, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
		r.Attributes["ListenerArn"] = strings.Replace(balancer.ID, ":loadbalancer/", ":listener/", 1) + "/" + unique
	}
	return nil
}

func checkTargets(c *core.Change) error {
	for _, arn := range targetGroupsOf(*c.Resource) {
		if _, ok := c.World.Store.Get(c.Resource.Scope, TargetGroupType, arn); arn != "" && !ok {
			return wire.Errorf(400, noTargetGroup, "One or more target groups not found")
		}
	}
	return nil
}

func deleteRules(c *core.Change) error {
	removeRules(c.World, *c.Resource)
	return nil
}

func removeRules(w *core.World, listener store.Resource) {
	for _, rule := range w.Store.List(listener.Scope, RuleType) {
		if rule.Properties["ListenerArn"] == listener.ID {
			w.Store.Delete(rule.Scope, RuleType, rule.ID)
		}
	}
}

// actions are actions as the API returns them: a target group is named twice.
func actions(list []wire.Object) []any {
	out := []any{}
	for _, a := range list {
		one := core.Out(shape.Pick(a, "Type", "Order", "TargetGroupArn", "ForwardConfig", "RedirectConfig", "FixedResponseConfig", "AuthenticateCognitoConfig"))
		if oidc := a.Object("AuthenticateOidcConfig"); oidc != nil {
			shown := shape.Pick(oidc, oidc.Keys()...)
			delete(shown, "ClientSecret")
			one["AuthenticateOidcConfig"] = shown
		}
		arn := a.String("TargetGroupArn")
		if targets := a.Object("ForwardConfig").Objects("TargetGroups"); arn == "" && len(targets) == 1 {
			one["TargetGroupArn"] = targets[0]["TargetGroupArn"]
		}
		if arn != "" && !a.Has("ForwardConfig") {
			one["ForwardConfig"] = core.Out{"TargetGroups": []any{core.Out{"TargetGroupArn": arn, "Weight": 1}},
				"TargetGroupStickinessConfig": core.Out{"Enabled": false}}
		}
		out = append(out, one)
	}
	return out
}

func presentListener(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out(shape.Pick(r.Properties, "LoadBalancerArn", "Port", "Protocol", "SslPolicy", "AlpnPolicy", "Certificates"))
	out["ListenerArn"], out["DefaultActions"] = r.ID, actions(p.Objects("DefaultActions"))
	if protocol := p.String("Protocol"); protocol == "HTTPS" {
		mode := p.Object("MutualAuthentication")
		out["MutualAuthentication"] = core.Out{"Mode": mode.Or("Mode", "off"), "TrustStoreArn": mode["TrustStoreArn"]}
	}
	return out
}

func describeListeners(c *core.Call) (any, error) {
	if c.In.Has("LoadBalancerArn") {
		if _, err := one(c, BalancerType, "LoadBalancerArn", noBalancer); err != nil {
			return nil, err
		}
	}
	found, err := some(c, ListenerType, c.In.Strings("ListenerArns"), noListener)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range found {
		if balancer := c.In.String("LoadBalancerArn"); balancer == "" || r.Properties["LoadBalancerArn"] == balancer {
			list = append(list, presentListener(r))
		}
	}
	return page(c, "Listeners", list)
}

func listenerMembers() []string {
	return []string{"Port", "Protocol", "SslPolicy", "AlpnPolicy", "Certificates", "DefaultActions", "MutualAuthentication"}
}

func createListener(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, append(listenerMembers(), "LoadBalancerArn")...)
	r, err := c.Create(ListenerType, wire.AsObject(shape.Plain(properties)), core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"Listeners": []any{presentListener(r)}}, nil
}

func modifyListener(c *core.Call) (any, error) {
	r, err := one(c, ListenerType, "ListenerArn", noListener)
	if err != nil {
		return nil, err
	}
	r, err = c.Update(ListenerType, r.ID, wire.AsObject(shape.Plain(shape.Pick(c.In, listenerMembers()...))))
	if err != nil {
		return nil, err
	}
	return core.Out{"Listeners": []any{presentListener(r)}}, nil
}

// checkRule gives a rule its ARN, and wants its priority to be free.
func checkRule(c *core.Change) error {
	r, p := c.Resource, wire.Object(c.Resource.Properties)
	listener, err := exists(c, ListenerType, "ListenerArn", noListener)
	if err != nil {
		return err
	}
	for _, other := range c.World.Store.List(r.Scope, RuleType) {
		if other.Properties["ListenerArn"] == listener.ID && wire.Text(other.Properties["Priority"]) == p.String("Priority") && other.ID != r.ID {
			return wire.Errorf(400, "PriorityInUse", "Priority '%s' is currently in use", p.String("Priority"))
		}
	}
	if c.Before == nil {
		unique := c.World.IDs.Hex(16, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
		r.Attributes["RuleArn"] = strings.Replace(listener.ID, ":listener/", ":listener-rule/", 1) + "/" + unique
	}
	return checkTargets(c)
}

// presentRule shows conditions in both of their forms, as the API does.
func presentRule(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	conditions := []any{}
	for _, condition := range p.Objects("Conditions") {
		one := core.Out(shape.Pick(condition, condition.Keys()...))
		for field, config := range map[string]string{"path-pattern": "PathPatternConfig", "host-header": "HostHeaderConfig"} {
			switch {
			case one["Field"] != field:
			case one[config] == nil:
				one[config] = core.Out{"Values": one["Values"]}
			case one["Values"] == nil:
				one["Values"] = one.Object(config)["Values"]
			}
		}
		conditions = append(conditions, one)
	}
	return core.Out{"RuleArn": r.ID, "Priority": p.String("Priority"), "IsDefault": false, "Conditions": conditions, "Actions": actions(p.Objects("Actions")),
		"Transforms": append([]any{}, p.List("Transforms")...)}
}

func describeRules(c *core.Call) (any, error) {
	list := []any{}
	if arns := c.In.Strings("RuleArns"); len(arns) > 0 {
		found, err := some(c, RuleType, arns, noRule)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			list = append(list, presentRule(r))
		}
		return page(c, "Rules", list)
	}
	listener, err := one(c, ListenerType, "ListenerArn", noListener)
	if err != nil {
		return nil, err
	}
	for _, r := range c.List(RuleType) {
		if r.Properties["ListenerArn"] == listener.ID {
			list = append(list, presentRule(r))
		}
	}
	list = append(list, core.Out{"RuleArn": strings.Replace(listener.ID, ":listener/", ":listener-rule/", 1) + "/" + hexOf(listener.ID, 16), "Priority": "default",
		"IsDefault": true, "Conditions": []any{}, "Actions": actions(wire.Object(listener.Properties).Objects("DefaultActions"))})
	return page(c, "Rules", list)
}

func createRule(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "ListenerArn", "Conditions", "Actions", "Priority", "Transforms")
	r, err := c.Create(RuleType, wire.AsObject(shape.Plain(properties)), core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"Rules": []any{presentRule(r)}}, nil
}

func modifyRule(c *core.Call) (any, error) {
	r, err := one(c, RuleType, "RuleArn", noRule)
	if err != nil {
		return nil, err
	}
	r, err = c.Update(RuleType, r.ID, wire.AsObject(shape.Plain(shape.Pick(c.In, "Conditions", "Actions", "Transforms"))))
	if err != nil {
		return nil, err
	}
	return core.Out{"Rules": []any{presentRule(r)}}, nil
}

func setPriorities(c *core.Call) (any, error) {
	list := []any{}
	for _, pair := range c.In.Objects("RulePriorities") {
		c.In["RuleArn"] = pair.String("RuleArn")
		r, err := one(c, RuleType, "RuleArn", noRule)
		if err != nil {
			return nil, err
		}
		if r, err = c.Update(RuleType, r.ID, map[string]any{"Priority": pair["Priority"]}); err != nil {
			return nil, err
		}
		list = append(list, presentRule(r))
	}
	return core.Out{"Rules": list}, nil
}

// describeCertificates lists the listener's own certificate and those added to it.
func describeCertificates(c *core.Call) (any, error) {
	listener, err := one(c, ListenerType, "ListenerArn", noListener)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, certificate := range wire.Object(listener.Properties).Objects("Certificates") {
		list = append(list, core.Out{"CertificateArn": certificate["CertificateArn"], "IsDefault": true})
	}
	for _, arn := range wire.Object(listener.Private).Strings("Certificates") {
		list = append(list, core.Out{"CertificateArn": arn, "IsDefault": false})
	}
	for _, r := range c.List(CertificateType) {
		for _, certificate := range wire.Object(r.Properties).Objects("Certificates") {
			if r.Properties["ListenerArn"] == listener.ID {
				list = append(list, core.Out{"CertificateArn": certificate["CertificateArn"], "IsDefault": false})
			}
		}
	}
	return page(c, "Certificates", list)
}

func addCertificates(c *core.Call) (any, error) {
	listener, err := one(c, ListenerType, "ListenerArn", noListener)
	if err != nil {
		return nil, err
	}
	added := []any{}
	for _, certificate := range c.In.Objects("Certificates") {
		added = append(added, certificate.String("CertificateArn"))
	}
	_, _, err = c.World.Store.Update(listener.Scope, ListenerType, listener.ID, func(r *store.Resource) error {
		r.Private["Certificates"] = append(wire.Object(r.Private).List("Certificates"), added...)
		return nil
	})
	return core.Out{}, err
}

// removeCertificates takes certificates from a listener, whoever added them.
func removeCertificates(c *core.Call) (any, error) {
	listener, err := one(c, ListenerType, "ListenerArn", noListener)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, certificate := range c.In.Objects("Certificates") {
		gone[certificate.String("CertificateArn")] = true
	}
	_, _, err = c.World.Store.Update(listener.Scope, ListenerType, listener.ID, func(r *store.Resource) error {
		r.Private["Certificates"] = slices.DeleteFunc(wire.Object(r.Private).List("Certificates"), func(v any) bool { return gone[wire.Text(v)] })
		return nil
	})
	for _, r := range c.List(CertificateType) {
		if r.Properties["ListenerArn"] == listener.ID {
			_, _, _ = c.World.Store.Update(r.Scope, CertificateType, r.ID, func(r *store.Resource) error { // a hook that fails is none
				r.Properties["Certificates"] = slices.DeleteFunc(wire.Object(r.Properties).List("Certificates"), func(v any) bool {
					return gone[wire.AsObject(v).String("CertificateArn")]
				})
				return nil
			})
		}
	}
	return core.Out{}, err
}
