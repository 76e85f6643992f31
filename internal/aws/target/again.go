package target

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
)

var _ deploy.Returner = (*CloudFormation)(nil)

// At implements deploy.Returner: the same stack, with the template, the
// parameters and the settings of a saved image.
func (t *CloudFormation) At(data []byte) (deploy.Target, error) {
	var img image
	if err := json.Unmarshal(data, &img); err != nil || img.Version != 1 {
		return nil, t.refusal("deploy the earlier release from its commit", "its saved state is damaged or of another version")
	}
	if !img.Exists {
		return nil, t.refusal("delete it by hand if it is not wanted", "it did not exist in that release")
	}
	if name := stackName(img.StackID); name != t.spec.Name {
		return nil, t.refusal("deploy the earlier release from its commit", "in that release it was called %s", name)
	}
	spec := t.spec
	spec.Template, spec.TemplateFile = []byte(img.Template), "the saved template"
	spec.Assets, spec.Keep = nil, slices.Clone(img.Hidden)
	spec.Parameters = map[string]Parameter{}
	for key, value := range img.Parameters {
		spec.Parameters[key] = Parameter{Literal: value}
	}
	spec.Tags, spec.Capabilities, spec.ServiceRole = maps.Clone(img.Tags), slices.Clone(img.Capabilities), img.Role
	spec.NotificationARNs = append([]string{}, img.NotificationARNs...)
	spec.Policy = "" // one that was not read stays as it is
	if img.Policy != nil {
		spec.Policy = cmp.Or(*img.Policy, allowAll)
	}
	return newStack(spec, t.opts, t.stacks, t.buckets, t.account), nil
}

// stackName is the name in a stack's ARN.
func stackName(arn string) string {
	if _, rest, found := strings.Cut(arn, ":stack/"); found {
		name, _, _ := strings.Cut(rest, "/")
		return name
	}
	return arn
}
