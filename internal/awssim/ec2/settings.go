package ec2

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// settingsType keeps what a Region of an account is set to: "ebs-encryption" has the property Enabled, "ebs-key" KmsKeyId,
// "metadata-defaults", "allowed-images" and "public-access" have the members of their answers.
const settingsType = "sim::EC2::Setting"

// settingOperations follow the Amazon EC2 API reference; what nobody has set answers as a new account does: no encryption,
// AWS's own key, no defaults for metadata, all images allowed, nothing blocked.
func settingOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"GetEbsEncryptionByDefault":     ebsEncryption,
		"EnableEbsEncryptionByDefault":  setEncryption(true),
		"DisableEbsEncryptionByDefault": setEncryption(false),
		"GetEbsDefaultKmsKeyId":         ebsKey,
		"ModifyEbsDefaultKmsKeyId":      setKey,
		"GetInstanceMetadataDefaults": func(c *core.Call) (any, error) {
			return core.Out{"accountLevel": setOf(c, "metadata-defaults", core.Out{"managedBy": "account"})}, nil
		},
		"ModifyInstanceMetadataDefaults": setMetadata,
		"GetAllowedImagesSettings": func(c *core.Call) (any, error) {
			return setOf(c, "allowed-images", core.Out{"managedBy": "account", "state": "disabled"}), nil
		},
		"EnableAllowedImagesSettings": func(c *core.Call) (any, error) {
			state := c.In.String("AllowedImagesSettingsState")
			put(c, "allowed-images", map[string]any{"state": state})
			return core.Out{"allowedImagesSettingsState": state}, nil
		},
		"CreateVpcBlockPublicAccessExclusion":    exclude,
		"DeleteVpcBlockPublicAccessExclusion":    include,
		"DescribeVpcBlockPublicAccessExclusions": excluded,
		"DescribeVpcBlockPublicAccessOptions":    func(c *core.Call) (any, error) { return blocked(c), nil },
		"ModifyVpcBlockPublicAccessOptions": func(c *core.Call) (any, error) {
			put(c, "public-access", map[string]any{"internetGatewayBlockMode": c.In.String("InternetGatewayBlockMode"), "state": "update-complete"})
			return blocked(c), nil
		},
	}
}

// setOf is what was set over what a new account has.
func setOf(c *core.Call, id string, unset core.Out) core.Out {
	out := maps.Clone(unset)
	if r, ok := c.Get(settingsType, id); ok {
		maps.Copy(out, r.Properties)
	}
	return out
}

// put sets members of a setting and leaves its others.
func put(c *core.Call, id string, members map[string]any) {
	r, ok := c.World.Store.Get(c.Scope, settingsType, id)
	if !ok {
		r = store.Resource{Scope: c.Scope, Type: settingsType, ID: id}
	}
	properties := maps.Clone(r.Properties)
	if properties == nil {
		properties = map[string]any{}
	}
	maps.Copy(properties, members)
	r.Properties = properties
	c.World.Store.Put(r)
}

func ebsEncryption(c *core.Call) (any, error) {
	r, ok := c.Get(settingsType, "ebs-encryption")
	return core.Out{"ebsEncryptionByDefault": ok && r.Properties["Enabled"] == true}, nil
}

func setEncryption(on bool) core.Handler {
	return func(c *core.Call) (any, error) {
		put(c, "ebs-encryption", map[string]any{"Enabled": on})
		return core.Out{"ebsEncryptionByDefault": on}, nil
	}
}

func ebsKey(c *core.Call) (any, error) {
	return setOf(c, "ebs-key", core.Out{"kmsKeyId": "alias/aws/ebs"}), nil
}

func setKey(c *core.Call) (any, error) {
	put(c, "ebs-key", map[string]any{"kmsKeyId": c.In.String("KmsKeyId")})
	return ebsKey(c)
}

// setMetadata changes the defaults that are given; one without a preference is unset.
func setMetadata(c *core.Call) (any, error) {
	members := map[string]any{}
	for name, shown := range map[string]string{"HttpEndpoint": "httpEndpoint", "HttpTokens": "httpTokens", "HttpTokensEnforced": "httpTokensEnforced",
		"HttpPutResponseHopLimit": "httpPutResponseHopLimit", "InstanceMetadataTags": "instanceMetadataTags"} {
		switch value := c.In.String(name); value {
		case "":
		case "no-preference", "-1":
			members[shown] = nil
		default:
			members[shown] = value
		}
	}
	put(c, "metadata-defaults", members)
	return core.Out{"return": true}, nil
}

func blocked(c *core.Call) core.Out {
	return core.Out{"vpcBlockPublicAccessOptions": setOf(c, "public-access", core.Out{"awsAccountId": c.Account, "awsRegion": c.Region,
		"exclusionsAllowed": "allowed", "internetGatewayBlockMode": "off", "managedBy": "account", "state": "default-state"})}
}

// exclusionType keeps the networks that the block of public access leaves out.
const exclusionType = "sim::EC2::VpcBlockPublicAccessExclusion"

// exclude leaves a VPC or a subnet out, at once.
func exclude(c *core.Call) (any, error) {
	arn := "arn:aws:ec2:" + c.Region + ":" + c.Account + ":vpc/" + c.In.String("VpcId")
	if subnet := c.In.String("SubnetId"); subnet != "" {
		arn = "arn:aws:ec2:" + c.Region + ":" + c.Account + ":subnet/" + subnet
	}
	e := store.Resource{Scope: c.Scope, Type: exclusionType, ID: "vpcbpa-exclude-" + c.World.IDs.Hex(17, c.Account, c.Region, exclusionType, arn)}
	e.Properties = map[string]any{"exclusionId": e.ID, "internetGatewayExclusionMode": c.In.String("InternetGatewayExclusionMode"), "resourceArn": arn, "state": "create-complete"}
	c.World.Store.Put(e)
	return core.Out{"vpcBlockPublicAccessExclusion": core.Out(e.Properties)}, nil
}

// include takes an exclusion back. AWS lists it for a while as one that is deleted.
func include(c *core.Call) (any, error) {
	e, ok := c.World.Store.Get(c.Scope, exclusionType, c.In.String("ExclusionId"))
	if !ok {
		return nil, wire.Errorf(400, "InvalidVpcBlockPublicAccessExclusionId.NotFound", "The exclusion ID '%s' does not exist", c.In.String("ExclusionId"))
	}
	e.Properties = maps.Clone(e.Properties)
	e.Properties["state"] = "delete-complete"
	c.World.Store.Put(e)
	return core.Out{"vpcBlockPublicAccessExclusion": core.Out(e.Properties)}, nil
}

func excluded(c *core.Call) (any, error) {
	list := []any{}
	for _, e := range c.List(exclusionType) {
		list = append(list, core.Out(e.Properties))
	}
	return core.Out{"vpcBlockPublicAccessExclusionSet": list}, nil
}
