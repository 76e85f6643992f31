package secretsmanager

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// write changes a primary and brings its replicas up to date.
func write(c *core.Call, r store.Resource, change func(*store.Resource)) (store.Resource, error) {
	for {
		before := r
		change(&r)
		r.Private["LastChangedDate"] = c.Now()
		if err := replicate(c.World, &r, &before); err != nil {
			return r, err
		}
		if written, won := c.World.Store.Replace(r); won {
			return written, nil
		}
		fresh, ok := c.World.Store.Get(r.Scope, Type, r.ID)
		if !ok {
			return r, notFound()
		}
		r = fresh
	}
}

// value reads SecretString or SecretBinary of a request, nil when there is neither.
func value(in wire.Object) map[string]any {
	for _, name := range []string{"SecretString", "SecretBinary"} {
		if in.Has(name) {
			return map[string]any{name: in[name]}
		}
	}
	return nil
}

func createSecret(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "Name", "Description", "KmsKeyId")
	if regions := readReplicas(store.Resource{}, wire.Object{"R": c.In["AddReplicaRegions"], "ForceOverwriteReplicaSecret": c.In["ForceOverwriteReplicaSecret"]}, "R"); len(regions) > 0 {
		properties["ReplicaRegions"] = regions
	}
	r, err := c.Create(Type, properties, core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	out := core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}
	if v := value(c.In); v != nil {
		r, err = write(c, r, func(r *store.Resource) { addVersion(c.World, r, v, c.In.String("ClientRequestToken"), nil) })
		if err != nil {
			return nil, err
		}
		made, err := version(r, "", "")
		if err != nil {
			return nil, err
		}
		out["VersionId"] = made["VersionId"]
	}
	if status := replicationStatus(r); len(status) > 0 {
		out["ReplicationStatus"] = status
	}
	return out, nil
}

func putSecretValue(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	v := value(c.In)
	if v == nil {
		return nil, invalidRequest("You must provide either SecretString or SecretBinary.")
	}
	labels := c.In.Strings("VersionStages")
	token := c.In.String("ClientRequestToken")
	if old, err := version(r, token, ""); token != "" && err == nil {
		if old.String("SecretString") != wire.Text(v["SecretString"]) {
			return nil, wire.Errorf(400, "ResourceExistsException", "You can't use ClientRequestToken %s because that value is already in use for a version of secret %s.", token, r.ID)
		}
		return presentWritten(r, old), nil
	}
	id := token
	if id == "" {
		id = c.World.IDs.UUID("secret-version", r.ID)
	}
	r, err = write(c, r, func(r *store.Resource) { addVersion(c.World, r, v, id, labels) })
	if err != nil {
		return nil, err
	}
	made, err := version(r, id, "")
	if err != nil {
		return nil, err
	}
	return presentWritten(r, made), nil
}

func presentWritten(r store.Resource, v wire.Object) core.Out {
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"], "VersionId": v["VersionId"], "VersionStages": v["Stages"]}
}

func updateSecret(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	out := core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}
	r, err = write(c, r, func(r *store.Resource) {
		for _, name := range []string{"Description", "KmsKeyId"} {
			if c.In.Has(name) {
				r.Properties[name] = c.In[name]
			}
		}
		if v := value(c.In); v != nil {
			addVersion(c.World, r, v, c.In.String("ClientRequestToken"), nil)
		}
	})
	if err != nil {
		return nil, err
	}
	if value(c.In) != nil {
		if made, err := version(r, "", ""); err == nil {
			out["VersionId"] = made["VersionId"]
		}
	}
	return out, nil
}

func deleteSecret(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	if len(replicationStatus(r)) > 0 {
		return nil, invalidRequest("You can't delete secret %s that still has replica regions.", wire.Text(r.Properties["Name"]))
	}
	date := c.Now()
	if c.In.Bool("ForceDeleteWithoutRecovery") {
		err = c.Delete(Type, r.ID)
	} else {
		days := c.In.Int("RecoveryWindowInDays", 30)
		if days < 7 || days > 30 {
			return nil, wire.Errorf(400, "InvalidParameterException", "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
		}
		date = date.AddDate(0, 0, days)
		_, _, err = c.World.Store.Update(r.Scope, Type, r.ID, func(r *store.Resource) error {
			r.Private["DeletedDate"] = date
			return nil
		})
	}
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"], "DeletionDate": date}, err
}

func restoreSecret(c *core.Call) (any, error) {
	r, err := secret(c)
	if err != nil {
		return nil, err
	}
	_, _, err = c.World.Store.Update(r.Scope, Type, r.ID, func(r *store.Resource) error {
		delete(r.Private, "DeletedDate")
		return nil
	})
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}, err
}

func applyPolicy(c *core.Change) error {
	call := &core.Call{World: c.World, Scope: c.Resource.Scope, In: wire.Object{"SecretId": c.Resource.Properties["SecretId"]}}
	r, err := secret(call)
	if err != nil {
		return err
	}
	return setPolicy(c.World, r, shape.Document(c.Resource.Properties["ResourcePolicy"]))
}

func removePolicy(c *core.Change) error {
	call := &core.Call{World: c.World, Scope: c.Resource.Scope, In: wire.Object{"SecretId": c.Resource.Properties["SecretId"]}}
	r, err := secret(call)
	if err != nil {
		return nil // the secret is gone and its policy with it
	}
	return setPolicy(c.World, r, "")
}

func setPolicy(w *core.World, r store.Resource, document string) error {
	_, _, err := w.Store.Update(r.Scope, Type, r.ID, func(r *store.Resource) error {
		r.Private["ResourcePolicy"] = document
		return nil
	})
	return err
}

func getResourcePolicy(c *core.Call) (any, error) {
	r, err := secret(c)
	if err != nil {
		return nil, err
	}
	out := core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}
	if policy := wire.Text(r.Private["ResourcePolicy"]); policy != "" {
		out["ResourcePolicy"] = policy
	}
	return out, nil
}

func putResourcePolicy(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	if _, ok := shape.ParseDocument(c.In.String("ResourcePolicy")); !ok {
		return nil, wire.Errorf(400, "MalformedPolicyDocumentException", "This resource policy contains invalid Json.")
	}
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}, setPolicy(c.World, r, c.In.String("ResourcePolicy"))
}

func deleteResourcePolicy(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}, setPolicy(c.World, r, "")
}
