package elasticache

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func subnetKind() core.Kind {
	return core.Kind{Type: SubnetGroupType, Name: core.NameRule{Property: "CacheSubnetGroupName", Max: 255, Lower: true}, Ref: "{CacheSubnetGroupName}",
		Attributes: arn("subnetgroup", "CacheSubnetGroupName"), Replace: []string{"CacheSubnetGroupName"}, Schema: core.Schema{Required: []string{"Description", "SubnetIds"}}}
}

func subnetListing() core.Listing {
	return core.Listing{Type: SubnetGroupType, ID: "CacheSubnetGroupName", Member: "CacheSubnetGroups", One: "CacheSubnetGroup", Missing: "CacheSubnetGroupNotFoundFault",
		Settings: []string{"CacheSubnetGroupDescription:Description", "SubnetIds"},
		Show: func(_ *core.Call, r store.Resource) any {
			return core.Out{"CacheSubnetGroupName": r.ID, "CacheSubnetGroupDescription": r.Properties["Description"], "ARN": r.Attributes["Arn"],
				"Subnets": core.Each(wire.Object(r.Properties).Strings("SubnetIds"), "SubnetIdentifier", nil)}
		}}
}

func parameterKind() core.Kind {
	return core.Kind{Type: ParameterGroupType, Name: core.NameRule{Property: "CacheParameterGroupName", Max: 255, Lower: true}, Ref: "{CacheParameterGroupName}",
		Attributes: arn("parametergroup", "CacheParameterGroupName"), Replace: []string{"CacheParameterGroupFamily"},
		Schema: core.Schema{Required: []string{"CacheParameterGroupFamily", "Description"}}}
}

func parameterListing() core.Listing {
	return core.Listing{Type: ParameterGroupType, ID: "CacheParameterGroupName", Member: "CacheParameterGroups", One: "CacheParameterGroup",
		Missing: "CacheParameterGroupNotFound", Show: presentParameters}
}

func presentParameters(_ *core.Call, r store.Resource) any {
	return core.Out{"CacheParameterGroupName": r.ID, "CacheParameterGroupFamily": r.Properties["CacheParameterGroupFamily"], "Description": r.Properties["Description"],
		"ARN": r.Attributes["Arn"], "IsGlobal": false}
}

// describeParameterGroups also knows the groups that AWS keeps: default.redis7.
func describeParameterGroups(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		name := c.In.String(l.ID)
		family, ok := strings.CutPrefix(name, "default.")
		if !ok {
			return l.List(c)
		}
		return core.Out{l.Member: []any{core.Out{"CacheParameterGroupName": name, "CacheParameterGroupFamily": strings.TrimSuffix(family, ".cluster.on"),
			"Description": "Default parameter group for " + family, "IsGlobal": false}}}, nil
	}
}

// describeParameters lists what somebody set and, unless only that is asked for, one that nobody did.
func describeParameters(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		set := wire.Object{}
		if !strings.HasPrefix(c.In.String(l.ID), "default.") {
			r, err := l.Find(c)
			if err != nil {
				return nil, err
			}
			set = wire.AsObject(r.Properties["Properties"])
		}
		list := []any{}
		for _, name := range set.Keys() {
			list = append(list, core.Out{"ParameterName": name, "ParameterValue": set[name], "Source": "user", "IsModifiable": true})
		}
		if c.In.String("Source") != "user" {
			list = append(list, core.Out{"ParameterName": "activedefrag", "ParameterValue": "no", "Source": "system", "IsModifiable": true})
		}
		page, next, err := core.Paginate(list, c.In.String("Marker"), c.In.Int("MaxRecords", 100))
		if err != nil {
			return nil, err
		}
		return core.Out{"Parameters": page, "Marker": next}, nil
	}
}

func createParameterGroup(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := c.Create(ParameterGroupType, map[string]any{"CacheParameterGroupName": strings.ToLower(c.In.String("CacheParameterGroupName")),
			"CacheParameterGroupFamily": c.In.String("CacheParameterGroupFamily"), "Description": c.In.String("Description")}, nil)
		if err != nil {
			return nil, err
		}
		return core.Out{l.One: presentParameters(c, r)}, nil
	}
}

func setParameters(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := l.Find(c)
		if err != nil {
			return nil, err
		}
		set := store.CloneMap(wire.AsObject(r.Properties["Properties"]))
		if set == nil {
			set = map[string]any{}
		}
		for _, p := range c.In.Elements("ParameterNameValues") {
			one := wire.AsObject(p)
			set[one.String("ParameterName")] = one.String("ParameterValue")
		}
		_, err = c.Update(ParameterGroupType, r.ID, map[string]any{"Properties": set})
		return core.Out{l.ID: r.ID}, err
	}
}

func userKind() core.Kind {
	return core.Kind{Type: UserType, Name: core.NameRule{Property: "UserId", Max: 40, Lower: true}, Ref: "{UserId}", Attributes: arn("user", "UserId"),
		Replace: []string{"UserId", "UserName"}, WriteOnly: []string{"Passwords"}, Schema: core.Schema{Required: []string{"Engine", "UserName"}, Booleans: []string{"NoPasswordRequired"}}}
}

func userListing() core.Listing {
	return core.Listing{Type: UserType, ID: "UserId", Member: "Users", Missing: "UserNotFound", Settings: []string{"AccessString", "NoPasswordRequired"},
		Show: func(_ *core.Call, r store.Resource) any {
			p := wire.Object(r.Properties)
			out := core.Renamed(p, "UserId", "UserName", "Engine", "AccessString")
			mode := core.Out{"Type": "password", "PasswordCount": len(p.List("Passwords")) + len(p.Object("AuthenticationMode").List("Passwords"))}
			switch {
			case p.Object("AuthenticationMode").String("Type") == "iam":
				mode = core.Out{"Type": "iam", "PasswordCount": 0}
			case shape.Bool(p["NoPasswordRequired"]), p.Object("AuthenticationMode").String("Type") == "no-password-required":
				mode = core.Out{"Type": "no-password", "PasswordCount": 0}
			}
			out["Authentication"], out["ARN"], out["Status"] = mode, r.Attributes["Arn"], "active"
			return out
		}}
}

func userGroupKind() core.Kind {
	return core.Kind{Type: UserGroupType, Name: core.NameRule{Property: "UserGroupId", Max: 40, Lower: true}, Ref: "{UserGroupId}", Attributes: arn("usergroup", "UserGroupId"),
		Replace: []string{"UserGroupId"}, Schema: core.Schema{Required: []string{"Engine", "UserIds"}}}
}

func userGroupListing() core.Listing {
	return core.Listing{Type: UserGroupType, ID: "UserGroupId", Member: "UserGroups", Missing: "UserGroupNotFound",
		Adjust: func(c *core.Call, patch map[string]any) {
			r, ok := c.Get(UserGroupType, c.In.String("UserGroupId"))
			if !ok {
				return
			}
			gone := map[string]bool{}
			for _, id := range c.In.Elements("UserIdsToRemove") {
				gone[wire.Text(id)] = true
			}
			ids := []any{}
			for _, id := range append(wire.Object(r.Properties).List("UserIds"), c.In.Elements("UserIdsToAdd")...) {
				if !gone[wire.Text(id)] {
					ids = append(ids, id)
				}
			}
			patch["UserIds"] = ids
		},
		Show: func(_ *core.Call, r store.Resource) any {
			out := core.Renamed(r.Properties, "UserGroupId", "Engine", "UserIds")
			out["ARN"], out["Status"] = r.Attributes["Arn"], "active"
			return out
		}}
}
