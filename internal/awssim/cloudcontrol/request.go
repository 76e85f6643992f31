package cloudcontrol

import (
	"encoding/json"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func (a *api) create(c *core.Call) (any, error) {
	desired, err := object(c.In.String("DesiredState"), "DesiredState")
	if err != nil {
		return nil, err
	}
	return a.run(c, "CREATE", "", func() (store.Resource, error) {
		return c.Create(c.In.String("TypeName"), desired, nil)
	})
}

func (a *api) update(c *core.Call) (any, error) {
	var operations []map[string]any
	if json.Unmarshal([]byte(c.In.String("PatchDocument")), &operations) != nil {
		return nil, wire.Errorf(400, "ValidationException", "The patch document is not valid JSON Patch.")
	}
	typ := c.In.String("TypeName")
	r, ok := find(c, typ, c.In.String("Identifier"))
	if !ok {
		return nil, notFound(typ, c.In.String("Identifier"))
	}
	after, err := apply(c.World.Model(r), operations)
	if err != nil {
		return nil, err
	}
	patch := difference(c.World.Model(r), after)
	kind, _ := c.World.Kind(typ)
	for name := range patch {
		if slices.Contains(kind.Replace, name) {
			return nil, wire.Errorf(400, "NotUpdatableException", "Invalid patch update: createOnlyProperties [/properties/%s] cannot be updated", name)
		}
	}
	return a.run(c, "UPDATE", r.ID, func() (store.Resource, error) { return c.Update(typ, r.ID, patch) })
}

func (a *api) remove(c *core.Call) (any, error) {
	typ := c.In.String("TypeName")
	r, ok := find(c, typ, c.In.String("Identifier"))
	if !ok {
		return nil, notFound(typ, c.In.String("Identifier"))
	}
	return a.run(c, "DELETE", r.ID, func() (store.Resource, error) { return r, c.Delete(typ, r.ID) })
}

// run performs the request and reports its outcome later. A repeated client token returns the first request.
func (a *api) run(c *core.Call, operation, id string, do func() (store.Resource, error)) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if client := c.In.String("ClientToken"); client != "" {
		if token, known := a.tokens[c.Account+c.Region+client]; known {
			return core.Out{"ProgressEvent": a.requests[token].event()}, nil
		}
	}
	req := &request{
		scope: c.Scope, token: c.World.IDs.UUID("cloudcontrol", c.Account, c.Region), operation: operation,
		typ: c.In.String("TypeName"), id: id, status: "IN_PROGRESS", at: c.Now(),
	}
	a.requests[req.token] = req
	a.order = append(a.order, req.token)
	if client := c.In.String("ClientToken"); client != "" {
		a.tokens[c.Account+c.Region+client] = req.token
	}
	r, err := do()
	final := "SUCCESS"
	if err != nil {
		final = "FAILED"
	} else {
		req.id = r.ID
	}
	c.World.Clock.AfterFunc(takes, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		req.status, req.at = final, c.World.Clock.Now()
		if err != nil {
			req.message, req.code = err.Error(), handlerCode(err)
			return
		}
		if operation != "DELETE" {
			req.model = text(c.World.Model(r))
		}
	})
	return core.Out{"ProgressEvent": req.event()}, nil
}

func handlerCode(err error) string {
	switch code := core.Code(err); code {
	case "AlreadyExists", "NotFound":
		return code
	case "":
		return "InternalFailure"
	}
	return "InvalidRequest"
}

func (r *request) event() core.Out {
	out := core.Out{"TypeName": r.typ, "RequestToken": r.token, "Operation": r.operation, "OperationStatus": r.status, "EventTime": r.at}
	for name, v := range map[string]string{"Identifier": r.id, "StatusMessage": r.message, "ErrorCode": r.code, "ResourceModel": r.model} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

func (a *api) get(c *core.Call) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.requests[c.In.String("RequestToken")]
	if r == nil || r.scope != c.Scope {
		return nil, wire.Errorf(400, "RequestTokenNotFoundException", "Request token %s was not found.", c.In.String("RequestToken"))
	}
	return core.Out{"ProgressEvent": r.event()}, nil
}

func (a *api) list(c *core.Call) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := []any{}
	for _, token := range a.order {
		if r := a.requests[token]; r.scope == c.Scope {
			out = append(out, r.event())
		}
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), c.In.Int("MaxResults", 20))
	return core.Out{"ResourceRequestStatusSummaries": page, "NextToken": next}, err
}

func (a *api) cancel(c *core.Call) (any, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.requests[c.In.String("RequestToken")]
	if r == nil || r.scope != c.Scope {
		return nil, wire.Errorf(400, "RequestTokenNotFoundException", "Request token %s was not found.", c.In.String("RequestToken"))
	}
	return nil, wire.Errorf(400, "ConcurrentModificationException", "The request %s can no longer be cancelled.", r.token)
}

func object(doc, name string) (map[string]any, error) {
	var out map[string]any
	if json.Unmarshal([]byte(doc), &out) != nil || out == nil {
		return nil, wire.Errorf(400, "ValidationException", "%s is not a JSON object.", name)
	}
	return out, nil
}
