package ec2

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// PrefixListType is the type of managed prefix lists.
const PrefixListType = "AWS::EC2::PrefixList"

const noPrefixList = "InvalidPrefixListID.NotFound"

func prefixListKind() core.Kind {
	return core.Kind{
		Type:       PrefixListType,
		Identifier: []string{"Id"},
		Attributes: map[string]string{"PrefixListId": "{Id}", "OwnerId": "{Account}", "Arn": "arn:aws:ec2:{Region}:{Account}:prefix-list/{Id}"},
		Ref:        "{Id}",
		Schema: core.Schema{Required: []string{"PrefixListName", "AddressFamily"}, Numbers: []string{"MaxEntries"},
			Allowed: map[string][]string{"AddressFamily": {"IPv4", "IPv6"}}},
		Create: numbered("pl"),
	}
}

func prefixListOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeManagedPrefixLists": prefixListView().describe, "GetManagedPrefixListEntries": prefixListEntries,
		"ModifyManagedPrefixList": modifyPrefixList, "CreateManagedPrefixList": createPrefixList,
		"DeleteManagedPrefixList": deleting(PrefixListType, "PrefixListId", noPrefixList),
	}
}

// awsListID is the id of the list of a service's addresses, another one in every Region.
func awsListID(region, service string) string {
	return "pl-" + digest(8, region, service[strings.LastIndexByte(service, '.')+1:])
}

// awsLists are the lists that AWS keeps.
func awsLists(c *core.Call) []store.Resource {
	var list []store.Resource
	for _, service := range []string{"s3", "dynamodb"} {
		id := awsListID(c.Region, service)
		list = append(list, store.Resource{Scope: c.Scope, Type: PrefixListType, ID: id, Attributes: map[string]any{"Id": id, "OwnerId": "AWS",
			"Arn": "arn:aws:ec2:" + c.Region + ":aws:prefix-list/" + id}, Private: map[string]any{}, Tags: map[string]string{},
			Properties: map[string]any{"PrefixListName": "com.amazonaws." + c.Region + "." + service, "AddressFamily": "IPv4",
				"Entries": []any{map[string]any{"Cidr": "52.216.0.0/15"}}}})
	}
	return list
}

func prefixListView() view {
	return view{
		typ: PrefixListType, set: "prefixListSet", ids: "PrefixListId", missing: noPrefixList, more: awsLists,
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"prefix-list-id": {r.ID}, "prefix-list-name": {wire.Text(r.Properties["PrefixListName"])},
				"owner-id": {wire.Text(r.Attributes["OwnerId"])}}
		},
		show: func(_ *core.Call, r store.Resource) core.Out {
			p := wire.Object(r.Properties)
			return core.Out{"prefixListId": r.ID, "prefixListName": p["PrefixListName"], "addressFamily": p["AddressFamily"], "state": "create-complete",
				"ownerId": r.Attributes["OwnerId"], "prefixListArn": r.Attributes["Arn"], "maxEntries": p["MaxEntries"], "version": max(r.Revision, 1)}
		},
	}
}

func prefixListEntries(c *core.Call) (any, error) {
	for _, r := range prefixListView().all(c) {
		if r.ID != c.In.String("PrefixListId") {
			continue
		}
		list := []any{}
		for _, e := range wire.Object(r.Properties).Objects("Entries") {
			list = append(list, core.Out{"cidr": e["Cidr"], "description": e["Description"]})
		}
		page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 100))
		return core.Out{"entrySet": page, "nextToken": next}, err
	}
	return nil, wire.Errorf(400, noPrefixList, "The prefix list ID '%s' does not exist", c.In.String("PrefixListId"))
}

func createPrefixList(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "PrefixListName", "AddressFamily", "MaxEntries")
	properties["Entries"] = shape.Plain(c.In.List("Entry"))
	r, err := c.Create(PrefixListType, properties, specTags(c.In, "prefix-list"))
	if err != nil {
		return nil, err
	}
	return core.Out{"prefixList": prefixListView().show(c, r)}, nil
}

func modifyPrefixList(c *core.Call) (any, error) {
	r, err := one(c, PrefixListType, "PrefixListId", noPrefixList)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for _, e := range append(c.In.Objects("RemoveEntry"), c.In.Objects("AddEntry")...) {
		gone[e.String("Cidr")] = true
	}
	entries := slices.DeleteFunc(wire.Object(r.Properties).List("Entries"), func(e any) bool { return gone[wire.AsObject(e).String("Cidr")] })
	added, _ := shape.Plain(c.In.List("AddEntry")).([]any)
	patch := shape.Pick(c.In, "PrefixListName", "MaxEntries")
	patch["Entries"] = append(entries, added...)
	r, err = c.Update(PrefixListType, r.ID, patch)
	if err != nil {
		return nil, err
	}
	return core.Out{"prefixList": prefixListView().show(c, r)}, nil
}
