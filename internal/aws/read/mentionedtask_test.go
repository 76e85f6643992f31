package read

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

const (
	revision  = "arn:aws:ecs:us-west-2:111111111111:task-definition/web:17"
	stranger  = "arn:aws:secretsmanager:us-west-2:111111111111:secret:db-AbCdEf:password::"
	ownSecret = "arn:aws:secretsmanager:us-west-2:111111111111:secret:own-AbCdEf"
)

// foreignTask is a revision as ECS describes it, after a change.
func foreignTask(change func(*types.TaskDefinition)) map[string]any {
	d := &types.TaskDefinition{Family: aws.String("web"), Revision: 17, Cpu: aws.String("256"), TaskDefinitionArn: aws.String(revision), TaskRoleArn: aws.String("arn:aws:iam::111111111111:role/x"),
		Status: types.TaskDefinitionStatusActive, ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("web"), Image: aws.String("web@sha256:aa"),
			Environment:      []types.KeyValuePair{{Name: aws.String("STAGE"), Value: aws.String("prod")}, {Name: aws.String("API_TOKEN"), Value: aws.String("c4n4ry-S3cr3t")}},
			Secrets:          []types.Secret{{Name: aws.String("DB"), ValueFrom: aws.String(stranger)}, {Name: aws.String("OWN"), ValueFrom: aws.String(ownSecret + ":key::")}},
			LogConfiguration: &types.LogConfiguration{LogDriver: "awslogs", Options: map[string]string{"awslogs-group": "/other-Logs-1A2B", "mode": "blocking"}}}}}
	change(d)
	return map[string]any{
		"ECS DescribeTaskDefinition":   &ecs.DescribeTaskDefinitionOutput{TaskDefinition: d},
		"IAM GetRole":                  &iam.GetRoleOutput{Role: &iamtypes.Role{RoleName: aws.String("x"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17"}`)}},
		"IAM ListAttachedRolePolicies": &iam.ListAttachedRolePoliciesOutput{}, "IAM ListRolePolicies": &iam.ListRolePoliciesOutput{},
	}
}

// running reads what a service runs; own are the application's resources.
func running(t *testing.T, table map[string]any, own ...inventory.Item) Result {
	t.Helper()
	r := &run{Request: request(own...), clients: by(table).clients()}
	r.result.Resources = []drift.Resource{{Key: "app/Service", Type: "AWS::ECS::Service", Properties: map[string]any{"TaskDefinition": revision}}}
	r.describeMentions(t.Context())
	return r.result
}

func TestATaskDefinitionFromOutsideIsDescribedByWhatItRuns(t *testing.T) {
	secret := sampleOf("AWS::SecretsManager::Secret")
	secret.ID = ownSecret
	result := running(t, foreignTask(func(*types.TaskDefinition) {}), secret)
	value, ok := result.fact(drift.FactContent, revision)
	text, err := json.Marshal(member(value, "Content"))
	if !ok || err != nil || len(result.Gaps) != 0 || member(value, "Name") != "web" || member(value, "Kind") != "TaskDefinition" {
		t.Fatalf("%v, gaps %+v", value, result.Gaps)
	}
	for _, want := range []string{`"Image":"web@sha256:aa"`, `"STAGE":"prod"`, `"Cpu":"256"`, `"mode":"blocking"`, `secret:db:password::"`, ownSecret + `:key::"`, `"AssumeRolePolicyDocument"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, not := range []string{"c4n4ry", "Revision", "AbCdEf:password", "Logs-1A2B", "role/x", "task-definition"} {
		if strings.Contains(string(text), not) {
			t.Errorf("%s in %s", not, text)
		}
	}
}

func TestATaskDefinitionThatCannotBeComparedIsAGap(t *testing.T) {
	volume := func(id string) map[string]any {
		return foreignTask(func(d *types.TaskDefinition) {
			d.Volumes = []types.Volume{{Name: aws.String("data"), EfsVolumeConfiguration: &types.EFSVolumeConfiguration{FileSystemId: aws.String(id)}}}
		})
	}
	with := func(call string, answer any) map[string]any {
		table := maps.Clone(foreignTask(func(*types.TaskDefinition) {}))
		table[call] = answer
		return table
	}
	files := sampleOf("AWS::EFS::FileSystem")
	files.ID = "fs-1"
	for name, test := range map[string]struct {
		table map[string]any
		fact  bool
	}{
		"a volume of the application":     {volume("fs-1"), true},
		"a volume of somebody else":       {volume("fs-2"), false},
		"it may not be read":              {with("ECS DescribeTaskDefinition", refusal("AccessDeniedException")), false},
		"nothing in the answer":           {with("ECS DescribeTaskDefinition", &ecs.DescribeTaskDefinitionOutput{}), false},
		"its role may not be read":        {with("IAM ListRolePolicies", refusal("AccessDenied")), false},
		"its role is gone: only the name": {with("IAM GetRole", refusal("NoSuchEntity")), true},
	} {
		t.Run(name, func(t *testing.T) {
			result := running(t, test.table, files)
			if _, ok := result.fact(drift.FactContent, revision); ok != test.fact || (len(result.Gaps) == 1) == test.fact {
				t.Errorf("fact %v, gaps %+v", ok, result.Gaps)
			}
		})
	}
}

func TestATaskDefinitionOfTheApplicationIsNoStranger(t *testing.T) {
	own := sampleOf("AWS::ECS::TaskDefinition")
	own.ID = revision
	if result := running(t, foreignTask(func(*types.TaskDefinition) {}), own); len(result.Facts)+len(result.Gaps) != 0 {
		t.Errorf("%+v", result)
	}
}
