package read

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// roles are those that somebody else keeps: of another stack, of an account's
// foundation, or of a source that lists none, as the tagging API. Two of them
// are alike when they may do the same and the same may use them.
func roles() pointee {
	return pointee{
		kind:     "Role",
		owners:   []string{"AWS::IAM::Role"},
		names:    namesRole,
		describe: describeRole,
		actions:  []string{"iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"},
		covers:   []string{"Role", "Target", "Export", "Integration", "CredentialsArn"},
	}
}

var (
	roleARN      = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+$`)
	roleProperty = regexp.MustCompile(`(?i)(role|credentials)(arn)?$`) // an integration calls its role credentials
)

// namesRole takes an ARN for a role's where the property says so: in a policy it
// is somebody who is let in. Roles that AWS keeps are called alike everywhere.
func namesRole(property, text string) bool {
	return roleProperty.MatchString(property) && roleARN.MatchString(text) && !strings.Contains(text, ":role/aws-service-role/")
}

func describeRole(ctx context.Context, r *run, arn string) (map[string]any, error) {
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	out, err := r.clients.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case err != nil && session.Classify(err).Reason == session.NotFound:
		return map[string]any{"Name": name, "Content": map[string]any{}}, nil // an empty content proves nothing
	case err != nil:
		return nil, err
	case out.Role == nil:
		return nil, incomplete(iam.ServiceID, "GetRole", arn)
	}
	attached, err := r.attached(ctx, name)
	if err != nil {
		return nil, err
	}
	inline, err := r.inline(ctx, name)
	if err != nil {
		return nil, err
	}
	content := map[string]any{"ManagedPolicyArns": attached, "Policies": inline,
		"AssumeRolePolicyDocument": parsed(aws.ToString(out.Role.AssumeRolePolicyDocument))}
	if boundary := out.Role.PermissionsBoundary; boundary != nil {
		content["PermissionsBoundary"] = aws.ToString(boundary.PermissionsBoundaryArn)
	}
	return map[string]any{"Name": name, "Content": content}, nil
}
