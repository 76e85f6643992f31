package read

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

func describeCertificate(ctx context.Context, r *run, arn string) (map[string]any, error) {
	out, err := r.clients.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if err != nil {
		return nil, err
	}
	c := out.Certificate
	if c == nil {
		return nil, incomplete(acm.ServiceID, "DescribeCertificate", arn)
	}
	value := certificateState(c)
	value["Name"] = aws.ToString(c.DomainName)
	value["Content"] = map[string]any{"DomainName": aws.ToString(c.DomainName), "SubjectAlternativeNames": otherNames(c),
		"KeyAlgorithm": keyAlgorithm(c), "Type": string(c.Type)}
	return value, nil
}

// errNoGroup is a list that neither has the group it was asked for nor says why.
var errNoGroup = errors.New("the answer does not have the group")

func describeDBGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if content, ok := keptGroup(name); ok {
		return content, nil
	}
	out, err := r.clients.rds.DescribeDBParameterGroups(ctx, &rds.DescribeDBParameterGroupsInput{DBParameterGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.DBParameterGroups) != 1 {
		return nil, errNoGroup
	}
	return parameterContent(ctx, name, aws.ToString(out.DBParameterGroups[0].DBParameterGroupFamily), r.dbParameters)
}

func describeDBClusterGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if content, ok := keptGroup(name); ok {
		return content, nil
	}
	out, err := r.clients.rds.DescribeDBClusterParameterGroups(ctx, &rds.DescribeDBClusterParameterGroupsInput{DBClusterParameterGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.DBClusterParameterGroups) != 1 {
		return nil, errNoGroup
	}
	return parameterContent(ctx, name, aws.ToString(out.DBClusterParameterGroups[0].DBParameterGroupFamily), r.dbClusterParameters)
}

// keptGroup is the content of a group that AWS keeps: its name says the
// family, and nobody can set anything in it, so nobody has to be asked.
func keptGroup(name string) (map[string]any, bool) {
	family, ok := strings.CutPrefix(name, "default.")
	if !ok {
		return nil, false
	}
	return map[string]any{"Name": name, "Content": map[string]any{"Family": family, "Parameters": map[string]string{}}}, true
}

// parameterContent is a group by its family and what somebody set in it.
func parameterContent(ctx context.Context, name, family string, read func(context.Context, string) (map[string]string, error)) (map[string]any, error) {
	parameters, err := read(ctx, name)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Name": name, "Content": map[string]any{"Family": family, "Parameters": parameters}}, nil
}

func describeOptionGroup(ctx context.Context, r *run, name string) (map[string]any, error) {
	if engine, ok := strings.CutPrefix(name, "default:"); ok { // AWS keeps it, and nobody can add an option
		return map[string]any{"Name": name, "Content": map[string]any{"Default": engine}}, nil
	}
	out, err := r.clients.rds.DescribeOptionGroups(ctx, &rds.DescribeOptionGroupsInput{OptionGroupName: &name})
	if err != nil {
		return nil, err
	}
	if len(out.OptionGroupsList) != 1 {
		return nil, errNoGroup
	}
	g := out.OptionGroupsList[0]
	return map[string]any{"Name": name, "Content": map[string]any{"EngineName": g.EngineName, "MajorEngineVersion": g.MajorEngineVersion,
		"OptionConfigurations": optionConfigurations(g.Options)}}, nil
}
