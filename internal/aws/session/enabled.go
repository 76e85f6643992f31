package session

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// regionsAPI tells what an account made of Regions that have to be enabled.
type regionsAPI interface {
	DescribeRegions(context.Context, *ec2.DescribeRegionsInput, ...func(*ec2.Options)) (*ec2.DescribeRegionsOutput, error)
}

// notEnabled is what DescribeRegions says of a Region that nobody enabled.
// Source: Amazon EC2 API reference, Region, OptInStatus.
const notEnabled = "not-opted-in"

// NotEnabled asks this Region whether the account has left another one disabled. AWS
// refuses that one in the words that it has for wrong credentials, too. Where this
// Region may not be asked (ec2:DescribeRegions) the answer is no: it is a reason that
// is made certain, and never a guess.
func (s *Session) NotEnabled(ctx context.Context, region string) bool {
	return disabled(ctx, ec2.NewFromConfig(s.ReadOnly.Config()), region)
}

func disabled(ctx context.Context, elsewhere regionsAPI, region string) bool {
	out, err := elsewhere.DescribeRegions(ctx, &ec2.DescribeRegionsInput{RegionNames: []string{region}, AllRegions: aws.Bool(true)})
	if err != nil {
		return false
	}
	for _, r := range out.Regions {
		if aws.ToString(r.RegionName) == region && aws.ToString(r.OptInStatus) == notEnabled {
			return true
		}
	}
	return false
}
