package metadata

import (
	"slices"
	"strings"
	"sync"
)

// endpointNames are the names under which AWS says where a resource is reached.
var endpointNames = []string{
	"Address", "ApiEndpoint", "ConfigurationEndpoint", "DNSName", "DnsName", "DomainEndpoint", "DomainEndpointV2", "DomainName",
	"DualStackDomainName", "Endpoint", "FunctionUrl", "GraphQLDns", "GraphQLUrl", "LoadBalancerFullName", "ProviderURL", "RealtimeDns",
	"RealtimeUrl", "RegionalDomainName", "RepositoryUri", "TargetGroupFullName", "Url", "WebsiteURL",
}

// endpoints finds them among the read-only properties of every type, once.
var endpoints = sync.OnceValue(func() map[string][]string {
	found := map[string][]string{}
	t, err := load()
	if err != nil {
		return found // the embedded file is checked by a test
	}
	for name, known := range t.Types {
		for _, path := range known.ReadOnly {
			if !strings.Contains(path, "*") && slices.Contains(endpointNames, path[strings.LastIndexByte(path, '/')+1:]) {
				found[name] = append(found[name], strings.ReplaceAll(path, "/", "."))
			}
		}
	}
	return found
})

// Endpoints are the read-only properties of a type, as dotted paths, by which
// others know where to reach it. The result must not be changed.
func Endpoints(name string) []string { return endpoints()[name] }
