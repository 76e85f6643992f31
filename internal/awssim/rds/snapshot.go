package rds

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of what can be restored. They have the members of the API and hold no data.
const (
	SnapshotType        = "sim::RDS::DBSnapshot"
	ClusterSnapshotType = "sim::RDS::DBClusterSnapshot"
	AutomatedType       = "sim::RDS::DBInstanceAutomatedBackup"
)

func snapshotKinds() []core.Kind {
	return []core.Kind{{Type: SnapshotType, Identifier: []string{"DBSnapshotIdentifier"}}, {Type: ClusterSnapshotType, Identifier: []string{"DBClusterSnapshotIdentifier"}},
		{Type: AutomatedType, Identifier: []string{"DBInstanceArn"}}}
}

// snapshotted is how a service speaks of the snapshots of one type of database.
type snapshotted struct {
	of, typ string // types of the database and of the snapshot
	word    string // in the ARN of a snapshot
	name    string // member of the snapshot's name
	owner   string // member of the database's name
	source  string // member of a copy with the ARN it was copied from
	one     string // of answers with one, and with an "s" of those with all
	shown   []string
}

var snapshotTypes = []snapshotted{
	{of: InstanceType, typ: SnapshotType, word: "snapshot", name: "DBSnapshotIdentifier", owner: "DBInstanceIdentifier", source: "SourceDBSnapshotIdentifier",
		one: "DBSnapshot", shown: []string{"Encrypted", "OriginalSnapshotCreateTime"}},
	{of: ClusterType, typ: ClusterSnapshotType, word: "cluster-snapshot", name: "DBClusterSnapshotIdentifier", owner: "DBClusterIdentifier",
		source: "SourceDBClusterSnapshotArn", one: "DBClusterSnapshot", shown: []string{"StorageEncrypted"}},
}

func snapshotOperations() map[string]core.Handler {
	operations := map[string]core.Handler{"StartDBInstanceAutomatedBackupsReplication": replicateBackups, "DescribeDBInstanceAutomatedBackups": automatedBackups}
	for _, s := range snapshotTypes {
		operations["Create"+s.one], operations["Copy"+s.one], operations["Describe"+s.one+"s"] = s.create, s.copy, s.listing().List
	}
	return operations
}

func (s snapshotted) arn(scope store.Scope, name string) string {
	return "arn:aws:rds:" + scope.Region + ":" + scope.Account + ":" + s.word + ":" + name
}

func (s snapshotted) listing() core.Listing {
	return core.Listing{Type: s.typ, ID: s.name, Member: s.one + "s", Missing: s.one + "NotFoundFault", Show: s.show}
}

func (s snapshotted) show(_ *core.Call, r store.Resource) any {
	out := core.Renamed(r.Properties, append([]string{s.name, s.owner, s.source, "Status", "KmsKeyId", "SnapshotCreateTime"}, s.shown...)...)
	for _, member := range []string{"SnapshotCreateTime", "OriginalSnapshotCreateTime"} {
		if at, err := time.Parse(time.RFC3339, wire.Text(out[member])); err == nil {
			out[member] = at
		}
	}
	out[s.one+"Arn"] = s.arn(r.Scope, r.ID)
	return out
}

func (s snapshotted) create(c *core.Call) (any, error) {
	database, ok := c.Get(s.of, strings.ToLower(c.In.String(s.owner)))
	if !ok {
		return nil, wire.Errorf(404, shape.Last(s.of, "::")+"NotFound", "%s not found.", c.In.String(s.owner))
	}
	now := c.Now().UTC().Format(time.RFC3339)
	encrypted := shape.Bool(database.Properties["StorageEncrypted"])
	r, err := c.Create(s.typ, map[string]any{s.name: c.In.String(s.name), s.owner: database.ID, "Status": "available", "KmsKeyId": database.Properties["KmsKeyId"],
		"Encrypted": encrypted, "StorageEncrypted": encrypted, "SnapshotCreateTime": now, "OriginalSnapshotCreateTime": now}, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{s.one: s.show(c, r)}, nil
}

// copy makes a snapshot of one that an ARN names, here or in another Region.
func (s snapshotted) copy(c *core.Call) (any, error) {
	from := c.In.String("Source" + s.one + "Identifier")
	arn, ok := shape.ParseARN(from)
	source, found := c.World.Store.Get(store.Scope{Account: arn.Account, Region: arn.Region}, s.typ, strings.TrimPrefix(arn.Resource, s.word+":"))
	if !ok || !found {
		return nil, wire.Errorf(404, s.one+"NotFoundFault", "%s not found.", from)
	}
	p := store.CloneMap(source.Properties)
	p[s.name], p[s.source], p["SnapshotCreateTime"] = c.In.String("Target"+s.one+"Identifier"), from, c.Now().UTC().Format(time.RFC3339)
	if key := c.In.String("KmsKeyId"); key != "" {
		p["KmsKeyId"] = key
	}
	r, err := c.Create(s.typ, p, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{s.one: s.show(c, r)}, nil
}

// replicateBackups lets the automated backups of another Region's instance arrive here.
func replicateBackups(c *core.Call) (any, error) {
	arn, ok := shape.ParseARN(c.In.String("SourceDBInstanceArn"))
	source, found := c.World.Store.Get(store.Scope{Account: arn.Account, Region: arn.Region}, InstanceType, strings.TrimPrefix(arn.Resource, "db:"))
	if !ok || !found {
		return nil, wire.Errorf(404, "DBInstanceNotFound", "%s not found.", c.In.String("SourceDBInstanceArn"))
	}
	p := map[string]any{"DBInstanceArn": c.In.String("SourceDBInstanceArn"), "DBInstanceIdentifier": source.ID, "Region": arn.Region, "Status": "replicating",
		"Encrypted": shape.Bool(source.Properties["StorageEncrypted"])}
	if key := c.In.String("KmsKeyId"); key != "" {
		p["KmsKeyId"] = key
	}
	r, err := c.Create(AutomatedType, p, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"DBInstanceAutomatedBackup": showAutomated(c, r)}, nil
}

// automatedBackups are those that arrive from other Regions and those of this Region's own instances.
func automatedBackups(c *core.Call) (any, error) {
	all := c.List(AutomatedType)
	for _, r := range c.List(InstanceType) {
		if days, _ := r.Properties["BackupRetentionPeriod"].(float64); days > 0 {
			own := store.CloneMap(r.Properties)
			own["DBInstanceArn"], own["Region"], own["Status"], own["Encrypted"] = r.Attributes["DBInstanceArn"], r.Region, "active", shape.Bool(own["StorageEncrypted"])
			r.Properties = own
			all = append(all, r)
		}
	}
	shown, next, err := core.Paginate(all, c.In.String("Marker"), c.In.Int("MaxRecords", 100))
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range shown {
		list = append(list, showAutomated(c, r))
	}
	return core.Out{"DBInstanceAutomatedBackups": list, "Marker": next}, nil
}

// showAutomated says that a database can be restored to five minutes ago, unless LatestTime says otherwise.
func showAutomated(c *core.Call, r store.Resource) core.Out {
	out := core.Renamed(r.Properties, "DBInstanceArn", "DBInstanceIdentifier", "Region", "Status", "Encrypted", "KmsKeyId")
	latest, err := time.Parse(time.RFC3339, wire.Text(r.Properties["LatestTime"]))
	if err != nil {
		latest = c.Now().Add(-5 * time.Minute)
	}
	if slices.Contains([]string{"active", "replicating", "retained"}, wire.Text(out["Status"])) {
		out["RestoreWindow"] = core.Out{"EarliestTime": r.Created, "LatestTime": latest}
	}
	return out
}
