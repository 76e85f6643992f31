package evidence

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// What an account has set for a whole Region stands in no template, and changes
// what the same template becomes: whether a disk is encrypted and by which key,
// whether an instance starts from its image, whether a gateway lets anything through.

type settingsAPI interface {
	GetEbsEncryptionByDefault(context.Context, *ec2.GetEbsEncryptionByDefaultInput, ...func(*ec2.Options)) (*ec2.GetEbsEncryptionByDefaultOutput, error)
	GetEbsDefaultKmsKeyId(context.Context, *ec2.GetEbsDefaultKmsKeyIdInput, ...func(*ec2.Options)) (*ec2.GetEbsDefaultKmsKeyIdOutput, error)
	GetInstanceMetadataDefaults(context.Context, *ec2.GetInstanceMetadataDefaultsInput, ...func(*ec2.Options)) (*ec2.GetInstanceMetadataDefaultsOutput, error)
	GetAllowedImagesSettings(context.Context, *ec2.GetAllowedImagesSettingsInput, ...func(*ec2.Options)) (*ec2.GetAllowedImagesSettingsOutput, error)
	DescribeVpcBlockPublicAccessExclusions(context.Context, *ec2.DescribeVpcBlockPublicAccessExclusionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcBlockPublicAccessExclusionsOutput, error)
	DescribeSubnets(context.Context, *ec2.DescribeSubnetsInput, ...func(*ec2.Options)) (*ec2.DescribeSubnetsOutput, error)
	DescribeVpcBlockPublicAccessOptions(context.Context, *ec2.DescribeVpcBlockPublicAccessOptionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcBlockPublicAccessOptionsOutput, error)
	GetRegistryScanningConfiguration(context.Context, *ecr.GetRegistryScanningConfigurationInput, ...func(*ecr.Options)) (*ecr.GetRegistryScanningConfigurationOutput, error)
	// Key describes a KMS key, as package read does.
	Key(ctx context.Context, id string) (drift.Fact, error)
}

// regionSettings asks a Region.
type regionSettings struct {
	*ec2.Client
	registry *ecr.Client
	region   session.ReadOnly
}

func newRegionSettings(region session.ReadOnly) regionSettings {
	return regionSettings{Client: ec2.NewFromConfig(region.Config()), registry: ecr.NewFromConfig(region.Config()), region: region}
}

func (r regionSettings) GetRegistryScanningConfiguration(ctx context.Context, in *ecr.GetRegistryScanningConfigurationInput, o ...func(*ecr.Options)) (*ecr.GetRegistryScanningConfigurationOutput, error) {
	return r.registry.GetRegistryScanningConfiguration(ctx, in, o...)
}

func (r regionSettings) Key(ctx context.Context, id string) (drift.Fact, error) {
	return read.Key(ctx, r.region, id)
}

// setting is one that both Regions must have alike. It is read when the
// application has a resource of one of the types.
type setting struct {
	subject string
	types   []string
	actions []string
	// known is what package drift says of it.
	known drift.AccountSetting
	// read is the value of the fact; nil with no error: it left a gap itself.
	read func(context.Context, *gatherer) (map[string]any, error)
}

// settings are those of drift.AccountSettings, with how each is read.
func settings() []setting {
	all := []setting{
		{"ec2.EbsEncryptionByDefault", nil, []string{"ec2:GetEbsEncryptionByDefault"}, drift.AccountSetting{}, volumeEncryption},
		{"ec2.EbsDefaultKmsKeyId", nil, []string{"ec2:GetEbsDefaultKmsKeyId", "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases"}, drift.AccountSetting{}, volumeKey},
		{"ec2.InstanceMetadataDefaults", nil, []string{"ec2:GetInstanceMetadataDefaults"}, drift.AccountSetting{}, metadataDefaults},
		{"ec2.AllowedImages", nil, []string{"ec2:GetAllowedImagesSettings"}, drift.AccountSetting{}, allowedImages},
		{publicAccess, nil, []string{"ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeSubnets"}, drift.AccountSetting{}, publicAccessBlock},
		{"ecr.RegistryScanning", nil, []string{"ecr:GetRegistryScanningConfiguration"}, drift.AccountSetting{}, registryScanning},
	}
	for i := range all {
		for _, known := range drift.AccountSettings() {
			if known.Subject == all[i].subject {
				all[i].types, all[i].known = known.Types, known
			}
		}
	}
	return all
}

// settingActions are the permissions for the settings that the types follow.
func settingActions(types []string) []string {
	var actions []string
	for _, s := range settings() {
		if uses(s.types, types) || uses(s.known.Inside, types) {
			actions = append(actions, s.actions...)
		}
	}
	return actions
}

// accountSettings reads the settings of the Region that the application's types follow.
func (g *gatherer) accountSettings(ctx context.Context, items []inventory.Item) {
	if g.settings == nil {
		return
	}
	types := typesOf(items)
	var group errgroup.Group
	group.SetLimit(inFlight)
	for _, s := range settings() {
		if !uses(s.types, types) {
			continue
		}
		group.Go(func() error { g.read(ctx, s); return nil })
	}
	_ = group.Wait() // failures are gaps
}

// settingsInside reads those that resources follow only because of the subnets they
// are in, which is known once they are read.
func (a *across) settingsInside(ctx context.Context) {
	for _, s := range settings() {
		follows := func(r drift.Resource) bool { return s.known.Follows(&r) }
		if len(of(a.own, s.types...)) > 0 || !slices.ContainsFunc(a.own.Resources, follows) {
			continue // it was read, or nothing follows it
		}
		a.read(ctx, s)
	}
}

// read reads one setting.
func (g *gatherer) read(ctx context.Context, s setting) {
	value, err := s.read(ctx, g)
	if err != nil {
		g.failed(drift.FactSetting, s.subject, "", err)
	} else if value != nil {
		g.fact(drift.FactSetting, s.subject, value)
	}
}

func volumeEncryption(ctx context.Context, g *gatherer) (map[string]any, error) {
	out, err := g.settings.GetEbsEncryptionByDefault(ctx, &ec2.GetEbsEncryptionByDefaultInput{})
	if err != nil {
		return nil, err
	}
	return map[string]any{"EbsEncryptionByDefault": aws.ToBool(out.EbsEncryptionByDefault)}, nil
}

// ownVolumeKey is the alias of the key that AWS keeps for volumes.
const ownVolumeKey = "alias/aws/ebs"

// volumeKey reads the key of volumes that name none. A key of the customer's has
// another id in every Region: what it stands for is a fact of its own.
func volumeKey(ctx context.Context, g *gatherer) (map[string]any, error) {
	out, err := g.settings.GetEbsDefaultKmsKeyId(ctx, &ec2.GetEbsDefaultKmsKeyIdInput{})
	if err != nil {
		return nil, err
	}
	id := aws.ToString(out.KmsKeyId)
	if id == "" || strings.HasSuffix(id, ownVolumeKey) {
		return map[string]any{"KmsKeyId": ownVolumeKey}, nil
	}
	key, err := g.settings.Key(ctx, id)
	if err != nil {
		return nil, err
	}
	if value, _ := key.Value.(map[string]any); value["Name"] == ownVolumeKey {
		return map[string]any{"KmsKeyId": ownVolumeKey}, nil
	}
	g.fact(key.Kind, key.Subject, key.Value)
	return map[string]any{"KmsKeyId": id}, nil
}

// metadataDefaults reads what instances get that say nothing of their metadata.
// "No preference" is as if nothing was set.
func metadataDefaults(ctx context.Context, g *gatherer) (map[string]any, error) {
	out, err := g.settings.GetInstanceMetadataDefaults(ctx, &ec2.GetInstanceMetadataDefaultsInput{})
	if err != nil {
		return nil, err
	}
	value := map[string]any{}
	if d := out.AccountLevel; d != nil {
		for name, text := range map[string]string{"HttpEndpoint": string(d.HttpEndpoint), "HttpTokens": string(d.HttpTokens),
			"HttpTokensEnforced": string(d.HttpTokensEnforced), "InstanceMetadataTags": string(d.InstanceMetadataTags)} {
			if text != "" && text != "no-preference" {
				value[name] = text
			}
		}
		if hops := aws.ToInt32(d.HttpPutResponseHopLimit); hops > 0 {
			value["HttpPutResponseHopLimit"] = hops
		}
	}
	return value, nil
}

// allowedImages reads which images may be started. Only an enabled setting stops
// a launch, so that the criteria of another one say nothing.
func allowedImages(ctx context.Context, g *gatherer) (map[string]any, error) {
	out, err := g.settings.GetAllowedImagesSettings(ctx, &ec2.GetAllowedImagesSettingsInput{})
	if err != nil {
		return nil, err
	}
	if aws.ToString(out.State) != string(ec2types.AllowedImagesSettingsEnabledStateEnabled) {
		return map[string]any{"Enforced": false}, nil
	}
	criteria := []string{}
	for _, c := range out.ImageCriteria {
		slices.Sort(c.ImageNames)
		slices.Sort(c.ImageProviders)
		slices.Sort(c.MarketplaceProductCodes)
		text, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		criteria = append(criteria, string(text))
	}
	slices.Sort(criteria) // an image is allowed that meets any of them
	return map[string]any{"Enforced": true, "ImageCriteria": criteria}, nil
}

// registryScanning reads how the registry scans images, rules and filters in one order.
func registryScanning(ctx context.Context, g *gatherer) (map[string]any, error) {
	out, err := g.settings.GetRegistryScanningConfiguration(ctx, &ecr.GetRegistryScanningConfigurationInput{})
	if err != nil {
		return nil, err
	}
	c := out.ScanningConfiguration
	if c == nil {
		g.gap(drift.Gap{Resource: "ecr.RegistryScanning", Fact: drift.FactSetting, Operation: "ecr:GetRegistryScanningConfiguration", Reason: session.BadResponse, Message: "the answer has no configuration"})
		return nil, nil
	}
	scans := []string{}
	for _, rule := range c.Rules {
		for _, filter := range rule.RepositoryFilters {
			scans = append(scans, string(rule.ScanFrequency)+" "+aws.ToString(filter.Filter))
		}
	}
	slices.Sort(scans)
	return map[string]any{"ScanType": string(c.ScanType), "Rules": slices.Compact(scans)}, nil
}
