package ecs

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/ecr"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// task is one task of a service. Tasks are not kept: they follow from the deployments.
type task struct {
	arn        string
	service    store.Resource
	deployment wire.Object
}

// tasks lists the running tasks of services.
func tasks(list []store.Resource) []task {
	var out []task
	for _, r := range list {
		prefix := "arn:aws:ecs:" + r.Region + ":" + r.Account + ":task/" + clusterName(wire.Text(r.Properties["Cluster"])) + "/"
		for _, d := range deployments(r) {
			for i := range d.Int("runningCount", 0) {
				out = append(out, task{prefix + digest(d.String("id"), strconv.Itoa(i))[:32], r, d})
			}
		}
	}
	return out
}

func digest(about ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(about, "\x00")))
	return hex.EncodeToString(sum[:])
}

func listTasks(c *core.Call) (any, error) {
	if _, err := cluster(c); err != nil {
		return nil, err
	}
	from := services(c)
	if name := c.In.String("serviceName"); name != "" {
		r, ok := serviceByName(c, name)
		if !ok {
			return nil, wire.Errorf(400, "ServiceNotFoundException", "Service not found.")
		}
		from = []store.Resource{r}
	}
	list := []any{}
	for _, t := range tasks(from) {
		family, _, _ := strings.Cut(shape.Last(t.deployment.String("taskDefinition"), "/"), ":")
		if c.In.String("desiredStatus") == "STOPPED" || c.In.Has("family") && c.In.String("family") != family {
			continue
		}
		list = append(list, t.arn)
	}
	return page(c, "taskArns", list, 100)
}

func describeTasks(c *core.Call) (any, error) {
	if _, err := cluster(c); err != nil {
		return nil, err
	}
	all := tasks(services(c))
	found, failures := []any{}, []any{}
	for _, wanted := range c.In.Strings("tasks") {
		i := slices.IndexFunc(all, func(t task) bool { return t.arn == wanted || shape.Last(t.arn, "/") == wanted })
		if i < 0 {
			failures = append(failures, missing(wanted))
			continue
		}
		found = append(found, presentTask(c, all[i]))
	}
	return core.Out{"tasks": found, "failures": failures}, nil
}

func presentTask(c *core.Call, t task) core.Out {
	p := wire.Object(t.service.Properties)
	started := at(t.deployment["updatedAt"])
	out := core.Out{
		"taskArn": t.arn, "clusterArn": "arn:aws:ecs:" + c.Region + ":" + c.Account + ":cluster/" + clusterName(p.String("Cluster")),
		"taskDefinitionArn": t.deployment["taskDefinition"], "lastStatus": "RUNNING", "desiredStatus": "RUNNING", "healthStatus": "UNKNOWN",
		"group": "service:" + p.String("ServiceName"), "startedBy": t.deployment["id"], "connectivity": "CONNECTED", "createdAt": at(t.deployment["createdAt"]),
		"startedAt": started, "version": 3, "availabilityZone": c.Region + "a", "launchType": p.Or("LaunchType", "EC2"), "attachments": []any{}, "tags": []any{},
	}
	containers := []any{}
	if def, ok := findTaskDef(c.Read(), c.Scope, t.deployment.String("taskDefinition")); ok {
		for _, name := range []string{"Cpu", "Memory"} {
			if v := wire.Text(def.Properties[name]); v != "" {
				out[strings.ToLower(name)] = v
			}
		}
		for _, one := range wire.Object(def.Properties).Objects("ContainerDefinitions") {
			containers = append(containers, core.Out{
				"containerArn": strings.Replace(t.arn, ":task/", ":container/", 1) + "/" + digest(t.arn, one.String("Name"))[:32], "taskArn": t.arn,
				"name": one["Name"], "image": one["Image"], "imageDigest": imageDigest(c, one.String("Image")), "lastStatus": "RUNNING",
				"runtimeId": digest(t.arn, one.String("Name"), "runtime")[:42], "healthStatus": "UNKNOWN", "networkBindings": []any{}, "networkInterfaces": []any{},
			})
		}
	}
	out["containers"] = containers
	return out
}

// imageDigest is the digest of an image: the one it is pinned to, the scripted one, the one its simulated registry has, else
// one that depends on its repository and tag but not on the registry.
func imageDigest(c *core.Call, image string) string {
	if _, pinned, ok := strings.Cut(image, "@"); ok {
		return pinned
	}
	if r, ok := c.Read().Get(c.Scope, DigestType, image); ok {
		return wire.Text(r.Properties["Digest"])
	}
	if held, known := ecr.Digest(c.World, image); known && held != "" {
		return held
	}
	return "sha256:" + digest(ecr.Anywhere(image))
}
