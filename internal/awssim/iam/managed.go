package iam

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

const awsPolicies = "arn:aws:iam::aws:policy/"

// awsDocuments are the actions of those managed policies of AWS that have a document here; all allow on every resource.
func awsDocuments() map[string][]any {
	return map[string][]any{
		"service-role/AWSLambdaBasicExecutionRole":          {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"},
		"service-role/AmazonECSTaskExecutionRolePolicy":     {"ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents"},
		"AmazonSSMManagedInstanceCore":                      {"ssm:*", "ssmmessages:*", "ec2messages:*"},
		"service-role/AWSLambdaSQSQueueExecutionRole":       {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"},
		"service-role/AWSLambdaVPCAccessExecutionRole":      {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"},
		"AdministratorAccess":                               {"*"},
		"ReadOnlyAccess":                                    {"cloudformation:Describe*", "ec2:Describe*", "s3:Get*", "s3:List*"},
		"service-role/AmazonAPIGatewayPushToCloudWatchLogs": {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"},
	}
}

func awsDocument(name string) any {
	actions := awsDocuments()[name]
	if actions == nil {
		actions = []any{"simulated:" + shape.Last(name, "/")}
	}
	return map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"}}}
}

// policyExists accepts every policy of AWS, and those that were created.
func policyExists(w *core.World, scope store.Scope, arn string) bool {
	if name, ok := strings.CutPrefix(arn, awsPolicies); ok {
		return name != ""
	}
	_, ok := w.Store.Get(scope, ManagedType, arn)
	return ok
}

// recordPolicyVersion notes the document as a new default version. The versions are in Private["Versions"], oldest first.
func recordPolicyVersion(c *core.Change) error {
	r := c.Resource
	doc := r.Properties["PolicyDocument"]
	if err := checkDocument(doc); err != nil {
		return err
	}
	for _, name := range wire.Object(r.Properties).Strings("Roles") {
		if _, ok := c.World.Store.Get(r.Scope, RoleType, name); !ok {
			return noRole(name)
		}
	}
	if c.Before != nil && shape.Document(c.Before.Properties["PolicyDocument"]) == shape.Document(doc) {
		return nil
	}
	if c.Before == nil {
		r.Attributes["PolicyId"] = "ANPA" + c.World.IDs.Upper(17, r.Account, r.Type, wire.Text(r.Properties["ManagedPolicyName"]))
	}
	n := shape.Int(r.Private["Made"], 0) + 1
	versions, _ := wire.Items(r.Private["Versions"])
	if len(versions) == 5 {
		versions = versions[1:] // CloudFormation deletes the oldest of the five that IAM keeps
	}
	r.Private["Made"] = n
	r.Private["Versions"] = append(versions, map[string]any{"VersionId": "v" + wire.Text(n), "Document": doc, "CreateDate": c.World.Clock.Now()})
	return nil
}

// policy finds a managed policy, one of AWS included.
func policy(c *core.Call) (store.Resource, error) {
	arn := c.In.String("PolicyArn")
	if name, ok := strings.CutPrefix(arn, awsPolicies); ok && name != "" {
		doc := awsDocument(name)
		path := "/" + strings.TrimSuffix(name, shape.Last(name, "/"))
		since := time.Date(2015, 2, 6, 18, 41, 0, 0, time.UTC)
		return store.Resource{ID: arn, Created: since, Updated: since,
			Properties: map[string]any{"ManagedPolicyName": shape.Last(name, "/"), "Path": path, "Description": ""},
			Attributes: map[string]any{"PolicyId": "ANPA" + strings.ToUpper(shape.Last(name, "/"))},
			Private:    map[string]any{"Made": 1, "Versions": []any{map[string]any{"VersionId": "v1", "Document": doc, "CreateDate": since}}},
		}, nil
	}
	r, ok := c.Get(ManagedType, arn)
	if !ok {
		return r, noSuchEntity("Policy %s was not found.", arn)
	}
	return r, nil
}

func presentPolicy(c *core.Call, m store.Resource) core.Out {
	holders := wire.Object(m.Properties).Strings("Roles")
	for _, r := range c.List(RoleType) {
		if slices.Contains(wire.Object(r.Properties).Strings("ManagedPolicyArns"), m.ID) {
			holders = append(holders, r.ID)
		}
	}
	slices.Sort(holders)
	count := len(slices.Compact(holders))
	versions, _ := wire.Items(m.Private["Versions"])
	return core.Out{
		"PolicyName": m.Properties["ManagedPolicyName"], "PolicyId": m.Attributes["PolicyId"], "Arn": m.ID, "Path": m.Properties["Path"],
		"DefaultVersionId": wire.AsObject(versions[len(versions)-1])["VersionId"], "AttachmentCount": count,
		"PermissionsBoundaryUsageCount": 0, "IsAttachable": true, "CreateDate": m.Created, "UpdateDate": m.Updated,
	}
}

func getPolicy(c *core.Call) (any, error) {
	m, err := policy(c)
	if err != nil {
		return nil, err
	}
	out := presentPolicy(c, m)
	if d := wire.Text(m.Properties["Description"]); d != "" {
		out["Description"] = d
	}
	if len(m.Tags) > 0 {
		out["Tags"] = core.TagList(m.Tags)
	}
	return core.Out{"Policy": out}, nil
}

// presentVersions lists the versions of a policy, the newest first; documents only where asked for.
func presentVersions(m store.Resource, documents bool) []any {
	versions, _ := wire.Items(m.Private["Versions"])
	out := []any{}
	for i := len(versions) - 1; i >= 0; i-- {
		v := wire.AsObject(versions[i])
		one := core.Out{"VersionId": v["VersionId"], "IsDefaultVersion": i == len(versions)-1, "CreateDate": v["CreateDate"]}
		if documents {
			one["Document"] = encoded(v["Document"])
		}
		out = append(out, one)
	}
	return out
}

func getPolicyVersion(c *core.Call) (any, error) {
	m, err := policy(c)
	if err != nil {
		return nil, err
	}
	for _, v := range presentVersions(m, true) {
		if wire.AsObject(v).String("VersionId") == c.In.String("VersionId") {
			return core.Out{"PolicyVersion": v}, nil
		}
	}
	return nil, noSuchEntity("Policy %s version %s does not exist or is not attachable.", m.ID, c.In.String("VersionId"))
}

func listPolicyVersions(c *core.Call) (any, error) {
	m, err := policy(c)
	if err != nil {
		return nil, err
	}
	return page(c, core.Out{}, "Versions", presentVersions(m, false))
}

// listPolicies lists the account's own policies; those of AWS are only found by name.
func listPolicies(c *core.Call) (any, error) {
	list := []any{}
	for _, m := range c.List(ManagedType) {
		one := presentPolicy(c, m)
		if c.In.String("Scope") != "AWS" && (!c.In.Bool("OnlyAttached") || one.Int("AttachmentCount", 0) > 0) {
			list = append(list, one)
		}
	}
	return page(c, core.Out{}, "Policies", list)
}

func createPolicy(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "Path", "Description")
	properties["ManagedPolicyName"], properties["PolicyDocument"] = c.In.String("PolicyName"), parsed(c.In.String("PolicyDocument"))
	m, err := c.Create(ManagedType, properties, core.Tags(c.In["Tags"]))
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(409, "EntityAlreadyExists", "A policy called %s already exists. Duplicate names are not allowed.", c.In.String("PolicyName"))
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"Policy": presentPolicy(c, m)}, nil
}

// createPolicyVersion knows new default versions only.
func createPolicyVersion(c *core.Call) (any, error) {
	if !c.In.Bool("SetAsDefault") {
		return nil, wire.Errorf(400, "InvalidInput", "The simulator has new versions only as default: set SetAsDefault.")
	}
	m, err := c.Update(ManagedType, c.In.String("PolicyArn"), map[string]any{"PolicyDocument": parsed(c.In.String("PolicyDocument"))})
	if core.Code(err) == "NotFound" {
		return nil, noSuchEntity("Policy %s was not found.", c.In.String("PolicyArn"))
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"PolicyVersion": presentVersions(m, false)[0]}, nil
}

func deletePolicy(c *core.Call) (any, error) {
	m, err := policy(c)
	if err != nil {
		return nil, err
	}
	if presentPolicy(c, m).Int("AttachmentCount", 0) > 0 {
		return nil, wire.Errorf(409, "DeleteConflict", "Cannot delete a policy attached to entities.")
	}
	return nil, c.Delete(ManagedType, m.ID)
}
