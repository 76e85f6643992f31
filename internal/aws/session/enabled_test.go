package session

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// statuses are the answers of DescribeRegions by Region.
type statuses map[string]string

func (s statuses) DescribeRegions(_ context.Context, in *ec2.DescribeRegionsInput, _ ...func(*ec2.Options)) (*ec2.DescribeRegionsOutput, error) {
	if s == nil {
		return nil, errors.New("denied")
	}
	out := &ec2.DescribeRegionsOutput{}
	for region, status := range s {
		if !aws.ToBool(in.AllRegions) && status == notEnabled {
			continue // as AWS leaves it out
		}
		out.Regions = append(out.Regions, types.Region{RegionName: &region, OptInStatus: &status})
	}
	return out, nil
}

func TestARegionIsKnownToBeDisabled(t *testing.T) {
	for _, c := range []struct {
		name  string
		api   statuses
		known bool
	}{
		{"a Region that nobody enabled", statuses{"ap-south-2": "not-opted-in"}, true},
		{"a Region that is enabled has other credentials", statuses{"ap-south-2": "opted-in"}, false},
		{"a Region that needs no enabling", statuses{"ap-south-2": "opt-in-not-required"}, false},
		{"another Region is not enabled", statuses{"ap-east-1": "not-opted-in"}, false},
		{"who may not ask guesses nothing", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := disabled(t.Context(), c.api, "ap-south-2"); got != c.known {
				t.Errorf("%v, want %v", got, c.known)
			}
		})
	}
}
