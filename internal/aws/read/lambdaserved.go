package read

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// A published version keeps the configuration that its function had on that day:
// environment, role, memory. An alias serves that and not what the function has
// now, so both are read, and compared as a function is.

// functionVersions remembers what versions are, once for the alias that serves
// one and the resource that made it, and which resources hold their configuration.
type functionVersions struct {
	mu    sync.Mutex
	asked asked[*lambda.GetFunctionOutput]
	held  []held
}

// held is the configuration of a version, to be put into the resource that has it.
type held struct {
	item          inventory.Item
	function      string
	configuration map[string]any
}

// functionVersion asks what a version of a function is, once in a run.
func (r *run) functionVersion(ctx context.Context, function, version string) (*lambda.GetFunctionOutput, error) {
	return r.versions.asked.once(function+":"+version, func() (*lambda.GetFunctionOutput, error) {
		return r.clients.lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &function, Qualifier: &version})
	})
}

// served is what a version keeps of its function's configuration.
func (r *run) served(item inventory.Item, function string, out *lambda.GetFunctionOutput) {
	c := out.Configuration
	o := newObject().take(c, configurationFields()...)
	if e := c.Environment; e != nil && e.Error != nil {
		r.partial(item, servedProperty, embeddedError("GetFunction", e.Error.ErrorCode, e.Error.Message))
		return
	}
	if e := c.Environment; e != nil {
		o.set("Environment", map[string]any{"Variables": e.Variables})
	}
	r.layers.use(item, configurationParts(o, c))
	if o.err != nil {
		r.note(item, servedProperty, "", "lambda:GetFunction", "BadResponse", o.err.Error())
		return
	}
	e := r.versions
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held = append(e.held, held{item, function, o.properties})
}

const servedProperty = "Configuration"

// tellServed puts the configurations into their resources once everything is
// read: what of an environment is secret, the function's template says.
func (r *run) tellServed() {
	if len(r.versions.held) == 0 {
		return
	}
	functions := map[string]inventory.Item{}
	for _, item := range r.Items {
		if item.Type == "AWS::Lambda::Function" {
			functions[functionName(item.ID)] = item
		}
	}
	at := map[string]map[string]any{}
	for _, resource := range r.result.Resources {
		at[resource.Key] = resource.Properties
	}
	names := sync.OnceValue(r.namesOfAll)
	for _, h := range r.versions.held {
		properties, ok := at[h.item.Key]
		if !ok {
			continue // it has a gap of its own
		}
		owner := functions[h.function]
		hide := r.hider().knowing(owner.Parameters)
		declared := owner.Declared
		if variables, ok := member(h.configuration["Environment"], "Variables").(map[string]any); ok && declared != nil {
			known, _ := member(declared["Environment"], "Variables").(map[string]any)
			withoutTemplate(hide, names, variables, known)
		}
		properties[servedProperty] = hide.Tree(hide.marked(h.configuration, declared))
	}
}

// withoutTemplate seals the variables that the function's template no longer
// has: nothing says any more that they are no secrets. Names of the Region's own
// resources become their keys first, as in user data.
func withoutTemplate(hide Hider, names func() *strings.Replacer, variables, known map[string]any) {
	for _, name := range keysOf(variables) {
		text, isText := variables[name].(string)
		if _, ok := known[name]; !ok && isText && text != "" {
			variables[name] = hide.Value(names().Replace(text))
		}
	}
}

// codeOf is the digest of a version's code.
func codeOf(out *lambda.GetFunctionOutput, function, version string) (string, error) {
	if out.Configuration == nil || aws.ToString(out.Configuration.CodeSha256) == "" {
		return "", incomplete(lambda.ServiceID, "GetFunction", "the digest of version "+version+" of "+function)
	}
	return *out.Configuration.CodeSha256, nil
}

// aliasContent records what code an alias leads to: version numbers of two
// Regions need not agree, their content must.
func (r *run) aliasContent(ctx context.Context, item inventory.Item, function string, alias *lambda.GetAliasOutput, weights map[string]float64) {
	version := aws.ToString(alias.FunctionVersion)
	out, err := r.functionVersion(ctx, function, version)
	var sha string
	if err == nil {
		sha, err = codeOf(out, function, version)
	}
	if err != nil {
		r.factGap(item, drift.FactLambdaAlias, err)
		r.partial(item, servedProperty, err)
		return
	}
	r.served(item, function, out)
	r.fact(item, drift.FactLambdaAlias, map[string]any{"FunctionVersion": version, "CodeSha256": sha, "RoutingWeights": weights})
}
