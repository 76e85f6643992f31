package evidence

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

const publicAccess = drift.PublicAccess

// publicAccessBlock reads whether the Region's VPCs are cut off from the internet
// and, where they are, which are left out of that.
func publicAccessBlock(ctx context.Context, g *gatherer) (map[string]any, error) {
	out, err := g.settings.DescribeVpcBlockPublicAccessOptions(ctx, &ec2.DescribeVpcBlockPublicAccessOptionsInput{})
	if err != nil {
		return nil, err
	}
	options := out.VpcBlockPublicAccessOptions
	if options == nil || options.InternetGatewayBlockMode == "" {
		g.gap(drift.Gap{Resource: publicAccess, Fact: drift.FactSetting, Operation: "ec2:DescribeVpcBlockPublicAccessOptions", Reason: session.BadResponse, Message: "the answer has no mode"})
		return nil, nil
	}
	value := map[string]any{"InternetGatewayBlockMode": string(options.InternetGatewayBlockMode)}
	if options.InternetGatewayBlockMode == types.InternetGatewayBlockModeOff {
		return value, nil
	}
	excluded, err := g.exclusions(ctx)
	if err != nil {
		return nil, err
	}
	value["Exclusions"] = excluded
	return value, nil
}

// States in which an exclusion does nothing, and in which it does what it says.
var (
	withoutEffect = []types.VpcBlockPublicAccessExclusionState{types.VpcBlockPublicAccessExclusionStateCreateFailed,
		types.VpcBlockPublicAccessExclusionStateDeleteComplete, types.VpcBlockPublicAccessExclusionStateDisableComplete}
	inEffect = []types.VpcBlockPublicAccessExclusionState{types.VpcBlockPublicAccessExclusionStateCreateComplete, types.VpcBlockPublicAccessExclusionStateUpdateComplete}
)

// exclusions are the VPCs and subnets that are left out, with the subnets of each VPC:
// an application may know its network by those alone.
func (g *gatherer) exclusions(ctx context.Context) ([]map[string]any, error) {
	list := []map[string]any{}
	in := &ec2.DescribeVpcBlockPublicAccessExclusionsInput{}
	for {
		page, err := g.settings.DescribeVpcBlockPublicAccessExclusions(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, e := range page.VpcBlockPublicAccessExclusions {
			if slices.Contains(withoutEffect, e.State) {
				continue
			}
			arn := aws.ToString(e.ResourceArn)
			one := map[string]any{"Resource": arn[strings.LastIndexByte(arn, '/')+1:], "Mode": string(e.InternetGatewayExclusionMode)}
			if !slices.Contains(inEffect, e.State) {
				one["State"] = string(e.State) // a gap where the network is the application's own
			}
			list = append(list, one)
		}
		if aws.ToString(page.NextToken) == "" {
			break
		}
		in.NextToken = page.NextToken
	}
	slices.SortFunc(list, func(a, b map[string]any) int { return cmp.Compare(a["Resource"].(string), b["Resource"].(string)) })
	return list, g.subnetsOf(ctx, list)
}

// subnetsOf adds to every VPC of a list its subnets.
func (g *gatherer) subnetsOf(ctx context.Context, list []map[string]any) error {
	subnets := map[string][]string{}
	var vpcs []string
	for _, e := range list {
		if id := e["Resource"].(string); strings.HasPrefix(id, "vpc-") {
			vpcs = append(vpcs, id)
		}
	}
	for batch := range slices.Chunk(vpcs, 200) { // values of a filter
		pages := ec2.NewDescribeSubnetsPaginator(g.settings, &ec2.DescribeSubnetsInput{Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: batch}}})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			for _, s := range page.Subnets {
				subnets[aws.ToString(s.VpcId)] = append(subnets[aws.ToString(s.VpcId)], aws.ToString(s.SubnetId))
			}
		}
	}
	for _, e := range list {
		if inside := subnets[e["Resource"].(string)]; inside != nil {
			slices.Sort(inside)
			e["Subnets"] = inside
		}
	}
	return nil
}
