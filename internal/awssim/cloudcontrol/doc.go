// Package cloudcontrol simulates the Cloud Control API: it reads, lists, creates, changes and deletes resources of any type,
// on the same live state as CloudFormation and the services. Types without a Kind work too; they live here only. Requests
// are asynchronous, as on AWS: they take effect at once and report SUCCESS or FAILED a moment later.
package cloudcontrol

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// takes is how long a request stays IN_PROGRESS.
const takes = 2 * time.Second

type api struct {
	mu       sync.Mutex
	requests map[string]*request
	order    []string
	tokens   map[string]string // client token → request token
}

// request is one ProgressEvent.
type request struct {
	scope                 store.Scope
	token, operation, typ string
	id, status            string
	code, message         string
	model                 string
	at                    time.Time
}

// Service returns Cloud Control.
func Service() core.Service {
	a := &api{requests: map[string]*request{}, tokens: map[string]string{}}
	return core.Service{
		Name: "cloudcontrolapi", Prefix: "cloudformation",
		Operations: map[string]core.Handler{
			"GetResource": getResource, "ListResources": listResources,
			"CreateResource": a.create, "UpdateResource": a.update, "DeleteResource": a.remove,
			"GetResourceRequestStatus": a.get, "ListResourceRequests": a.list, "CancelResourceRequest": a.cancel,
		},
	}
}

func getResource(c *core.Call) (any, error) {
	typ, id := c.In.String("TypeName"), c.In.String("Identifier")
	r, ok := find(c, typ, id)
	if !ok {
		return nil, notFound(typ, id)
	}
	return core.Out{"TypeName": typ, "ResourceDescription": describe(c, r)}, nil
}

// find looks a resource up by its primary identifier, and by its ARN where a type accepts that.
func find(c *core.Call, typ, id string) (store.Resource, bool) {
	if r, ok := c.Get(typ, id); ok {
		return r, true
	}
	for _, r := range c.List(typ) {
		if wire.Text(r.Attributes["Arn"]) == id {
			return r, true
		}
	}
	return store.Resource{}, false
}

func notFound(typ, id string) error {
	return wire.Errorf(400, "ResourceNotFoundException", "Resource of type '%s' with identifier '%s' was not found.", typ, id)
}

func describe(c *core.Call, r store.Resource) core.Out {
	return core.Out{"Identifier": r.ID, "Properties": text(c.World.Model(r))}
}

func text(model map[string]any) string {
	b, err := json.Marshal(model)
	if err != nil {
		return "{}" // closed trees always marshal
	}
	return string(b)
}

func listResources(c *core.Call) (any, error) {
	typ := c.In.String("TypeName")
	page, next, err := core.Paginate(c.List(typ), c.In.String("NextToken"), c.In.Int("MaxResults", 20))
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, r := range page {
		out = append(out, describe(c, r))
	}
	return core.Out{"TypeName": typ, "ResourceDescriptions": out, "NextToken": next}, nil
}
