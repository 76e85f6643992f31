// Package iam simulates roles, users, groups, their policies, and identity providers. It owns AWS::IAM::Role, User, Group, their
// policies, ManagedPolicy, InstanceProfile, ServiceLinkedRole and OIDCProvider; they live in no Region. It keeps documents and
// evaluates none: nobody is ever denied by a policy, and nobody signs in. Of AWS's own managed policies any can be attached; a few have their documents.
package iam

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// Types of the package.
const (
	RoleType       = "AWS::IAM::Role"
	InlineType     = "AWS::IAM::Policy"
	RolePolicyType = "AWS::IAM::RolePolicy"
	ManagedType    = "AWS::IAM::ManagedPolicy"
	ProfileType    = "AWS::IAM::InstanceProfile"
)

// Service returns IAM.
func Service() core.Service {
	tags := core.Tagging{Find: role, Show: func(c *core.Call, tags map[string]string) (any, error) {
		return page(c, core.Out{}, "Tags", core.TagList(tags))
	}}
	s := core.Service{
		Name: "iam", Namespace: "https://iam.amazonaws.com/doc/2010-05-08/", Global: true,
		Operations: map[string]core.Handler{
			"ListRoles": listRoles, "GetRole": getRole, "CreateRole": createRole, "DeleteRole": deleteRole, "UpdateRole": updateRole,
			"UpdateAssumeRolePolicy": updateTrust, "ListRoleTags": tags.List, "TagRole": tags.Add, "UntagRole": tags.Remove,
			"ListRolePolicies": listRolePolicies, "GetRolePolicy": getRolePolicy, "PutRolePolicy": putRolePolicy,
			"DeleteRolePolicy": deleteRolePolicy, "ListAttachedRolePolicies": listAttached, "AttachRolePolicy": attach,
			"DetachRolePolicy": detach, "ListInstanceProfilesForRole": listProfilesForRole, "GetInstanceProfile": getProfile,
			"GetPolicy": getPolicy, "GetPolicyVersion": getPolicyVersion, "ListPolicies": listPolicies,
			"ListPolicyVersions": listPolicyVersions, "CreatePolicy": createPolicy, "DeletePolicy": deletePolicy,
			"CreatePolicyVersion": createPolicyVersion, "GetAccountAuthorizationDetails": authorizationDetails,
		},
		Kinds: []core.Kind{roleKind(), inlineKind(), rolePolicyKind(), managedKind(), profileKind()},
	}
	maps.Copy(s.Operations, entityOperations())
	s.Kinds = append(s.Kinds, entityKinds()...)
	return s
}

func roleKind() core.Kind {
	return core.Kind{
		Type:       RoleType,
		Global:     true,
		Name:       core.NameRule{Property: "RoleName", Max: 64},
		Attributes: map[string]string{"Arn": "arn:aws:iam::{Account}:role{Path}{RoleName}"},
		Ref:        "{RoleName}",
		Replace:    []string{"RoleName", "Path"},
		Invalid:    "ValidationError",
		Defaults:   map[string]any{"Path": "/", "MaxSessionDuration": 3600.0},
		Schema: core.Schema{
			Required: []string{"AssumeRolePolicyDocument"},
			Numbers:  []string{"MaxSessionDuration"},
			Range:    map[string][2]float64{"MaxSessionDuration": {3600, 43200}},
		},
		Create: checkRole,
		Update: checkRole,
	}
}

func inlineKind() core.Kind {
	return core.Kind{
		Type:   InlineType,
		Global: true,
		Schema: core.Schema{Required: []string{"PolicyDocument", "PolicyName"}},
		Create: checkInline,
		Update: checkInline,
	}
}

func rolePolicyKind() core.Kind {
	return core.Kind{
		Type:       RolePolicyType,
		Global:     true,
		Identifier: []string{"PolicyName", "RoleName"},
		Replace:    []string{"PolicyName", "RoleName"},
		Schema:     core.Schema{Required: []string{"PolicyName", "RoleName"}},
		Create:     checkInline,
		Update:     checkInline,
	}
}

func managedKind() core.Kind {
	return core.Kind{
		Type:       ManagedType,
		Global:     true,
		Name:       core.NameRule{Property: "ManagedPolicyName", Max: 128},
		Identifier: []string{"PolicyArn"},
		Attributes: map[string]string{"PolicyArn": "arn:aws:iam::{Account}:policy{Path}{ManagedPolicyName}"},
		Ref:        "{PolicyArn}",
		Replace:    []string{"ManagedPolicyName", "Path", "Description"},
		Invalid:    "ValidationError",
		Defaults:   map[string]any{"Path": "/", "Description": ""},
		Schema:     core.Schema{Required: []string{"PolicyDocument"}},
		Create:     recordPolicyVersion,
		Update:     recordPolicyVersion,
	}
}

func profileKind() core.Kind {
	return core.Kind{
		Type:       ProfileType,
		Global:     true,
		Name:       core.NameRule{Property: "InstanceProfileName", Max: 128},
		Attributes: map[string]string{"Arn": "arn:aws:iam::{Account}:instance-profile{Path}{InstanceProfileName}"},
		Ref:        "{InstanceProfileName}",
		Replace:    []string{"InstanceProfileName", "Path"},
		Defaults:   map[string]any{"Path": "/"},
		Schema:     core.Schema{Required: []string{"Roles"}},
	}
}
