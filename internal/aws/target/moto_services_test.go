package target

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/mototest"
)

func motoConfig(url, region string) aws.Config {
	return aws.Config{Region: region, BaseEndpoint: aws.String(url), HTTPClient: mototest.Client(), RetryMaxAttempts: 3,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
}

// motoStory is how one target is released to both Regions of moto and back.
type motoStory struct {
	url, app string
	// target makes the target of a Region that holds "one" or "two".
	target func(cfg aws.Config, content string) (deploy.Target, error)
	// content is what the Region serves.
	content func(cfg aws.Config) (string, error)
}

func (s motoStory) request(t *testing.T, content, deployment string) deploy.Request {
	t.Helper()
	req := deploy.Request{App: s.app, Release: deploy.Release{ID: "r-" + content}, Deployment: deployment, Owner: deploy.Owner{ID: "run-1"}}
	for _, region := range bothRegions {
		cfg := motoConfig(s.url, region)
		target, err := s.target(cfg, content)
		if err != nil {
			t.Fatal(err)
		}
		req.Regions = append(req.Regions, deploy.Region{Name: region, Role: "standby", Targets: []deploy.Target{target},
			Ledger: ledger.New(cfg, s.app, region, ledger.Options{})})
	}
	return req
}

// expect holds the outcome, what both Regions serve and what their ledgers say.
func (s motoStory) expect(t *testing.T, res deploy.Result, err error, want deploy.Outcome, content string) {
	t.Helper()
	if err != nil || res.Outcome != want {
		t.Fatalf("%v %s (%s), want %s\n%+v", err, res.Outcome, res.Reason, want, res.Regions)
	}
	for _, region := range bothRegions {
		cfg := motoConfig(s.url, region)
		if got, err := s.content(cfg); err != nil || got != content {
			t.Errorf("%s serves %q, %v, want %q", region, got, err, content)
		}
		state, err := ledger.New(cfg, s.app, region, ledger.Options{}).Read(t.Context())
		if err != nil || state.Record == nil || state.Record.ID != "r-"+content || state.Lock != nil || state.Journal != nil {
			t.Errorf("%s: the ledger says %+v, %v", region, state, err)
		}
	}
}

// tell releases, finds nothing to do, releases again and goes back.
func (s motoStory) tell(t *testing.T) {
	t.Helper()
	res, err := deploy.Run(t.Context(), s.request(t, "one", "d-1"))
	s.expect(t, res, err, deploy.Done, "one")
	res, err = deploy.Run(t.Context(), s.request(t, "one", "d-2"))
	s.expect(t, res, err, deploy.NoChange, "one")
	res, err = deploy.Run(t.Context(), s.request(t, "two", "d-3"))
	s.expect(t, res, err, deploy.Done, "two")
	res, err = deploy.Rollback(t.Context(), s.request(t, "two", "d-4"), "")
	s.expect(t, res, err, deploy.Done, "one")
}

// motoPackage is a package as Lambda takes it, the same bytes every time.
func motoPackage(t *testing.T, content string) *Asset {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	file, err := w.Create("index.py")
	if err == nil {
		_, err = file.Write([]byte("# " + content))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(packed.Bytes())
	return &Asset{Path: "api.zip", Content: packed.Bytes(), SHA256: hex.EncodeToString(sum[:])}
}

// onDemand is moto's Lambda, which does not know the operation, for a function
// without provisioned concurrency.
type onDemand struct{ functionAPI }

func (onDemand) GetProvisionedConcurrencyConfig(context.Context, *lambda.GetProvisionedConcurrencyConfigInput, ...func(*lao)) (*lambda.GetProvisionedConcurrencyConfigOutput, error) {
	return nil, &lambdatypes.ProvisionedConcurrencyConfigNotFoundException{}
}

// What moto cannot show here: its try-out of code answers with the digest of
// what the function has, whatever the package is; it enforces neither RevisionId nor CodeSha256 of
// PublishVersion and UpdateAlias, it has no function that is still Pending, and
// no provisioned concurrency (onDemand answers that there is none). The simulator shows those.
func TestAFunctionIsReleasedToTwoRegionsOfMotoAndBack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto")
	}
	url := mototest.Start(t)
	role, err := iam.NewFromConfig(motoConfig(url, "us-east-1")).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("api"), AssumeRolePolicyDocument: aws.String("{}")})
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]*Asset{"none": motoPackage(t, "none"), "one": motoPackage(t, "one"), "two": motoPackage(t, "two")}
	for _, region := range bothRegions {
		_, err := lambda.NewFromConfig(motoConfig(url, region)).CreateFunction(t.Context(), &lambda.CreateFunctionInput{FunctionName: aws.String("api"), Role: role.Role.Arn,
			Runtime: lambdatypes.RuntimePython313, Handler: aws.String("index.handler"), Code: &lambdatypes.FunctionCode{ZipFile: packages["none"].Content}})
		if err != nil {
			t.Fatal(err)
		}
	}
	motoStory{url: url, app: "functions",
		target: func(cfg aws.Config, content string) (deploy.Target, error) {
			spec := Function{App: "functions", Release: "r-" + content, Deployment: "d-1", Key: "lambda/api", Name: "api",
				Region: cfg.Region, Alias: "live", Zip: packages[content]}
			return newFunction(spec, Options{BusyTimeout: 20 * time.Second}, onDemand{lambda.NewFromConfig(cfg)}, s3.NewFromConfig(cfg), sts.NewFromConfig(cfg))
		},
		content: func(cfg aws.Config) (string, error) {
			out, err := lambda.NewFromConfig(cfg).GetFunctionConfiguration(context.Background(), &lambda.GetFunctionConfigurationInput{
				FunctionName: aws.String("api"), Qualifier: aws.String("live")})
			if err != nil {
				return "", err
			}
			for name, asset := range packages {
				if sum := sha256.Sum256(asset.Content); base64.StdEncoding.EncodeToString(sum[:]) == aws.ToString(out.CodeSha256) {
					return name, nil
				}
			}
			return "something else", nil
		}}.tell(t)
}

// What moto cannot show here: that a bucket of another Region redirects, and
// what an object costs in time. The simulator shows a pointer that somebody
// else moved.
func TestStaticFilesAreReleasedToTwoRegionsOfMotoAndBack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto")
	}
	url := mototest.Start(t)
	client := func(cfg aws.Config) *s3.Client {
		return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	}
	motoBuckets(t, url, "site-")
	files := map[string]Files{}
	for _, content := range []string{"one", "two"} {
		dir := t.TempDir()
		err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(content), 0o600)
		if err == nil {
			files[content], err = LoadFiles(dir)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	site := func(cfg aws.Config, content string) (deploy.Target, error) {
		return NewSite(cfg, Site{Key: "s3/site", Region: cfg.Region, Bucket: "site-" + cfg.Region, Prefix: "web/", Files: files[content]}, Options{})
	}
	motoStory{url: url, app: "sites", target: site, content: func(cfg aws.Config) (string, error) {
		target, err := site(cfg, "one")
		if err != nil {
			return "", err
		}
		now, _, err := target.(*S3).read(context.Background())
		if err != nil {
			return "", err
		}
		out, err := client(cfg).GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("site-" + cfg.Region), Key: aws.String(now.Prefix + "index.html")})
		if err != nil {
			return "", err
		}
		defer out.Body.Close()
		body, err := io.ReadAll(out.Body)
		return string(body), err
	}}.tell(t)
}

// motoBuckets makes a bucket in each Region, named after it.
func motoBuckets(t *testing.T, url, prefix string) {
	t.Helper()
	for _, region := range bothRegions {
		in := &s3.CreateBucketInput{Bucket: aws.String(prefix + region)}
		if region != "us-east-1" {
			in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(region)}
		}
		client := s3.NewFromConfig(motoConfig(url, region), func(o *s3.Options) { o.UsePathStyle = true })
		if _, err := client.CreateBucket(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}

// motoServices are the services of two Regions of moto.
func motoServices(t *testing.T) (url string) {
	t.Helper()
	t.Setenv("MOTO_ECS_SERVICE_RUNNING", "1") // otherwise no service of moto ever settles
	url = mototest.Start(t)
	for _, region := range bothRegions {
		api := ecs.NewFromConfig(motoConfig(url, region))
		_, err1 := api.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: aws.String("main")})
		_, err2 := api.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{Family: aws.String("shop"),
			Tags: []ecstypes.Tag{{Key: aws.String("team"), Value: aws.String("pay")}}, ContainerDefinitions: []ecstypes.ContainerDefinition{
				{Name: aws.String("web"), Image: aws.String(imageURI("0")), Memory: aws.Int32(128), Environment: []ecstypes.KeyValuePair{{Name: aws.String("EMPTY"), Value: aws.String("")}}}}})
		_, err3 := api.CreateService(t.Context(), &ecs.CreateServiceInput{Cluster: aws.String("main"), ServiceName: aws.String("shop"),
			TaskDefinition: aws.String("shop:1"), DesiredCount: aws.Int32(1)})
		_, err4 := api.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: aws.String("main"), Service: aws.String("shop"), TaskDefinition: aws.String("shop:1")})
		if err := errors.Join(err1, err2, err3, err4); err != nil { // moto lets a service run only once it was updated
			t.Fatal(err)
		}
	}
	return url
}

// rollouts is moto's ECS with what moto lacks: an update begins a service
// deployment, which succeeds, and becomes the primary one.
type rollouts struct {
	serviceAPI
	mu  sync.Mutex
	all []ecstypes.ServiceDeployment
}

func (r *rollouts) UpdateService(ctx context.Context, in *ecs.UpdateServiceInput, o ...func(*eco)) (*ecs.UpdateServiceOutput, error) {
	out, err := r.serviceAPI.UpdateService(ctx, in, o...)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all = append(r.all, ecstypes.ServiceDeployment{ServiceDeploymentArn: in.TaskDefinition, CreatedAt: aws.Time(time.Now()), Status: ecstypes.ServiceDeploymentStatusSuccessful})
	}
	return out, err
}

func (r *rollouts) ListServiceDeployments(context.Context, *ecs.ListServiceDeploymentsInput, ...func(*eco)) (*ecs.ListServiceDeploymentsOutput, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := &ecs.ListServiceDeploymentsOutput{}
	for _, d := range r.all {
		out.ServiceDeployments = append(out.ServiceDeployments, ecstypes.ServiceDeploymentBrief{ServiceDeploymentArn: d.ServiceDeploymentArn, CreatedAt: d.CreatedAt})
	}
	return out, nil
}

func (r *rollouts) DescribeServiceDeployments(_ context.Context, in *ecs.DescribeServiceDeploymentsInput, _ ...func(*eco)) (*ecs.DescribeServiceDeploymentsOutput, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := &ecs.DescribeServiceDeploymentsOutput{}
	for _, d := range r.all {
		if aws.ToString(d.ServiceDeploymentArn) == in.ServiceDeploymentArns[0] {
			out.ServiceDeployments = []ecstypes.ServiceDeployment{d}
		}
	}
	return out, nil
}

func (r *rollouts) DescribeServices(ctx context.Context, in *ecs.DescribeServicesInput, o ...func(*eco)) (*ecs.DescribeServicesOutput, error) {
	out, err := r.serviceAPI.DescribeServices(ctx, in, o...)
	if err == nil && len(out.Services) == 1 {
		if d := primary(&out.Services[0]); d != nil {
			d.TaskDefinition, d.RolloutState = out.Services[0].TaskDefinition, ecstypes.DeploymentRolloutStateCompleted
		}
	}
	return out, err
}

func motoService(cfg aws.Config, content string) Service {
	return Service{App: "services", Release: "r-" + content, Deployment: "d-1", Key: "ecs/shop", Cluster: "main", Name: "shop", Region: cfg.Region,
		Images: map[string]string{"web": imageURI(map[string]string{"one": "1", "two": "2"}[content])}}
}

// What moto cannot show here, and rollouts puts in: service deployments, and
// the primary deployment of a service that was updated. Registering, updating,
// and reading services and task definitions are moto's. The simulator shows
// deployments that fail, stop and roll back.
func TestAServiceIsReleasedToTwoRegionsOfMotoAndBack(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto")
	}
	url := motoServices(t)
	apis := map[string]*rollouts{}
	for _, region := range bothRegions {
		apis[region] = &rollouts{serviceAPI: ecs.NewFromConfig(motoConfig(url, region))}
	}
	motoStory{url: url, app: "services",
		target: func(cfg aws.Config, content string) (deploy.Target, error) {
			return newService(motoService(cfg, content), Options{BusyTimeout: 20 * time.Second}, apis[cfg.Region], nil)
		},
		content: func(cfg aws.Config) (string, error) {
			out, err := apis[cfg.Region].DescribeServices(context.Background(), &ecs.DescribeServicesInput{Cluster: aws.String("main"), Services: []string{"shop"}})
			if err != nil {
				return "", err
			}
			def, err := apis[cfg.Region].DescribeTaskDefinition(context.Background(), &ecs.DescribeTaskDefinitionInput{
				TaskDefinition: out.Services[0].TaskDefinition, Include: []ecstypes.TaskDefinitionField{ecstypes.TaskDefinitionFieldTags}})
			if err != nil {
				return "", err
			}
			web := def.TaskDefinition.ContainerDefinitions[0]
			if len(def.Tags) != 1 || len(web.Environment) != 1 {
				return "a task definition that lost something", nil
			}
			return map[string]string{imageURI("1"): "one", imageURI("2"): "two"}[aws.ToString(web.Image)], nil
		}}.tell(t)
}

// Plain moto answers no call about service deployments. A release that cannot
// be followed is never called one that arrived.
func TestAServiceOfMotoWhoseDeploymentsCannotBeReadIsNotCalledReleased(t *testing.T) {
	if testing.Short() {
		t.Skip("starts moto")
	}
	url := motoServices(t)
	var mu sync.Mutex
	var ahead time.Duration // how far waiting has moved the clock
	opts := Options{
		Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return time.Now().Add(ahead) },
		Sleep: func(ctx context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			ahead += d
			return ctx.Err()
		}}
	story := motoStory{url: url, app: "services", target: func(cfg aws.Config, content string) (deploy.Target, error) {
		cfg.RetryMaxAttempts = 1 // moto answers with server errors, and would every time
		return NewService(cfg, motoService(cfg, content), opts)
	}}
	res, err := deploy.Run(t.Context(), story.request(t, "one", "d-1"))
	if err != nil || res.Outcome != deploy.InDoubt && res.Outcome != deploy.Quarantined {
		t.Errorf("%v %s (%s)\n%+v", err, res.Outcome, res.Reason, res.Regions)
	}
}
