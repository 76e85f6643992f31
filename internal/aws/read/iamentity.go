package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type iamEntityAPI interface {
	GetInstanceProfile(context.Context, *iam.GetInstanceProfileInput, ...func(*iam.Options)) (*iam.GetInstanceProfileOutput, error)
	GetUser(context.Context, *iam.GetUserInput, ...func(*iam.Options)) (*iam.GetUserOutput, error)
	GetLoginProfile(context.Context, *iam.GetLoginProfileInput, ...func(*iam.Options)) (*iam.GetLoginProfileOutput, error)
	ListUserPolicies(context.Context, *iam.ListUserPoliciesInput, ...func(*iam.Options)) (*iam.ListUserPoliciesOutput, error)
	GetUserPolicy(context.Context, *iam.GetUserPolicyInput, ...func(*iam.Options)) (*iam.GetUserPolicyOutput, error)
	ListAttachedUserPolicies(context.Context, *iam.ListAttachedUserPoliciesInput, ...func(*iam.Options)) (*iam.ListAttachedUserPoliciesOutput, error)
	ListGroupsForUser(context.Context, *iam.ListGroupsForUserInput, ...func(*iam.Options)) (*iam.ListGroupsForUserOutput, error)
	GetGroup(context.Context, *iam.GetGroupInput, ...func(*iam.Options)) (*iam.GetGroupOutput, error)
	ListGroupPolicies(context.Context, *iam.ListGroupPoliciesInput, ...func(*iam.Options)) (*iam.ListGroupPoliciesOutput, error)
	GetGroupPolicy(context.Context, *iam.GetGroupPolicyInput, ...func(*iam.Options)) (*iam.GetGroupPolicyOutput, error)
	ListAttachedGroupPolicies(context.Context, *iam.ListAttachedGroupPoliciesInput, ...func(*iam.Options)) (*iam.ListAttachedGroupPoliciesOutput, error)
	GetOpenIDConnectProvider(context.Context, *iam.GetOpenIDConnectProviderInput, ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error)
	ListEntitiesForPolicy(context.Context, *iam.ListEntitiesForPolicyInput, ...func(*iam.Options)) (*iam.ListEntitiesForPolicyOutput, error)
}

// entitySpecs are what IAM has beside roles and policies: who else may act, and
// whom to trust.
func entitySpecs() []Spec {
	return []Spec{
		{Type: "AWS::IAM::InstanceProfile", Properties: []string{"InstanceProfileName", "Path", "Roles", "Tags"}, Actions: []string{"iam:GetInstanceProfile"},
			Identities: []string{"Arn", "InstanceProfileName"}},
		{Type: "AWS::IAM::User", Properties: []string{"UserName", "Path", "PermissionsBoundary", "ManagedPolicyArns", "Policies", "Groups", "LoginProfile", "Tags"},
			Actions:    []string{"iam:GetUser", "iam:GetLoginProfile", "iam:ListUserPolicies", "iam:GetUserPolicy", "iam:ListAttachedUserPolicies", "iam:ListGroupsForUser"},
			Identities: []string{"Arn", "UserName"}, Secret: "the password of a login profile is never asked for; AWS returns it to nobody"},
		{Type: "AWS::IAM::Group", Properties: []string{"GroupName", "Path", "ManagedPolicyArns", "Policies"},
			Actions:    []string{"iam:GetGroup", "iam:ListGroupPolicies", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies"},
			Identities: []string{"Arn", "GroupName"}},
		{Type: "AWS::IAM::RolePolicy", Properties: []string{"PolicyName", "RoleName", "PolicyDocument"}, Actions: []string{"iam:GetRolePolicy"}},
		{Type: "AWS::IAM::UserPolicy", Properties: []string{"PolicyName", "UserName", "PolicyDocument"}, Actions: []string{"iam:GetUserPolicy"}},
		{Type: "AWS::IAM::GroupPolicy", Properties: []string{"PolicyName", "GroupName", "PolicyDocument"}, Actions: []string{"iam:GetGroupPolicy"}},
		{Type: "AWS::IAM::ServiceLinkedRole", Properties: []string{"AWSServiceName", "CustomSuffix", "Description"}, Actions: []string{"iam:GetRole"},
			Identities: []string{"Arn", "RoleName"}},
		{Type: "AWS::IAM::OIDCProvider", Properties: []string{"Url", "ClientIdList", "ThumbprintList", "Tags"}, Actions: []string{"iam:GetOpenIDConnectProvider"},
			Identities: []string{"Arn"}},
	}
}

// entity reads one of them.
func (r *run) entity(ctx context.Context, item inventory.Item) {
	switch item.Type {
	case "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy":
		r.ownPolicy(ctx, item)
		return
	}
	if item.ID == "" {
		r.unaddressable(item, "a name")
		return
	}
	switch item.Type {
	case "AWS::IAM::InstanceProfile":
		r.instanceProfile(ctx, item)
	case "AWS::IAM::User":
		r.iamUser(ctx, item)
	case "AWS::IAM::Group":
		r.iamGroup(ctx, item)
	case "AWS::IAM::ServiceLinkedRole":
		r.serviceLinkedRole(ctx, item)
	case "AWS::IAM::OIDCProvider":
		r.identityProvider(ctx, item)
	}
}

func (r *run) instanceProfile(ctx context.Context, item inventory.Item) {
	out, err := r.clients.iam.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	p := out.InstanceProfile
	if p == nil {
		r.empty(item, "iam:GetInstanceProfile", "instance profile")
		return
	}
	roles := []string{}
	for _, role := range p.Roles {
		roles = append(roles, aws.ToString(role.RoleName))
	}
	r.found(item, newObject().take(p, "InstanceProfileName", "Path").set("Roles", roles).tagList(p.Tags, "Key", "Value").
		identity("Arn", aws.ToString(p.Arn)).identity("InstanceProfileName", aws.ToString(p.InstanceProfileName)))
}

func (r *run) iamUser(ctx context.Context, item inventory.Item) {
	out, err := r.clients.iam.GetUser(ctx, &iam.GetUserInput{UserName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	u := out.User
	if u == nil {
		r.empty(item, "iam:GetUser", "user")
		return
	}
	o := newObject().take(u, "UserName", "Path").tagList(u.Tags, "Key", "Value").identity("Arn", aws.ToString(u.Arn)).identity("UserName", aws.ToString(u.UserName))
	if u.PermissionsBoundary != nil {
		o.set("PermissionsBoundary", u.PermissionsBoundary.PermissionsBoundaryArn)
	}
	r.part(item, o, "ManagedPolicyArns", func() (any, error) { return r.attachedToUser(ctx, item.ID) })
	r.part(item, o, "Policies", func() (any, error) { return r.policiesOf(ctx, item.ID, r.listUserPolicies, r.userPolicy) })
	r.part(item, o, "Groups", func() (any, error) { return r.groupsOf(ctx, item.ID) })
	login, err := r.clients.iam.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &item.ID})
	switch {
	case err == nil && login.LoginProfile != nil:
		o.set("LoginProfile", map[string]any{"PasswordResetRequired": login.LoginProfile.PasswordResetRequired})
	case err != nil && session.Classify(err).Reason != session.NotFound: // a user without a password
		r.partial(item, "LoginProfile", err)
	}
	r.found(item, o)
}

// part reads one property; its failure costs that property alone.
func (r *run) part(item inventory.Item, o *object, property string, read func() (any, error)) {
	value, err := read()
	if err != nil {
		r.partial(item, property, err)
		return
	}
	o.set(property, value)
}

func (r *run) attachedToUser(ctx context.Context, user string) ([]string, error) {
	arns := []string{}
	pages := iam.NewListAttachedUserPoliciesPaginator(r.clients.iam, &iam.ListAttachedUserPoliciesInput{UserName: &user})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		arns = append(arns, arnsOf(page.AttachedPolicies)...)
	}
	slices.Sort(arns)
	return arns, nil
}

func (r *run) attachedToGroup(ctx context.Context, group string) ([]string, error) {
	arns := []string{}
	pages := iam.NewListAttachedGroupPoliciesPaginator(r.clients.iam, &iam.ListAttachedGroupPoliciesInput{GroupName: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		arns = append(arns, arnsOf(page.AttachedPolicies)...)
	}
	slices.Sort(arns)
	return arns, nil
}

func arnsOf(list []types.AttachedPolicy) []string {
	var arns []string
	for _, p := range list {
		arns = append(arns, aws.ToString(p.PolicyArn))
	}
	return arns
}

func (r *run) groupsOf(ctx context.Context, user string) ([]string, error) {
	names := []string{}
	pages := iam.NewListGroupsForUserPaginator(r.clients.iam, &iam.ListGroupsForUserInput{UserName: &user})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Groups {
			names = append(names, aws.ToString(g.GroupName))
		}
	}
	slices.Sort(names)
	return names, nil
}

// policiesOf reads the inline policies of a user or a group.
func (r *run) policiesOf(ctx context.Context, owner string, list func(context.Context, string) ([]string, error),
	read func(context.Context, string, string) (string, error),
) ([]map[string]any, error) {
	names, err := list(ctx, owner)
	if err != nil {
		return nil, err
	}
	policies := []map[string]any{}
	for _, name := range names {
		document, err := read(ctx, owner, name)
		if err != nil {
			return nil, err
		}
		policies = append(policies, inlinePolicy(name, document))
	}
	sortObjects(policies, "PolicyName")
	return policies, nil
}

func (r *run) listUserPolicies(ctx context.Context, user string) (names []string, err error) {
	pages := iam.NewListUserPoliciesPaginator(r.clients.iam, &iam.ListUserPoliciesInput{UserName: &user})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

func (r *run) listGroupPolicies(ctx context.Context, group string) (names []string, err error) {
	pages := iam.NewListGroupPoliciesPaginator(r.clients.iam, &iam.ListGroupPoliciesInput{GroupName: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

func (r *run) rolePolicy(ctx context.Context, role, name string) (string, error) {
	out, err := r.clients.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.PolicyDocument), nil
}

func (r *run) userPolicy(ctx context.Context, user, name string) (string, error) {
	out, err := r.clients.iam.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &user, PolicyName: &name})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.PolicyDocument), nil
}

func (r *run) groupPolicy(ctx context.Context, group, name string) (string, error) {
	out, err := r.clients.iam.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &group, PolicyName: &name})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.PolicyDocument), nil
}

func (r *run) iamGroup(ctx context.Context, item inventory.Item) {
	out, err := r.clients.iam.GetGroup(ctx, &iam.GetGroupInput{GroupName: &item.ID, MaxItems: aws.Int32(1)})
	if err != nil {
		r.failed(item, err)
		return
	}
	g := out.Group
	if g == nil {
		r.empty(item, "iam:GetGroup", "group")
		return
	}
	o := newObject().take(g, "GroupName", "Path").identity("Arn", aws.ToString(g.Arn)).identity("GroupName", aws.ToString(g.GroupName))
	r.part(item, o, "ManagedPolicyArns", func() (any, error) { return r.attachedToGroup(ctx, item.ID) })
	r.part(item, o, "Policies", func() (any, error) { return r.policiesOf(ctx, item.ID, r.listGroupPolicies, r.groupPolicy) })
	r.found(item, o)
}

// ownPolicy reads an inline policy that is a resource by itself. Its physical id
// joins its name and its owner's, and the template says both.
func (r *run) ownPolicy(ctx context.Context, item inventory.Item) {
	property, read := "RoleName", r.rolePolicy
	switch item.Type {
	case "AWS::IAM::UserPolicy":
		property, read = "UserName", r.userPolicy
	case "AWS::IAM::GroupPolicy":
		property, read = "GroupName", r.groupPolicy
	}
	name, owner := text(item.Resolved, "PolicyName"), text(item.Resolved, property)
	if before, after, ok := strings.Cut(item.ID, "|"); ok && (name == "" || owner == "" || unresolved(name+owner)) {
		name, owner = before, after
	}
	if name == "" || owner == "" || unresolved(name+owner) {
		r.unaddressable(item, "a policy name and who has it")
		return
	}
	document, err := read(ctx, owner, name)
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().set("PolicyName", name).set(property, owner).document("PolicyDocument", document))
}

func (r *run) serviceLinkedRole(ctx context.Context, item inventory.Item) {
	out, err := r.clients.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	role := out.Role
	if role == nil {
		r.empty(item, "iam:GetRole", "role")
		return
	}
	o := newObject().take(role, "Description").identity("Arn", aws.ToString(role.Arn)).identity("RoleName", aws.ToString(role.RoleName))
	if service, ok := strings.CutPrefix(aws.ToString(role.Path), "/aws-service-role/"); ok {
		o.set("AWSServiceName", strings.TrimSuffix(service, "/"))
	}
	if _, suffix, ok := strings.Cut(strings.TrimPrefix(aws.ToString(role.RoleName), "AWSServiceRoleFor"), "_"); ok {
		o.set("CustomSuffix", suffix)
	}
	r.found(item, o)
}

func (r *run) identityProvider(ctx context.Context, item inventory.Item) {
	out, err := r.clients.iam.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	url := aws.ToString(out.Url)
	if url != "" && !strings.Contains(url, "://") {
		url = "https://" + url // as a template has to say it
	}
	r.found(item, newObject().set("Url", url).take(out, "ClientIDList:ClientIdList", "ThumbprintList").tagList(out.Tags, "Key", "Value").identity("Arn", item.ID))
}
