package readiness

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

func settingRules() []Rule {
	return []Rule{{
		ID: "NET-08", Severity: drift.Block, compares: true, check: settingsAlike, Strategies: softInBackup,
		Title:  "The account's settings for the standby's Region stop nothing that the primary's let through",
		Why:    "A block of public access to VPCs, or a list of allowed images, stands in no template: the standby looks deployed, and lets nobody in or starts no machine.",
		Source: "Amazon VPC user guide, Block public access to VPCs; Amazon EC2 user guide, Allowed AMIs",
		Needs:  []Need{{Fact: drift.FactSetting, Actions: slices.Sorted(maps.Values(settingActions()))}},
		Fix:    "Set it alike in both Regions; it is a setting of the account, which no deploy of the application changes.",
	}}
}

// settingActions are what tells each setting, by its subject.
func settingActions() map[string]string {
	return map[string]string{
		"ec2.AllowedImages":            "ec2:GetAllowedImagesSettings",
		"ec2.EbsDefaultKmsKeyId":       "ec2:GetEbsDefaultKmsKeyId",
		"ec2.EbsEncryptionByDefault":   "ec2:GetEbsEncryptionByDefault",
		"ec2.InstanceMetadataDefaults": "ec2:GetInstanceMetadataDefaults",
		"ec2.VpcBlockPublicAccess":     "ec2:DescribeVpcBlockPublicAccessOptions",
		"ecr.RegistryScanning":         "ecr:GetRegistryScanningConfiguration",
		drift.PublicBuckets:            "s3:GetAccountPublicAccessBlock",
	}
}

// settingsAlike judges the settings that were asked for. One of which a difference
// only warns does no more than that where it was not read.
func settingsAlike(h *hearing) {
	asked := len(h.primary.subjects[drift.FactSetting])
	h.applies(asked, "setting of the account", "as the primary's")
	for _, s := range drift.AccountSettings() {
		if s.Needed != nil && !s.Needed(h.primary.snapshot, h.standby.snapshot) {
			continue
		}
		severity := drift.Warn
		if s.Strict {
			severity = drift.Block
		}
		for _, v := range []*view{h.primary, h.standby} {
			h.settingRead(v, s, severity, asked > 0 || len(h.standby.subjects[drift.FactSetting]) > 0)
		}
	}
	h.hearFindings("AWS::Account::Setting", func(f *drift.Finding) (drift.Severity, bool) { return f.Severity, true })
}

// settingRead adds what is not known of a setting that a Region's resources follow.
// Where no setting at all was asked for, that says nothing. A change that is not made
// yet brings types for which nobody asked: those are not counted.
func (h *hearing) settingRead(v *view, s drift.AccountSetting, severity drift.Severity, asked bool) {
	missing := h.gapsAbout(v.region(), s.Subject, drift.FactSetting)
	_, read := v.fact(drift.FactSetting, s.Subject)
	follows := slices.ContainsFunc(slices.Concat(s.Types, s.Inside), func(kind string) bool {
		return slices.ContainsFunc(v.byType[kind], func(r *drift.Resource) bool { return r.Planned != drift.PlannedCreate && s.Follows(r) })
	})
	if len(missing) == 0 && asked && !read && follows {
		missing = []drift.Gap{{Region: v.region(), Resource: s.Subject, Operation: settingActions()[s.Subject], Reason: notRead, Fact: drift.FactSetting}}
	}
	if len(missing) > 0 {
		h.add(outcome{status: Undetermined, severity: severity, resource: s.Subject, missing: missing, evidence: gapEvidence(missing[0])})
	}
}
