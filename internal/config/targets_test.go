package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func brokenKinds() []broken {
	with := func(name, target string, want ...string) broken {
		return broken{name: name, old: "release:\n", new: "release:\n  - " + target + "\n", want: want}
	}
	return []broken{
		with("a function with neither code", "lambda: {function: api, alias: live}",
			"8:13: release[0].lambda needs exactly one of zip and image (give it a zip or an image)"),
		with("a function with both", "lambda: {function: api, alias: live, zip: dist, image: repo/api}",
			"8:13: release[0].lambda needs exactly one of zip and image (give it a zip or an image)"),
		with("an image by its tag", "lambda: {function: api, alias: live, image: \"repo/api:latest\"}",
			`8:49: release[0].lambda.image must be a repository, with or without @sha256: and a digest, not "repo/api:latest" (leave the tag out: it may mean another image in every Region)`),
		with("an alias that is a number", "lambda: {function: api, alias: \"7\", zip: dist}",
			`8:36: release[0].lambda.alias must be the name of an alias: letters, digits, dashes and underscores, not a number, not "7" (write live)`),
		with("provisioned concurrency of nothing", "lambda: {function: api, alias: live, zip: dist, provisioned: 0}",
			"8:66: release[0].lambda.provisioned is 0 (write a number from 1 to 100000)"),
		with("a service without images", "ecs: {cluster: main, service: web, images: {}}",
			"8:48: release[0].ecs.images is empty (write {web: {us-east-1: 111111111111.dkr.ecr.us-east-1.amazonaws.com/web, us-west-2: 111111111111.dkr.ecr.us-west-2.amazonaws.com/web}})"),
		with("a container's image for one Region only", "ecs: {cluster: main, service: web, images: {web: {us-east-1: repo/web}}}",
			"8:54: release[0].ecs.images.web lacks us-west-2 (give every configured Region a value)"),
		with("a Terraform state for both Regions", "terraform: {dir: infra}",
			"8:16: release[0].terraform gives us-east-1 and us-west-2 one state (give each a workspace or a directory of its own)"),
		with("variables outside of the directory", "terraform: {dir: {us-east-1: a, us-west-2: b}, var-files: [../x.tfvars]}",
			`8:64: release[0].terraform.var-files[0] "../x.tfvars" leaves the working directory (write a path without .., such as infra/app.yaml)`),
		with("static files of both Regions in one bucket", "s3: {bucket: site, dir: dist}",
			"8:18: release[0].s3.bucket site is that of us-east-1 and of us-west-2: a bucket lies in one Region (name a bucket in each Region)"),
		with("a prefix without its slash", "s3: {bucket: {us-east-1: a-1, us-west-2: a-2}, dir: dist, prefix: web}",
			`8:71: release[0].s3.prefix must be a prefix of keys that ends with a slash and begins without one, not "web" (write web/)`),
		with("a command without a name and with a line for a shell", "command: {run: npx cdk deploy}",
			`8:14: release[0].command lacks "name" (add name: cdk)`,
			`8:20: release[0].command.run must be a list, not "npx cdk deploy" (write [npx, cdk, deploy, --all])`),
		with("variables of a Region nobody knows", "command: {name: x, run: [x], regions: {eu-west-1: {env: {A: b}}}}",
			"8:44: release[0].command.regions names Region eu-west-1, which is not under regions (configured: us-east-1, us-west-2)"),
		with("a repair that is neither allowed nor not", "cloudformation: {stack: a, template: a.yaml, repair: maybe}",
			`8:58: release[0].cloudformation.repair must be true or false, not "maybe" (write true)`),
		with("two commands of one name", "command: {name: x, run: [x]}\n  - command: {name: x, run: [y]}",
			"9:5: command/x is already the target on line 8 (give each a name of its own)"),
	}
}

func TestWhatMayBeDoneToAStuckStackIsSaid(t *testing.T) {
	c := parsed(t, "release:\n", "release:\n  - cloudformation: {stack: a, template: a.yaml, repair: true, recreate-failed: true}\n"+
		"  - cloudformation: {stack: b, template: b.yaml, repair: false}\n")
	for i, want := range []bool{true, false} {
		if got := c.Release[i].CloudFormation; got.Repair != want || got.RecreateFailed != want {
			t.Errorf("%s: repair %v, recreate-failed %v, want %v", got.Key, got.Repair, got.RecreateFailed, want)
		}
	}
}

func TestFunctionsAndCommandsOfARelease(t *testing.T) {
	c := parsed(t, "release:\n", `release:
  - lambda: {function: {us-east-1: api, us-west-2: api-dr}, alias: live, image: {us-east-1: 1.dkr.ecr.us-east-1.amazonaws.com/api, us-west-2: 1.dkr.ecr.us-east-1.amazonaws.com/api}, provisioned: 5}
  - lambda: {function: settle, alias: live, zip: ./dist/settle}
  - ecs: {cluster: main, service: web, images: {web: repo/web}}
  - terraform: {dir: infra, workspace: {us-east-1: one, us-west-2: two}, var-files: {us-east-1: [a.tfvars], us-west-2: [b.tfvars]}}
  - s3: {bucket: {us-east-1: site-1, us-west-2: site-2}, dir: ./dist, prefix: web/}
  - command: {name: cdk, run: [npx, cdk, deploy], rollback: [./back.sh, 1], dir: ./infra, env: {STAGE: prod, SIZE: 2}, regions: {us-west-2: {env: {SIZE: 1}}}}
`)
	want := []Target{
		{Lambda: &Function{Key: "lambda/api", Name: map[string]string{"us-east-1": "api", "us-west-2": "api-dr"}, Alias: "live", Provisioned: 5,
			Image: map[string]string{"us-east-1": "1.dkr.ecr.us-east-1.amazonaws.com/api", "us-west-2": "1.dkr.ecr.us-east-1.amazonaws.com/api"}}},
		{Lambda: &Function{Key: "lambda/settle", Name: map[string]string{"us-east-1": "settle", "us-west-2": "settle"}, Alias: "live", Zip: "dist/settle"}},
		{ECS: &Service{Key: "ecs/web", Cluster: map[string]string{"us-east-1": "main", "us-west-2": "main"}, Name: map[string]string{"us-east-1": "web", "us-west-2": "web"},
			Images: map[string]map[string]string{"web": {"us-east-1": "repo/web", "us-west-2": "repo/web"}}}},
		{Terraform: &Workspace{Key: "terraform/infra/one", Dir: map[string]string{"us-east-1": "infra", "us-west-2": "infra"}, Program: "terraform",
			Name: map[string]string{"us-east-1": "one", "us-west-2": "two"}, VarFiles: map[string][]string{"us-east-1": {"a.tfvars"}, "us-west-2": {"b.tfvars"}}}},
		{S3: &Site{Key: "s3/site-1/web", Bucket: map[string]string{"us-east-1": "site-1", "us-west-2": "site-2"}, Dir: "dist", Prefix: "web/"}},
		{Command: &Command{Key: "command/cdk", Run: []string{"npx", "cdk", "deploy"}, Rollback: []string{"./back.sh", "1"}, Dir: "infra",
			Env: map[string]map[string]string{"us-east-1": {"STAGE": "prod", "SIZE": "2"}, "us-west-2": {"STAGE": "prod", "SIZE": "1"}}}},
	}
	options := []cmp.Option{cmpopts.IgnoreTypes(Position{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, c.Release[:6], options...); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(warnings(c), "\n"); !strings.Contains(got, "image of us-west-2 lies in us-east-1") {
		t.Errorf("warnings %q", got)
	}
	if len(c.Stacks()) != 1 || c.Release[6].Key() != "payments" || c.Release[0].Key() != "lambda/api" {
		t.Errorf("stacks %v", c.Stacks())
	}
}
