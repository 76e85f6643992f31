package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/lockstep-dr/lockstep/deploy"
)

const serviceType = "AWS::ECS::Service"

type (
	eco = ecs.Options
	ero = ecr.Options
)

// serviceAPI is what this package calls of ECS.
type serviceAPI interface {
	ContinueServiceDeployment(context.Context, *ecs.ContinueServiceDeploymentInput, ...func(*eco)) (*ecs.ContinueServiceDeploymentOutput, error)
	DescribeServiceDeployments(context.Context, *ecs.DescribeServiceDeploymentsInput, ...func(*eco)) (*ecs.DescribeServiceDeploymentsOutput, error)
	DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*eco)) (*ecs.DescribeServicesOutput, error)
	DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*eco)) (*ecs.DescribeTaskDefinitionOutput, error)
	ListServiceDeployments(context.Context, *ecs.ListServiceDeploymentsInput, ...func(*eco)) (*ecs.ListServiceDeploymentsOutput, error)
	RegisterTaskDefinition(context.Context, *ecs.RegisterTaskDefinitionInput, ...func(*eco)) (*ecs.RegisterTaskDefinitionOutput, error)
	StopServiceDeployment(context.Context, *ecs.StopServiceDeploymentInput, ...func(*eco)) (*ecs.StopServiceDeploymentOutput, error)
	TagResource(context.Context, *ecs.TagResourceInput, ...func(*eco)) (*ecs.TagResourceOutput, error)
	UntagResource(context.Context, *ecs.UntagResourceInput, ...func(*eco)) (*ecs.UntagResourceOutput, error)
	UpdateService(context.Context, *ecs.UpdateServiceInput, ...func(*eco)) (*ecs.UpdateServiceOutput, error)
}

// registryAPI is what this package calls of ECR.
type registryAPI interface {
	BatchGetImage(context.Context, *ecr.BatchGetImageInput, ...func(*ero)) (*ecr.BatchGetImageOutput, error)
}

// Service is the images of an ECS service's containers, in one Region. The
// service, its cluster and everything else in its task definition are somebody
// else's: a stack's or a Terraform workspace's.
type Service struct {
	App, Release, Deployment string
	// Key names the target in the release.
	Key, Cluster, Name, Region string
	// Images are the URIs by digest of this Region's registry, by container.
	Images map[string]string
	// Barrier is how long a deployment waits for the other Regions before ECS
	// takes it back; zero: it does not wait.
	Barrier time.Duration
}

// ECS is a service as a deploy.Target.
type ECS struct {
	spec     Service
	opts     Options
	calls    serviceAPI
	registry registryAPI
	// pinned is the task definition to go back to; empty: the images of spec.
	pinned string
	// seen is the task definition of the service when it was planned, put the one
	// that this run let it run.
	seen, put string
	// follows: a target before this one may have moved it since.
	follows bool
	// running is the service deployment that Abort stops.
	running atomic.Pointer[string]
	// waits is what Stage brought to wait.
	waits   atomic.Pointer[parked]
	aborted atomic.Bool
}

var (
	_ deploy.Target   = (*ECS)(nil)
	_ deploy.Returner = (*ECS)(nil)
	_ deploy.Follower = (*ECS)(nil)
)

// NewService returns the target. The configuration must be for the service's Region.
func NewService(cfg aws.Config, spec Service, opts Options) (*ECS, error) {
	return newService(spec, opts, ecs.NewFromConfig(cfg), ecr.NewFromConfig(cfg))
}

func newService(spec Service, opts Options, calls serviceAPI, registry registryAPI) (*ECS, error) {
	if len(spec.Images) == 0 {
		return nil, errors.New("describe service target: it names no image")
	}
	for container, uri := range spec.Images {
		if _, err := imageDigest(uri); err != nil {
			return nil, fmt.Errorf("container %s: %w", container, err)
		}
	}
	return &ECS{spec: spec, opts: opts.withDefaults(), calls: calls, registry: registry}, nil
}

// About implements deploy.Target.
func (t *ECS) About() deploy.About {
	return deploy.About{Name: t.spec.Key, Kind: "ecs", AfterOthers: true, Digest: digestOfParts(t.spec.Contents())}
}

// Contents are the digests of what the target consists of, by part.
func (s Service) Contents() map[string]string {
	settings, err := json.Marshal([]any{s.Cluster, s.Name, s.Images})
	if err != nil { // maps of strings always marshal
		settings = nil
	}
	return map[string]string{s.Key + "/settings/" + s.Region: digestOf(settings)}
}

// proof is what would run, without what differs between Regions: the digest of
// every container.
func proof(images map[string]string) string {
	words := make([]string, 0, len(images))
	for _, container := range slices.Sorted(maps.Keys(images)) {
		_, digest, _ := strings.Cut(images[container], "@")
		words = append(words, container+"="+digest)
	}
	return strings.Join(words, ", ")
}

func (t *ECS) subject() string { return "service " + t.spec.Name }

func (t *ECS) preparing(doing string, err error) error {
	return unprepared(doing, t.subject(), t.spec.Region, err)
}

func (t *ECS) refusal(hint, format string, args ...any) error {
	return &deploy.Error{Kind: deploy.Refused, Hint: hint, Reason: fmt.Sprintf("%s in %s: ", t.subject(), t.spec.Region) + fmt.Sprintf(format, args...)}
}

// ended is the end of a deployment that did not bring the service to the release.
func (t *ECS) ended(kind deploy.ErrorKind, format string, args ...any) error {
	return &deploy.Error{Kind: kind, Resource: t.spec.Name, Type: serviceType, At: t.opts.Now(), Reason: fmt.Sprintf(format, args...)}
}

func (t *ECS) report(phase deploy.Phase, status, text string) {
	if t.opts.Progress != nil {
		t.opts.Progress.Report(deploy.Event{At: t.opts.Now(), Region: t.spec.Region, Target: t.spec.Key, Phase: phase, Status: status, Text: text})
	}
}

func (t *ECS) newTeller(status string, phase deploy.Phase) *teller {
	return newTeller(status, func(status, text string) { t.report(phase, status, text) })
}
