package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeSecret = "AWS::SecretsManager::Secret"

// keyTypes are the two ways CloudFormation makes a KMS key.
var keyTypes = []string{"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}

func securityRules() []Rule {
	return slices.Concat(identityRules(), credentialRules(), issuerRules(), breakGlassRules(), organizationRules(), sendingRules(), []Rule{
		{
			ID: "SEC-01", Severity: drift.Block, compares: true, check: secretsReplicated,
			Title:  "Every secret is in the standby: replicated and in sync, or with a copy of its own",
			Why:    "CloudFormation reports success while a replica failed, for example because its key is unusable in the other Region.",
			Source: "aws-cloudformation/cloudformation-coverage-roadmap#1459; AWS multi-Region fundamentals 3",
			Needs: []Need{{Types: []string{typeSecret}, Fact: drift.FactSecretReplication,
				Actions: []string{"secretsmanager:DescribeSecret"}}},
			Fix: "Replicate the secret to the standby with a key that works there (secretsmanager replicate-secret-to-regions), or retry the failed replica.",
		},
		{
			ID: "SEC-03", Severity: drift.Block, compares: true, check: keysEnabled,
			Title:  "Every KMS key of the standby is enabled",
			Why:    "With a key that is disabled or waits for deletion, the standby can read neither its data nor its secrets.",
			Source: "aws-cloudformation/cloudformation-coverage-roadmap#1459; AWS multi-Region fundamentals 3",
			Needs:  []Need{{Types: keyTypes, Fact: drift.FactKeyState, Actions: []string{"kms:DescribeKey"}}},
			Fix:    "Enable the key, or cancel its deletion, in the standby.",
		},
	})
}

func secretsReplicated(h *hearing) {
	secrets := h.pairs(typeSecret)
	h.applies(len(secrets), "secret", "in sync or with a copy of its own in the standby")
	for _, p := range secrets {
		fact, known := h.primary.object(drift.FactSecretReplication, p.key)
		if !known {
			h.unknown(h.primary.region(), p.key, drift.FactSecretReplication, "the replication was not read in %s", h.primary.region())
			continue
		}
		replica, status, message := replicaIn(fact, h.standby.region())
		switch {
		case replica && status == "InSync":
		case replica && status == "":
			h.unknown(h.primary.region(), p.key, drift.FactSecretReplication, "the state of the replica in %s was not read", h.standby.region())
		case replica:
			h.fail("", p.key, "", "replica in %s is %s: %s", h.standby.region(), status, show(message))
		case p.standby != nil: // a copy of its own
		case h.missing(p.key) != nil:
			h.failFinding(drift.Block, h.missing(p.key))
		case !h.hidden(h.standby.region(), p.primary):
			h.undecided(p.key, "is not replicated to %s, and no copy of its own was read there", h.standby.region())
		}
	}
}

// replicaOf returns the state of a secret's replica in the standby's Region
// and whether the primary declares one.
func (s *scene) replicaOf(key string) (string, bool) {
	fact, _ := s.primary.object(drift.FactSecretReplication, key)
	if replica, status, _ := replicaIn(fact, s.standby.region()); replica {
		return status, true
	}
	r := s.primary.byKey[key]
	return "", r != nil && namesRegion(r.Properties["ReplicaRegions"], "Region", s.standby.region())
}

func replicaIn(fact map[string]any, region string) (found bool, status, message string) {
	for _, replica := range objects(fact["Replicas"]) {
		if text(replica, "Region") == region {
			return true, text(replica, "Status"), text(replica, "StatusMessage")
		}
	}
	return false, "", ""
}

// keysEnabled judges every key of the standby: those of the application and
// any other whose state was read because something uses it.
func keysEnabled(h *hearing) {
	subjects := slices.Clone(h.standby.subjects[drift.FactKeyState])
	for _, kind := range keyTypes {
		for _, r := range h.standby.byType[kind] {
			subjects = append(subjects, r.Key)
		}
	}
	h.present(h.pairs(keyTypes...))
	slices.Sort(subjects)
	subjects = slices.Compact(subjects)
	h.applies(len(subjects), "key", "enabled in the standby")
	for _, key := range subjects {
		fact, _ := h.standby.object(drift.FactKeyState, key)
		state, enabled := text(fact, "KeyState"), fact["Enabled"]
		switch {
		case state == "":
			h.unknown(h.standby.region(), key, drift.FactKeyState, "the key's state was not read in %s", h.standby.region())
		case state != "Enabled" || enabled == false:
			h.fail("", key, "", "is %s in %s%s", state, h.standby.region(), deletion(fact))
		}
	}
	for _, kind := range keyTypes {
		h.hearFindings(kind, func(f *drift.Finding) (drift.Severity, bool) {
			return f.Severity, within(f.Property, "Enabled") || within(f.Property, "KeyState")
		})
	}
}

func deletion(fact map[string]any) string {
	if date := fact["DeletionDate"]; date != nil && date != "" {
		return ", deleted on " + show(date)
	}
	return ""
}
