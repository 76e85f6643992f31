package ecr

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func noRepository(c *core.Call, name string) error {
	return refused("RepositoryNotFoundException", "The repository with name '%s' does not exist in the registry with id '%s'", name, c.In.Or("registryId", c.Account))
}

func repositoryEntity() core.Entity {
	return core.Entity{
		Type: Type, Exists: "RepositoryAlreadyExistsException", Tags: "tags", Wrap: "repository",
		ID:      func(c *core.Call) string { return c.In.String("repositoryName") },
		Missing: func(c *core.Call) error { return noRepository(c, c.In.String("repositoryName")) },
		Show:    showRepository,
		Take: func(c *core.Call) (map[string]any, error) {
			return wire.AsObject(shape.Upper(shape.Pick(c.In, "repositoryName", "imageTagMutability", "imageTagMutabilityExclusionFilters",
				"imageScanningConfiguration", "encryptionConfiguration"))), nil
		},
		Changed: func(_ *core.Call, r store.Resource) core.Out {
			return core.Merge(map[string]any{"registryId": r.Account, "repositoryName": r.ID, "lifecyclePolicyText": lifecycleText(r), "policyText": policyText(r)},
				wire.AsObject(shape.Lower(shape.Pick(r.Properties, "ImageTagMutability", "ImageScanningConfiguration"))))
		},
	}
}

func showRepository(_ *core.Call, r store.Resource) core.Out {
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, "RepositoryName", "ImageTagMutability", "ImageTagMutabilityExclusionFilters",
		"ImageScanningConfiguration", "EncryptionConfiguration"))))
	out["registryId"], out["repositoryArn"], out["repositoryUri"], out["createdAt"] = r.Account, r.Attributes["Arn"], r.Attributes["RepositoryUri"], r.Created
	return out
}

// describeRepositories answers for all or for those named; one unknown name refuses the call.
func describeRepositories(c *core.Call) (any, error) {
	names := c.In.Strings("repositoryNames")
	for _, name := range names {
		if _, ok := c.Get(Type, name); !ok {
			return nil, noRepository(c, name)
		}
	}
	e := repositoryEntity()
	e.Among = func(_ *core.Call, all []store.Resource) []store.Resource {
		return slices.DeleteFunc(all, func(r store.Resource) bool { return len(names) > 0 && !slices.Contains(names, r.ID) })
	}
	return e.List("repositories", core.Page{Size: 100, Token: "nextToken", Max: "maxResults", CodeOfInvalid: "InvalidParameterException"})(c)
}

func deleteRepository(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	if !c.In.Bool("force") && len(images(c, r)) > 0 {
		return nil, refused("RepositoryNotEmptyException", "The repository with name '%s' in registry with id '%s' cannot be deleted because it still contains images", r.ID, r.Account)
	}
	return core.Out{"repository": showRepository(c, r)}, c.Delete(Type, r.ID)
}

// pick changes the property that a member of the request holds.
func pick(member, property string) func(*core.Call, store.Resource) (map[string]any, error) {
	return func(c *core.Call, _ store.Resource) (map[string]any, error) {
		return map[string]any{property: shape.Upper(c.In[member])}, nil
	}
}

func lifecycleText(r store.Resource) any {
	if text := wire.Object(r.Properties).Object("LifecyclePolicy")["LifecyclePolicyText"]; text != nil {
		return shape.Document(text)
	}
	return nil
}

func policyText(r store.Resource) any {
	if p := r.Properties["RepositoryPolicyText"]; p != nil {
		return shape.Document(p)
	}
	return nil
}

func lifecycle(c *core.Call, _ store.Resource) (map[string]any, error) {
	text := c.In.String("lifecyclePolicyText")
	if _, ok := shape.ParseDocument(text); !ok {
		return nil, refused("InvalidParameterException", "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure'")
	}
	return map[string]any{"LifecyclePolicy": map[string]any{"LifecyclePolicyText": text}}, nil
}

func noLifecycle(_ *core.Call, r store.Resource) (map[string]any, error) {
	if lifecycleText(r) == nil {
		return nil, lifecycleMissing(r)
	}
	return map[string]any{"LifecyclePolicy": nil}, nil
}

func lifecycleMissing(r store.Resource) error {
	return refused("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist for the repository with name '%s' in the registry with id '%s'", r.ID, r.Account)
}

func getLifecycle(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	if lifecycleText(r) == nil {
		return nil, lifecycleMissing(r)
	}
	return core.Out{"registryId": r.Account, "repositoryName": r.ID, "lifecyclePolicyText": lifecycleText(r), "lastEvaluatedAt": r.Updated}, nil
}

func policy(c *core.Call, _ store.Resource) (map[string]any, error) {
	document, ok := shape.ParseDocument(c.In.String("policyText"))
	if !ok {
		return nil, refused("InvalidParameterException", "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'")
	}
	return map[string]any{"RepositoryPolicyText": document}, nil
}

func policyMissing(r store.Resource) error {
	return refused("RepositoryPolicyNotFoundException", "Repository policy does not exist for the repository with name '%s' in the registry with id '%s'", r.ID, r.Account)
}

func noPolicy(_ *core.Call, r store.Resource) (map[string]any, error) {
	if policyText(r) == nil {
		return nil, policyMissing(r)
	}
	return map[string]any{"RepositoryPolicyText": nil}, nil
}

func getPolicy(c *core.Call) (any, error) {
	r, err := repositoryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	if policyText(r) == nil {
		return nil, policyMissing(r)
	}
	return core.Out{"registryId": r.Account, "repositoryName": r.ID, "policyText": policyText(r)}, nil
}
