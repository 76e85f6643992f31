package read

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/immutable"
)

// taskDefinitions are revisions that no stack of the application made: of another
// team, of a pipeline that registers one for each release. The number of a
// revision counts what its Region went through; what it runs is in it.
func taskDefinitions() pointee {
	return pointee{
		kind:     "TaskDefinition",
		owners:   []string{"AWS::ECS::TaskDefinition"},
		types:    []string{"AWS::ECS::Service"},
		names:    func(property, text string) bool { return property == "TaskDefinition" && revisionARN.MatchString(text) },
		describe: describeTaskDefinition,
		actions:  append([]string{"ecs:DescribeTaskDefinition"}, roles().actions...),
		covers:   []string{"TaskDefinition"},
	}
}

var (
	revisionARN = regexp.MustCompile(`^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:task-definition/[\w-]+:[0-9]+$`)
	// secretSuffix is what Secrets Manager adds to a name, another one in each Region.
	secretSuffix = regexp.MustCompile(`^(arn:aws[a-z-]*:secretsmanager:[^:]*:[0-9]*:secret:[^:]+)-[A-Za-z0-9]{6}(:|$)`)
)

// errForeignVolume is a file system from outside: it has another id in each
// Region, and nothing says whether the same files are in both.
var errForeignVolume = errors.New("a volume is a file system that is no resource of the application")

func describeTaskDefinition(ctx context.Context, r *run, arn string) (map[string]any, error) {
	out, err := r.clients.ecs.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
	if err != nil {
		return nil, err
	}
	d := out.TaskDefinition
	if d == nil || len(d.ContainerDefinitions) == 0 {
		return nil, fmt.Errorf("the answer holds no containers of %s", arn)
	}
	r.Known.Tell(immutable.TaskDefinition, aws.ToString(d.TaskDefinitionArn), TaskOf(d))
	own := r.ownNames()
	o := newObject().take(d, "Cpu", "Memory", "NetworkMode", "PlacementConstraints", "RequiresCompatibilities", "RuntimePlatform",
		"EphemeralStorage", "PidMode", "IpcMode", "ProxyConfiguration", "InferenceAccelerators", "EnableFaultInjection")
	if d.Status == types.TaskDefinitionStatusInactive {
		o.set("Status", string(d.Status)) // no new service can start from it
	}
	containers := map[string]any{}
	for _, c := range d.ContainerDefinitions {
		content := containerContent(c, own)
		o.fail(content.err)
		containers[aws.ToString(c.Name)] = content.properties
	}
	o.set("ContainerDefinitions", containers)
	o.fail(volumes(o, d.Volumes, own))
	o.fail(taskRole(ctx, r, o, "TaskRole", d.TaskRoleArn, own))
	o.fail(taskRole(ctx, r, o, "ExecutionRole", d.ExecutionRoleArn, own))
	if o.err != nil {
		return nil, o.err
	}
	return map[string]any{"Name": aws.ToString(d.Family), "Content": r.hider().Tree(o.properties)}, nil
}

// containerContent is what a container runs and with what. Lists in which a name
// stands once are told by the name, whatever order they were registered in.
func containerContent(c types.ContainerDefinition, own ownNames) *object {
	o := newObject().take(c, "Image", "Cpu", "Memory", "MemoryReservation", "Command", "EntryPoint", "Essential", "Links", "DependsOn", "MountPoints",
		"VolumesFrom", "PortMappings", "HealthCheck", "LinuxParameters", "Ulimits", "User", "WorkingDirectory", "Privileged", "ReadonlyRootFilesystem",
		"StartTimeout", "StopTimeout", "RestartPolicy", "EnvironmentFiles", "ExtraHosts", "SystemControls", "ResourceRequirements",
		"FirelensConfiguration", "DnsServers", "DnsSearchDomains", "DisableNetworking", "Hostname", "Interactive",
		"PseudoTerminal", "DockerSecurityOptions", "CredentialSpecs", "VersionConsistency")
	environment, secrets := map[string]any{}, map[string]any{}
	for _, e := range c.Environment {
		environment[aws.ToString(e.Name)] = aws.ToString(e.Value)
	}
	for _, s := range c.Secrets {
		secrets[aws.ToString(s.Name)] = secretNamed(aws.ToString(s.ValueFrom), own)
	}
	if l := c.LogConfiguration; l != nil {
		options := map[string]any{}
		for name, value := range l.Options {
			if name != "awslogs-group" { // its stack names it, with another suffix in each Region
				options[name] = value
			}
		}
		for _, s := range l.SecretOptions {
			options[aws.ToString(s.Name)] = secretNamed(aws.ToString(s.ValueFrom), own)
		}
		o.set("LogConfiguration", map[string]any{"LogDriver": string(l.LogDriver), "Options": options})
	}
	if p := c.RepositoryCredentials; p != nil {
		o.set("RepositoryCredentials", secretNamed(aws.ToString(p.CredentialsParameter), own))
	}
	return o.set("Environment", environment).set("Secrets", secrets)
}

// secretNamed is where a secret comes from. One of the application's own is
// known to the comparison by its ARN.
func secretNamed(from string, own ownNames) string {
	parts := strings.SplitN(from, ":", 8)
	if len(parts) >= 7 && own.has([]string{"AWS::SecretsManager::Secret"}, strings.Join(parts[:7], ":")) {
		return from
	}
	return secretSuffix.ReplaceAllString(from, "$1$2")
}

// volumes are told by their names.
func volumes(o *object, list []types.Volume, own ownNames) error {
	all := map[string]any{}
	for _, v := range list {
		if e := v.EfsVolumeConfiguration; e != nil && !own.has([]string{"AWS::EFS::FileSystem"}, aws.ToString(e.FileSystemId)) || v.FsxWindowsFileServerVolumeConfiguration != nil {
			return errForeignVolume
		}
		tree, err := drift.Tree(v)
		if err != nil {
			return err
		}
		all[aws.ToString(v.Name)] = tree
	}
	o.set("Volumes", all)
	return nil
}

// taskRole tells a role of the application by its ARN and any other by what it
// may do, as one that a resource names.
func taskRole(ctx context.Context, r *run, o *object, property string, arn *string, own ownNames) error {
	name := aws.ToString(arn)
	if name == "" {
		return nil
	}
	short := name[strings.LastIndexByte(name, '/')+1:]
	if own.has([]string{"AWS::IAM::Role"}, name) || own.has([]string{"AWS::IAM::Role"}, short) {
		o.set(property, name)
		return nil
	}
	role, err := describeRole(ctx, r, name)
	if err != nil {
		return err
	}
	if content, _ := role["Content"].(map[string]any); len(content) > 0 {
		o.set(property, content)
		return nil
	}
	o.set(property, short) // a role that is gone proves nothing: it is what it is called
	return nil
}
