package evidence

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

type organizationsAPI interface {
	organizations.ListParentsAPIClient
	organizations.ListPoliciesForTargetAPIClient
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
}

func organizationActions() []string {
	return []string{"organizations:DescribePolicy", "organizations:ListParents", "organizations:ListPoliciesForTarget"}
}

// deepest is how many organizational units may lie between an account and the root,
// and both of them. Source: AWS Organizations quotas.
const deepest = 7

// controlPolicies reads the service control policies that bind an account which may
// have to take over: its own, and those of every unit above it up to the root.
func (a *across) controlPolicies(ctx context.Context, api organizationsAPI) {
	if !a.app.Declared.Takeover.Organization || a.own.Region.Role == topology.Primary {
		return
	}
	policies, err := policiesAbove(ctx, api, a.own.Account)
	if err != nil {
		a.failed(drift.FactControlPolicies, "", "", err)
		return
	}
	a.fact(drift.FactControlPolicies, "", map[string]any{"Policies": policies})
}

func policiesAbove(ctx context.Context, api organizationsAPI, target string) ([]map[string]any, error) {
	policies := []map[string]any{}
	for range deepest {
		own, err := policiesOf(ctx, api, target)
		if err != nil {
			return nil, err
		}
		policies = append(own, policies...)
		parents, err := api.ListParents(ctx, &organizations.ListParentsInput{ChildId: &target})
		if err != nil {
			return nil, err
		}
		if len(parents.Parents) == 0 {
			return nil, unusable("ListParents", "the organization names no parent of "+target)
		}
		target = aws.ToString(parents.Parents[0].Id)
		if parents.Parents[0].Type == types.ParentTypeRoot {
			root, err := policiesOf(ctx, api, target)
			return append(root, policies...), err
		}
	}
	return nil, unusable("ListParents", "no root of the organization is above "+target)
}

func policiesOf(ctx context.Context, api organizationsAPI, target string) ([]map[string]any, error) {
	policies := []map[string]any{}
	pages := organizations.NewListPoliciesForTargetPaginator(api, &organizations.ListPoliciesForTargetInput{
		TargetId: &target, Filter: types.PolicyTypeServiceControlPolicy,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, summary := range page.Policies {
			out, err := api.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: summary.Id})
			if err != nil {
				return nil, err
			}
			if out.Policy == nil {
				return nil, unusable("DescribePolicy", "the answer does not have the policy "+aws.ToString(summary.Id))
			}
			var document map[string]any
			if err := json.Unmarshal([]byte(aws.ToString(out.Policy.Content)), &document); err != nil {
				return nil, unusable("DescribePolicy", "the policy "+aws.ToString(summary.Id)+" is no JSON: "+err.Error())
			}
			policies = append(policies, map[string]any{"Id": aws.ToString(summary.Id), "Name": aws.ToString(summary.Name), "Target": target, "Content": document})
		}
	}
	return policies, nil
}

// unusable is an answer of Organizations that does not say what was asked.
func unusable(operation, why string) error {
	return &smithy.OperationError{ServiceID: organizations.ServiceID, OperationName: operation,
		Err: &smithy.GenericAPIError{Code: session.BadResponse, Message: why}}
}
