package secretsmanager_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/secretsmanager"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func secret(extra map[string]any) map[string]any {
	p := map[string]any{"Name": "app/key", "GenerateSecretString": map[string]any{
		"SecretStringTemplate": `{"user":"u"}`, "GenerateStringKey": "password", "ExcludeCharacters": "\"@/\\", "PasswordLength": "40"}}
	for k, v := range extra {
		p[k] = v
	}
	return p
}

func replicated() map[string]any {
	return secret(map[string]any{"ReplicaRegions": []any{map[string]any{"Region": coretest.West}}})
}

func value(b *coretest.Bench, region string) string {
	b.Helper()
	return b.Call(region, "secretsmanager.GetSecretValue", wire.Object{"SecretId": "app/key"}).String("SecretString")
}

func status(b *coretest.Bench) wire.Object {
	b.Helper()
	list := b.Call(coretest.East, "secretsmanager.DescribeSecret", wire.Object{"SecretId": "app/key"}).Objects("ReplicationStatus")
	if len(list) != 1 {
		b.Fatalf("%v", list)
	}
	return list[0]
}

func TestAGeneratedSecretKeepsToItsRule(t *testing.T) {
	b := coretest.New(t, secretsmanager.Service())
	b.Made(coretest.East, "S", secretsmanager.Type, secret(nil))
	var doc map[string]string
	if err := json.Unmarshal([]byte(value(b, coretest.East)), &doc); err != nil {
		t.Fatal(err)
	}
	if doc["user"] != "u" || len(doc["password"]) != 40 || strings.ContainsAny(doc["password"], "\"@/\\") {
		t.Errorf("%q", doc)
	}
	_, err := b.Make(coretest.East, "S2", secretsmanager.Type, map[string]any{"GenerateSecretString": map[string]any{"GenerateStringKey": "x"}})
	b.Code("InvalidRequestException", err)
}

func TestAReplicaFollowsItsPrimaryAndRefusesWrites(t *testing.T) {
	b := coretest.New(t, secretsmanager.Service())
	r := b.Made(coretest.East, "S", secretsmanager.Type, replicated())
	first := value(b, coretest.West)
	if first != value(b, coretest.East) || status(b)["Status"] != "InSync" {
		t.Fatal("the replica differs")
	}
	b.Call(coretest.East, "secretsmanager.PutSecretValue", wire.Object{"SecretId": r.ID, "SecretString": "new"})
	if value(b, coretest.West) != "new" {
		t.Error("the replica did not follow")
	}
	old := b.Call(coretest.West, "secretsmanager.GetSecretValue", wire.Object{"SecretId": "app/key", "VersionStage": "AWSPREVIOUS"})
	if old.String("SecretString") != first {
		t.Error("the previous value is lost")
	}
	b.Refused("InvalidRequestException", coretest.West, "secretsmanager.PutSecretValue", wire.Object{"SecretId": "app/key", "SecretString": "x"})
	b.Refused("InvalidRequestException", coretest.East, "secretsmanager.DeleteSecret", wire.Object{"SecretId": "app/key"})
	b.Refused("ResourceNotFoundException", coretest.West, "secretsmanager.DescribeSecret", wire.Object{"SecretId": r.ID})
}

func TestAFailingReplicationLeavesTheOldValueBehind(t *testing.T) {
	b := coretest.New(t, secretsmanager.Service())
	b.Made(coretest.East, "S", secretsmanager.Type, replicated())
	first := value(b, coretest.West)
	failure := store.Resource{Scope: coretest.Scope(coretest.West), Type: secretsmanager.FailureType, ID: "app/key",
		Properties: map[string]any{"Message": "The KMS key is disabled."}}
	b.World.Store.Put(failure)
	b.Call(coretest.East, "secretsmanager.PutSecretValue", wire.Object{"SecretId": "app/key", "SecretString": "new"})
	if s := status(b); s["Status"] != "Failed" || s["StatusMessage"] != "The KMS key is disabled." || value(b, coretest.West) != first {
		t.Errorf("%v, standby has %q", s, value(b, coretest.West))
	}
	b.World.Store.Delete(failure.Scope, failure.Type, failure.ID)
	b.Call(coretest.East, "secretsmanager.PutSecretValue", wire.Object{"SecretId": "app/key", "SecretString": "newer"})
	if status(b)["Status"] != "InSync" || value(b, coretest.West) != "newer" {
		t.Errorf("%v", status(b))
	}
}

func TestANameThatIsTakenStopsReplicationUntilForced(t *testing.T) {
	b := coretest.New(t, secretsmanager.Service())
	b.Call(coretest.West, "secretsmanager.CreateSecret", wire.Object{"Name": "app/key", "SecretString": "standby's own"})
	b.Made(coretest.East, "S", secretsmanager.Type, replicated())
	if status(b)["Status"] != "Failed" || value(b, coretest.West) != "standby's own" {
		t.Fatalf("%v", status(b))
	}
	b.Call(coretest.East, "secretsmanager.ReplicateSecretToRegions", wire.Object{"SecretId": "app/key", "ForceOverwriteReplicaSecret": true,
		"AddReplicaRegions": []any{wire.Object{"Region": coretest.West}}})
	if status(b)["Status"] != "InSync" || value(b, coretest.West) != value(b, coretest.East) {
		t.Errorf("%v", status(b))
	}
}

func TestRegionsComeAndGoWithTheTemplate(t *testing.T) {
	b := coretest.New(t, secretsmanager.Service())
	r := b.Made(coretest.East, "S", secretsmanager.Type, replicated())
	before := value(b, coretest.East)
	if _, err := b.World.Update(r.Scope, r.Type, r.ID, core.Patch{Properties: map[string]any{"ReplicaRegions": nil, "Description": "d"}}); err != nil {
		t.Fatal(err)
	}
	b.Refused("ResourceNotFoundException", coretest.West, "secretsmanager.GetSecretValue", wire.Object{"SecretId": "app/key"})
	if value(b, coretest.East) != before {
		t.Error("an update that does not touch the value generated a new one")
	}
	if err := b.World.Delete(r.Scope, r.Type, r.ID); err != nil {
		t.Fatal(err)
	}
	b.Made(coretest.East, "S", secretsmanager.Type, replicated())
}
