package drift

import "slices"

// PublicBuckets is the setting with which an account keeps the public out of all its
// buckets, in every Region. It can differ only between Regions in different accounts.
const PublicBuckets = "s3.PublicAccessBlock"

// bucketTypes are those that have a block of their own, too.
var bucketTypes = []string{"AWS::S3::Bucket", "AWS::S3::AccessPoint"}

// PublicFlags are the parts of a block, an account's or a bucket's.
var PublicFlags = []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}

// AccountsDecide reports whether the accounts' blocks make a difference between two
// Regions: they are in different accounts, and some bucket leaves a part to its account.
func AccountsDecide(one, other *Snapshot) bool {
	if one.Account == "" || other.Account == "" || one.Account == other.Account {
		return false
	}
	return slices.ContainsFunc(PublicFlags, func(flag string) bool { return leavesToAccount(one, flag) || leavesToAccount(other, flag) })
}

// leavesToAccount reports whether a bucket does not say by itself that a part is on.
func leavesToAccount(s *Snapshot, flag string) bool {
	return slices.ContainsFunc(s.Resources, func(r Resource) bool {
		return slices.Contains(bucketTypes, r.Type) && dig(r.Properties, "PublicAccessBlockConfiguration."+flag) != true
	})
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
