package evidence

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/lockstep-dr/lockstep/drift"
)

type identityAPI interface {
	ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error)
	GetOpenIDConnectProvider(context.Context, *iam.GetOpenIDConnectProviderInput, ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error)
}

const kubernetesType = "AWS::EKS::Cluster"

func issuerActions(types []string) []string {
	if slices.Contains(types, kubernetesType) {
		return []string{"iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"}
	}
	return nil
}

// issuers asks IAM whether it knows who issues the tokens of the Region's Kubernetes
// clusters: without that no service account of theirs can assume a role.
func (a *across) issuers(ctx context.Context, api identityAPI) {
	clusters := of(a.own, kubernetesType)
	if len(clusters) == 0 {
		return
	}
	out, err := api.ListOpenIDConnectProviders(ctx, &iam.ListOpenIDConnectProvidersInput{})
	for _, cluster := range clusters {
		if err != nil {
			a.failed(drift.FactIssuer, cluster.Key, cluster.Type, err)
			continue
		}
		issuer, provider := cluster.Identities["OpenIdConnectIssuer"], ""
		for _, p := range out.OpenIDConnectProviderList {
			if arn := aws.ToString(p.Arn); issuer != "" && strings.HasSuffix(arn, ":oidc-provider/"+issuer) {
				provider = arn
			}
		}
		a.issuer(ctx, api, cluster, issuer, provider)
	}
}

func (a *across) issuer(ctx context.Context, api identityAPI, cluster *drift.Resource, issuer, provider string) {
	clients := []string{}
	if provider != "" {
		out, err := api.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &provider})
		if err != nil {
			a.failed(drift.FactIssuer, cluster.Key, cluster.Type, err)
			return
		}
		clients = append(clients, out.ClientIDList...)
	}
	slices.Sort(clients)
	a.fact(drift.FactIssuer, cluster.Key, map[string]any{"Issuer": issuer, "Registered": provider != "", "ClientIDList": clients})
}
