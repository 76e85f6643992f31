package inventory

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

// stateless are types that stacks list and that hold no state of their own.
var stateless = map[string]bool{
	"AWS::CDK::Metadata": true, "AWS::CloudFormation::WaitCondition": true, "AWS::CloudFormation::WaitConditionHandle": true,
}

// masked is what CloudFormation shows in place of a NoEcho value.
const masked = "****"

// deployment is one stack with its template and its rows.
type deployment struct {
	key, region, account string
	stack                drift.Stack
	rows                 []types.StackResourceSummary
	exported             map[string]string // names of exports by output
	// symbolic evaluates the template with other resources as symbols,
	// physical with their ids; both nil when that is not possible.
	symbolic, physical *template.Evaluator
	template           *template.Template
	// problem says why there is no evaluator.
	problem string
}

// parse reads the deployed template and binds it to the stack's parameters. It
// also masks the parameters that must not be shown, for endpoints that do not.
func (d *deployment) parse(body string, parameters []types.Parameter) error {
	parsed, err := template.Parse(template.WithoutBarrier([]byte(body))) // a barrier is the deploy's, not the team's
	if err != nil {
		return err
	}
	d.template = parsed
	var tree any
	if err := json.Unmarshal(parsed.Canonical(), &tree); err != nil {
		return fmt.Errorf("decode the deployed template of stack %s in %s: %w", d.stack.Name, d.region, err)
	}
	d.stack.Template = tree
	values, stored := map[string]string{}, map[string]any{}
	for _, p := range parameters {
		name, value := aws.ToString(p.ParameterKey), aws.ToString(p.ParameterValue)
		if parsed.Parameters[name].NoEcho {
			value = masked
			d.stack.Parameters[name] = masked
		}
		values[name] = value
		if p.ResolvedValue != nil {
			stored["ssm:"+value] = *p.ResolvedValue
		}
	}
	return d.evaluators(values, stored)
}

func (d *deployment) evaluators(values map[string]string, stored map[string]any) error {
	scope := template.Scope{
		Region: d.region, AccountID: d.account, StackName: d.stack.Name, StackID: d.stack.ID,
		Parameters: values,
		MaskNoEcho: true,
		Dynamic:    func(reference string) (any, bool) { v, ok := stored[reference]; return v, ok },
	}
	unchecked := unconstrained(d.template)
	var problems []error
	var err error
	if d.symbolic, err = unchecked.Evaluator(scope); err != nil {
		problems = append(problems, fmt.Errorf("evaluate the deployed template of stack %s in %s: %w", d.stack.Name, d.region, err))
	}
	d.stack.Conditions = conditions(d.symbolic)
	names := d.physicalNames()
	scope.Ref = func(id string) (any, bool) { n, ok := names[id]; return n.id, ok && n.id != "" }
	scope.GetAtt = func(id, attribute string) (any, bool) { return d.attribute(names[id], attribute) }
	if d.physical, err = unchecked.Evaluator(scope); err != nil {
		problems = append(problems, fmt.Errorf("evaluate the deployed template of stack %s in %s: %w", d.stack.Name, d.region, err))
	}
	return errors.Join(problems[:min(1, len(problems))]...)
}

// conditions are those of the template that can be decided.
func conditions(e *template.Evaluator) map[string]bool {
	if e == nil {
		return nil
	}
	decided := map[string]bool{}
	for name := range e.Template().Conditions {
		if holds, err := e.Condition(name); err == nil {
			decided[name] = holds
		}
	}
	return decided
}

// unconstrained is the template without limits on parameter values: the stack
// exists, so they were met, and a masked value need not meet them.
func unconstrained(t *template.Template) *template.Template {
	c := *t
	c.Parameters = maps.Clone(t.Parameters)
	for name, p := range c.Parameters {
		p.AllowedValues, p.AllowedPattern = nil, ""
		p.MinLength, p.MaxLength, p.MinValue, p.MaxValue = nil, nil, nil, nil
		c.Parameters[name] = p
	}
	return &c
}

type physicalName struct{ typ, id string }

func (d *deployment) physicalNames() map[string]physicalName {
	names := map[string]physicalName{}
	for _, row := range d.rows {
		if id := aws.ToString(row.LogicalResourceId); id != "" {
			names[id] = physicalName{aws.ToString(row.ResourceType), aws.ToString(row.PhysicalResourceId)}
		}
	}
	return names
}

// arnShapes build the Arn attribute of types whose physical id is a name, so
// that what refers to them by ARN can be found. {…} are filled in.
var arnShapes = map[string]string{
	"AWS::Lambda::Function": "arn:{partition}:lambda:{region}:{account}:function:{id}",
	"AWS::DynamoDB::Table":  "arn:{partition}:dynamodb:{region}:{account}:table/{id}",
	"AWS::IAM::Role":        "arn:{partition}:iam::{account}:role/{id}",
	"AWS::S3::Bucket":       "arn:{partition}:s3:::{id}",
	"AWS::ECS::Cluster":     "arn:{partition}:ecs:{region}:{account}:cluster/{id}",
	"AWS::KMS::Key":         "arn:{partition}:kms:{region}:{account}:key/{id}",
}

// attribute answers what can be told from a physical id alone.
func (d *deployment) attribute(n physicalName, attribute string) (any, bool) {
	if n.id == "" {
		return nil, false
	}
	switch {
	case attribute == "Arn" && strings.HasPrefix(n.id, "arn:"):
		return n.id, true
	case attribute == "Arn" && arnShapes[n.typ] != "":
		return strings.NewReplacer("{partition}", topology.Partition(d.region), "{region}", d.region,
			"{account}", d.account, "{id}", n.id).Replace(arnShapes[n.typ]), true
	case attribute == "Arn" && n.typ == "AWS::SQS::Queue":
		return fmt.Sprintf("arn:%s:sqs:%s:%s:%s", topology.Partition(d.region), d.region, d.account, lastPart(n.id)), true
	case attribute == "QueueUrl" && n.typ == "AWS::SQS::Queue", attribute == "TopicArn" && n.typ == "AWS::SNS::Topic",
		attribute == "Id", attribute == "GroupId" && n.typ == "AWS::EC2::SecurityGroup", attribute == "RestApiId":
		return n.id, true
	case attribute == "QueueName", attribute == "TopicName", attribute == "Name":
		return lastPart(n.id), true
	}
	return nil, false
}

// names are the attributes by which others mention a resource.
func (d *deployment) names(n physicalName) map[string]string {
	names := map[string]string{}
	for _, attribute := range []string{"Arn", "QueueName", "TopicName"} {
		if attribute != "Arn" && !strings.HasSuffix(n.typ, strings.TrimSuffix(attribute, "Name")) {
			continue
		}
		if value, ok := d.attribute(n, attribute); ok {
			names[attribute], _ = value.(string)
		}
	}
	return names
}

func lastPart(id string) string {
	if i := strings.LastIndexAny(id, "/:"); i >= 0 {
		return id[i+1:]
	}
	return id
}

// found is what the rows of one stack come to.
type found struct {
	items  []Item
	gaps   []drift.Gap
	facts  []drift.Fact
	nested []Item
}

func (d *deployment) resources() found {
	var f found
	listed, deleted := map[string]bool{}, map[string]bool{}
	blank := 0
	for _, row := range d.rows {
		id, typ := aws.ToString(row.LogicalResourceId), aws.ToString(row.ResourceType)
		if id == "" || typ == "" {
			blank++
			continue
		}
		switch row.ResourceStatus {
		case types.ResourceStatusDeleteComplete, types.ResourceStatusDeleteSkipped:
			deleted[id] = true
			continue
		}
		listed[id] = true
		item := d.item(id, typ, aws.ToString(row.PhysicalResourceId))
		switch {
		case stateless[typ]:
		case typ == stackType && item.ID != "":
			f.nested = append(f.nested, item)
		default:
			f.items = append(f.items, item)
		}
	}
	if blank > 0 {
		f.gaps = d.unlisted(listed, blank)
	} else {
		f.facts = d.leftOut(func(id string) bool { return listed[id] || deleted[id] })
	}
	return f
}

func (d *deployment) item(logicalID, typ, physicalID string) Item {
	declared, why := d.declared(logicalID)
	return Item{
		Key: d.key + "/" + logicalID, Type: typ, ID: physicalID, Stack: d.key, StackID: d.stack.ID,
		Parameters: d.stack.Parameters,
		Names:      d.names(physicalName{typ, physicalID}),
		Declared:   declared,
		Undeclared: why,
		Resolved:   properties(d.physical, logicalID),
	}
}

// declared is what the template says of a resource, or why that is not known.
func (d *deployment) declared(logicalID string) (tree map[string]any, why string) {
	if d.symbolic == nil {
		return nil, cmp.Or(d.problem, "the template was not read")
	}
	if _, ok := d.symbolic.Template().Resources[logicalID]; !ok {
		for _, left := range d.template.Unexpanded() {
			if strings.HasPrefix(left, "Transform ") || strings.HasPrefix(left, "Resources/") {
				return nil, "the template does not spell it out (" + left + ")"
			}
		}
	}
	tree, err := d.symbolic.Properties(logicalID)
	if err != nil {
		return nil, err.Error()
	}
	return tree, ""
}

func properties(e *template.Evaluator, logicalID string) map[string]any {
	if e == nil {
		return nil
	}
	tree, err := e.Properties(logicalID)
	if err != nil {
		return nil // not known: the cause of a difference is then not known either
	}
	return tree
}

// leftOut are the facts about resources that the template declares for certain and
// that no row names. A condition that cannot be decided leaves a resource out as
// likely as not, and what a transform makes of a template that was not given
// expanded cannot be told: neither is a fact.
func (d *deployment) leftOut(named func(id string) bool) []drift.Fact {
	if d.symbolic == nil || d.madeElsewhere() {
		return nil
	}
	var facts []drift.Fact
	declared := d.symbolic.Template().Resources
	for _, id := range slices.Sorted(maps.Keys(declared)) {
		typ := declared[id].Type
		if named(id) || stateless[typ] || typ == "" {
			continue
		}
		if included, err := d.symbolic.Included(id); err == nil && included {
			facts = append(facts, drift.Fact{Kind: drift.FactUnlisted, Subject: d.key + "/" + id, Value: map[string]any{"Type": typ}})
		}
	}
	return facts
}

// madeElsewhere reports whether AWS makes resources of the template that it does not spell out.
func (d *deployment) madeElsewhere() bool {
	return slices.ContainsFunc(d.template.Unexpanded(), func(left string) bool {
		return strings.HasPrefix(left, "Transform ") || strings.HasPrefix(left, "Resources/")
	})
}

// unlisted explains rows that name no resource. Every declared resource that
// the list leaves out is one gap; rows that no declared resource explains are
// one more, about the stack. A row may also stand for a resource whose condition
// does not hold: endpoints that leave out names list those too.
func (d *deployment) unlisted(listed map[string]bool, blank int) []drift.Gap {
	const operation, reason = "cloudformation:ListStackResources", "Unsupported"
	var gaps []drift.Gap
	excluded := 0
	if d.symbolic != nil {
		declared := d.symbolic.Template().Resources
		for _, id := range slices.Sorted(maps.Keys(declared)) {
			typ := declared[id].Type
			if listed[id] {
				continue
			}
			if included, err := d.symbolic.Included(id); stateless[typ] || err == nil && !included {
				excluded++
				continue
			}
			gaps = append(gaps, drift.Gap{
				Region: d.region, Resource: d.key + "/" + id, Type: typ, Operation: operation, Reason: reason,
				Message: "the template declares it, the list of the stack's resources does not name it",
			})
		}
	}
	if unexplained := blank - len(gaps) - excluded; unexplained > 0 {
		gaps = append(gaps, drift.Gap{
			Region: d.region, Resource: d.key, Type: stackType, Operation: operation, Reason: reason,
			Message: fmt.Sprintf("%d of the stack's resources are listed without a name", unexplained),
		})
	}
	return gaps
}
