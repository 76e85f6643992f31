package config

import (
	"strings"
	"testing"
	"time"
)

const withAssets = `version: 1
app: payments
strategy: warm-standby
regions: {us-east-1: {role: primary}, us-west-2: {role: standby}}
release:
  - cloudformation:
      stack: payments
      template: infra/app.yaml
      assets:
        - {path: functions/api, bucket-parameter: CodeBucket, key-parameter: ApiCodeKey}
        - {path: ./functions/settle, bucket-parameter: CodeBucket, key-parameter: SettleCodeKey}
`

var assetDay = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func TestAssetsAreReadInTheOrderOfTheFile(t *testing.T) {
	cfg, err := Parse([]byte(withAssets), "lockstep.yml", assetDay)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range cfg.Release[0].CloudFormation.Assets {
		got = append(got, a.Path+" "+a.BucketParameter+" "+a.KeyParameter)
	}
	want := "functions/api CodeBucket ApiCodeKey, functions/settle CodeBucket SettleCodeKey"
	if strings.Join(got, ", ") != want {
		t.Errorf("assets are %q, want %q", strings.Join(got, ", "), want)
	}
}

func TestTwoAssetsMayNotSetOneParameter(t *testing.T) {
	src := strings.Replace(withAssets, "SettleCodeKey", "ApiCodeKey", 1)
	_, err := Parse([]byte(src), "lockstep.yml", assetDay)
	want := "lockstep.yml:11:11: release[0].cloudformation.assets[1] sets parameter ApiCodeKey, which the asset on line 10 sets already (give every asset a key-parameter of its own)"
	if err == nil || err.Error() != want {
		t.Errorf("error is\n%v\nwant\n%s", err, want)
	}
}

func TestAnAssetOutsideTheWorkingDirectoryIsRefused(t *testing.T) {
	src := strings.Replace(withAssets, "functions/api", "../secrets", 1)
	if _, err := Parse([]byte(src), "lockstep.yml", assetDay); err == nil {
		t.Error("a path that leaves the working directory was accepted")
	}
}

// The YAML library used to end a word of a flow mapping at its first colon.
func TestColonsInsideAWordOfAFlowMappingAreKept(t *testing.T) {
	src := strings.Replace(withAssets, "us-west-2: {role: standby}", "us-west-2: {role: standby, role-to-assume: arn:aws:iam::222222222222:role/lockstep}", 1)
	cfg, err := Parse([]byte(src), "lockstep.yml", assetDay)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := cfg.Topology.Region("us-west-2"); r.RoleToAssume != "arn:aws:iam::222222222222:role/lockstep" {
		t.Errorf("role-to-assume is %q", r.RoleToAssume)
	}
}
