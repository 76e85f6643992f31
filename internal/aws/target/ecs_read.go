package target

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// service reads the service; nil: it does not exist.
func (t *ECS) service(ctx context.Context) (*types.Service, error) {
	out, err := t.calls.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: aws.String(t.spec.Cluster), Services: []string{t.spec.Name},
		Include: []types.ServiceField{types.ServiceFieldTags}})
	if code(err) == "ClusterNotFoundException" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range out.Services {
		if aws.ToString(out.Services[i].Status) != "INACTIVE" {
			return &out.Services[i], nil
		}
	}
	return nil, nil
}

// primary is the deployment that the service is to run.
func primary(s *types.Service) *types.Deployment {
	for i := range s.Deployments {
		if aws.ToString(s.Deployments[i].Status) == "PRIMARY" {
			return &s.Deployments[i]
		}
	}
	return nil
}

// definition reads a task definition with its tags.
func (t *ECS) definition(ctx context.Context, arn string) (*ecs.DescribeTaskDefinitionOutput, error) {
	out, err := t.calls.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String(arn), Include: []types.TaskDefinitionField{types.TaskDefinitionFieldTags}})
	if err == nil && out.TaskDefinition == nil {
		err = errors.New("the answer holds no task definition")
	}
	return out, err
}

// images are those of a task definition, by container.
func images(def *types.TaskDefinition) map[string]string {
	all := map[string]string{}
	for _, c := range def.ContainerDefinitions {
		all[aws.ToString(c.Name)] = aws.ToString(c.Image)
	}
	return all
}

// has reports whether a task definition runs the release's images.
func (t *ECS) has(def *types.TaskDefinition) bool {
	if t.pinned != "" {
		return aws.ToString(def.TaskDefinitionArn) == t.pinned
	}
	return runsAll(def, t.spec.Images)
}

// runsAll reports whether a task definition has these images, whatever else it has.
func runsAll(def *types.TaskDefinition, want map[string]string) bool {
	now := images(def)
	for container, uri := range want {
		if now[container] != uri {
			return false
		}
	}
	return true
}

// checkRegistry makes sure that the Region's registry has the images. Those of
// other registries are left to ECS.
func (t *ECS) checkRegistry(ctx context.Context) error {
	for container, uri := range t.spec.Images {
		host, path, _ := strings.Cut(uri, "/")
		repository, digest, pinned := strings.Cut(path, "@")
		if !pinned {
			continue // in a saved task definition that was registered elsewhere
		}
		account, rest, private := strings.Cut(host, ".dkr.ecr.")
		if region, _, _ := strings.Cut(rest, "."); !private || region != t.spec.Region {
			continue
		}
		out, err := t.registry.BatchGetImage(ctx, &ecr.BatchGetImageInput{RegistryId: aws.String(account), RepositoryName: aws.String(repository),
			ImageIds: []ecrtypes.ImageIdentifier{{ImageDigest: aws.String(digest)}}})
		switch {
		case code(err) == "RepositoryNotFoundException", err == nil && len(out.Images) == 0:
			return t.refusal("push or replicate it there first", "the image of container %s, %s, is not in the registry", container, uri)
		case err != nil:
			return err
		}
	}
	return nil
}

// Outputs implements deploy.Target.
func (t *ECS) Outputs(ctx context.Context) (map[string]string, error) {
	s, err := t.service(ctx)
	if err != nil {
		return nil, t.preparing("read outputs", err)
	}
	if s == nil {
		return map[string]string{}, nil
	}
	return map[string]string{"TaskDefinition": aws.ToString(s.TaskDefinition)}, nil
}

// Verify implements deploy.Target: what the service is to run is the release,
// and no deployment of it failed.
func (t *ECS) Verify(ctx context.Context, _ deploy.Inputs) error {
	s, err := t.service(ctx)
	switch {
	case err != nil:
		return t.preparing("verify", err)
	case s == nil:
		return t.ended(deploy.Failed, "it does not exist")
	}
	d := primary(s)
	if d, err = t.completed(ctx, d); err != nil {
		return err
	}
	if d == nil {
		return t.ended(deploy.Failed, "it has no primary deployment")
	}
	def, err := t.definition(ctx, aws.ToString(d.TaskDefinition))
	if err != nil {
		return t.preparing("verify", err)
	}
	if !t.has(def.TaskDefinition) {
		return t.ended(deploy.Failed, "it runs %s, which is not the release", aws.ToString(d.TaskDefinition))
	}
	if d.RolloutState == types.DeploymentRolloutStateFailed {
		return t.ended(deploy.Failed, "its deployment failed: %s", aws.ToString(d.RolloutStateReason))
	}
	return nil
}

// completed is the deployment when it is not under way any more. It is given a
// little time: what DescribeServices tells may be behind the deployment that was followed.
func (t *ECS) completed(ctx context.Context, d *types.Deployment) (*types.Deployment, error) {
	start, pace, teller := t.opts.Now(), t.opts.newPace(), t.newTeller(deploy.Waiting, deploy.PhaseVerify)
	for d != nil && d.RolloutState == types.DeploymentRolloutStateInProgress {
		if t.opts.Now().Sub(start) > stale {
			return nil, t.ended(deploy.Failed, "a deployment of it is still under way: %s", aws.ToString(d.RolloutStateReason))
		}
		teller.waits("for the service to be called complete: %s", aws.ToString(d.RolloutStateReason))
		if err := pace.wait(ctx, false); err != nil {
			return nil, err
		}
		s, err := t.service(ctx)
		switch {
		case err != nil:
			return nil, t.preparing("verify", err)
		case s == nil:
			return nil, t.ended(deploy.Failed, "it does not exist")
		}
		d = primary(s)
	}
	return d, nil
}
