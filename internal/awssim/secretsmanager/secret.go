package secretsmanager

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkSecret names a secret, makes its value when that was asked for or changed, and brings its replicas up to date.
func checkSecret(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if c.Before == nil {
		if old, ok := byName(c.World.Store.View(0), r.Scope, p.String("Name")); ok {
			if old.Private["DeletedDate"] != nil {
				return invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.")
			}
			return wire.Errorf(400, "ResourceExistsException", "The operation failed because the secret %s already exists.", p.String("Name"))
		}
		suffix := c.World.IDs.Mixed(6, r.Account, r.Region, r.Type, p.String("Name"))
		r.Attributes["Id"] = "arn:aws:secretsmanager:" + r.Region + ":" + r.Account + ":secret:" + p.String("Name") + "-" + suffix
		r.ID = wire.Text(r.Attributes["Id"])
	} else if isReplica(*r) {
		return replicaRefuses()
	}
	if p.Has("SecretString") && p.Has("GenerateSecretString") {
		return invalidRequest("You can't specify both GenerateSecretString and SecretString.")
	}
	switch {
	case changed(c, "SecretString"):
		addVersion(c.World, r, map[string]any{"SecretString": p.String("SecretString")}, "", nil)
	case changed(c, "GenerateSecretString"):
		value, err := generate(c.World, r, p.Object("GenerateSecretString"))
		if err != nil {
			return err
		}
		addVersion(c.World, r, map[string]any{"SecretString": value}, "", nil)
	}
	r.Private["LastChangedDate"] = c.World.Clock.Now()
	return replicate(c.World, r, c.Before)
}

// changed reports whether a property is given and differs from what it was.
func changed(c *core.Change, name string) bool {
	if c.Resource.Properties[name] == nil {
		return false
	}
	return c.Before == nil || shape.Document(c.Before.Properties[name]) != shape.Document(c.Resource.Properties[name])
}

func invalidRequest(format string, args ...any) error {
	return wire.Errorf(400, "InvalidRequestException", format, args...)
}

func replicaRefuses() error {
	return invalidRequest("Operation not permitted on a replica secret. Call must be made in primary secret's region.")
}

func isReplica(r store.Resource) bool { return wire.Text(r.Private["Primary"]) != "" }

func byName(v store.View, scope store.Scope, name string) (store.Resource, bool) {
	for _, r := range v.Prefix(scope, Type, "arn:aws:secretsmanager:"+scope.Region+":"+scope.Account+":secret:"+name+"-") {
		if wire.Text(r.Properties["Name"]) == name {
			return r, true
		}
	}
	return store.Resource{}, false
}

// secret finds the secret of the request by name, ARN, or ARN without the six last characters.
func secret(c *core.Call) (store.Resource, error) {
	id := c.In.String("SecretId")
	if id == "" {
		return store.Resource{}, wire.Errorf(400, "InvalidParameterException", "You must provide a value for the SecretId parameter.")
	}
	if arn, ok := shape.ParseARN(id); ok {
		if r, found := c.Get(Type, id); found {
			return r, nil
		}
		id = strings.TrimPrefix(arn.Resource, "secret:")
		if arn.Region != c.Region || arn.Account != c.Account {
			return store.Resource{}, notFound()
		}
	}
	if r, ok := byName(c.Read(), c.Scope, id); ok {
		return r, nil
	}
	return store.Resource{}, notFound()
}

// alive is secret for operations that a secret scheduled for deletion refuses.
func alive(c *core.Call) (store.Resource, error) {
	r, err := secret(c)
	if err == nil && r.Private["DeletedDate"] != nil {
		return r, invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
	}
	return r, err
}

// writable is alive for operations that only the primary allows.
func writable(c *core.Call) (store.Resource, error) {
	r, err := alive(c)
	if err == nil && isReplica(r) {
		return r, replicaRefuses()
	}
	return r, err
}

func notFound() error {
	return wire.Errorf(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

// describe is a secret as DescribeSecret returns it.
func describe(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out{
		"ARN": r.ID, "Name": p["Name"], "CreatedDate": r.Created, "LastChangedDate": r.Private["LastChangedDate"], "DeletedDate": r.Private["DeletedDate"],
		"Tags": core.TagList(r.Tags), "VersionIdsToStages": stages(r),
	}
	for _, name := range []string{"Description", "KmsKeyId"} {
		if v := p.String(name); v != "" {
			out[name] = v
		}
	}
	if service := r.Tags["aws:secretsmanager:owningService"]; service != "" {
		out["OwningService"] = service
	}
	if isReplica(r) {
		out["PrimaryRegion"] = r.Private["Primary"]
	} else if status := replicationStatus(r); len(status) > 0 {
		out["PrimaryRegion"], out["ReplicationStatus"] = r.Region, status
	}
	showRotation(r, out)
	return out
}

func describeSecret(c *core.Call) (any, error) {
	r, err := secret(c)
	if err != nil {
		return nil, err
	}
	return describe(r), nil
}

func listSecrets(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(Type) {
		if r.Private["DeletedDate"] != nil && !c.In.Bool("IncludePlannedDeletion") || !matches(r, c.In.Objects("Filters")) {
			continue
		}
		one := describe(r)
		one["SecretVersionsToStages"] = one["VersionIdsToStages"]
		delete(one, "VersionIdsToStages")
		delete(one, "ReplicationStatus")
		list = append(list, one)
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 100))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidNextTokenException", "The NextToken value is invalid.")
	}
	return core.Out{"SecretList": page, "NextToken": next}, nil
}

// matches applies filters: every value is a prefix of the name, the description or a tag; "!" before it negates.
func matches(r store.Resource, filters []wire.Object) bool {
	for _, f := range filters {
		var texts []string
		switch f.String("Key") {
		case "name":
			texts = []string{wire.Text(r.Properties["Name"])}
		case "description":
			texts = []string{wire.Text(r.Properties["Description"])}
		case "primary-region":
			texts = []string{wire.Text(r.Private["Primary"])}
		case "tag-key", "tag-value", "all":
			for k, v := range r.Tags {
				texts = append(texts, map[string]string{"tag-key": k, "tag-value": v, "all": k}[f.String("Key")], v)
			}
		}
		hit := slices.ContainsFunc(f.Strings("Values"), func(v string) bool {
			bare, negated := strings.CutPrefix(v, "!")
			return negated != slices.ContainsFunc(texts, func(t string) bool { return strings.HasPrefix(t, bare) })
		})
		if !hit {
			return false
		}
	}
	return true
}
