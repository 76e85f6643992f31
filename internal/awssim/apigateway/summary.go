package apigateway

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// resourcesOf lists the resources of an API by id, each with its path.
func resourcesOf(v store.View, api store.Resource) map[string]core.Out {
	root := wire.Text(api.Attributes["RootResourceId"])
	out := map[string]core.Out{root: {"id": root, "path": "/"}}
	left := parts(v, api.Scope, ResourceType, api.ID)
	for len(left) > 0 {
		before := len(left)
		left = slices.DeleteFunc(left, func(r store.Resource) bool {
			parent, ok := out[wire.Text(r.Properties["ParentId"])]
			if ok {
				id := wire.Text(r.Attributes["ResourceId"])
				out[id] = core.Out{"id": id, "parentId": parent["id"], "pathPart": r.Properties["PathPart"],
					"path": strings.TrimSuffix(parent.String("path"), "/") + "/" + wire.Text(r.Properties["PathPart"])}
			}
			return ok
		})
		if len(left) == before {
			break // what is left has lost its parent
		}
	}
	return out
}

// summary is what a deployment says about the methods that it made public: path, verb, who may call.
func summary(v store.View, api store.Resource) map[string]any {
	resources, out := resourcesOf(v, api), map[string]any{}
	for _, m := range parts(v, api.Scope, MethodType, api.ID) {
		p := wire.Object(m.Properties)
		path := wire.Object(resources[p.String("ResourceId")]).String("path")
		verbs := wire.AsObject(out[path])
		if verbs == nil {
			verbs = wire.Object{}
		}
		verbs[p.String("HttpMethod")] = map[string]any{"authorizationType": p.String("AuthorizationType"), "apiKeyRequired": p.Bool("ApiKeyRequired")}
		out[path] = map[string]any(verbs)
	}
	return out
}
