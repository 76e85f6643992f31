// Package secretsmanager simulates secrets, their versions and their replication to other Regions. It owns
// AWS::SecretsManager::Secret, ResourcePolicy and RotationSchedule. A replica is a secret of its own in its Region that follows the primary and
// refuses writes. It neither encrypts nor rotates.
//
// Replication of a secret fails, with the text of the property Message, while the Region of the replica has a resource of
// type FailureType whose id is the name of the secret, or "*": the replica then keeps the value it had.
package secretsmanager

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// Types of the package. FailureType scripts a failing replication.
const (
	Type        = "AWS::SecretsManager::Secret"
	PolicyType  = "AWS::SecretsManager::ResourcePolicy"
	FailureType = "sim::SecretsManager::ReplicationFailure"
)

// Service returns Secrets Manager.
func Service() core.Service {
	tags := core.Tagging{Find: writable, Write: func(c *core.Call, r store.Resource, change func(*store.Resource)) error {
		_, err := write(c, r, change)
		return err
	}}
	return core.Service{
		Name: "secretsmanager",
		Operations: map[string]core.Handler{
			"CreateSecret": createSecret, "DescribeSecret": describeSecret, "ListSecrets": listSecrets, "GetSecretValue": getSecretValue,
			"PutSecretValue": putSecretValue, "UpdateSecret": updateSecret, "DeleteSecret": deleteSecret, "RestoreSecret": restoreSecret,
			"ListSecretVersionIds": listVersions, "GetResourcePolicy": getResourcePolicy, "PutResourcePolicy": putResourcePolicy,
			"DeleteResourcePolicy": deleteResourcePolicy, "ReplicateSecretToRegions": replicateToRegions,
			"RemoveRegionsFromReplication": removeRegions, "StopReplicationToReplica": stopReplication,
			"TagResource": tags.Add, "UntagResource": tags.Remove, "BatchGetSecretValue": batchGetSecretValue,
			"RotateSecret": rotateSecret, "CancelRotateSecret": cancelRotation,
		},
		Kinds: []core.Kind{secretKind(), policyKind(), rotationKind()},
	}
}

func secretKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "Name", Max: 512},
		Identifier: []string{"Id"},
		Ref:        "{Id}",
		Replace:    []string{"Name"},
		WriteOnly:  []string{"SecretString", "GenerateSecretString"},
		Schema: core.Schema{
			Numbers: []string{"GenerateSecretString.PasswordLength"},
			Booleans: []string{"GenerateSecretString.ExcludePunctuation", "GenerateSecretString.ExcludeNumbers", "GenerateSecretString.ExcludeLowercase",
				"GenerateSecretString.ExcludeUppercase", "GenerateSecretString.IncludeSpace", "GenerateSecretString.RequireEachIncludedType"},
		},
		Create: checkSecret,
		Update: checkSecret,
		Delete: dropReplicas,
	}
}

func policyKind() core.Kind {
	return core.Kind{
		Type:    PolicyType,
		Replace: []string{"SecretId"},
		Schema:  core.Schema{Required: []string{"SecretId", "ResourcePolicy"}},
		Create:  applyPolicy,
		Update:  applyPolicy,
		Delete:  removePolicy,
	}
}
