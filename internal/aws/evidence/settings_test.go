package evidence

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// fakeSettings answers as an account does that somebody has set; deny names the operation that is refused.
type fakeSettings struct {
	deny     string
	key      string
	keyName  string
	images   ec2.GetAllowedImagesSettingsOutput
	metadata *ec2types.InstanceMetadataDefaultsResponse
	block    *ec2types.VpcBlockPublicAccessOptions
	excluded []ec2types.VpcBlockPublicAccessExclusion // a page each
	scanning *ecrtypes.RegistryScanningConfiguration
}

func (f fakeSettings) refuse(service, operation string) error {
	if f.deny == operation {
		return refused(service, operation, "AccessDeniedException")
	}
	return nil
}

func (f fakeSettings) GetEbsEncryptionByDefault(context.Context, *ec2.GetEbsEncryptionByDefaultInput, ...func(*ec2.Options)) (*ec2.GetEbsEncryptionByDefaultOutput, error) {
	return &ec2.GetEbsEncryptionByDefaultOutput{EbsEncryptionByDefault: aws.Bool(true)}, f.refuse("EC2", "GetEbsEncryptionByDefault")
}

func (f fakeSettings) GetEbsDefaultKmsKeyId(context.Context, *ec2.GetEbsDefaultKmsKeyIdInput, ...func(*ec2.Options)) (*ec2.GetEbsDefaultKmsKeyIdOutput, error) {
	return &ec2.GetEbsDefaultKmsKeyIdOutput{KmsKeyId: &f.key}, f.refuse("EC2", "GetEbsDefaultKmsKeyId")
}

func (f fakeSettings) GetInstanceMetadataDefaults(context.Context, *ec2.GetInstanceMetadataDefaultsInput, ...func(*ec2.Options)) (*ec2.GetInstanceMetadataDefaultsOutput, error) {
	return &ec2.GetInstanceMetadataDefaultsOutput{AccountLevel: f.metadata}, f.refuse("EC2", "GetInstanceMetadataDefaults")
}

func (f fakeSettings) GetAllowedImagesSettings(context.Context, *ec2.GetAllowedImagesSettingsInput, ...func(*ec2.Options)) (*ec2.GetAllowedImagesSettingsOutput, error) {
	return &f.images, f.refuse("EC2", "GetAllowedImagesSettings")
}

func (f fakeSettings) DescribeVpcBlockPublicAccessOptions(context.Context, *ec2.DescribeVpcBlockPublicAccessOptionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcBlockPublicAccessOptionsOutput, error) {
	return &ec2.DescribeVpcBlockPublicAccessOptionsOutput{VpcBlockPublicAccessOptions: f.block}, f.refuse("EC2", "DescribeVpcBlockPublicAccessOptions")
}

func (f fakeSettings) DescribeVpcBlockPublicAccessExclusions(_ context.Context, in *ec2.DescribeVpcBlockPublicAccessExclusionsInput, _ ...func(*ec2.Options)) (*ec2.DescribeVpcBlockPublicAccessExclusionsOutput, error) {
	at := len(aws.ToString(in.NextToken))
	out := &ec2.DescribeVpcBlockPublicAccessExclusionsOutput{}
	if at < len(f.excluded) {
		out.VpcBlockPublicAccessExclusions = f.excluded[at : at+1]
		out.NextToken = aws.String(strings.Repeat("x", at+1))
	}
	return out, f.refuse("EC2", "DescribeVpcBlockPublicAccessExclusions")
}

func (f fakeSettings) DescribeSubnets(_ context.Context, in *ec2.DescribeSubnetsInput, _ ...func(*ec2.Options)) (*ec2.DescribeSubnetsOutput, error) {
	vpc := in.Filters[0].Values[0]
	return &ec2.DescribeSubnetsOutput{Subnets: []ec2types.Subnet{{VpcId: &vpc, SubnetId: aws.String("subnet-2")}, {VpcId: &vpc, SubnetId: aws.String("subnet-1")}}}, f.refuse("EC2", "DescribeSubnets")
}

// exclusion leaves a network out, in a state.
func exclusion(network string, state ec2types.VpcBlockPublicAccessExclusionState) ec2types.VpcBlockPublicAccessExclusion {
	return ec2types.VpcBlockPublicAccessExclusion{ResourceArn: aws.String("arn:aws:ec2:us-east-1:111111111111:" + network), State: state, InternetGatewayExclusionMode: "allow-egress"}
}

func (f fakeSettings) GetRegistryScanningConfiguration(context.Context, *ecr.GetRegistryScanningConfigurationInput, ...func(*ecr.Options)) (*ecr.GetRegistryScanningConfigurationOutput, error) {
	return &ecr.GetRegistryScanningConfigurationOutput{ScanningConfiguration: f.scanning}, f.refuse("ECR", "GetRegistryScanningConfiguration")
}

func (f fakeSettings) Key(_ context.Context, id string) (drift.Fact, error) {
	return drift.Fact{Kind: drift.FactContent, Subject: id, Value: map[string]any{"Name": f.keyName}}, f.refuse("KMS", "DescribeKey")
}

// quiet is a Region in which nobody has set anything.
func quiet() fakeSettings {
	return fakeSettings{key: ownVolumeKey, images: ec2.GetAllowedImagesSettingsOutput{State: aws.String("disabled")},
		block:    &ec2types.VpcBlockPublicAccessOptions{InternetGatewayBlockMode: ec2types.InternetGatewayBlockModeOff},
		scanning: &ecrtypes.RegistryScanningConfiguration{ScanType: ecrtypes.ScanTypeBasic}}
}

// set reads the settings that the items follow, and nothing else.
func set(fake fakeSettings, items ...inventory.Item) Found {
	g := gatherer{settings: fake}
	g.accountSettings(context.Background(), items)
	return g.found
}

func every() []inventory.Item {
	return []inventory.Item{{Key: "app/Group", Type: "AWS::AutoScaling::AutoScalingGroup"}, {Key: "app/Gateway", Type: "AWS::EC2::InternetGateway"},
		{Key: "app/Images", Type: repositoryType}}
}

func TestEverySettingIsReadWhereTheApplicationFollowsItAndNowhereElse(t *testing.T) {
	for _, s := range settings() {
		for _, item := range every() {
			found := set(quiet(), item)
			if _, known := found.fact(drift.FactSetting, s.subject); known != slices.Contains(s.types, item.Type) {
				t.Errorf("%s with a %s: read is %v", s.subject, item.Type, known)
			}
		}
		found := set(quiet(), inventory.Item{Key: "app/Q", Type: "AWS::SQS::Queue"})
		if _, known := found.fact(drift.FactSetting, s.subject); known || len(found.Gaps) != 0 {
			t.Errorf("%s with a queue alone: %+v", s.subject, found)
		}
	}
	if actions := settingActions([]string{"AWS::SQS::Queue"}); len(actions) != 0 {
		t.Errorf("a queue needs %v", actions)
	}
}

func TestADeniedSettingIsAGapThatNamesItAndTheOthersAreRead(t *testing.T) {
	all := []string{"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::InternetGateway", repositoryType}
	for deny, subject := range map[string]string{
		"GetEbsEncryptionByDefault": "ec2.EbsEncryptionByDefault", "GetEbsDefaultKmsKeyId": "ec2.EbsDefaultKmsKeyId", "DescribeKey": "ec2.EbsDefaultKmsKeyId",
		"GetInstanceMetadataDefaults": "ec2.InstanceMetadataDefaults", "GetAllowedImagesSettings": "ec2.AllowedImages",
		"DescribeVpcBlockPublicAccessOptions": publicAccess, "DescribeVpcBlockPublicAccessExclusions": publicAccess, "DescribeSubnets": publicAccess,
		"GetRegistryScanningConfiguration": "ecr.RegistryScanning",
	} {
		fake := quiet()
		if subject == publicAccess && deny != "DescribeVpcBlockPublicAccessOptions" { // asked for where networks are cut off
			fake.block.InternetGatewayBlockMode = "block-ingress"
			fake.excluded = []ec2types.VpcBlockPublicAccessExclusion{exclusion("vpc/vpc-1", "create-complete")}
		}
		fake.deny, fake.key = deny, "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"
		found := set(fake, every()...)
		if len(found.Gaps) != 1 {
			t.Errorf("%s: gaps %+v", deny, found.Gaps)
			continue
		}
		g := found.Gaps[0]
		if g.Fact != drift.FactSetting || g.Resource != subject || g.Reason != session.AccessDenied || !slices.Contains(settingActions(all), g.Operation) {
			t.Errorf("%s: gap %+v", deny, g)
		}
		read := 0
		for _, f := range found.Facts {
			if f.Kind == drift.FactSetting {
				read++
			}
		}
		if _, known := found.fact(drift.FactSetting, subject); known || read != len(settings())-1 {
			t.Errorf("%s: %d settings are read, its own: %v", deny, read, known)
		}
	}
}

func TestASettingIsToldByWhatItDoes(t *testing.T) {
	arn := "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"
	tests := map[string]struct {
		change  func(*fakeSettings)
		subject string
		want    map[string]any
		gaps    int
	}{
		"AWS's own key":            {func(f *fakeSettings) {}, "ec2.EbsDefaultKmsKeyId", map[string]any{"KmsKeyId": ownVolumeKey}, 0},
		"AWS's own key, by its id": {func(f *fakeSettings) { f.key, f.keyName = arn, ownVolumeKey }, "ec2.EbsDefaultKmsKeyId", map[string]any{"KmsKeyId": ownVolumeKey}, 0},
		"a key of the customer's":  {func(f *fakeSettings) { f.key, f.keyName = arn, "alias/disks" }, "ec2.EbsDefaultKmsKeyId", map[string]any{"KmsKeyId": arn}, 0},
		"no preference": {func(f *fakeSettings) {
			f.metadata = &ec2types.InstanceMetadataDefaultsResponse{HttpTokens: "no-preference", HttpPutResponseHopLimit: aws.Int32(-1), ManagedBy: "account"}
		}, "ec2.InstanceMetadataDefaults", map[string]any{}, 0},
		"tokens demanded": {func(f *fakeSettings) {
			f.metadata = &ec2types.InstanceMetadataDefaultsResponse{HttpTokens: "required", HttpPutResponseHopLimit: aws.Int32(1)}
		}, "ec2.InstanceMetadataDefaults", map[string]any{"HttpTokens": "required", "HttpPutResponseHopLimit": 1.0}, 0},
		"images watched": {func(f *fakeSettings) {
			f.images = ec2.GetAllowedImagesSettingsOutput{State: aws.String("audit-mode"), ImageCriteria: []ec2types.ImageCriterion{{ImageProviders: []string{"amazon"}}}}
		}, "ec2.AllowedImages", map[string]any{"Enforced": false}, 0},
		"a Region that is cut off": {func(f *fakeSettings) { f.block.InternetGatewayBlockMode = "block-bidirectional" }, publicAccess,
			map[string]any{"InternetGatewayBlockMode": "block-bidirectional", "Exclusions": []any{}}, 0},
		"a Region that is cut off but for two networks": {func(f *fakeSettings) {
			f.block.InternetGatewayBlockMode = "block-ingress"
			f.excluded = []ec2types.VpcBlockPublicAccessExclusion{exclusion("vpc/vpc-1", "create-complete"), exclusion("subnet/subnet-9", "update-complete"),
				exclusion("vpc/vpc-7", "delete-complete"), exclusion("vpc/vpc-8", "disable-complete"), exclusion("vpc/vpc-9", "create-failed")}
		}, publicAccess, map[string]any{"InternetGatewayBlockMode": "block-ingress", "Exclusions": []any{
			map[string]any{"Resource": "subnet-9", "Mode": "allow-egress"},
			map[string]any{"Resource": "vpc-1", "Mode": "allow-egress", "Subnets": []any{"subnet-1", "subnet-2"}}}}, 0},
		"an exclusion that is being made": {func(f *fakeSettings) {
			f.block.InternetGatewayBlockMode = "block-ingress"
			f.excluded = []ec2types.VpcBlockPublicAccessExclusion{exclusion("subnet/subnet-9", "create-in-progress")}
		}, publicAccess, map[string]any{"InternetGatewayBlockMode": "block-ingress", "Exclusions": []any{map[string]any{"Resource": "subnet-9", "Mode": "allow-egress", "State": "create-in-progress"}}}, 0},
		"no answer about the block":    {func(f *fakeSettings) { f.block = nil }, publicAccess, nil, 1},
		"no answer about the scanning": {func(f *fakeSettings) { f.scanning = nil }, "ecr.RegistryScanning", nil, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fake := quiet()
			test.change(&fake)
			found := set(fake, every()...)
			value, _ := found.fact(drift.FactSetting, test.subject)
			if got, _ := value.(map[string]any); !reflect.DeepEqual(got, test.want) || len(found.Gaps) != test.gaps {
				t.Errorf("value %v, want %v; gaps %+v", value, test.want, found.Gaps)
			}
			for _, g := range found.Gaps {
				if g.Fact != drift.FactSetting || g.Resource != test.subject {
					t.Errorf("gap %+v", g)
				}
			}
		})
	}
}

func TestTheOrderOfCriteriaAndOfFiltersIsNoSetting(t *testing.T) {
	filter := func(names ...string) []ecrtypes.RegistryScanningRule {
		rule := ecrtypes.RegistryScanningRule{ScanFrequency: ecrtypes.ScanFrequencyScanOnPush}
		for _, name := range names {
			rule.RepositoryFilters = append(rule.RepositoryFilters, ecrtypes.ScanningRepositoryFilter{Filter: aws.String(name), FilterType: "WILDCARD"})
		}
		return []ecrtypes.RegistryScanningRule{rule}
	}
	criteria := func(names ...string) ec2.GetAllowedImagesSettingsOutput {
		out := ec2.GetAllowedImagesSettingsOutput{State: aws.String("enabled")}
		for _, name := range names {
			out.ImageCriteria = append(out.ImageCriteria, ec2types.ImageCriterion{ImageProviders: []string{name}})
		}
		return out
	}
	values := func(f fakeSettings) []any {
		found := set(f, every()...)
		images, _ := found.fact(drift.FactSetting, "ec2.AllowedImages")
		scans, _ := found.fact(drift.FactSetting, "ecr.RegistryScanning")
		return []any{images, scans}
	}
	one, other, less := quiet(), quiet(), quiet()
	one.scanning.Rules, other.scanning.Rules, less.scanning.Rules = filter("a", "b"), filter("b", "a"), filter("a")
	one.images, other.images, less.images = criteria("amazon", "self"), criteria("self", "amazon"), criteria("amazon")
	if !reflect.DeepEqual(values(one), values(other)) {
		t.Errorf("%v and %v", values(one), values(other))
	}
	for i, v := range values(less) {
		if reflect.DeepEqual(v, values(one)[i]) {
			t.Errorf("%v is taken for less of itself", v)
		}
	}
}

func TestABlockIsReadForWhatIsInASubnetAndForNothingElse(t *testing.T) {
	inside := map[string]any{"SubnetIds": []any{"subnet-0123456789abcdef0"}}
	for name, c := range map[string]struct {
		resources []drift.Resource
		read      bool
	}{
		"a function in a subnet":      {[]drift.Resource{{Type: functionType, Properties: map[string]any{"VpcConfig": inside}}}, true},
		"a function in none":          {[]drift.Resource{{Type: functionType, Properties: map[string]any{}}}, false},
		"a group of instances":        {[]drift.Resource{{Type: "AWS::AutoScaling::AutoScalingGroup", Properties: map[string]any{"VPCZoneIdentifier": "subnet-0123456789abcdef0"}}}, true},
		"a service":                   {[]drift.Resource{{Type: serviceType, Properties: map[string]any{"NetworkConfiguration": inside}}}, true},
		"a database in a subnet":      {[]drift.Resource{{Type: instanceType, Properties: inside}}, false},
		"beside a gateway, once more": {[]drift.Resource{{Type: functionType, Properties: inside}, {Type: "AWS::EC2::InternetGateway"}}, false},
	} {
		own := &drift.Snapshot{Resources: c.resources}
		a := across{gatherer: gatherer{settings: quiet()}, own: own}
		a.settingsInside(t.Context())
		if _, read := a.found.fact(drift.FactSetting, publicAccess); read != c.read || len(a.found.Gaps) > 0 {
			t.Errorf("%s: read is %v, want %v, gaps %v", name, read, c.read, a.found.Gaps)
		}
	}
	if actions := settingActions([]string{functionType}); !slices.Contains(actions, "ec2:DescribeVpcBlockPublicAccessOptions") {
		t.Errorf("a function needs %v", actions)
	}
}
