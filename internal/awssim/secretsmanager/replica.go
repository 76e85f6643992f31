package secretsmanager

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// The Regions a primary replicates to are its property ReplicaRegions; how each of them fares is Private["Replication"], by
// Region: Status and StatusMessage.

// replicate brings the replicas of a primary in line with it: new Regions get one, Regions no longer named lose theirs.
func replicate(w *core.World, r, before *store.Resource) error {
	wanted := wire.Object(r.Properties).Objects("ReplicaRegions")
	var now []string
	status := map[string]any{}
	for _, replica := range wanted {
		region := replica.String("Region")
		if region == r.Region {
			return wire.Errorf(400, "InvalidParameterException", "Invalid replica region: %s is the primary region of the secret.", region)
		}
		now = append(now, region)
		status[region] = follow(w, *r, region, replica)
		delete(replica, "Force") // it was for this call only
	}
	if before != nil {
		for _, replica := range wire.Object(before.Properties).Objects("ReplicaRegions") {
			if region := replica.String("Region"); !slices.Contains(now, region) {
				w.Store.Delete(store.Scope{Account: r.Account, Region: region}, Type, in(r.ID, region))
			}
		}
	}
	r.Private["Replication"] = status
	return nil
}

// in is the ARN of the replica in a Region.
func in(arn, region string) string {
	parts := strings.SplitN(arn, ":", 5)
	parts[3] = region
	return strings.Join(parts, ":")
}

// follow writes one replica and reports how that went.
func follow(w *core.World, primary store.Resource, region string, settings wire.Object) map[string]any {
	scope := store.Scope{Account: primary.Account, Region: region}
	name := wire.Text(primary.Properties["Name"])
	for _, id := range []string{name, "*"} {
		if f, ok := w.Store.Get(scope, FailureType, id); ok {
			return failed(wire.Object(f.Properties).Or("Message", "Replication failed."))
		}
	}
	other, taken := byName(w.Store.View(0), scope, name)
	if taken && other.ID != in(primary.ID, region) && !settings.Bool("Force") {
		return failed("Replication failed: Secret name " + name + " already exists in region " + region + ".")
	}
	if taken && other.ID != in(primary.ID, region) {
		w.Store.Delete(scope, Type, other.ID)
	}
	replica := store.Resource{
		Scope: scope, Type: Type, ID: in(primary.ID, region), Tags: maps.Clone(primary.Tags),
		Properties: map[string]any{"Name": name}, Attributes: map[string]any{"Id": in(primary.ID, region)},
		Private: map[string]any{"Primary": primary.Region, "Versions": primary.Private["Versions"], "LastChangedDate": primary.Private["LastChangedDate"]},
	}
	if d := primary.Properties["Description"]; d != nil {
		replica.Properties["Description"] = d
	}
	if key := settings.String("KmsKeyId"); key != "" {
		replica.Properties["KmsKeyId"] = key
	}
	w.Store.Put(replica)
	return map[string]any{"Status": "InSync", "StatusMessage": "Replication succeeded"}
}

func failed(message string) map[string]any {
	return map[string]any{"Status": "Failed", "StatusMessage": message}
}

// replicationStatus is the state of every replica, in order of the Regions.
func replicationStatus(r store.Resource) []any {
	out := []any{}
	state := wire.AsObject(r.Private["Replication"])
	for _, replica := range wire.Object(r.Properties).Objects("ReplicaRegions") {
		one := core.Out(maps.Clone(state.Object(replica.String("Region"))))
		if one == nil {
			one = core.Out{"Status": "InProgress"}
		}
		one["Region"], one["KmsKeyId"] = replica["Region"], replica.Or("KmsKeyId", "alias/aws/secretsmanager")
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b any) int {
		return strings.Compare(wire.AsObject(a).String("Region"), wire.AsObject(b).String("Region"))
	})
	return out
}

func dropReplicas(c *core.Change) error {
	if isReplica(*c.Resource) {
		return replicaRefuses()
	}
	for _, replica := range wire.Object(c.Resource.Properties).Objects("ReplicaRegions") {
		region := replica.String("Region")
		c.World.Store.Delete(store.Scope{Account: c.Resource.Account, Region: region}, Type, in(c.Resource.ID, region))
	}
	return nil
}

func replicateToRegions(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	regions := readReplicas(r, c.In, "AddReplicaRegions")
	return changeReplicas(c, r, regions)
}

// readReplicas adds the Regions of a request to those a secret has.
func readReplicas(r store.Resource, in wire.Object, member string) []any {
	have := wire.Object(r.Properties).List("ReplicaRegions")
	for _, add := range in.Objects(member) {
		have = slices.DeleteFunc(have, func(e any) bool { return wire.AsObject(e).String("Region") == add.String("Region") })
		one := map[string]any{"Region": add.String("Region")}
		if key := add.String("KmsKeyId"); key != "" {
			one["KmsKeyId"] = key
		}
		if in.Bool("ForceOverwriteReplicaSecret") {
			one["Force"] = true
		}
		have = append(have, one)
	}
	return have
}

func changeReplicas(c *core.Call, r store.Resource, regions []any) (any, error) {
	patch := map[string]any{"ReplicaRegions": nil}
	if len(regions) > 0 {
		patch["ReplicaRegions"] = regions
	}
	r, err := c.Update(Type, r.ID, patch)
	if err != nil {
		return nil, err
	}
	return core.Out{"ARN": r.ID, "ReplicationStatus": replicationStatus(r)}, nil
}

func removeRegions(c *core.Call) (any, error) {
	r, err := writable(c)
	if err != nil {
		return nil, err
	}
	gone := c.In.Strings("RemoveReplicaRegions")
	left := slices.DeleteFunc(wire.Object(r.Properties).List("ReplicaRegions"), func(e any) bool {
		return slices.Contains(gone, wire.AsObject(e).String("Region"))
	})
	return changeReplicas(c, r, left)
}

// stopReplication turns a replica into a secret of its own; its primary forgets it.
func stopReplication(c *core.Call) (any, error) {
	r, err := alive(c)
	if err != nil {
		return nil, err
	}
	if !isReplica(r) {
		return nil, invalidRequest("Operation only permitted on a replica secret.")
	}
	home := wire.Text(r.Private["Primary"])
	scope := store.Scope{Account: r.Account, Region: home}
	_, _, err = c.World.Store.Update(scope, Type, in(r.ID, home), func(p *store.Resource) error {
		p.Properties["ReplicaRegions"] = slices.DeleteFunc(wire.Object(p.Properties).List("ReplicaRegions"), func(e any) bool {
			return wire.AsObject(e).String("Region") == r.Region
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, _, err = c.World.Store.Update(r.Scope, Type, r.ID, func(r *store.Resource) error {
		delete(r.Private, "Primary")
		return nil
	})
	return core.Out{"ARN": r.ID}, err
}
