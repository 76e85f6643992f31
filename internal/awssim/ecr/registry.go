package ecr

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// destinations are the registries that get a copy of what is pushed into a repository.
func destinations(c *core.Call, r store.Resource) []store.Scope {
	registry, ok := c.Get(ReplicationType, c.Account)
	if !ok {
		return nil
	}
	var to []store.Scope
	for _, rule := range wire.Object(registry.Properties).Object("ReplicationConfiguration").Objects("Rules") {
		filters := rule.Objects("RepositoryFilters")
		hit := len(filters) == 0
		for _, f := range filters {
			hit = hit || strings.HasPrefix(r.ID, f.String("Filter"))
		}
		for _, d := range rule.Objects("Destinations") {
			if hit {
				to = append(to, store.Scope{Account: d.String("RegistryId"), Region: d.String("Region")})
			}
		}
	}
	return to
}

// replicationStatus tells of every registry that gets a copy whether it holds the image: copies are made at once.
func replicationStatus(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	image, ok := named(images(c, r), c.In.Object("imageId"))
	if !ok {
		return nil, refused("ImageNotFoundException", "The image with imageId %v does not exist within the repository with name '%s' in the registry with id '%s'", c.In["imageId"], r.ID, r.Account)
	}
	statuses := []any{}
	for _, to := range destinations(c, r) {
		if _, held := c.Read().Get(to, imageType, image.ID); held {
			statuses = append(statuses, core.Out{"region": to.Region, "registryId": to.Account, "status": "COMPLETE"})
		}
	}
	return core.Out{"repositoryName": r.ID, "imageId": identifier(image, ""), "replicationStatuses": statuses}, nil
}

func describeRegistry(c *core.Call) (any, error) {
	configuration := any(core.Out{"rules": []any{}})
	if r, ok := c.Get(ReplicationType, c.Account); ok {
		configuration = shape.Lower(r.Properties["ReplicationConfiguration"])
	}
	return core.Out{"registryId": c.Account, "replicationConfiguration": configuration}, nil
}

// set makes or changes the one resource of its type that a registry has.
func set(c *core.Call, typ string, properties map[string]any) error {
	_, err := c.Update(typ, c.Account, properties)
	if core.Code(err) == "NotFound" {
		_, err = c.Create(typ, properties, nil)
	}
	return err
}

func putReplication(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Upper(c.In["replicationConfiguration"]))
	if len(given.List("Rules")) == 0 {
		c.World.Store.Delete(c.Scope, ReplicationType, c.Account)
	} else if err := set(c, ReplicationType, map[string]any{"ReplicationConfiguration": map[string]any(given)}); err != nil {
		return nil, err
	}
	return core.Out{"replicationConfiguration": c.In["replicationConfiguration"]}, nil
}

func noRegistryPolicy(c *core.Call) error {
	return refused("RegistryPolicyNotFoundException", "Registry policy does not exist in the registry with id '%s'", c.Account)
}

func getRegistryPolicy(c *core.Call) (any, error) {
	r, ok := c.Get(PolicyType, c.Account)
	if !ok {
		return nil, noRegistryPolicy(c)
	}
	return core.Out{"registryId": c.Account, "policyText": shape.Document(r.Properties["PolicyText"])}, nil
}

func putRegistryPolicy(c *core.Call) (any, error) {
	document, ok := shape.ParseDocument(c.In.String("policyText"))
	if !ok {
		return nil, refused("InvalidParameterException", "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid registry policy provided'")
	}
	if err := set(c, PolicyType, map[string]any{"PolicyText": document}); err != nil {
		return nil, err
	}
	return getRegistryPolicy(c)
}

func deleteRegistryPolicy(c *core.Call) (any, error) {
	out, err := getRegistryPolicy(c)
	if err != nil {
		return nil, err
	}
	return out, c.Delete(PolicyType, c.Account)
}

// getScanning: a registry that nobody has set scans basically, and nothing by itself. Source: Amazon ECR API reference,
// GetRegistryScanningConfiguration.
func getScanning(c *core.Call) (any, error) {
	configuration := core.Out{"scanType": "BASIC", "rules": []any{}}
	if r, ok := c.Get(scanningType, c.Account); ok {
		configuration = r.Properties
	}
	return core.Out{"registryId": c.Account, "scanningConfiguration": configuration}, nil
}

func putScanning(c *core.Call) (any, error) {
	configuration := core.Out{"scanType": c.In.Or("scanType", "BASIC"), "rules": c.In.List("rules")}
	c.World.Store.Put(store.Resource{Scope: c.Scope, Type: scanningType, ID: c.Account, Properties: configuration})
	return core.Out{"registryScanningConfiguration": configuration}, nil
}
