package events

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// What lies beyond a bus: archives keep its events, API destinations carry them out over connections.

func beyondKinds() []core.Kind {
	return []core.Kind{
		{
			Type: BusPolicyType, Identifier: []string{"EventBusName", "StatementId"}, Ref: "{EventBusName}|{StatementId}",
			Replace: []string{"EventBusName", "StatementId"}, WriteOnly: []string{"Action", "Condition", "Principal"},
			Defaults: map[string]any{"EventBusName": "default"}, Schema: core.Schema{Required: []string{"StatementId"}},
		},
		{
			Type: ArchiveType, Name: core.NameRule{Property: "ArchiveName", Max: 48}, Replace: []string{"ArchiveName", "SourceArn"},
			Attributes: map[string]string{"Arn": "arn:aws:events:{Region}:{Account}:archive/{ArchiveName}"},
			Defaults:   map[string]any{"RetentionDays": 0.0},
			Schema:     core.Schema{Required: []string{"SourceArn"}, Numbers: []string{"RetentionDays"}},
		},
		{
			Type: ConnectionType, Name: core.NameRule{Property: "Name", Max: 64}, Replace: []string{"Name"},
			Schema: core.Schema{Allowed: map[string][]string{"AuthorizationType": {"BASIC", "API_KEY", "OAUTH_CLIENT_CREDENTIALS"}},
				Booleans: []string{"AuthParameters.InvocationHttpParameters.HeaderParameters.IsValueSecret"}},
			Create: nameConnection, Model: hideSecrets,
		},
		{
			Type: DestinationType, Name: core.NameRule{Property: "Name", Max: 64}, Replace: []string{"Name"},
			Defaults: map[string]any{"InvocationRateLimitPerSecond": 300.0},
			Schema: core.Schema{Required: []string{"ConnectionArn", "HttpMethod", "InvocationEndpoint"}, Numbers: []string{"InvocationRateLimitPerSecond"},
				Allowed: map[string][]string{"HttpMethod": {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"}}},
			Create: nameDestination,
		},
	}
}

func nameConnection(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["Name"])
	prefix := "arn:aws:events:" + r.Region + ":" + r.Account + ":connection/" + name
	r.Attributes["ArnForPolicy"], r.Attributes["Arn"] = prefix, prefix+"/"+c.World.IDs.UUID(r.Account, r.Region, r.Type, name)
	r.Attributes["SecretArn"] = "arn:aws:secretsmanager:" + r.Region + ":" + r.Account + ":secret:events!connection/" + name + "/" +
		c.World.IDs.UUID(r.Account, r.Region, r.Type, name, "secret") + "-" + c.World.IDs.Mixed(6, r.Account, r.Region, r.Type, name)
	return nil
}

func nameDestination(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["Name"])
	prefix := "arn:aws:events:" + r.Region + ":" + r.Account + ":api-destination/" + name
	r.Attributes["ArnForPolicy"], r.Attributes["Arn"] = prefix, prefix+"/"+c.World.IDs.UUID(r.Account, r.Region, r.Type, name)
	return nil
}

func missing(c *core.Call, what, member string) error {
	return wire.Errorf(400, "ResourceNotFoundException", "%s %s does not exist.", what, c.In.String(member))
}

func taking(members ...string) func(*core.Call) (map[string]any, error) {
	return func(c *core.Call) (map[string]any, error) {
		return wire.AsObject(shape.Plain(shape.Pick(c.In, members...))), nil
	}
}

func archiveEntity() core.Entity {
	return core.Entity{
		Type: ArchiveType, Exists: "ResourceAlreadyExistsException",
		ID:      func(c *core.Call) string { return c.In.String("ArchiveName") },
		Missing: func(c *core.Call) error { return missing(c, "Archive", "ArchiveName") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			out := core.Out(shape.Pick(r.Properties, "ArchiveName", "Description", "RetentionDays", "KmsKeyIdentifier"))
			out["ArchiveArn"], out["EventSourceArn"], out["State"], out["CreationTime"] = r.Attributes["Arn"], r.Properties["SourceArn"], "ENABLED", r.Created
			if pattern := r.Properties["EventPattern"]; pattern != nil {
				out["EventPattern"] = shape.Document(pattern)
			}
			return out
		},
		Take: func(c *core.Call) (map[string]any, error) {
			given := wire.AsObject(shape.Plain(shape.Pick(c.In, "ArchiveName", "Description", "RetentionDays", "KmsKeyIdentifier")))
			if c.In.Has("EventSourceArn") {
				given["SourceArn"] = c.In.String("EventSourceArn")
			}
			if text := c.In.String("EventPattern"); text != "" {
				document, ok := shape.ParseDocument(text)
				if !ok {
					return nil, wire.Errorf(400, "InvalidEventPatternException", "Event pattern is not valid. Reason: it is not a JSON object")
				}
				given["EventPattern"] = document
			}
			return given, nil
		},
	}
}

// withoutSecrets is what a connection shows of its parameters: no password, no key, no value marked as secret.
func withoutSecrets(v any) any {
	if list, ok := wire.Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = withoutSecrets(e)
		}
		return out
	}
	o := wire.AsObject(v)
	if o == nil {
		return v
	}
	out := map[string]any{}
	for name, member := range o {
		hidden := name == "Password" || name == "ApiKeyValue" || name == "ClientSecret" || name == "Value" && o.Bool("IsValueSecret")
		if !hidden {
			out[name] = withoutSecrets(member)
		}
	}
	return out
}

func hideSecrets(_ store.Resource, model map[string]any) {
	model["AuthParameters"] = withoutSecrets(model["AuthParameters"])
}

func connectionEntity() core.Entity {
	return core.Entity{
		Type: ConnectionType, Exists: "ResourceAlreadyExistsException",
		ID:      func(c *core.Call) string { return c.In.String("Name") },
		Missing: func(c *core.Call) error { return missing(c, "Connection", "Name") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			out := core.Out(shape.Pick(r.Properties, "Name", "Description", "AuthorizationType", "InvocationConnectivityParameters", "KmsKeyIdentifier"))
			out["AuthParameters"] = withoutSecrets(r.Properties["AuthParameters"])
			out["ConnectionArn"], out["SecretArn"], out["ConnectionState"] = r.Attributes["Arn"], r.Attributes["SecretArn"], "AUTHORIZED"
			out["CreationTime"], out["LastModifiedTime"], out["LastAuthorizedTime"] = r.Created, r.Updated, r.Updated
			return out
		},
		Take: taking("Name", "Description", "AuthorizationType", "AuthParameters", "InvocationConnectivityParameters", "KmsKeyIdentifier"),
	}
}

func destinationEntity() core.Entity {
	return core.Entity{
		Type: DestinationType, Exists: "ResourceAlreadyExistsException",
		ID:      func(c *core.Call) string { return c.In.String("Name") },
		Missing: func(c *core.Call) error { return missing(c, "ApiDestination", "Name") },
		Show: func(_ *core.Call, r store.Resource) core.Out {
			out := core.Out(shape.Pick(r.Properties, "Name", "Description", "ConnectionArn", "HttpMethod", "InvocationEndpoint", "InvocationRateLimitPerSecond"))
			out["ApiDestinationArn"], out["ApiDestinationState"] = r.Attributes["Arn"], "ACTIVE"
			out["CreationTime"], out["LastModifiedTime"] = r.Created, r.Updated
			return out
		},
		Take: taking("Name", "Description", "ConnectionArn", "HttpMethod", "InvocationEndpoint", "InvocationRateLimitPerSecond"),
	}
}
