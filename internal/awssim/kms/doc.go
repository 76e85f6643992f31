// Package kms simulates keys, aliases, key policies and multi-Region replicas. It owns AWS::KMS::Key, ReplicaKey and Alias.
// It encrypts nothing: the cryptographic operations are unknown. Keys that AWS manages (alias/aws/...) exist as soon as
// somebody asks for them.
package kms

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Types of the package. A key that CloudFormation deleted lives on, pending deletion, under a type of its own.
const (
	Type        = "AWS::KMS::Key"
	ReplicaType = "AWS::KMS::ReplicaKey"
	AliasType   = "AWS::KMS::Alias"

	pendingType = "sim::KMS::PendingKey"
)

// Service returns KMS.
func Service() core.Service {
	tags := core.Tagging{Find: key, Show: func(c *core.Call, tags map[string]string) (any, error) {
		return page(c, "Tags", presentTags(tags), 50)
	}}
	return core.Service{
		Name: "kms",
		Operations: map[string]core.Handler{
			"CreateKey": createKey, "DescribeKey": describeKey, "ListKeys": listKeys, "ListAliases": listAliases,
			"CreateAlias": createAlias, "UpdateAlias": updateAlias, "DeleteAlias": deleteAlias, "GetKeyPolicy": getKeyPolicy,
			"PutKeyPolicy": putKeyPolicy, "ListKeyPolicies": listKeyPolicies, "GetKeyRotationStatus": getRotation,
			"EnableKeyRotation": enableRotation, "DisableKeyRotation": disableRotation, "ListResourceTags": tags.List,
			"TagResource": tags.Add, "UntagResource": tags.Remove, "EnableKey": enableKey, "DisableKey": disableKey,
			"UpdateKeyDescription": updateDescription, "ScheduleKeyDeletion": scheduleDeletion,
			"CancelKeyDeletion": cancelDeletion, "ReplicateKey": replicateKey, "ListGrants": listGrants,
		},
		Kinds: []core.Kind{keyKind(), replicaKind(), aliasKind()},
	}
}

func keyKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Identifier: []string{"KeyId"},
		Attributes: map[string]string{"Arn": "arn:aws:kms:{Region}:{Account}:key/{KeyId}"},
		Ref:        "{KeyId}",
		Replace:    []string{"KeySpec", "KeyUsage", "MultiRegion", "Origin"},
		WriteOnly:  []string{"PendingWindowInDays", "BypassPolicyLockoutSafetyCheck"},
		Defaults: map[string]any{"Enabled": true, "EnableKeyRotation": false, "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
			"MultiRegion": false, "Origin": "AWS_KMS", "Description": ""},
		Schema: core.Schema{
			Booleans: []string{"Enabled", "EnableKeyRotation", "MultiRegion", "BypassPolicyLockoutSafetyCheck"},
			Numbers:  []string{"PendingWindowInDays", "RotationPeriodInDays"},
			Range:    map[string][2]float64{"PendingWindowInDays": {7, 30}, "RotationPeriodInDays": {90, 2560}},
			Allowed:  map[string][]string{"KeyUsage": {"ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"}},
		},
		Create: checkKey,
		Update: checkKey,
		Delete: keepPending,
	}
}

func replicaKind() core.Kind {
	return core.Kind{
		Type:       ReplicaType,
		Identifier: []string{"KeyId"},
		Attributes: map[string]string{"Arn": "arn:aws:kms:{Region}:{Account}:key/{KeyId}"},
		Ref:        "{KeyId}",
		Replace:    []string{"PrimaryKeyArn"},
		WriteOnly:  []string{"PendingWindowInDays"},
		Defaults:   map[string]any{"Enabled": true, "Description": ""},
		Schema: core.Schema{
			Required: []string{"PrimaryKeyArn", "KeyPolicy"},
			Booleans: []string{"Enabled"},
			Numbers:  []string{"PendingWindowInDays"},
		},
		Create: checkReplica,
		Update: checkReplica,
		Delete: keepPending,
	}
}

func aliasKind() core.Kind {
	return core.Kind{
		Type:       AliasType,
		Identifier: []string{"AliasName"},
		Attributes: map[string]string{"AliasArn": "arn:aws:kms:{Region}:{Account}:{AliasName}"},
		Ref:        "{AliasName}",
		Replace:    []string{"AliasName"},
		Schema:     core.Schema{Required: []string{"AliasName", "TargetKeyId"}},
		Create:     checkAlias,
		Update:     checkAlias,
	}
}
