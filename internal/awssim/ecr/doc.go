// Package ecr simulates a private registry: repositories with their policies, images by digest and tag, and the registry's
// own settings. It owns AWS::ECR::Repository, ReplicationConfiguration and RegistryPolicy. It keeps manifests and no layers,
// and hands out no credentials. What is pushed is copied at once to where the replication rules say, into repositories that
// are made there if need be.
package ecr

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type            = "AWS::ECR::Repository"
	ReplicationType = "AWS::ECR::ReplicationConfiguration"
	PolicyType      = "AWS::ECR::RegistryPolicy"

	imageType    = "sim::ECR::Image"
	scanningType = "sim::ECR::RegistryScanning"
)

// Service returns ECR.
func Service() core.Service {
	repository := repositoryEntity()
	tags := core.Tagging{Find: tagged, Tags: "tags", Keys: "tagKeys", Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"tags": core.TagList(tags)}, nil
	}}
	return core.Service{
		Name: "ecr",
		Operations: map[string]core.Handler{
			"DescribeRepositories": describeRepositories, "CreateRepository": repository.Create, "DeleteRepository": deleteRepository,
			"PutImageTagMutability":         repository.Patch(pick("imageTagMutability", "ImageTagMutability")),
			"PutImageScanningConfiguration": repository.Patch(pick("imageScanningConfiguration", "ImageScanningConfiguration")),
			"GetLifecyclePolicy":            getLifecycle, "PutLifecyclePolicy": repository.Patch(lifecycle), "DeleteLifecyclePolicy": repository.Patch(noLifecycle),
			"GetRepositoryPolicy": getPolicy, "SetRepositoryPolicy": repository.Patch(policy), "DeleteRepositoryPolicy": repository.Patch(noPolicy),
			"BatchGetImage": batchGetImage, "DescribeImageReplicationStatus": replicationStatus, "DescribeImages": describeImages, "PutImage": putImage, "BatchDeleteImage": batchDeleteImage,
			"DescribeRegistry": describeRegistry, "PutReplicationConfiguration": putReplication,
			"GetRegistryScanningConfiguration": getScanning, "PutRegistryScanningConfiguration": putScanning,
			"GetRegistryPolicy": getRegistryPolicy, "PutRegistryPolicy": putRegistryPolicy, "DeleteRegistryPolicy": deleteRegistryPolicy,
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Kinds: kinds(),
	}
}

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Name: core.NameRule{Property: "RepositoryName", Max: 256, Lower: true},
			Attributes: map[string]string{"Arn": "arn:aws:ecr:{Region}:{Account}:repository/{RepositoryName}",
				"RepositoryUri": "{Account}.dkr.ecr.{Region}.amazonaws.com/{RepositoryName}"},
			Replace: []string{"RepositoryName", "EncryptionConfiguration"}, WriteOnly: []string{"EmptyOnDelete"},
			Defaults: map[string]any{"EncryptionConfiguration": map[string]any{"EncryptionType": "AES256"},
				"ImageScanningConfiguration": map[string]any{"ScanOnPush": false}, "ImageTagMutability": "MUTABLE"},
			Schema: core.Schema{Booleans: []string{"ImageScanningConfiguration.ScanOnPush", "EmptyOnDelete"},
				Allowed: map[string][]string{"EncryptionConfiguration.EncryptionType": {"AES256", "KMS", "KMS_DSSE"},
					"ImageTagMutability": {"MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"}}},
			Invalid: "InvalidParameterException", Delete: dropImages,
		},
		{
			Type: ReplicationType, Identifier: []string{"RegistryId"}, Attributes: map[string]string{"RegistryId": "{Account}"},
			Schema: core.Schema{Required: []string{"ReplicationConfiguration"}},
		},
		{
			Type: PolicyType, Identifier: []string{"RegistryId"}, Attributes: map[string]string{"RegistryId": "{Account}"},
			Schema: core.Schema{Required: []string{"PolicyText"}},
		},
	}
}

func refused(code, format string, args ...any) error { return wire.Errorf(400, code, format, args...) }

// tagged finds the repository of a tag operation by its ARN.
func tagged(c *core.Call) (store.Resource, error) {
	for _, r := range c.List(Type) {
		if r.Attributes["Arn"] == c.In.String("resourceArn") {
			return r, nil
		}
	}
	return store.Resource{}, refused("RepositoryNotFoundException", "The repository of %s does not exist", c.In.String("resourceArn"))
}
