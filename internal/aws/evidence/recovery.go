package evidence

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

// recoverableARNs are the types whose recovery points in another Region can be
// found, with the ARN by which AWS Backup knows them. Source: AWS Backup
// developer guide, Feature availability by resource; Service Authorization Reference.
var recoverableARNs = map[string]string{
	tableType:                 "dynamodb:{Region}:{Account}:table/{ID}",
	globalTableType:           "dynamodb:{Region}:{Account}:table/{ID}",
	instanceType:              "rds:{Region}:{Account}:db:{ID}",
	clusterType:               "rds:{Region}:{Account}:cluster:{ID}",
	"AWS::DocDB::DBCluster":   "rds:{Region}:{Account}:cluster:{ID}",
	"AWS::Neptune::DBCluster": "rds:{Region}:{Account}:cluster:{ID}",
	"AWS::EFS::FileSystem":    "elasticfilesystem:{Region}:{Account}:file-system/{ID}",
	"AWS::FSx::FileSystem":    "fsx:{Region}:{Account}:file-system/{ID}",
	volumeType:                "ec2:{Region}:{Account}:volume/{ID}",
	machineType:               "ec2:{Region}:{Account}:instance/{ID}",
	bucketType:                "s3:::{ID}",
}

const volumeType = "AWS::EC2::Volume"

// clusterTypes are the types of clusters that RDS keeps snapshots of.
var clusterTypes = []string{clusterType, "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"}

// RecoveryActions are the IAM actions for the recovery points of the types,
// where the strategy recovers from them.
func RecoveryActions(d Declared, types []string) []string {
	if !d.recovers() || !slices.ContainsFunc(types, func(t string) bool { return recoverableARNs[t] != "" }) {
		return nil
	}
	actions := []string{"backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault", "backup:ListRestoreJobs", "kms:DescribeKey"}
	if slices.Contains(types, instanceType) {
		actions = append(actions, "rds:DescribeDBInstanceAutomatedBackups", "rds:DescribeDBSnapshots")
	}
	if uses(clusterTypes, types) {
		actions = append(actions, "rds:DescribeDBClusterSnapshots")
	}
	slices.Sort(actions)
	return actions
}

// recovers reports whether the strategy may bring data back from recovery points:
// the others have it live.
func (d Declared) recovers() bool {
	return d.EveryStrategy || len(d.Objectives.GeoPartitioned) > 0 || d.Strategy == topology.BackupRestore || d.Strategy == topology.PilotLight
}

// kept is how long ago the data of a recovery point may be, at most, to be asked for.
const kept = 35 * 24 * time.Hour

// since is the time before which recovery points are not asked for.
func (a *across) since() time.Time {
	return a.app.Now.Add(-max(kept, 2*a.app.Declared.Objectives.RPO))
}

// store is a resource of the primary that holds data, and what this Region has of it.
type store struct {
	*drift.Resource
	arn    string
	points []recoveryPoint
	// unread are the places that may have more of them and could not be read; a
	// gap says why of each.
	unread []string
}

// recoveryPoint is one recovery point of a store.
type recoveryPoint struct {
	from, status string
	complete     bool
	at           *time.Time // when the data was; nil: nobody says
	encrypted    bool
	// owned says that AWS named the key as its own; without that and without a key
	// nobody knows with which one it is encrypted.
	owned bool
	key   string
}

// recovery reads, in a Region that would take over, the recovery points that it
// has of the primary's stores, and whether they were restored.
func (a *across) recovery(ctx context.Context, region session.ReadOnly) {
	stores := a.stores()
	if len(stores) == 0 {
		return
	}
	config := region.Config()
	vaults := backup.NewFromConfig(config)
	a.vaults(ctx, vaults, stores)
	a.snapshots(ctx, rds.NewFromConfig(config), stores)
	a.keys(ctx, kms.NewFromConfig(config), a.recordPoints(stores))
	a.restores(ctx, vaults, stores)
}

// stores are those that this Region may have to recover: the primary's, or those
// that its peers keep for their own users.
func (a *across) stores() []*store {
	if a.own.Region.Role == topology.Primary || !a.app.Declared.recovers() {
		return nil
	}
	var stores []*store
	for _, s := range a.app.Snapshots {
		switch {
		case s.Region.Role == topology.Primary:
			stores = append(append(stores, storesIn(s)...), disksOf(s)...)
		case s != a.own && s.Region.Role == topology.Active:
			stores = append(stores, a.partitionsIn(s)...)
		}
	}
	return stores
}

func storesIn(s *drift.Snapshot) (stores []*store) {
	for i := range s.Resources {
		if r := &s.Resources[i]; recoverableARNs[r.Type] != "" {
			stores = append(stores, storeIn(s, r))
		}
	}
	return stores
}

// partitionsIn are the stores of a peer that are declared to be geo-partitioned.
func (a *across) partitionsIn(s *drift.Snapshot) []*store {
	stores := slices.DeleteFunc(append(storesIn(s), disksOf(s)...), func(one *store) bool { return !a.app.Declared.Objectives.Partitioned(one.owner()) })
	for _, one := range stores {
		of := *one.Resource
		of.Key = drift.PointsSubject(true, of.Key, s.Region.Name)
		one.Resource = &of
	}
	return stores
}

// owner is the key of the resource that has the data: of a disk its instance.
func (s *store) owner() string {
	key, _, _ := strings.Cut(s.Key, "#")
	return key
}

func storeIn(s *drift.Snapshot, r *drift.Resource) *store {
	fill := strings.NewReplacer("{Region}", s.Region.Name, "{Account}", s.Account, "{ID}", r.ID)
	return &store{Resource: r, arn: "arn:" + topology.Partition(s.Region.Name) + ":" + fill.Replace(recoverableARNs[r.Type])}
}

// disksOf are the volumes of a Region's instances, which may have recovery points
// of their own. Their keys are those of the instances, with the volume's id.
func disksOf(s *drift.Snapshot) (disks []*store) {
	for _, f := range factsOf(s.Facts, drift.FactInstanceState) {
		for _, disk := range list(object(f.Value)["Disks"]) {
			id := text(disk, "Id")
			disks = append(disks, storeIn(s, &drift.Resource{Key: f.Subject + "#" + id, Type: volumeType, ID: id}))
		}
	}
	return disks
}

// unreadable records that a place was not read which may have recovery points of
// the stores. What was found elsewhere counts all the same.
func (a *across) unreadable(stores []*store, place string, err error) {
	for _, s := range stores {
		s.unread = append(s.unread, place)
	}
	a.failed(drift.GapRecoveryPlace, place, "", err)
}

// recordPoints records what was found, and returns the keys that it is encrypted with.
func (a *across) recordPoints(stores []*store) (keys []string) {
	since := a.since()
	for _, s := range stores {
		points := []map[string]any{}
		for _, p := range telling(s.points) {
			one := map[string]any{"From": p.from, "Status": p.status, "Complete": p.complete, "Time": instant(p.at), "Encrypted": p.encrypted, "Owned": p.owned, "Key": nil}
			if p.key != "" {
				one["Key"] = p.key
				if p.complete {
					keys = append(keys, p.key)
				}
			}
			points = append(points, one)
		}
		a.fact(drift.FactRecoveryPoints, s.Key, map[string]any{"Points": points, "Since": instant(&since), "Unread": append([]string{}, s.unread...)})
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// telling are, of each place, the newest point, the newest complete one of each key,
// since a key may be disabled, and one of each key of which nobody knows when it was,
// since it may be the newest. Older ones prove nothing more.
func telling(points []recoveryPoint) []recoveryPoint {
	slices.SortStableFunc(points, func(a, b recoveryPoint) int {
		return cmp.Or(undatedFirst(a.at, b.at), compareTimes(b.at, a.at), cmp.Compare(a.from, b.from))
	})
	var tell []recoveryPoint
	type place struct {
		from, key                         string
		complete, encrypted, owned, dated bool
	}
	told, completed := map[place]bool{}, map[string]bool{}
	for _, p := range points {
		at := place{from: p.from, complete: p.complete, dated: p.at != nil}
		if p.complete {
			at.key, at.encrypted, at.owned = p.key, p.encrypted, p.owned
		}
		if told[at] || !p.complete && completed[p.from] {
			continue
		}
		told[at] = true
		completed[p.from] = completed[p.from] || p.complete && p.at != nil
		tell = append(tell, p)
	}
	return tell
}

// undatedFirst puts what nobody knows the time of before what has one.
func undatedFirst(a, b *time.Time) int {
	switch {
	case (a == nil) == (b == nil):
		return 0
	case a == nil:
		return -1
	}
	return 1
}

// compareTimes orders times; one that nobody knows comes first.
func compareTimes(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}
