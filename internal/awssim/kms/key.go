package kms

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkKey gives a key its id and, when it has none, the policy that leaves it to its account.
func checkKey(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if c.Before == nil {
		id := c.World.IDs.UUID(r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
		if p.Bool("MultiRegion") {
			id = "mrk-" + strings.ReplaceAll(id, "-", "")
		}
		r.Attributes["KeyId"] = id
	}
	if p.Bool("EnableKeyRotation") && p.String("KeySpec") != "SYMMETRIC_DEFAULT" {
		return wire.Errorf(400, "UnsupportedOperationException", "You cannot enable automatic rotation of asymmetric KMS keys.")
	}
	return checkPolicy(r)
}

func checkPolicy(r *store.Resource) error {
	if r.Properties["KeyPolicy"] == nil {
		r.Properties["KeyPolicy"] = map[string]any{"Version": "2012-10-17", "Id": "key-default-1", "Statement": []any{map[string]any{
			"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
			"Principal": map[string]any{"AWS": "arn:aws:iam::" + r.Account + ":root"}}}}
	}
	doc := wire.AsObject(r.Properties["KeyPolicy"])
	if text, ok := r.Properties["KeyPolicy"].(string); ok {
		doc, _ = shape.ParseDocument(text)
	}
	if doc == nil || !doc.Has("Statement") {
		return wire.Errorf(400, "MalformedPolicyDocumentException", "The new key policy is not valid.")
	}
	return nil
}

// checkReplica wants the primary to be a multi-Region key of another Region, and notes the replica with it.
func checkReplica(c *core.Change) error {
	r := c.Resource
	arn, ok := shape.ParseARN(wire.Text(r.Properties["PrimaryKeyArn"]))
	id := strings.TrimPrefix(arn.Resource, "key/")
	home := store.Scope{Account: arn.Account, Region: arn.Region}
	primary, exists := c.World.Store.Get(home, Type, id)
	switch {
	case !ok || !exists:
		return notFound(wire.Text(r.Properties["PrimaryKeyArn"]))
	case !shape.Bool(primary.Properties["MultiRegion"]):
		return wire.Errorf(400, "UnsupportedOperationException", "%s is not a multi-Region primary key.", primary.Attributes["Arn"])
	case home.Region == r.Region:
		return wire.Errorf(400, "ValidationException", "The replica must be in another Region than the primary key.")
	}
	if c.Before == nil {
		r.Attributes["KeyId"] = id
		note(c.World, primary, func(list []any) []any {
			if !slices.Contains(list, any(r.Region)) {
				list = append(list, r.Region)
			}
			return list
		})
	}
	for _, name := range []string{"KeySpec", "KeyUsage", "Origin", "EnableKeyRotation"} {
		r.Private[name] = primary.Properties[name]
	}
	return checkPolicy(r)
}

// note changes the list of Regions in which a primary has replicas.
func note(w *core.World, primary store.Resource, change func([]any) []any) {
	_, _, _ = w.Store.Update(primary.Scope, Type, primary.ID, func(p *store.Resource) error { // it was just read
		list, _ := wire.Items(p.Private["Replicas"])
		p.Private["Replicas"] = change(list)
		return nil
	})
}

// keepPending does what CloudFormation does to a key it deletes: it stays readable, pending deletion.
func keepPending(c *core.Change) error {
	r := *c.Resource
	if replicas, _ := wire.Items(r.Private["Replicas"]); len(replicas) > 0 {
		return wire.Errorf(400, "KMSInvalidStateException", "%s has replica keys. Delete them first.", wire.Text(r.Attributes["Arn"]))
	}
	days := shape.Int(r.Properties["PendingWindowInDays"], 30)
	r.Private["DeletionDate"] = c.World.Clock.Now().AddDate(0, 0, days)
	r.Private["Was"] = r.Type
	r.Properties["Enabled"] = false
	if r.Type == ReplicaType {
		if arn, ok := shape.ParseARN(wire.Text(r.Properties["PrimaryKeyArn"])); ok {
			primary := store.Resource{Scope: store.Scope{Account: arn.Account, Region: arn.Region}, ID: strings.TrimPrefix(arn.Resource, "key/")}
			note(c.World, primary, func(list []any) []any {
				return slices.DeleteFunc(list, func(e any) bool { return e == r.Region })
			})
		}
	}
	r.Type = pendingType
	c.World.Store.Put(r)
	return nil
}

func notFound(what string) error {
	return wire.Errorf(400, "NotFoundException", "Key '%s' does not exist", what)
}

// lookup finds a key by id, ARN, alias name or alias ARN.
func lookup(v store.View, scope store.Scope, name string) (store.Resource, error) {
	given := name
	if arn, ok := shape.ParseARN(name); ok {
		if arn.Region != scope.Region || arn.Account != scope.Account {
			return store.Resource{}, wire.Errorf(400, "NotFoundException", "Invalid arn %s", arn.Region)
		}
		name = strings.TrimPrefix(arn.Resource, "key/")
	}
	if strings.HasPrefix(name, "alias/aws/") {
		return managed(scope, name), nil
	}
	if strings.HasPrefix(name, "alias/") {
		a, ok := v.Get(scope, AliasType, name)
		if !ok {
			return a, wire.Errorf(400, "NotFoundException", "Alias arn:aws:kms:%s:%s:%s is not found.", scope.Region, scope.Account, name)
		}
		name = strings.TrimPrefix(shape.Last(wire.Text(a.Properties["TargetKeyId"]), ":"), "key/")
	}
	for _, typ := range []string{Type, ReplicaType, pendingType} {
		if r, ok := v.Get(scope, typ, name); ok {
			return r, nil
		}
	}
	if alias := managedAlias(scope, name); alias != "" {
		return managed(scope, alias), nil
	}
	if !strings.HasPrefix(given, "arn:") {
		given = "arn:aws:kms:" + scope.Region + ":" + scope.Account + ":key/" + given
	}
	return store.Resource{}, notFound(given)
}

// managed is the key that AWS keeps for one of its services.
func managed(scope store.Scope, alias string) store.Resource {
	id := shape.ManagedKeyID(scope.Account, scope.Region, shape.Last(alias, "/"))
	return store.Resource{Scope: scope, Type: Type, ID: id, Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		Attributes: map[string]any{"KeyId": id, "Arn": "arn:aws:kms:" + scope.Region + ":" + scope.Account + ":key/" + id},
		Properties: map[string]any{"Enabled": true, "EnableKeyRotation": true, "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
			"Origin": "AWS_KMS", "Description": "Default key that protects my data when no other key is defined"},
		Private: map[string]any{"Manager": "AWS"},
	}
}

// managedAlias is the alias of a key that AWS keeps, by its id.
func managedAlias(scope store.Scope, id string) string {
	for _, service := range []string{"acm", "backup", "dynamodb", "ebs", "ecr", "elasticache", "elasticfilesystem", "es", "kinesis", "lambda",
		"rds", "redshift", "s3", "secretsmanager", "sns", "sqs", "ssm"} {
		if shape.ManagedKeyID(scope.Account, scope.Region, service) == id {
			return "alias/aws/" + service
		}
	}
	return ""
}

func key(c *core.Call) (store.Resource, error) {
	return lookup(c.Read(), c.Scope, c.In.String("KeyId"))
}

// describe is a key as DescribeKey returns it.
func describe(c *core.Call, r store.Resource) core.Out {
	get := func(name, def string) string {
		return wire.Object(r.Properties).Or(name, wire.Object(r.Private).Or(name, def))
	}
	out := core.Out{
		"AWSAccountId": r.Account, "KeyId": r.ID, "Arn": r.Attributes["Arn"], "CreationDate": r.Created, "Enabled": shape.Bool(r.Properties["Enabled"]),
		"Description": get("Description", ""), "KeyUsage": get("KeyUsage", "ENCRYPT_DECRYPT"), "KeyState": state(r), "Origin": get("Origin", "AWS_KMS"),
		"KeyManager": wire.Object(r.Private).Or("Manager", "CUSTOMER"), "KeySpec": get("KeySpec", "SYMMETRIC_DEFAULT"),
		"CustomerMasterKeySpec": get("KeySpec", "SYMMETRIC_DEFAULT"), "MultiRegion": strings.HasPrefix(r.ID, "mrk-"),
	}
	if out["KeyUsage"] == "ENCRYPT_DECRYPT" {
		out["EncryptionAlgorithms"] = []any{"SYMMETRIC_DEFAULT"}
	}
	if d, ok := r.Private["DeletionDate"].(time.Time); ok {
		out["DeletionDate"] = d
	}
	if strings.HasPrefix(r.ID, "mrk-") {
		out["MultiRegionConfiguration"] = multiRegion(c, r)
	}
	return out
}

func state(r store.Resource) string {
	switch {
	case r.Private["DeletionDate"] != nil:
		return "PendingDeletion"
	case shape.Bool(r.Properties["Enabled"]):
		return "Enabled"
	}
	return "Disabled"
}

func multiRegion(c *core.Call, r store.Resource) core.Out {
	primary, kind := r, "PRIMARY"
	if arn, ok := shape.ParseARN(wire.Text(r.Properties["PrimaryKeyArn"])); ok {
		kind = "REPLICA"
		primary, _ = c.Read().Get(store.Scope{Account: arn.Account, Region: arn.Region}, Type, r.ID)
		primary.Region, primary.Account = arn.Region, arn.Account
	}
	member := func(region string) core.Out {
		return core.Out{"Arn": "arn:aws:kms:" + region + ":" + primary.Account + ":key/" + r.ID, "Region": region}
	}
	replicas := []any{}
	list, _ := wire.Items(primary.Private["Replicas"])
	for _, region := range list {
		replicas = append(replicas, member(wire.Text(region)))
	}
	return core.Out{"MultiRegionKeyType": kind, "PrimaryKey": member(primary.Region), "ReplicaKeys": replicas}
}
