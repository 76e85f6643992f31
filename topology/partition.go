package topology

import (
	"regexp"
	"strings"
)

// partitions maps the prefix of a Region code to its partition and the DNS
// suffix of that partition's endpoints. Source: the "partitions" section of
// the AWS SDKs' endpoint metadata. The first match wins; the rest is "aws".
var partitions = []struct{ prefix, partition, suffix string }{
	{"cn-", "aws-cn", "amazonaws.com.cn"},
	{"us-gov-", "aws-us-gov", "amazonaws.com"},
	{"us-iso-", "aws-iso", "c2s.ic.gov"},
	{"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
	{"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
	{"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
	{"eusc-", "aws-eusc", "amazonaws.eu"},
}

// Partition is the ARN partition of a Region, for example "aws-cn".
func Partition(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}

// DNSSuffix is the suffix of service endpoints in a Region's partition.
func DNSSuffix(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.suffix
		}
	}
	return "amazonaws.com"
}

var regionCode = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$`)

// IsRegionCode reports whether s has the shape of an AWS Region code. It does
// not say that such a Region exists.
func IsRegionCode(s string) bool { return regionCode.MatchString(s) }
