package lambda

import (
	"regexp"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// A statement of a function's policy is a resource of its own; the policy is made of them. checkPermission wants the
// function to exist and names the statement.
func checkPermission(c *core.Change) error {
	r := c.Resource
	name, qualifier := split(wire.Text(r.Properties["FunctionName"]))
	arn := functionARN(r.Scope, name)
	if _, ok := c.World.Store.Get(r.Scope, Type, name); !ok {
		return notFound("Function not found: %s", arn)
	}
	id := wire.Text(r.Properties["Id"])
	delete(r.Properties, "Id")
	if id == "" {
		id = core.GeneratedName(c.Origin.Stack+"-"+c.Origin.Logical,
			c.World.IDs.Upper(12, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical), core.NameRule{Max: 100})
	}
	for _, other := range permissions(c.World.Store.View(0), r.Scope, name, qualifier) {
		if wire.Text(other.Attributes["Id"]) == id {
			return conflict("The statement id (%s) provided already exists. Please provide a new statement id, or remove the existing statement.", id)
		}
	}
	r.Attributes["Id"] = id
	return nil
}

// permissions lists the statements for one qualifier of a function.
func permissions(v store.View, scope store.Scope, name, qualifier string) []store.Resource {
	var out []store.Resource
	for _, function := range []string{name, functionARN(scope, name)} { // the id begins with the function as it was given
		for _, p := range v.Prefix(scope, PermissionType, function) {
			if n, q := split(wire.Text(p.Properties["FunctionName"])); n == name && q == qualifier {
				out = append(out, p)
			}
		}
	}
	return out
}

// statement is a permission as it stands in the policy.
func statement(r store.Resource) map[string]any {
	p := wire.Object(r.Properties)
	name, qualifier := split(p.String("FunctionName"))
	resource := functionARN(r.Scope, name)
	if qualifier != "" {
		resource += ":" + qualifier
	}
	out := map[string]any{"Sid": r.Attributes["Id"], "Effect": "Allow", "Principal": principal(p.String("Principal")),
		"Action": p["Action"], "Resource": resource}
	condition := map[string]any{}
	equals := map[string]any{}
	for property, key := range map[string]string{"SourceAccount": "AWS:SourceAccount", "EventSourceToken": "lambda:EventSourceToken",
		"FunctionUrlAuthType": "lambda:FunctionUrlAuthType", "PrincipalOrgID": "aws:PrincipalOrgID"} {
		if v := p.String(property); v != "" {
			equals[key] = v
		}
	}
	if len(equals) > 0 {
		condition["StringEquals"] = equals
	}
	if v := p.String("SourceArn"); v != "" {
		condition["ArnLike"] = map[string]any{"AWS:SourceArn": v}
	}
	if p.Has("InvokedViaFunctionUrl") {
		condition["Bool"] = map[string]any{"lambda:InvokedViaFunctionUrl": p.String("InvokedViaFunctionUrl")}
	}
	if len(condition) > 0 {
		out["Condition"] = condition
	}
	return out
}

func principal(s string) any {
	switch {
	case s == "*":
		return "*"
	case regexp.MustCompile(`^\d{12}$`).MatchString(s):
		return map[string]any{"AWS": "arn:aws:iam::" + s + ":root"}
	case regexp.MustCompile(`^arn:`).MatchString(s):
		return map[string]any{"AWS": s}
	}
	return map[string]any{"Service": s}
}

func getPolicy(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	list := permissions(c.Read(), f.Scope, f.ID, qualifier)
	if len(list) == 0 {
		return nil, notFound("The resource you requested does not exist.")
	}
	statements := []any{}
	for _, p := range list {
		statements = append(statements, statement(p))
	}
	document := shape.Document(map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": statements})
	return core.Out{"Policy": document, "RevisionId": f.Private["RevisionId"]}, nil
}

func addPermission(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	properties := shape.Pick(c.In, "Action", "Principal", "SourceArn", "SourceAccount", "EventSourceToken", "PrincipalOrgID",
		"FunctionUrlAuthType", "InvokedViaFunctionUrl")
	properties["FunctionName"], properties["Id"] = f.ID, c.In.String("StatementId")
	if qualifier != "" {
		properties["FunctionName"] = f.ID + ":" + qualifier
	}
	p, err := c.Create(PermissionType, properties, nil)
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(201, core.Out{"Statement": shape.Document(statement(p))}), nil
}

func removePermission(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	for _, p := range permissions(c.World.Store.View(0), f.Scope, f.ID, qualifier) {
		if wire.Text(p.Attributes["Id"]) == c.In.String("StatementId") {
			c.World.Store.Delete(p.Scope, PermissionType, p.ID)
			return &wire.Raw{Status: 204}, nil
		}
	}
	return nil, notFound("Statement %s is not found in resource policy.", c.In.String("StatementId"))
}
