package read

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func lambdaLayerSpecs() []Spec {
	return []Spec{
		{
			Type:       "AWS::Lambda::LayerVersion",
			Properties: []string{"LayerName", "Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo", "CodeSha256"},
			Actions:    []string{"lambda:GetLayerVersion"},
			Identities: []string{"LayerVersionArn"},
		},
		{
			Type:       "AWS::Lambda::LayerVersionPermission",
			Properties: []string{"LayerVersionArn", "Action", "Principal", "OrganizationId"},
			Actions:    []string{"lambda:GetLayerVersionPolicy"},
		},
	}
}

func (r *run) layerVersion(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a physical id")
		return
	}
	out, err := r.clients.lambda.GetLayerVersionByArn(ctx, &lambda.GetLayerVersionByArnInput{Arn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.Content == nil || out.Content.CodeSha256 == nil {
		r.empty(item, "lambda:GetLayerVersion", "content")
		return
	}
	o := layerContent(out).take(out, "Description", "LicenseInfo").set("LayerName", layerName(item.ID)).
		identity("LayerVersionArn", aws.ToString(out.LayerVersionArn))
	r.found(item, o)
}

// layerContent is what must be alike wherever a layer is used. The place to
// fetch the code from is signed and left out.
func layerContent(out *lambda.GetLayerVersionByArnOutput) *object {
	o := newObject().take(out, "CompatibleArchitectures", "CompatibleRuntimes")
	if out.Content != nil && out.Content.CodeSha256 != nil {
		o.set("CodeSha256", out.Content.CodeSha256)
	}
	return o
}

// layerName takes the name out of arn:…:layer:<name>:<version>.
func layerName(arn string) string {
	_, name, _ := strings.Cut(arn, ":layer:")
	name, _, _ = strings.Cut(name, ":")
	return name
}

func (r *run) layerPermission(ctx context.Context, item inventory.Item) {
	arn, id, _ := strings.Cut(item.ID, "#")
	if declared := text(item.Resolved, "LayerVersionArn"); declared != "" && !unresolved(declared) {
		arn = declared
	}
	layer, version := beforeLast(arn, ":")
	number, err := strconv.ParseInt(version, 10, 64)
	if err != nil || layerName(arn) == "" {
		r.unaddressable(item, "the layer version it belongs to")
		return
	}
	out, err := r.clients.lambda.GetLayerVersionPolicy(ctx, &lambda.GetLayerVersionPolicyInput{LayerName: &layer, VersionNumber: &number})
	if err != nil {
		r.failed(item, err)
		return
	}
	document, ok := parsed(aws.ToString(out.Policy)).(map[string]any)
	if !ok {
		r.note(item, "", "", "lambda:GetLayerVersionPolicy", "BadResponse", "the layer's policy is not JSON")
		return
	}
	for _, s := range statements(document) {
		g := grant(s)
		if id != "" && text(s, "Sid") != id || id == "" && (g["Action"] != item.Resolved["Action"] || !samePrincipal(g["Principal"], item.Resolved["Principal"])) {
			continue
		}
		o := newObject().set("LayerVersionArn", arn).set("Action", g["Action"]).set("Principal", g["Principal"])
		r.found(item, o.set("OrganizationId", g["PrincipalOrgID"]))
		return
	}
	r.gone(item)
}

// layersInUse collects which layers functions name.
type layersInUse struct {
	mu     sync.Mutex
	usedBy map[string]inventory.Item
}

func newLayersInUse() *layersInUse { return &layersInUse{usedBy: map[string]inventory.Item{}} }

func (l *layersInUse) use(item inventory.Item, arns []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, arn := range arns {
		if first, ok := l.usedBy[arn]; !ok || item.Key < first.Key {
			l.usedBy[arn] = item
		}
	}
}

// tellLayers records what is in the layers that functions name and that are no
// resources of the application: the same version number in two Regions says
// nothing about that.
func (r *run) tellLayers(ctx context.Context, l *layersInUse) {
	foreign := slices.DeleteFunc(keysOf(l.usedBy), func(arn string) bool {
		return slices.ContainsFunc(r.Items, func(item inventory.Item) bool { return item.ID == arn })
	})
	each(ctx, foreign, func(arn string) {
		out, err := r.clients.lambda.GetLayerVersionByArn(ctx, &lambda.GetLayerVersionByArnInput{Arn: &arn})
		if err != nil {
			r.factGap(l.usedBy[arn], drift.FactContent, err)
			return
		}
		o := layerContent(out)
		if o.err != nil || o.properties["CodeSha256"] == nil {
			r.note(l.usedBy[arn], "", drift.FactContent, "lambda:GetLayerVersion", session.BadResponse, "the answer does not say what is in "+arn)
			return
		}
		r.content(arn, "LambdaLayer", layerName(arn), o.properties)
	})
}

// content records what is behind an id that resources mention and that is no
// resource of the application.
func (r *run) content(id, kind, name string, content map[string]any) {
	value := map[string]any{"Kind": kind, "Name": name, "Content": content}
	r.add("", func() {
		r.result.Facts = append(r.result.Facts, drift.Fact{Kind: drift.FactContent, Subject: id, Value: value})
	})
}
