package read

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func launchTemplateReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::EC2::LaunchTemplate",
			Properties: []string{"LaunchTemplateName", "LaunchTemplateData", "VersionDescription", "TagSpecifications", "Tags"},
			// GetParameters is for images that are named by a parameter: EC2 looks
			// them up with the caller's permissions.
			Actions:    []string{"ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions", "ssm:GetParameters"},
			Batch:      perCall(perFilter) + ", the latest versions of " + strconv.Itoa(templatesForList) + " and more in one list",
			Identities: []string{"LaunchTemplateId", "LaunchTemplateName"},
			Facts:      []string{drift.FactContent},
			Secret:     "user data, as a whole",
		}},
		read: readLaunchTemplates,
	}
}

// templatesForList is from how many launch templates on the latest versions of
// all of the account's are read instead of those of one after the other.
const templatesForList = 3

// latestVersion is the version that a template of CloudFormation declares.
const latestVersion = "$Latest"

func readLaunchTemplates(ctx context.Context, r *run, items []inventory.Item) {
	versions := map[string]types.LaunchTemplateVersion{}
	if len(items) >= templatesForList {
		versions = r.latestVersions(ctx)
	}
	readBatched(ctx, r, items, describeTemplates(r), func(item inventory.Item, t types.LaunchTemplate) {
		version, ok := versions[aws.ToString(t.LaunchTemplateId)]
		if !ok {
			var err error
			if version, err = r.templateVersion(ctx, aws.ToString(t.LaunchTemplateId), latestVersion); err != nil {
				r.failed(item, err)
				return
			}
		}
		r.launchTemplate(item, t, version)
	})
}

func describeTemplates(r *run) batch[types.LaunchTemplate] {
	return batch[types.LaunchTemplate]{
		most: perFilter,
		ask:  physicalID,
		call: func(ctx context.Context, ids []string) ([]types.LaunchTemplate, error) {
			var all []types.LaunchTemplate
			pages := ec2.NewDescribeLaunchTemplatesPaginator(r.clients.ec2, &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: ids})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.LaunchTemplates...)
			}
			return all, nil
		},
		name: func(t types.LaunchTemplate) string { return aws.ToString(t.LaunchTemplateId) },
	}
}

// latestVersions are the latest versions of all launch templates, by the
// template's id. What is not in the list is asked for alone; that the list was
// refused says nothing yet.
func (r *run) latestVersions(ctx context.Context) map[string]types.LaunchTemplateVersion {
	found := map[string]types.LaunchTemplateVersion{}
	pages := ec2.NewDescribeLaunchTemplateVersionsPaginator(r.clients.ec2,
		&ec2.DescribeLaunchTemplateVersionsInput{Versions: []string{latestVersion}, ResolveAlias: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found
		}
		for _, v := range page.LaunchTemplateVersions {
			found[aws.ToString(v.LaunchTemplateId)] = v
		}
	}
	return found
}

// templateVersion reads one version of one launch template.
func (r *run) templateVersion(ctx context.Context, id, version string) (types.LaunchTemplateVersion, error) {
	out, err := r.clients.ec2.DescribeLaunchTemplateVersions(ctx,
		&ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &id, Versions: []string{version}, ResolveAlias: aws.Bool(true)})
	if err != nil {
		return types.LaunchTemplateVersion{}, err
	}
	if len(out.LaunchTemplateVersions) != 1 || out.LaunchTemplateVersions[0].LaunchTemplateData == nil {
		return types.LaunchTemplateVersion{}, incomplete(ec2.ServiceID, "DescribeLaunchTemplateVersions", "version "+version+" of "+id)
	}
	return out.LaunchTemplateVersions[0], nil
}

func (r *run) launchTemplate(item inventory.Item, t types.LaunchTemplate, version types.LaunchTemplateVersion) {
	o := newObject().take(t, "LaunchTemplateName").take(version, "VersionDescription").
		identity("LaunchTemplateId", aws.ToString(t.LaunchTemplateId)).
		identity("LaunchTemplateName", aws.ToString(t.LaunchTemplateName)).
		tagList(t.Tags, "Key", "Value")
	o.set("LaunchTemplateData", templateData(version.LaunchTemplateData))
	r.found(item, o)
}

// templateData is what instances are started with, without what EC2 says about
// the template itself.
func templateData(data *types.ResponseLaunchTemplateData) any {
	if data == nil {
		return nil
	}
	own := *data
	own.Operator = nil
	if own.MetadataOptions != nil {
		options := *own.MetadataOptions
		options.State = ""
		own.MetadataOptions = &options
	}
	tree, err := drift.Object(own)
	if err != nil {
		return own // and set reports the error
	}
	return withoutBlanks(tree)
}

// withoutBlanks drops what EC2 leaves empty: the SDK makes "" of an
// enumeration that is not set, and it means the same as its lack.
func withoutBlanks(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if member = withoutBlanks(member); member == nil || member == "" {
				delete(v, key)
			} else {
				v[key] = member
			}
		}
		return v
	case []any:
		for i, element := range v {
			v[i] = withoutBlanks(element)
		}
		return v
	}
	return v
}
