package ec2

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// TemplateType is the type of launch templates. The data of all versions is in
// Private["Versions"], the latest last; Properties hold what was declared last.
const TemplateType = "AWS::EC2::LaunchTemplate"

const noTemplate = "InvalidLaunchTemplateId.NotFound"

func templateKind() core.Kind {
	return core.Kind{
		Type:       TemplateType,
		Name:       core.NameRule{Property: "LaunchTemplateName", Max: 128},
		Identifier: []string{"Id"},
		Attributes: map[string]string{"LaunchTemplateId": "{Id}"},
		Ref:        "{Id}",
		Replace:    []string{"LaunchTemplateName"},
		WriteOnly:  []string{"LaunchTemplateData", "VersionDescription", "TagSpecifications"},
		Schema: core.Schema{Required: []string{"LaunchTemplateData"},
			Booleans: []string{"LaunchTemplateData.EbsOptimized", "LaunchTemplateData.Monitoring.Enabled", "LaunchTemplateData.DisableApiTermination",
				"LaunchTemplateData.BlockDeviceMappings.Ebs.Encrypted", "LaunchTemplateData.BlockDeviceMappings.Ebs.DeleteOnTermination",
				"LaunchTemplateData.NetworkInterfaces.AssociatePublicIpAddress", "LaunchTemplateData.NetworkInterfaces.DeleteOnTermination"},
			Numbers: []string{"LaunchTemplateData.BlockDeviceMappings.Ebs.VolumeSize", "LaunchTemplateData.BlockDeviceMappings.Ebs.Iops",
				"LaunchTemplateData.BlockDeviceMappings.Ebs.Throughput", "LaunchTemplateData.NetworkInterfaces.DeviceIndex",
				"LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit"},
		},
		Create: after(numbered("lt"), func(c *core.Change) error {
			for _, spec := range wire.Object(c.Resource.Properties).Objects("TagSpecifications") {
				if spec.String("ResourceType") == "launch-template" {
					maps.Copy(c.Resource.Tags, core.Tags(spec["Tags"]))
				}
			}
			return addVersion(c.Resource, c.Resource.Properties["LaunchTemplateData"], c.Resource.Properties["VersionDescription"])
		}),
		Update: func(c *core.Change) error {
			if shape.Document(c.Before.Properties["LaunchTemplateData"]) == shape.Document(c.Resource.Properties["LaunchTemplateData"]) {
				return nil
			}
			return addVersion(c.Resource, c.Resource.Properties["LaunchTemplateData"], c.Resource.Properties["VersionDescription"])
		},
	}
}

// addVersion makes a new latest version. The first one is the default.
func addVersion(r *store.Resource, data, description any) error {
	list := versions(*r)
	r.Private["Versions"] = append(list, map[string]any{"Data": store.Clone(data), "Description": description})
	r.Attributes["LatestVersionNumber"] = strconv.Itoa(len(list) + 1)
	if len(list) == 0 {
		r.Attributes["DefaultVersionNumber"] = "1"
	}
	return nil
}

func versions(r store.Resource) []any {
	list, _ := wire.Items(r.Private["Versions"])
	return list
}

func templateOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeLaunchTemplates": describeTemplates, "DescribeLaunchTemplateVersions": describeVersions, "CreateLaunchTemplate": createTemplate,
		"CreateLaunchTemplateVersion": createVersion, "ModifyLaunchTemplate": modifyTemplate, "DeleteLaunchTemplate": deleteTemplate,
	}
}

func templateView() view {
	return view{
		typ: TemplateType, set: "launchTemplates", ids: "LaunchTemplateId", missing: noTemplate,
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"launch-template-name": {wire.Text(r.Properties["LaunchTemplateName"])}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			return core.Out{"launchTemplateId": r.ID, "launchTemplateName": r.Properties["LaunchTemplateName"], "createTime": r.Created,
				"createdBy": "arn:aws:iam::" + c.Account + ":root", "defaultVersionNumber": r.Attributes["DefaultVersionNumber"],
				"latestVersionNumber": r.Attributes["LatestVersionNumber"]}
		},
	}
}

func describeTemplates(c *core.Call) (any, error) {
	if named := c.In.Strings("LaunchTemplateName"); len(named) > 0 {
		c.In["Filter"] = append(c.In.List("Filter"), core.Out{"Name": "launch-template-name", "Value": named})
	}
	return templateView().describe(c)
}

// template finds the launch template of the request by id or name.
func template(c *core.Call) (store.Resource, error) {
	id, name := c.In.String("LaunchTemplateId"), c.In.String("LaunchTemplateName")
	for _, r := range c.List(TemplateType) {
		if r.ID == id || id == "" && r.Properties["LaunchTemplateName"] == name {
			return r, nil
		}
	}
	if id == "" {
		return store.Resource{}, wire.Errorf(400, "InvalidLaunchTemplateName.NotFoundException", "The specified launch template, with template name %s, does not exist.", name)
	}
	return store.Resource{}, wire.Errorf(400, noTemplate, "The specified launch template, with template ID %s, does not exist.", id)
}

// version turns $Latest, $Default and numbers into a number; 0 when there is none.
func version(r store.Resource, name string) int {
	switch name {
	case "$Latest":
		name = wire.Text(r.Attributes["LatestVersionNumber"])
	case "$Default", "":
		name = wire.Text(r.Attributes["DefaultVersionNumber"])
	}
	n, err := strconv.Atoi(name)
	if err != nil || n < 1 || n > len(versions(r)) {
		return 0
	}
	return n
}

func showVersion(c *core.Call, r store.Resource, n int) core.Out {
	v := wire.AsObject(versions(r)[n-1])
	return core.Out{"launchTemplateId": r.ID, "launchTemplateName": r.Properties["LaunchTemplateName"], "versionNumber": n, "createTime": r.Created,
		"versionDescription": v["Description"], "createdBy": "arn:aws:iam::" + c.Account + ":root",
		"defaultVersion": strconv.Itoa(n) == wire.Text(r.Attributes["DefaultVersionNumber"]), "launchTemplateData": answered(v["Data"])}
}

// describeVersions answers for one template, or, asked for $Latest or $Default
// of none in particular, for all of them.
func describeVersions(c *core.Call) (any, error) {
	asked := c.In.Strings("LaunchTemplateVersion")
	list := []any{}
	if !c.In.Has("LaunchTemplateId") && !c.In.Has("LaunchTemplateName") {
		for _, r := range c.List(TemplateType) {
			for _, name := range asked {
				if strings.HasPrefix(name, "$") {
					list = append(list, showVersion(c, r, version(r, name)))
				}
			}
		}
	} else {
		r, err := template(c)
		if err != nil {
			return nil, err
		}
		numbers := []int{}
		for _, name := range asked {
			n := version(r, name)
			if n == 0 {
				return nil, wire.Errorf(400, "InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %s for the launch template with ID %s.", name, r.ID)
			}
			numbers = append(numbers, n)
		}
		for n := len(versions(r)); n > 0; n-- {
			if len(asked) == 0 || slices.Contains(numbers, n) {
				list = append(list, showVersion(c, r, n))
			}
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 200))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidPaginationToken", "The pagination token is invalid")
	}
	return core.Out{"launchTemplateVersionSet": page, "nextToken": next}, nil
}

func createTemplate(c *core.Call) (any, error) {
	r, err := c.Create(TemplateType, map[string]any{"LaunchTemplateName": c.In.String("LaunchTemplateName"),
		"LaunchTemplateData": declared(c.In["LaunchTemplateData"]), "VersionDescription": c.In["VersionDescription"]}, specTags(c.In, "launch-template"))
	if err != nil {
		return nil, err
	}
	return core.Out{"launchTemplate": templateView().show(c, r)}, nil
}

// createVersion makes a version from the request alone, or on top of another one.
func createVersion(c *core.Call) (any, error) {
	r, err := template(c)
	if err != nil {
		return nil, err
	}
	data := map[string]any{}
	if source := c.In.String("SourceVersion"); source != "" {
		n := version(r, source)
		if n == 0 {
			return nil, wire.Errorf(400, "InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %s for the launch template with ID %s.", source, r.ID)
		}
		maps.Copy(data, wire.AsObject(store.Clone(wire.AsObject(versions(r)[n-1])["Data"])))
	}
	maps.Copy(data, declared(c.In["LaunchTemplateData"]))
	made, _, err := c.World.Store.Update(r.Scope, TemplateType, r.ID, func(r *store.Resource) error {
		return addVersion(r, data, c.In["VersionDescription"])
	})
	if err != nil {
		return nil, err
	}
	return core.Out{"launchTemplateVersion": showVersion(c, made, len(versions(made)))}, nil
}

func modifyTemplate(c *core.Call) (any, error) {
	r, err := template(c)
	if err != nil {
		return nil, err
	}
	n := version(r, c.In.String("SetDefaultVersion"))
	if n == 0 {
		return nil, wire.Errorf(400, "InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %s for the launch template with ID %s.", c.In.String("SetDefaultVersion"), r.ID)
	}
	made, _, err := c.World.Store.Update(r.Scope, TemplateType, r.ID, func(r *store.Resource) error {
		r.Attributes["DefaultVersionNumber"] = strconv.Itoa(n)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return core.Out{"launchTemplate": templateView().show(c, made)}, nil
}

func deleteTemplate(c *core.Call) (any, error) {
	r, err := template(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"launchTemplate": templateView().show(c, r)}, c.Delete(TemplateType, r.ID)
}
