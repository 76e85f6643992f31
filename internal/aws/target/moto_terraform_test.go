//go:build unix

package target

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/mototest"
)

// motoBackend keeps the state of a Region in a bucket of that Region, locked by
// an object beside it.
const motoBackend = `
terraform {
  backend "s3" {
    bucket                      = "state-%[1]s"
    key                         = "shop.tfstate"
    region                      = "%[1]s"
    use_lockfile                = true
    use_path_style              = true
    endpoints                   = { s3 = "%[2]s" }
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
  }
}
`

// motoWorkspaces writes a directory for each Region and returns what makes its target.
func motoWorkspaces(t *testing.T, w *terraforms, url string) func(cfg aws.Config, content string) (deploy.Target, error) {
	t.Helper()
	dirs := map[string]string{}
	for _, region := range bothRegions {
		dirs[region] = t.TempDir()
		for name, text := range map[string]string{"main.tf": workspaceFiles, "backend.tf": fmt.Sprintf(motoBackend, region, url)} {
			if err := os.WriteFile(filepath.Join(dirs[region], name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return func(cfg aws.Config, content string) (deploy.Target, error) {
		return NewWorkspace(Workspace{Key: "terraform/infra", Region: cfg.Region, Dir: dirs[cfg.Region], Program: "terraform", Init: &w.init,
			Env: map[string]string{"TF_VAR_size": content},
			Settings: func(context.Context) (map[string]string, []string, error) {
				return map[string]string{"AWS_REGION": cfg.Region, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}, nil, nil
			}}, Options{BusyTimeout: time.Second})
	}
}

// What moto cannot show here: providers that call AWS, for the resources are
// Terraform's own, and a lock that two machines fight for at one instant.
func TestTerraformKeepsTheStateOfTwoRegionsInBucketsOfMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto and Terraform")
	}
	w := newTerraforms(t)
	url := mototest.Start(t)
	motoBuckets(t, url, "state-")
	target := motoWorkspaces(t, w, url)
	story := motoStory{url: url, app: "workspaces", target: target, content: func(cfg aws.Config) (string, error) {
		state, err := target(cfg, "")
		if err != nil {
			return "", err
		}
		outputs, err := state.Outputs(context.Background())
		return outputs["size"], err
	}}
	res, err := deploy.Run(t.Context(), story.request(t, "one", "d-1"))
	story.expect(t, res, err, deploy.Done, "one")
	res, err = deploy.Run(t.Context(), story.request(t, "one", "d-2"))
	story.expect(t, res, err, deploy.NoChange, "one")
	res, err = deploy.Run(t.Context(), story.request(t, "two", "d-3"))
	story.expect(t, res, err, deploy.Done, "two")
	res, err = deploy.Rollback(t.Context(), story.request(t, "two", "d-4"), "") // Terraform has no way back
	story.expect(t, res, err, deploy.Rejected, "two")

	// Somebody else holds the state of one Region: neither Region is touched.
	standby := s3.NewFromConfig(motoConfig(url, bothRegions[1]), func(o *s3.Options) { o.UsePathStyle = true })
	_, err = standby.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("state-" + bothRegions[1]), Key: aws.String("shop.tfstate.tflock"),
		Body: bytes.NewReader([]byte(`{"ID":"0b0c","Operation":"OperationTypeApply","Who":"somebody@else"}`))})
	if err != nil {
		t.Fatal(err)
	}
	res, err = deploy.Run(t.Context(), story.request(t, "three", "d-5"))
	if !strings.Contains(res.Reason, "lock") {
		t.Errorf("the reason is %q", res.Reason)
	}
	story.expect(t, res, err, deploy.Rejected, "two")
}
