package read

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type iamAPI interface {
	iamEntityAPI
	GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error)
	ListRoles(context.Context, *iam.ListRolesInput, ...func(*iam.Options)) (*iam.ListRolesOutput, error)
	GetRole(context.Context, *iam.GetRoleInput, ...func(*iam.Options)) (*iam.GetRoleOutput, error)
	ListRolePolicies(context.Context, *iam.ListRolePoliciesInput, ...func(*iam.Options)) (*iam.ListRolePoliciesOutput, error)
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
	ListAttachedRolePolicies(context.Context, *iam.ListAttachedRolePoliciesInput, ...func(*iam.Options)) (*iam.ListAttachedRolePoliciesOutput, error)
	GetPolicy(context.Context, *iam.GetPolicyInput, ...func(*iam.Options)) (*iam.GetPolicyOutput, error)
	GetPolicyVersion(context.Context, *iam.GetPolicyVersionInput, ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error)
}

func iamReader() reader {
	return reader{
		specs: append(entitySpecs(), []Spec{
			{
				Type: "AWS::IAM::Role",
				Properties: []string{"RoleName", "Path", "Description", "MaxSessionDuration", "AssumeRolePolicyDocument",
					"PermissionsBoundary", "ManagedPolicyArns", "Policies", "Tags"},
				Actions: []string{"iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
					"iam:GetAccountAuthorizationDetails", "iam:ListRoles"},
				Batch:      "two lists of the account's roles, for " + strconv.Itoa(rolesForList) + " roles and more",
				Identities: []string{"Arn", "RoleId", "RoleName"},
			},
			{
				Type:       "AWS::IAM::Policy",
				Properties: []string{"PolicyName", "PolicyDocument", "Roles", "Users", "Groups"},
				Actions:    []string{"iam:GetRolePolicy", "iam:GetUserPolicy", "iam:GetGroupPolicy"},
			},
			{
				Type:       "AWS::IAM::ManagedPolicy",
				Properties: []string{"ManagedPolicyName", "Path", "Description", "PolicyDocument", "Roles", "Users", "Groups"},
				Actions:    []string{"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListEntitiesForPolicy"},
				Identities: []string{"PolicyArn", "ManagedPolicyName"},
			},
		}...),
		early: []string{"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			listed := r.listRoles(ctx, items)
			each(ctx, items, func(item inventory.Item) {
				switch item.Type {
				case "AWS::IAM::Role":
					r.role(ctx, item, listed)
				case "AWS::IAM::Policy":
					r.inlinePolicy(ctx, item)
				case "AWS::IAM::ManagedPolicy":
					r.managedPolicy(ctx, item)
				default:
					r.entity(ctx, item)
				}
			})
		},
	}
}

func (r *run) role(ctx context.Context, item inventory.Item, listed map[string]roleEntry) {
	if item.ID == "" {
		r.unaddressable(item, "a role name")
		return
	}
	if e, ok := listed[item.ID]; ok {
		r.found(item, roleObject(&e.role).set("ManagedPolicyArns", e.attached).set("Policies", e.inline))
		return
	}
	out, err := r.clients.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.Role == nil {
		r.empty(item, "iam:GetRole", "role")
		return
	}
	o := roleObject(out.Role)
	if attached, err := r.attached(ctx, item.ID); err != nil {
		r.partial(item, "ManagedPolicyArns", err)
	} else {
		o.set("ManagedPolicyArns", attached)
	}
	if inline, err := r.inline(ctx, item.ID); err != nil {
		r.partial(item, "Policies", err)
	} else {
		o.set("Policies", inline)
	}
	r.found(item, o)
}

func roleObject(role *types.Role) *object {
	o := newObject()
	if role == nil {
		return o
	}
	o.take(role, "RoleName", "Path", "Description", "MaxSessionDuration").
		document("AssumeRolePolicyDocument", aws.ToString(role.AssumeRolePolicyDocument)).
		identity("Arn", aws.ToString(role.Arn)).identity("RoleId", aws.ToString(role.RoleId)).
		identity("RoleName", aws.ToString(role.RoleName)).
		tagList(role.Tags, "Key", "Value")
	if role.PermissionsBoundary != nil {
		o.set("PermissionsBoundary", role.PermissionsBoundary.PermissionsBoundaryArn)
	}
	return o
}

func (r *run) attached(ctx context.Context, role string) ([]string, error) {
	arns := []string{}
	pages := iam.NewListAttachedRolePoliciesPaginator(r.clients.iam, &iam.ListAttachedRolePoliciesInput{RoleName: &role})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.AttachedPolicies {
			arns = append(arns, aws.ToString(p.PolicyArn))
		}
	}
	slices.Sort(arns)
	return arns, nil
}

func (r *run) inline(ctx context.Context, role string) ([]map[string]any, error) {
	policies := []map[string]any{}
	pages := iam.NewListRolePoliciesPaginator(r.clients.iam, &iam.ListRolePoliciesInput{RoleName: &role})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range page.PolicyNames {
			out, err := r.clients.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
			if err != nil {
				return nil, err
			}
			policies = append(policies, inlinePolicy(name, aws.ToString(out.PolicyDocument)))
		}
	}
	sortObjects(policies, "PolicyName")
	return policies, nil
}

// inlinePolicy reads a policy from those it is declared for.
func (r *run) inlinePolicy(ctx context.Context, item inventory.Item) {
	name := text(item.Resolved, "PolicyName")
	if name == "" || unresolved(name) {
		r.unaddressable(item, "a policy name")
		return
	}
	if _, users := item.Resolved["Users"]; users {
		r.policyOfMany(ctx, item, name)
		return
	}
	if _, groups := item.Resolved["Groups"]; groups {
		r.policyOfMany(ctx, item, name)
		return
	}
	r.attachedPolicy(item, "Roles", func(role string) (string, error) { return r.rolePolicy(ctx, role, name) })
}

func (r *run) managedPolicy(ctx context.Context, item inventory.Item) {
	if !strings.HasPrefix(item.ID, "arn:") {
		r.unaddressable(item, "a policy ARN")
		return
	}
	out, err := r.clients.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().identity("PolicyArn", item.ID)
	if p := out.Policy; p != nil {
		o.take(p, "PolicyName:ManagedPolicyName", "Path", "Description").identity("ManagedPolicyName", aws.ToString(p.PolicyName)).
			tagList(p.Tags, "Key", "Value")
		version, err := r.clients.iam.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &item.ID, VersionId: p.DefaultVersionId})
		switch {
		case err != nil:
			r.partial(item, "PolicyDocument", err)
		case version.PolicyVersion != nil:
			o.document("PolicyDocument", aws.ToString(version.PolicyVersion.Document))
		}
		r.policyHolders(ctx, item, o)
	}
	r.found(item, o)
}
