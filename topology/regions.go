package topology

// regionCodes are the Region codes AWS has published for its public, China,
// GovCloud and European Sovereign partitions. Source: the AWS General
// Reference and the CloudFormation registry's per-Region schemas, November
// 2026. Unknown codes are accepted in a configuration (with a warning); the
// table only serves to recognise a Region inside other text.
var regionCodes = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
	"ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
	"ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1",
	"cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
	"eu-west-1", "eu-west-2", "eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1",
	"mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
}

// KnownRegions lists the Region codes Lockstep knows, sorted. The slice is the caller's.
func KnownRegions() []string { return append([]string(nil), regionCodes...) }

// IsKnownRegion reports whether code is one of KnownRegions.
func IsKnownRegion(code string) bool {
	for _, known := range regionCodes {
		if known == code {
			return true
		}
	}
	return false
}
