package drift

import (
	"slices"
	"strings"
	"testing"
)

// The keys by which a cluster's service accounts are known begin with the issuer
// that AWS gave the cluster.
func TestAConditionKeyStandsForTheIssuerOfTheOwnCluster(t *testing.T) {
	issuer := func(p testPlace) string {
		if p.region == east.region {
			return "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
		}
		return "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	}
	build := func(p testPlace, key, account string) *Snapshot {
		return region(p, Resource{Key: "s/Kube", Type: "AWS::EKS::Cluster", ID: "shop", Properties: props{"Name": "shop"},
			Identities: map[string]string{"OpenIdConnectIssuerUrl": "https://" + issuer(p), "OpenIdConnectIssuer": issuer(p)}},
			Resource{Key: "s/Role", Type: "AWS::IAM::Role", ID: "app-Role-" + p.salt, Properties: props{"AssumeRolePolicyDocument": props{"Version": "2012-10-17", "Statement": list(props{
				"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": props{"Federated": "arn:aws:iam::" + p.account + ":oidc-provider/" + issuer(p)},
				"Condition": props{"StringEquals": props{key: account}}})}}})
	}
	tag := func(p testPlace, cluster bool) *Snapshot {
		s := region(p, Resource{Key: "s/Role", Type: "AWS::IAM::Role", ID: "app-Role-" + p.salt, Properties: props{"AssumeRolePolicyDocument": props{"Version": "2012-10-17", "Statement": list(props{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": props{"Service": "ec2.amazonaws.com"},
			"Condition": props{"StringEquals": props{"aws:ResourceTag/kubernetes.io/cluster/prod-kube": "owned"}}})}}})
		if cluster {
			s.Resources = append(s.Resources, Resource{Key: "s/Kube", Type: "AWS::EKS::Cluster", ID: "prod-kube", Properties: props{"Name": "prod-kube"}})
		}
		return s
	}
	for _, f := range Compare(tag(east, true), tag(oneAccount(), false), options).Findings {
		if f.Resource == "s/Role" {
			t.Errorf("the key of a tag that names what the primary alone has: %s", show([]Finding{f}))
		}
	}
	const account, other = "system:serviceaccount:kube-system:lb", "system:serviceaccount:default:anybody"
	here, there := issuer(east)+":sub", issuer(west)+":sub"
	for _, test := range []struct {
		name, key, account string
		found              bool
	}{
		{"each its own issuer", there, account, false},
		{"another service account", there, other, true},
		{"another claim of the token", issuer(west) + ":aud", account, true},
		{"the issuer of the primary's cluster", here, account, true},
		{"an issuer that is nobody's own", "oidc.eks.us-west-2.amazonaws.com/id/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF:sub", account, true},
	} {
		found := Compare(build(east, here, account), build(oneAccount(), test.key, test.account), options).Findings
		if (len(found) > 0) != test.found {
			t.Errorf("%s:%s", test.name, show(found))
		}
		if test.name == "another service account" {
			t.Log(show(found))
		}
	}
}

// A provider without its cluster names an issuer by an id, which is another one in
// every Region. Where the templates give each Region its own, the keys of a
// statement's conditions say no more than its principal does.
func TestAProviderWithoutItsClusterIsEachRegionsOwn(t *testing.T) {
	const ours, theirs = "oidc.eks.us-east-1.amazonaws.com/id/A1B2C3D4E5F60718A1B2C3D4E5F60718", "oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	const strangers = "oidc.eks.us-west-2.amazonaws.com/id/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
	build := func(p testPlace, declared, url, principal, key string) *Snapshot {
		trust := func(principal, key string) props {
			return props{"Version": "2012-10-17", "Statement": list(props{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
				"Principal": props{"Federated": "arn:aws:iam::" + p.account + ":oidc-provider/" + principal}, "Condition": props{"StringEquals": props{key + ":sub": "system:serviceaccount:shop:worker"}}})}
		}
		return region(p, Resource{Key: "s/Provider", Type: "AWS::IAM::OIDCProvider", ID: "arn:aws:iam::" + p.account + ":oidc-provider/" + url, Properties: props{"Url": "https://" + url}, Declared: props{"Url": "https://" + declared}},
			Resource{Key: "s/Role", Type: "AWS::IAM::Role", ID: "app-Role-" + p.salt, Properties: props{"AssumeRolePolicyDocument": trust(principal, key)}, Declared: props{"AssumeRolePolicyDocument": trust(declared, declared)}})
	}
	for _, test := range []struct {
		name, url, principal, key string
		found                     []string
	}{
		{"each its own", theirs, theirs, theirs, nil},
		{"the issuer of the primary's cluster, one provider for both", ours, ours, ours, []string{"s/Role AssumeRolePolicyDocument"}},
		{"the keys name another cluster", theirs, theirs, strangers, []string{"s/Role AssumeRolePolicyDocument"}},
		{"another cluster's accounts", theirs, strangers, strangers, []string{"s/Role AssumeRolePolicyDocument"}},
	} {
		var found []string
		for _, f := range Compare(build(east, ours, ours, ours, ours), build(oneAccount(), theirs, test.url, test.principal, test.key), options).Findings {
			property, _, _ := strings.Cut(f.Property, ".")
			if next := f.Resource + " " + property; !slices.Contains(found, next) {
				found = append(found, next)
			}
		}
		if !slices.Equal(found, test.found) {
			t.Errorf("%s: %q, want %q", test.name, found, test.found)
		}
	}
}
