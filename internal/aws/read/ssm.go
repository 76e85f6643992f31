package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type ssmAPI interface {
	GetParameters(context.Context, *ssm.GetParametersInput, ...func(*ssm.Options)) (*ssm.GetParametersOutput, error)
	DescribeParameters(context.Context, *ssm.DescribeParametersInput, ...func(*ssm.Options)) (*ssm.DescribeParametersOutput, error)
}

func ssmReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::SSM::Parameter",
			Properties: []string{"Name", "Type", "Value", "DataType", "Description", "Tier", "AllowedPattern", "Policies"},
			Actions:    []string{"ssm:GetParameters", "ssm:DescribeParameters", "kms:Decrypt"},
			Batch:      perCall(parametersPerCall),
			Identities: []string{"Arn", "Name"},
			Secret:     "the value of every SecureString, and of parameters whose names say so",
		}},
		read: readParameters,
	}
}

// parametersPerCall is GetParameters' limit; DescribeParameters takes as many
// names in a filter and answers them on one page.
const parametersPerCall = 10

func readParameters(ctx context.Context, r *run, items []inventory.Item) {
	var named []inventory.Item
	for _, item := range items {
		if item.ID == "" {
			r.unaddressable(item, "a name")
			continue
		}
		named = append(named, item)
	}
	each(ctx, chunks(named, parametersPerCall), func(batch []inventory.Item) { r.parameters(ctx, batch) })
}

// parameters reads up to ten parameters. The first call decrypts nothing, so
// that a key that may not be used costs only the secure ones their value.
func (r *run) parameters(ctx context.Context, batch []inventory.Item) {
	values, err := r.parameterValues(ctx, names(batch), false)
	if err != nil {
		for _, item := range batch {
			r.failed(item, err)
		}
		return
	}
	var secure []string
	for name, p := range values {
		if p.Type == types.ParameterTypeSecureString {
			secure = append(secure, name)
		}
	}
	slices.Sort(secure)
	var decrypted map[string]types.Parameter
	var noDecrypt error
	if len(secure) > 0 {
		decrypted, noDecrypt = r.parameterValues(ctx, secure, true)
	}
	details, noDetails := r.parameterDetails(ctx, names(batch))
	for _, item := range batch {
		p, ok := values[item.ID]
		if !ok {
			r.gone(item)
			continue
		}
		o := newObject().take(p, "Name", "Type", "DataType").
			identity("Arn", aws.ToString(p.ARN)).identity("Name", aws.ToString(p.Name))
		r.parameterValue(item, o, p, decrypted, noDecrypt)
		if noDetails != nil {
			for _, property := range []string{"Description", "Tier", "AllowedPattern", "Policies"} {
				r.partial(item, property, noDetails)
			}
		} else if d, ok := details[item.ID]; ok {
			o.take(d, "Description", "Tier", "AllowedPattern")
			policies(o, d)
		}
		r.found(item, o)
	}
}

func (r *run) parameterValue(item inventory.Item, o *object, p types.Parameter, decrypted map[string]types.Parameter, noDecrypt error) {
	if p.Type != types.ParameterTypeSecureString {
		o.set("Value", aws.ToString(p.Value))
		return
	}
	if noDecrypt != nil {
		r.partial(item, "Value", noDecrypt)
		return
	}
	clear, ok := decrypted[item.ID]
	if !ok {
		r.note(item, "Value", "", "ssm:GetParameters", "NotFound", "the parameter vanished between two reads")
		return
	}
	o.set("Value", r.hider().Value(aws.ToString(clear.Value)))
}

func policies(o *object, d types.ParameterMetadata) {
	var list []any
	for _, p := range d.Policies {
		list = append(list, parsed(aws.ToString(p.PolicyText)))
	}
	if list != nil {
		o.set("Policies", list)
	}
}

func (r *run) parameterValues(ctx context.Context, names []string, decrypt bool) (map[string]types.Parameter, error) {
	out, err := r.clients.ssm.GetParameters(ctx, &ssm.GetParametersInput{Names: names, WithDecryption: &decrypt})
	if err != nil {
		return nil, err
	}
	found := map[string]types.Parameter{}
	for _, p := range out.Parameters {
		found[nameAsked(names, aws.ToString(p.Name))] = p
	}
	return found, nil
}

// nameAsked is the spelling of a name that was asked for: AWS answers an ARN
// with the bare name.
func nameAsked(names []string, answered string) string {
	for _, name := range names {
		if name == answered || strings.HasSuffix(name, ":parameter/"+strings.TrimPrefix(answered, "/")) {
			return name
		}
	}
	return answered
}

func (r *run) parameterDetails(ctx context.Context, names []string) (map[string]types.ParameterMetadata, error) {
	found := map[string]types.ParameterMetadata{}
	pages := ssm.NewDescribeParametersPaginator(r.clients.ssm, &ssm.DescribeParametersInput{
		ParameterFilters: []types.ParameterStringFilter{{Key: aws.String("Name"), Option: aws.String("Equals"), Values: names}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Parameters {
			found[nameAsked(names, aws.ToString(p.Name))] = p
		}
	}
	return found, nil
}

func names(items []inventory.Item) []string {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = item.ID
	}
	return list
}
