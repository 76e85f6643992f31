package read

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// readPermissions reads the policy of each function once, however many
// permissions are statements of it.
func readPermissions(ctx context.Context, r *run, items []inventory.Item) {
	byFunction := map[string][]inventory.Item{}
	for _, item := range items {
		function := text(item.Resolved, "FunctionName")
		if function == "" || strings.HasPrefix(function, "${") {
			r.unaddressable(item, "the function it belongs to")
			continue
		}
		byFunction[function] = append(byFunction[function], item)
	}
	each(ctx, keysOf(byFunction), func(function string) { r.permissions(ctx, function, byFunction[function]) })
}

func (r *run) permissions(ctx context.Context, function string, items []inventory.Item) {
	out, err := r.functionPolicy(ctx, function)
	if err != nil {
		for _, item := range items {
			r.failed(item, err)
		}
		return
	}
	document, ok := parsed(aws.ToString(out.Policy)).(map[string]any)
	for _, item := range items {
		if !ok {
			r.note(item, "", "", "lambda:GetPolicy", "BadResponse", "the function's policy is not JSON")
			continue
		}
		r.permission(item, function, matching(statements(document), item))
	}
}

// permission takes the statement of a function's policy that an
// AWS::Lambda::Permission made: by statement id, which is its physical id, or,
// when the stack does not say that, as the only one that grants the same.
func (r *run) permission(item inventory.Item, function string, matches []map[string]any) {
	switch len(matches) {
	case 0:
		r.gone(item)
	case 1:
		o := newObject()
		for name, value := range grant(matches[0]) {
			o.set(name, value)
		}
		r.found(item, o.set("FunctionName", function))
	default:
		r.note(item, "", "", "lambda:GetPolicy", "Ambiguous",
			fmt.Sprintf("%d statements of the function's policy grant the same, and the stack does not say which is meant", len(matches)))
	}
}

// functionPolicy asks for the policy of a function, a version or an alias, once in a run.
func (r *run) functionPolicy(ctx context.Context, function string) (*lambda.GetPolicyOutput, error) {
	in := policyOf(function)
	return r.policies.once(aws.ToString(in.FunctionName)+":"+aws.ToString(in.Qualifier), func() (*lambda.GetPolicyOutput, error) {
		return r.clients.lambda.GetPolicy(ctx, in)
	})
}

// grantsProperty is who may invoke a function or an alias, as each permission says
// it. Those that are resources of their own are taken out by the comparison; what
// is left was put there by hand.
const grantsProperty = "Permissions"

// grants sets the property. Nothing is granted where there is no policy. Where tags
// list a function, nothing lists its permissions, which have none.
func (r *run) grants(ctx context.Context, item inventory.Item, o *object, function string) {
	if item.FromTags() {
		return
	}
	out, err := r.functionPolicy(ctx, function)
	switch {
	case err != nil && session.Classify(err).Reason == session.NotFound:
		return
	case err != nil:
		r.partial(item, grantsProperty, err)
		return
	}
	document, ok := parsed(aws.ToString(out.Policy)).(map[string]any)
	if !ok {
		r.note(item, grantsProperty, "", "lambda:GetPolicy", "BadResponse", "the function's policy is not JSON")
		return
	}
	var list []map[string]any
	for _, s := range statements(document) {
		list = append(list, grant(s))
	}
	o.set(grantsProperty, list)
}

// policyOf asks for the policy of the function or of the version or alias that
// the name's qualifier names.
func policyOf(function string) *lambda.GetPolicyInput {
	in := &lambda.GetPolicyInput{FunctionName: aws.String(functionName(function))}
	name := function
	if _, after, ok := strings.Cut(function, ":function:"); ok {
		name = after
	}
	if _, qualifier, ok := strings.Cut(name, ":"); ok {
		in.Qualifier = &qualifier
	}
	return in
}

func statements(document map[string]any) []map[string]any {
	var list []map[string]any
	for _, s := range asList(document["Statement"]) {
		if statement, ok := s.(map[string]any); ok {
			list = append(list, statement)
		}
	}
	return list
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func matching(all []map[string]any, item inventory.Item) []map[string]any {
	var found []map[string]any
	for _, s := range all {
		if item.ID != "" && text(s, "Sid") == item.ID {
			return []map[string]any{s}
		}
		g := grant(s)
		if item.ID == "" && g["Action"] == item.Resolved["Action"] && samePrincipal(g["Principal"], item.Resolved["Principal"]) &&
			(item.Resolved["SourceArn"] == nil || unresolved(item.Resolved["SourceArn"]) || g["SourceArn"] == item.Resolved["SourceArn"]) {
			found = append(found, s)
		}
	}
	return found
}

func unresolved(v any) bool {
	s, _ := v.(string)
	return strings.Contains(s, "${")
}

// samePrincipal treats an account and its root user as one.
func samePrincipal(live, declared any) bool {
	a, _ := live.(string)
	b, _ := declared.(string)
	return a == b || b != "" && strings.HasSuffix(a, "::"+b+":root")
}

// grantConditions are the properties that become conditions of the statement,
// by condition key in lower case. Source: AddPermission, Lambda API reference.
var grantConditions = map[string]string{
	"aws:sourcearn": "SourceArn", "aws:sourceaccount": "SourceAccount", "lambda:eventsourcetoken": "EventSourceToken",
	"lambda:functionurlauthtype": "FunctionUrlAuthType", "aws:principalorgid": "PrincipalOrgID",
	"lambda:invokedviafunctionurl": "InvokedViaFunctionUrl",
}

// grant is a statement in the terms of AWS::Lambda::Permission. Conditions
// that the type cannot express are kept under their own name.
func grant(s map[string]any) map[string]any {
	g := map[string]any{"Action": s["Action"], "Principal": s["Principal"]}
	if p, ok := s["Principal"].(map[string]any); ok && len(p) == 1 {
		for _, who := range p {
			g["Principal"] = who
		}
	}
	if effect := text(s, "Effect"); effect != "Allow" {
		g["Effect"] = effect
	}
	conditions, _ := s["Condition"].(map[string]any)
	for _, operator := range slices.Sorted(maps.Keys(conditions)) {
		tests, _ := conditions[operator].(map[string]any)
		for key, value := range tests {
			if name, ok := grantConditions[strings.ToLower(key)]; ok {
				g[name] = value
			} else {
				g["Condition "+operator+" "+key] = value
			}
		}
	}
	return g
}
