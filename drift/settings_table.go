package drift

import "slices"

// AccountSetting is what an account has set for a whole Region, as a FactSetting
// tells it.
type AccountSetting struct {
	// Subject is the Subject of the fact.
	Subject string
	// Types are the resource types that follow the setting: it is read where the
	// application has any.
	Types []string
	// Inside are types that follow it only where they are in a subnet.
	Inside []string
	// Strict says that a stricter value stops what the other Region lets through.
	Strict bool
	// Needed reports whether two Regions can differ in it at all; nil: always.
	Needed func(one, other *Snapshot) bool
	// stricter reports whether the second value stops what the first lets through.
	stricter func(here, there any) bool
}

// Follows reports whether a resource follows the setting.
func (s AccountSetting) Follows(r *Resource) bool {
	return slices.Contains(s.Types, r.Type) || slices.Contains(s.Inside, r.Type) && namesSubnet(r)
}

var (
	startsInstances = []string{"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::AutoScalingGroup", "AWS::EKS::Nodegroup"}
	holdsVolumes    = append([]string{"AWS::EC2::Volume"}, startsInstances...)
	// facesInternet are the types that a block of public access to VPCs cuts off.
	facesInternet = []string{"AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"}
	// runsInside are the types whose way out of a subnet it cuts off: in a VPC of another
	// stack, no gateway is the application's own.
	runsInside = []string{"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::ECS::Service", "AWS::EKS::Nodegroup", "AWS::Lambda::Function"}
)

// AccountSettings are those that change what a template becomes. Sources: Amazon EBS user
// guide, Enable Amazon EBS encryption by default; Amazon EC2 user guide, Instance metadata
// options (order of precedence) and Control the discovery and use of AMIs with Allowed
// AMIs; Amazon VPC user guide, Block public access to VPCs; Amazon S3 user guide, Blocking
// public access to your Amazon S3 storage (the stricter of an account's and a bucket's block
// holds); Amazon ECR user guide, Scan images (the configuration of a registry overrules its
// repositories').
func AccountSettings() []AccountSetting {
	return []AccountSetting{
		{Subject: "ec2.EbsEncryptionByDefault", Types: holdsVolumes},
		{Subject: "ec2.EbsDefaultKmsKeyId", Types: holdsVolumes},
		{Subject: "ec2.InstanceMetadataDefaults", Types: startsInstances},
		{Subject: "ec2.AllowedImages", Types: startsInstances, Strict: true, stricter: allowsFewerImages},
		{Subject: PublicAccess, Types: facesInternet, Inside: runsInside, Strict: true, stricter: opensLess},
		{Subject: PublicBuckets, Types: bucketTypes, Strict: true, Needed: AccountsDecide, stricter: keepsOutMore},
		{Subject: "ecr.RegistryScanning", Types: []string{"AWS::ECR::Repository"}},
	}
}

// settingSeverity is Block where the standby's setting stops what the primary's lets
// through: what was deployed to both Regions then works in one.
func settingSeverity(subject string, here, there any) Severity {
	for _, s := range AccountSettings() {
		if s.Subject == subject && s.stricter != nil && s.stricter(here, there) {
			return Block
		}
	}
	return Warn
}

// allowsFewerImages compares enforced criteria: an image is allowed that meets any of
// them, so that those of the primary must all be among the standby's. Criteria that
// are merely written otherwise count as fewer.
func allowsFewerImages(here, there any) bool {
	if there, _ := dig(there, "Enforced").(bool); !there {
		return false
	}
	if here, _ := dig(here, "Enforced").(bool); !here {
		return true
	}
	allowed := textsOf(dig(there, "ImageCriteria"))
	return slices.ContainsFunc(textsOf(dig(here, "ImageCriteria")), func(c string) bool { return !slices.Contains(allowed, c) })
}

// textsOf are the texts of a list, as it was gathered or read back from JSON.
func textsOf(list any) []string {
	if texts, ok := list.([]string); ok {
		return texts
	}
	var texts []string
	items, _ := list.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
