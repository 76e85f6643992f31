package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// roleTypes are what a workload's permissions are made of.
var roleTypes = []string{"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::InstanceProfile"}

// identityRules: who the standby is, and what it may open.
func identityRules() []Rule {
	return append(parityRules(
		parity{
			id: "SEC-02", severity: drift.Block, noun: "secret", holds: "found by the same name, with a key of the Region",
			title:  "Secrets are found in the standby by the name the workload uses",
			why:    "The workload asks for a secret by name. Under another name, or with a key it may not use, it does not start.",
			source: "AWS multi-Region fundamentals 3",
			fix:    "Give the secret the same name in the standby, with a key of that Region.",
			types:  []string{typeSecret}, properties: []string{"Name", "KmsKeyId"}, least: drift.Warn,
			actions: []string{"secretsmanager:DescribeSecret"},
		}), Rule{
		ID: "SEC-04", Severity: drift.Block, compares: true, check: multiRegionKeys,
		Title:  "Every multi-Region key has its replica in the standby, under the same alias",
		Why:    "Data that was encrypted under a multi-Region key can be read in the standby only with its replica there.",
		Source: "AWS KMS developer guide, Multi-Region keys in AWS KMS; AWS multi-Region fundamentals 3",
		Needs: []Need{
			{Types: keyTypes, Properties: []string{"MultiRegion", "PrimaryKeyArn"}, Actions: []string{"kms:DescribeKey"}},
			{Types: []string{"AWS::KMS::Alias"}, Actions: []string{"kms:ListAliases"}},
		},
		Fix: "Replicate the key to the standby (AWS::KMS::ReplicaKey) and point the alias at the replica.",
	}, Rule{
		ID: "SEC-05", Severity: drift.Block, compares: true, check: rolesWorkThere,
		Title:  "Roles exist and allow in the standby what they allow in the primary",
		Why:    "A role whose policy names only the primary's resources, or only the primary's Region, is denied everything after the takeover; and IAM cannot be changed while us-east-1 is down.",
		Source: "AWS Fault Isolation Boundaries, global services; AWS multi-Region fundamentals 4; ARC Region switch, permission checks",
		Needs: []Need{{Types: roleTypes, Actions: []string{"iam:GetAccountAuthorizationDetails", "iam:GetRole", "iam:GetRolePolicy",
			"iam:GetPolicyVersion"}}},
		Fix: "Let the policy name the resources of both Regions, or give the standby a role of its own.",
	})
}

// multiRegionKeys demands the replica of every key of the primary that was
// made to be used in several Regions. Replicas share the key id: mrk-….
func multiRegionKeys(h *hearing) {
	var keys []pair
	for _, p := range h.pairs(keyTypes...) {
		if isMultiRegion(p.primary) {
			keys = append(keys, p)
		}
	}
	h.applies(len(keys), "multi-Region key", "its replica is in the standby")
	for _, p := range h.present(keys) {
		switch ours, theirs := keyID(p.primary), keyID(p.standby); {
		case !isMultiRegion(p.standby):
			h.fail("", p.key, "", "is a multi-Region key in %s and a key of its own in %s", h.primary.region(), h.standby.region())
		case ours != theirs:
			h.fail("", p.key, "", "is %s in %s and %s in %s: neither is a replica of the other", show(ours), h.primary.region(), show(theirs), h.standby.region())
		}
	}
	for _, p := range keys {
		if f := h.missing(p.key); f != nil {
			h.failFinding(drift.Block, f)
		}
	}
	h.hearFindings("AWS::KMS::Alias", func(f *drift.Finding) (drift.Severity, bool) {
		return f.Severity, within(f.Property, "TargetKeyId") && len(keys) > 0 && !h.leaks(f)
	})
}

// multiRegionPrefix marks the ids of multi-Region keys; source: AWS KMS
// developer guide, Key identifiers.
const multiRegionPrefix = "mrk-"

func isMultiRegion(r *drift.Resource) bool {
	return r.Properties["MultiRegion"] == true || r.Properties["PrimaryKeyArn"] != nil || strings.HasPrefix(keyID(r), multiRegionPrefix)
}

// keyID is the id of a key, whether the snapshot gives it as id or as ARN.
func keyID(r *drift.Resource) string { return r.ID[strings.LastIndexByte(r.ID, '/')+1:] }

// rolesWorkThere takes what the comparison found in roles and policies: also
// that one of them points back at the primary, because for a role that is a
// denied call and not a call that goes astray.
func rolesWorkThere(h *hearing) {
	roles := h.pairs(roleTypes...)
	h.applies(len(roles), "role or policy", "allow the same in both Regions")
	h.present(h.ofItsOwn(roles))
	for _, f := range h.findings {
		switch {
		case !slices.Contains(roleTypes, f.Type) || f.Severity == drift.Info || slices.Contains(h.consumed, f):
		case isMissing(f):
			h.failFinding(f.Severity, f)
		case f.Property != "":
			h.failFinding(harder(f.Severity, drift.Warn), f)
		}
	}
}
