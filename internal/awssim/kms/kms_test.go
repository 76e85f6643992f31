package kms_test

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/kms"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func policy() map[string]any {
	return map[string]any{"Version": "2012-10-17", "Statement": []any{}}
}

func described(b *coretest.Bench, region, id string) wire.Object {
	b.Helper()
	return b.Call(region, "kms.DescribeKey", wire.Object{"KeyId": id}).Object("KeyMetadata")
}

func TestAKeyIsFoundByEveryName(t *testing.T) {
	b := coretest.New(t, kms.Service())
	k := b.Made(coretest.East, "K", kms.Type, map[string]any{"KeyPolicy": policy(), "EnableKeyRotation": "true"})
	a := b.Made(coretest.East, "A", kms.AliasType, map[string]any{"AliasName": "alias/app", "TargetKeyId": k.Attributes["Arn"]})
	for _, name := range []string{k.ID, wire.Text(k.Attributes["Arn"]), "alias/app", wire.Text(a.Attributes["AliasArn"])} {
		if got := described(b, coretest.East, name); got["KeyId"] != k.ID {
			t.Errorf("%s: %v", name, got)
		}
	}
	b.Refused("NotFoundException", coretest.West, "kms.DescribeKey", wire.Object{"KeyId": "alias/app"})
	b.Refused("NotFoundException", coretest.West, "kms.DescribeKey", wire.Object{"KeyId": k.Attributes["Arn"]})
	_, err := b.Make(coretest.East, "A2", kms.AliasType, map[string]any{"AliasName": "alias/none", "TargetKeyId": "none"})
	b.Code("NotFoundException", err)
	_, err = b.Make(coretest.East, "A2", kms.AliasType, map[string]any{"AliasName": "app", "TargetKeyId": k.ID})
	b.Code("ValidationException", err)
}

func TestADeletedKeyIsPendingAndCanBeSaved(t *testing.T) {
	b := coretest.New(t, kms.Service())
	k := b.Made(coretest.East, "K", kms.Type, map[string]any{"KeyPolicy": policy(), "PendingWindowInDays": "7"})
	if err := b.World.Delete(k.Scope, k.Type, k.ID); err != nil {
		t.Fatal(err)
	}
	if got := described(b, coretest.East, k.ID); got["KeyState"] != "PendingDeletion" || got.Bool("Enabled") {
		t.Errorf("%v", got)
	}
	b.Refused("KMSInvalidStateException", coretest.East, "kms.EnableKey", wire.Object{"KeyId": k.ID})
	b.Call(coretest.East, "kms.CancelKeyDeletion", wire.Object{"KeyId": k.ID})
	if got := described(b, coretest.East, k.ID); got["KeyState"] != "Disabled" {
		t.Errorf("%v", got)
	}
	b.Call(coretest.East, "kms.EnableKey", wire.Object{"KeyId": k.ID})
	if got := described(b, coretest.East, k.ID); got["KeyState"] != "Enabled" {
		t.Errorf("%v", got)
	}
}

func TestAReplicaSharesTheIdOfItsPrimary(t *testing.T) {
	b := coretest.New(t, kms.Service())
	k := b.Made(coretest.East, "K", kms.Type, map[string]any{"KeyPolicy": policy(), "MultiRegion": "true"})
	r := b.Made(coretest.West, "R", kms.ReplicaType, map[string]any{"KeyPolicy": policy(), "PrimaryKeyArn": k.Attributes["Arn"]})
	if r.ID != k.ID || !strings.HasPrefix(r.ID, "mrk-") {
		t.Fatalf("%s and %s", k.ID, r.ID)
	}
	for region, kind := range map[string]string{coretest.East: "PRIMARY", coretest.West: "REPLICA"} {
		c := described(b, region, k.ID).Object("MultiRegionConfiguration")
		if c["MultiRegionKeyType"] != kind || c.Object("PrimaryKey")["Region"] != coretest.East || len(c.List("ReplicaKeys")) != 1 {
			t.Errorf("%s: %v", region, c)
		}
	}
	b.Code("KMSInvalidStateException", b.World.Delete(k.Scope, k.Type, k.ID))
	if err := b.World.Delete(r.Scope, r.Type, r.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.World.Delete(k.Scope, k.Type, k.ID); err != nil {
		t.Error(err)
	}
	single := b.Made(coretest.East, "K2", kms.Type, map[string]any{"KeyPolicy": policy()})
	_, err := b.Make(coretest.West, "R2", kms.ReplicaType, map[string]any{"KeyPolicy": policy(), "PrimaryKeyArn": single.Attributes["Arn"]})
	b.Code("UnsupportedOperationException", err)
}
