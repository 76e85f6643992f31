package readiness

import "github.com/lockstep-dr/lockstep/drift"

// balancerStates are when a load balancer passes requests on. Source: Elastic
// Load Balancing API reference, LoadBalancerState.
var balancerStates = condition{types: []string{typeBalancer}, noun: "load balancer", fact: drift.FactLoadBalancerState, field: "Code", reason: "Reason",
	good: []string{"active"}, moving: []string{"provisioning"}}

var domainTypes = []string{"AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName"}

func healthRules() []Rule {
	return []Rule{
		{
			ID: "RTE-04", Severity: drift.Block, compares: true, check: balancersActive, Strategies: softInBackup,
			Title:  "Load balancers of the standby are active, with the scheme and type of the primary's",
			Why:    "DNS sends the clients to the standby's load balancer: it must be there, be of the same kind, and answer.",
			Source: "ARC readiness rules ElbV2State, ElbV2Scheme and ElbV2Type",
			Needs: append(needsOf([]string{"elasticloadbalancing:DescribeLoadBalancers"}, balancerStates),
				Need{Types: []string{typeBalancer}, Properties: []string{"Scheme", "Type", "IpAddressType"}, Actions: []string{"elasticloadbalancing:DescribeLoadBalancers"}}),
			Fix: "Find out why the load balancer is impaired, or deploy it to the standby with the same scheme and type.",
		},
		{
			ID: "RTE-05", Severity: drift.Block, check: targetsHealthy, Strategies: idleStrategies,
			Title:  "Every target group of the standby that has healthy targets in the primary has one too",
			Why:    "A load balancer without a healthy target, or a Classic Load Balancer without an instance in service, answers every request with an error.",
			Source: "ARC readiness rules ElbV2TargetGroupsCanServeTraffic and ElbV1AnyInstancesHealthy",
			Needs:  needsOfPools(),
			Fix:    "Start at least one target in the standby and see why its health check fails.",
		},
		{
			ID: "RTE-07", Severity: drift.Block, check: domainsAvailable, Strategies: softInBackup,
			Title:  "Custom domains of APIs and user pools are available in the standby",
			Why:    "A domain name takes up to 40 minutes to become available, and needs its certificate first.",
			Source: "ARC readiness rules ApiGwV1EndpointDomainNameStatus and ApiGwV2DomainNameStatus",
			Needs: append(needsOf([]string{"cognito-idp:DescribeUserPoolDomain"}, signInServes),
				Need{Types: domainTypes, Fact: drift.FactDomainName, Actions: []string{"apigateway:GET"}}),
			Fix: "Create the domain name in the standby with a certificate of that Region, and wait until it is available.",
		},
	}
}

func balancersActive(h *hearing) {
	h.inCondition(balancerStates)
	for _, kind := range []string{typeBalancer, typeClassicBalancer} {
		h.hearFindings(kind, func(f *drift.Finding) (drift.Severity, bool) {
			return raised(f, drift.Warn), within(f.Property, "Scheme") || within(f.Property, "Type") || within(f.Property, "IpAddressType")
		})
	}
}

// pools are what a load balancer sends requests to, and how many of a pool are
// in which state. Sources of the states: Elastic Load Balancing API reference,
// TargetHealth (version 2015-12-01) and InstanceState (version 2012-06-01).
var pools = []struct {
	kind, noun, member, fact, action string
	healthy                          string
	// starting may become healthy by itself.
	starting string
}{
	{typeTargetGroup, "target group", "targets", drift.FactTargetHealth, "elasticloadbalancing:DescribeTargetHealth", "healthy", "initial"},
	{typeClassicBalancer, "Classic Load Balancer", "instances", drift.FactInstanceHealth, "elasticloadbalancing:DescribeInstanceHealth", "InService", "Unknown"},
}

func needsOfPools() []Need {
	var needs []Need
	for _, p := range pools {
		needs = append(needs, Need{Types: []string{p.kind}, Fact: p.fact, Actions: []string{p.action}})
	}
	return needs
}

// targetsHealthy asks for one healthy target where the primary has any. A pool
// that is unused, or empty, in the primary says nothing about the standby.
func targetsHealthy(h *hearing) {
	for _, pool := range pools {
		pairs := h.pairs(pool.kind)
		h.applies(len(pairs), pool.noun, "a healthy target wherever the primary has one")
		for _, p := range h.present(pairs) {
			ours, known := h.primary.object(pool.fact, p.key)
			theirs, knownThere := h.standby.object(pool.fact, p.key)
			healthyHere, _ := number(ours, pool.healthy)
			healthyThere, _ := number(theirs, pool.healthy)
			starting, _ := number(theirs, pool.starting)
			switch {
			case !known:
				h.unknown(h.primary.region(), p.key, pool.fact, "the health of its %s was not read in %s", pool.member, h.primary.region())
			case !knownThere:
				h.unknown(h.standby.region(), p.key, pool.fact, "the health of its %s was not read in %s", pool.member, h.standby.region())
			case healthyHere == 0 || healthyThere > 0:
			case starting > 0:
				h.undecided(p.key, "its %s are being registered in %s", pool.member, h.standby.region())
			default:
				h.fail("", p.key, "", "has %s healthy %s in %s and none in %s (%s)", show(healthyHere), pool.member, h.primary.region(), h.standby.region(), show(theirs))
			}
		}
	}
}

// domainsAvailable judges each endpoint of a domain: a domain that moves between
// endpoint types has two. Source: API Gateway API reference, DomainName.
// signInServes: where users sign in. Source of the states: Amazon Cognito user
// pools API reference, DomainDescriptionType.
var signInServes = condition{types: []string{"AWS::Cognito::UserPoolDomain"}, noun: "sign-in domain", fact: drift.FactUserPoolDomain, field: "Status",
	good: []string{"ACTIVE"}, moving: []string{"CREATING", "UPDATING"}}

func domainsAvailable(h *hearing) {
	h.inCondition(signInServes)
	domains := h.pairs(domainTypes...)
	h.applies(len(domains), "custom domain", "available in the standby")
	for _, p := range h.present(domains) {
		fact, _ := h.standby.object(drift.FactDomainName, p.key)
		states := stringsOf(fact["DomainNameStatus"])
		if len(states) == 0 {
			h.unknown(h.standby.region(), p.key, drift.FactDomainName, "its status was not read in %s", h.standby.region())
		}
		for _, state := range states {
			switch state {
			case "":
				h.unknown(h.standby.region(), p.key, drift.FactDomainName, "its status was not read in %s", h.standby.region())
			case "AVAILABLE":
			case "UPDATING", "PENDING":
				h.undecided(p.key, "is %s in %s", state, h.standby.region())
			default:
				h.fail("", p.key, "", "is %s in %s", state, h.standby.region())
			}
		}
	}
}
