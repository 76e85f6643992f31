package drift

import (
	"slices"
	"strings"
)

// PublicBuckets is the setting with which an account keeps the public out of all its
// buckets, in every Region. It can differ only between Regions in different accounts.
const PublicBuckets = "s3.PublicAccessBlock"

// bucketTypes are those that have a block of their own, too.
var bucketTypes = []string{"AWS::S3::Bucket", "AWS::S3::AccessPoint"}

// PublicFlags are the parts of a block, an account's or a bucket's.
var PublicFlags = []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}

// AccountsDecide reports whether the accounts' blocks make a difference between two
// Regions: they are not known to be in one account, and some bucket leaves a part to its
// account.
func AccountsDecide(one, other *Snapshot) bool {
	if one.Account != "" && one.Account == other.Account {
		return false
	}
	return slices.ContainsFunc(PublicFlags, func(flag string) bool { return leavesToAccount(one, flag) || leavesToAccount(other, flag) })
}

// leavesToAccount reports whether a bucket does not say by itself that a part is on.
func leavesToAccount(s *Snapshot, flag string) bool {
	return slices.ContainsFunc(s.Resources, func(r Resource) bool {
		return leavesOpen(r, flag)
	})
}

func leavesOpen(r Resource, flag string) bool {
	return slices.Contains(bucketTypes, r.Type) && dig(r.Properties, "PublicAccessBlockConfiguration."+flag) != true
}

// decisiveFlags are the parts of an account's block that some bucket of either Region leaves to it.
func (c *comparer) decisiveFlags(value any) any {
	parts := map[string]any{}
	for _, flag := range PublicFlags {
		if leavesToAccount(c.primary.snapshot, flag) || leavesToAccount(c.standby.snapshot, flag) {
			parts[flag] = dig(value, flag) == true
		}
	}
	return parts
}

// keepsOutMore reports whether the standby's account keeps out what the primary's lets in.
func keepsOutMore(here, there any) bool {
	return slices.ContainsFunc(PublicFlags, func(flag string) bool { return dig(there, flag) == true && dig(here, flag) != true })
}

// shutsPublicOut reports whether a part that the standby's account alone has keeps the
// public from a bucket that lets it in, in either Region: both are deployed alike.
func (c *comparer) shutsPublicOut(here, there any) bool {
	return slices.ContainsFunc(PublicFlags, func(flag string) bool {
		return dig(there, flag) == true && dig(here, flag) != true && (publicBy(c.primary.snapshot, flag) || publicBy(c.standby.snapshot, flag))
	})
}

// publicBy reports whether a bucket that leaves a part to its account lets the public in
// by what that part keeps out. Source: Amazon S3 user guide, Blocking public access to
// your Amazon S3 storage, The meaning of "public".
func publicBy(s *Snapshot, flag string) bool {
	byList := flag == "BlockPublicAcls" || flag == "IgnorePublicAcls"
	return slices.ContainsFunc(s.Resources, func(r Resource) bool {
		if !leavesOpen(r, flag) {
			return false
		}
		if byList {
			return grantsToPublic(r.Properties["AccessControl"])
		}
		return letsPublicIn(r.Properties["Policy"]) || slices.ContainsFunc(s.Resources, func(p Resource) bool {
			return p.Type == "AWS::S3::BucketPolicy" && (p.Properties["Bucket"] == r.ID || p.Properties["Bucket"] == r.Properties["BucketName"]) && letsPublicIn(p.Properties["PolicyDocument"])
		})
	})
}

// grantsToPublic reports whether an access control list, by its name or its grants, lets everybody in.
func grantsToPublic(list any) bool {
	return slices.ContainsFunc(asList(list), func(grant any) bool {
		text, _ := grant.(string)
		return strings.HasPrefix(text, "PublicRead") || text == "AuthenticatedRead" || strings.HasPrefix(text, "AllUsers ") || strings.HasPrefix(text, "AuthenticatedUsers ")
	})
}

// fixesPublic are the conditions that make of everybody somebody.
var fixesPublic = []string{"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceAccount", "aws:SourceArn", "aws:SourceIp",
	"aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc", "aws:SourceVpce", "aws:userid", "s3:DataAccessPointAccount", "s3:DataAccessPointArn", "s3:x-amz-server-side-encryption-aws-kms-key-id"}

// letsPublicIn reports whether a policy allows everybody something, without a condition on who it is.
func letsPublicIn(policy any) bool {
	if text, ok := policy.(string); ok {
		policy, _ = embedded(text)
	}
	return slices.ContainsFunc(asList(dig(policy, "Statement")), func(s any) bool {
		everybody := slices.Contains(asList(dig(s, "Principal")), any("*")) || slices.Contains(asList(dig(s, "Principal.AWS")), any("*")) || dig(s, "NotPrincipal") != nil
		return dig(s, "Effect") == "Allow" && everybody && !fixed(dig(s, "Condition"))
	})
}

// fixed reports whether conditions say who everybody is.
func fixed(conditions any) bool {
	operators, _ := conditions.(map[string]any)
	for name, tests := range operators {
		keys, _ := tests.(map[string]any)
		for key := range keys {
			known := slices.ContainsFunc(fixesPublic, func(k string) bool { return strings.EqualFold(k, key) })
			if known && !strings.Contains(name, "Not") && !strings.HasSuffix(name, "IfExists") {
				return true
			}
		}
	}
	return false
}
