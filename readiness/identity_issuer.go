package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const (
	typeKubernetes = "AWS::EKS::Cluster"
	typeRole       = "AWS::IAM::Role"
)

func issuerRules() []Rule {
	return []Rule{{
		ID: "SEC-08", Severity: drift.Block, check: issuersTrusted, Strategies: softInBackup,
		Title:  "IAM knows the issuer of every Kubernetes cluster of the standby, and the roles of service accounts trust it",
		Why:    "Pods get their roles by tokens of their own cluster's issuer. Roles that trust the primary's alone leave every pod of the standby without permissions, and IAM cannot be changed while us-east-1 is down.",
		Source: "AWS Fault Isolation Boundaries, global services; Amazon EKS user guide, IAM roles for service accounts",
		Needs: []Need{
			{Types: []string{typeKubernetes}, Fact: drift.FactIssuer, Actions: []string{"iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"}},
			{Types: []string{typeRole}, Properties: []string{"AssumeRolePolicyDocument"}, Actions: []string{"iam:GetRole"}},
		},
		Fix:    "Create an IAM OIDC provider for the issuer of the standby's cluster, and let the roles' trust policies name it too.",
		unused: "no Kubernetes cluster of the primary has its issuer registered with IAM",
	}}
}

// issuersTrusted judges the clusters whose issuer IAM knows in the primary: only
// those give roles to service accounts this way.
func issuersTrusted(h *hearing) {
	judged := 0
	for _, p := range h.pairs(typeKubernetes) {
		ours, read := h.primary.object(drift.FactIssuer, p.key)
		switch {
		case !read:
			h.unknown(h.primary.region(), p.key, drift.FactIssuer, "whether IAM knows the cluster's issuer was not read in %s", h.primary.region())
		case ours["Registered"] == true:
			judged++
			h.issuerTrusted(p, ours)
		}
	}
	h.applies(judged, "cluster", "its issuer is registered, and trusted by the roles")
}

func (h *hearing) issuerTrusted(p pair, ours map[string]any) {
	if len(h.present([]pair{p})) == 0 {
		return
	}
	theirs, read := h.standby.object(drift.FactIssuer, p.key)
	if !read {
		h.unknown(h.standby.region(), p.key, drift.FactIssuer, "whether IAM knows the cluster's issuer was not read in %s", h.standby.region())
		return
	}
	issuer := text(theirs, "Issuer")
	if theirs["Registered"] != true {
		h.fail("", p.key, "", "the issuer %s of the cluster in %s is not registered with IAM", show(issuer), h.standby.region())
		return
	}
	for _, client := range stringsOf(ours["ClientIDList"]) {
		if !slices.Contains(stringsOf(theirs["ClientIDList"]), client) {
			h.fail("", p.key, "", "the provider of %s does not accept the audience %s in %s", show(issuer), show(client), h.standby.region())
		}
	}
	for _, role := range h.primary.byType[typeRole] {
		if h.trusts(role, text(ours, "Issuer")) && !h.trusts(role, issuer) && !h.siblingTrusts(role, issuer) {
			h.failProperty("", role.Key, "AssumeRolePolicyDocument", "", "trusts the cluster %s in %s and not in %s", p.key, h.primary.region(), h.standby.region())
		}
	}
}

// siblingTrusts also accepts a sibling of which it is not known whether it exists:
// that is the gap's to say.
func (h *hearing) siblingTrusts(role *drift.Resource, issuer string) bool {
	sibling := h.standby.byKey[role.Key]
	if sibling == nil {
		return h.hidden(h.standby.region(), role)
	}
	return h.trusts(sibling, issuer)
}

// trusts reports whether a role may be assumed with tokens of an issuer.
func (h *hearing) trusts(role *drift.Resource, issuer string) bool {
	issuers, known := h.issuers[role]
	if !known {
		issuers = issuersIn(role.Properties["AssumeRolePolicyDocument"])
		if h.issuers == nil {
			h.issuers = map[*drift.Resource][]string{}
		}
		h.issuers[role] = issuers
	}
	return issuer != "" && slices.Contains(issuers, issuer)
}

// issuersIn are the issuers whose OIDC providers a trust policy names.
func issuersIn(document any) (issuers []string) {
	_, rest, found := strings.Cut(canonical(document), ":oidc-provider/")
	for found {
		issuer, after, _ := strings.Cut(rest, `"`)
		issuers = append(issuers, issuer)
		_, rest, found = strings.Cut(after, ":oidc-provider/")
	}
	return issuers
}
