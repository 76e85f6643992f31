// Package tagging simulates the Resource Groups Tagging API: it lists the resources of a Region that carry tags, whatever
// service they are of. It owns no resources. As on AWS, resources without tags are not listed, nor are IAM roles, and the
// aws: tags are shown. It refuses to change tags: TagResources and UntagResources are unknown operations.
package tagging

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Service returns the Resource Groups Tagging API.
func Service() core.Service {
	return core.Service{Name: "tagging", Prefix: "tag", Operations: map[string]core.Handler{"GetResources": getResources}}
}

// mostPerPage is the largest page that the API gives.
const mostPerPage = 100

func getResources(c *core.Call) (any, error) {
	size := c.In.Int("ResourcesPerPage", mostPerPage)
	if size < 1 || size > mostPerPage {
		return nil, wire.Errorf(400, "InvalidParameterException", "ResourcesPerPage must be between 1 and 100")
	}
	filters, _ := wire.Items(c.In["TagFilters"])
	types := c.In.Strings("ResourceTypeFilters")
	var found []any
	for _, r := range tagged(c) {
		arn := ARN(r)
		if arn != "" && hasAll(r.Tags, filters) && hasType(arn, types) {
			found = append(found, core.Out{"ResourceARN": arn, "Tags": core.TagList(r.Tags)})
		}
	}
	slices.SortFunc(found, func(a, b any) int { return cmp.Compare(arnOf(a), arnOf(b)) })
	page, next, err := core.Paginate(found, c.In.String("PaginationToken"), size)
	if err != nil {
		return nil, wire.Errorf(400, "PaginationTokenExpiredException", "The pagination token is not valid")
	}
	if next == nil {
		next = ""
	}
	if page == nil {
		page = []any{}
	}
	return core.Out{"ResourceTagMappingList": page, "PaginationToken": next}, nil
}

func arnOf(v any) string { return wire.AsObject(v).String("ResourceARN") }

// tagged are the resources with tags in the Region of the call: its own, and the buckets that are in it.
func tagged(c *core.Call) []store.Resource {
	var all []store.Resource
	for _, typ := range c.World.Kinds() {
		if c.World.Scope(c.Scope, typ) != c.Scope {
			continue // of a global service
		}
		for _, r := range c.List(typ) {
			if len(r.Tags) > 0 {
				all = append(all, r)
			}
		}
	}
	return all
}

func hasAll(tags map[string]string, filters []any) bool {
	for _, f := range filters {
		filter := wire.AsObject(f)
		value, set := tags[filter.String("Key")]
		if values := filter.Strings("Values"); !set || len(values) > 0 && !slices.Contains(values, value) {
			return false
		}
	}
	return true
}

// hasType reports whether an ARN is of one of the types, each a service or service:resource.
func hasType(arn string, types []string) bool {
	fields := strings.SplitN(arn, ":", 6)
	return len(types) == 0 || slices.ContainsFunc(types, func(typ string) bool {
		service, kind, narrow := strings.Cut(typ, ":")
		return service == fields[2] && (!narrow || strings.HasPrefix(fields[5], kind))
	})
}

// shapes are the ARNs of types whose resources do not carry theirs.
var shapes = map[string]string{
	"AWS::SSM::Parameter":                 "ssm:{Region}:{Account}:parameter/{path}",
	"AWS::ApiGateway::RestApi":            "apigateway:{Region}::/restapis/{ID}",
	"AWS::ApiGateway::Stage":              "apigateway:{Region}::/restapis/{first}/stages/{last}",
	"AWS::ApiGatewayV2::Api":              "apigateway:{Region}::/apis/{ID}",
	"AWS::Cognito::UserPool":              "cognito-idp:{Region}:{Account}:userpool/{ID}",
	"AWS::EC2::VPC":                       "ec2:{Region}:{Account}:vpc/{ID}",
	"AWS::EC2::Subnet":                    "ec2:{Region}:{Account}:subnet/{ID}",
	"AWS::EC2::SecurityGroup":             "ec2:{Region}:{Account}:security-group/{ID}",
	"AWS::EC2::SecurityGroupIngress":      "ec2:{Region}:{Account}:security-group-rule/{ID}",
	"AWS::EC2::SecurityGroupEgress":       "ec2:{Region}:{Account}:security-group-rule/{ID}",
	"AWS::EC2::RouteTable":                "ec2:{Region}:{Account}:route-table/{ID}",
	"AWS::EC2::InternetGateway":           "ec2:{Region}:{Account}:internet-gateway/{ID}",
	"AWS::EC2::NatGateway":                "ec2:{Region}:{Account}:natgateway/{ID}",
	"AWS::EC2::NetworkAcl":                "ec2:{Region}:{Account}:network-acl/{ID}",
	"AWS::EC2::VPCEndpoint":               "ec2:{Region}:{Account}:vpc-endpoint/{ID}",
	"AWS::EC2::LaunchTemplate":            "ec2:{Region}:{Account}:launch-template/{ID}",
	"AWS::EC2::Instance":                  "ec2:{Region}:{Account}:instance/{ID}",
	"AWS::EC2::EgressOnlyInternetGateway": "ec2:{Region}:{Account}:egress-only-internet-gateway/{ID}",
}

// untagged are types that cannot have tags on AWS, although stacks hand theirs down to all.
var untagged = []string{
	"AWS::ApiGateway::Deployment", "AWS::ApiGateway::Method", "AWS::ApiGateway::Resource", "AWS::KMS::Alias", "AWS::Lambda::Alias",
	"AWS::Lambda::LayerVersion", "AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Lambda::Version", "AWS::SNS::Subscription",
}

// ARN is the ARN by which the API lists a resource; empty for those that it does not list.
func ARN(r store.Resource) string {
	if slices.Contains(untagged, r.Type) {
		return ""
	}
	if arn := wire.Text(r.Attributes["Arn"]); strings.HasPrefix(arn, "arn:") {
		return strings.TrimSuffix(arn, ":*")
	}
	if shape, ok := shapes[r.Type]; ok {
		first, _, _ := strings.Cut(r.ID, "|")
		return "arn:aws:" + strings.NewReplacer("{Region}", r.Region, "{Account}", r.Account, "{ID}", r.ID,
			"{path}", strings.TrimPrefix(r.ID, "/"), "{first}", first, "{last}", r.ID[strings.LastIndexByte(r.ID, '|')+1:]).Replace(shape)
	}
	if strings.HasPrefix(r.ID, "arn:") {
		return r.ID
	}
	return ""
}
