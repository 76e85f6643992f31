package ec2

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// imageType is what images are in the store; CloudFormation has no such type.
const imageType = "sim::EC2::Image"

const noImage = "InvalidAMIID.NotFound"

func imageOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeImages": imageView().describe, "RegisterImage": registerImage, "CopyImage": copyImage, "DeregisterImage": deregisterImage,
	}
}

// published are images that AWS publishes: the same in every Region, under
// another id.
func published(c *core.Call) []store.Resource {
	var list []store.Resource
	for _, name := range []string{"al2023-ami-2023.8.20250818.0-kernel-6.1-x86_64", "al2023-ami-2023.9.20251020.0-kernel-6.1-x86_64"} {
		id := "ami-" + digest(17, c.Region, name)
		list = append(list, store.Resource{Scope: c.Scope, Type: imageType, ID: id, Attributes: map[string]any{"Id": id}, Tags: map[string]string{},
			Private:    map[string]any{},
			Properties: map[string]any{"Name": name, "Owner": "137112412989", "Alias": "amazon", "Created": name[18:22] + "-" + name[22:24] + "-" + name[24:26] + "T00:00:00.000Z"}})
	}
	return list
}

func imageView() view {
	return view{
		typ: imageType, set: "imagesSet", ids: "ImageId", missing: noImage, more: published,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			p := wire.Object(r.Properties)
			return map[string][]string{"image-id": {r.ID}, "name": {p.String("Name")}, "owner-id": {p.String("Owner")}, "owner-alias": {p.String("Alias")},
				"state": {"available"}, "architecture": {p.Or("Architecture", "x86_64")}}
		},
		show: func(_ *core.Call, r store.Resource) core.Out {
			p := wire.Object(r.Properties)
			return core.Out{"imageId": r.ID, "name": p["Name"], "imageOwnerId": p["Owner"], "imageOwnerAlias": p["Alias"], "imageState": "available",
				"architecture": p.Or("Architecture", "x86_64"), "rootDeviceType": "ebs", "virtualizationType": "hvm", "imageType": "machine",
				"creationDate": p["Created"], "sourceImageId": p["SourceImageId"], "sourceImageRegion": p["SourceRegion"], "isPublic": p.Has("Alias")}
		},
	}
}

func registerImage(c *core.Call) (any, error) {
	return newImage(c, map[string]any{"Name": c.In["Name"], "Architecture": c.In.Or("Architecture", "x86_64")})
}

// copyImage copies an image of another Region: it keeps what it is, and gets
// the owner who copied it.
func copyImage(c *core.Call) (any, error) {
	from := *c
	from.Region = c.In.String("SourceRegion")
	all := imageView().all(&from)
	i := slices.IndexFunc(all, func(r store.Resource) bool { return r.ID == c.In.String("SourceImageId") })
	if i < 0 {
		return nil, wire.Errorf(400, noImage, "The image id '[%s]' does not exist", c.In.String("SourceImageId"))
	}
	return newImage(c, map[string]any{"Name": c.In["Name"], "Architecture": wire.Object(all[i].Properties).Or("Architecture", "x86_64"),
		"SourceImageId": all[i].ID, "SourceRegion": from.Region})
}

func newImage(c *core.Call, properties map[string]any) (any, error) {
	id := "ami-" + c.World.IDs.Hex(17, c.Account, c.Region, imageType, wire.Text(properties["Name"]))
	properties["Owner"], properties["Created"] = c.Account, c.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	_, fresh := c.World.Store.Insert(store.Resource{Scope: c.Scope, Type: imageType, ID: id, Properties: properties, Attributes: map[string]any{"Id": id},
		Private: map[string]any{}, Tags: map[string]string{}})
	if !fresh {
		return nil, wire.Errorf(400, "InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s", wire.Text(properties["Name"]), id)
	}
	return core.Out{"imageId": id}, nil
}

func deregisterImage(c *core.Call) (any, error) {
	id := c.In.String("ImageId")
	if _, there := c.World.Store.Get(c.Scope, imageType, id); !there {
		return nil, wire.Errorf(400, noImage, "The image id '[%s]' does not exist", id)
	}
	c.World.Store.Delete(c.Scope, imageType, id)
	return core.Out{"return": true}, nil
}
