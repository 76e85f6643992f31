package backup

import (
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of what vaults hold and what was done with it. A point has the members of the API: BackupVaultName, ResourceArn,
// CreationDate, Status and EncryptionKeyArn.
const (
	PointType   = "sim::Backup::RecoveryPoint"
	RestoreType = "sim::Backup::RestoreJob"
)

// recoveryRoutes are the operations on recovery points. Jobs end as soon as they start.
func recoveryRoutes() []wire.Route {
	return []wire.Route{
		{Operation: "ListBackupVaults", Method: "GET", Path: "/backup-vaults"},
		{Operation: "ListRecoveryPointsByBackupVault", Method: "GET", Path: "/backup-vaults/{BackupVaultName}/recovery-points"},
		{Operation: "DeleteRecoveryPoint", Method: "DELETE", Path: "/backup-vaults/{BackupVaultName}/recovery-points/{RecoveryPointArn}"},
		{Operation: "StartBackupJob", Method: "PUT", Path: "/backup-jobs"},
		{Operation: "StartCopyJob", Method: "PUT", Path: "/copy-jobs"},
		{Operation: "StartRestoreJob", Method: "PUT", Path: "/restore-jobs"},
		{Operation: "ListRestoreJobs", Method: "GET", Path: "/restore-jobs"},
	}
}

func recoveryOperations() map[string]core.Handler {
	return map[string]core.Handler{"ListBackupVaults": vaults, "ListRecoveryPointsByBackupVault": points, "DeleteRecoveryPoint": deletePoint,
		"StartBackupJob": startBackup, "StartCopyJob": startCopy, "StartRestoreJob": startRestore, "ListRestoreJobs": restores}
}

func recoveryKinds() []core.Kind {
	return []core.Kind{{Type: PointType, Identifier: []string{"RecoveryPointArn"}}, {Type: RestoreType, Identifier: []string{"RestoreJobId"}}}
}

// page answers with a page of a list under a member's name.
func page(c *core.Call, member string, list []any) (any, error) {
	shown, next, err := core.Paginate(list, c.In.String("nextToken"), c.In.Int("maxResults", 1000))
	if err != nil {
		return nil, err
	}
	return core.Out{member: shown, "NextToken": next}, nil
}

func vaults(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(VaultType) {
		one := core.Renamed(r.Properties, "BackupVaultName", "EncryptionKeyArn")
		one["BackupVaultArn"], one["CreationDate"], one["NumberOfRecoveryPoints"] = r.Attributes["BackupVaultArn"], r.Created, len(pointsIn(c, r.ID))
		list = append(list, one)
	}
	return page(c, "BackupVaultList", list)
}

func pointsIn(c *core.Call, vault string) []store.Resource {
	var list []store.Resource
	for _, r := range c.List(PointType) {
		if wire.Text(r.Properties["BackupVaultName"]) == vault {
			list = append(list, r)
		}
	}
	return list
}

func points(c *core.Call) (any, error) {
	v, err := findVault(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, r := range pointsIn(c, v.ID) {
		arn := c.In.String("resourceArn")
		if created := moment(r.Properties["CreationDate"]); !after(c, created) || arn != "" && arn != wire.Text(r.Properties["ResourceArn"]) {
			continue
		}
		list = append(list, presentPoint(v, r))
	}
	return page(c, "RecoveryPoints", list)
}

func presentPoint(v, r store.Resource) core.Out {
	one := core.Renamed(r.Properties, "BackupVaultName", "RecoveryPointArn", "ResourceArn", "ResourceType", "Status", "StatusMessage", "EncryptionKeyArn", "IamRoleArn")
	one["BackupVaultArn"], one["IsEncrypted"], one["CreationDate"] = v.Attributes["BackupVaultArn"], one["EncryptionKeyArn"] != nil, moment(r.Properties["CreationDate"])
	return one
}

// moment is a time as it stands in properties, which hold it as text.
func moment(v any) time.Time {
	at, _ := time.Parse(time.RFC3339, wire.Text(v)) // the zero time is older than whatever is asked for
	return at
}

// after reports whether a time is not before the one that the request names.
func after(c *core.Call, at time.Time) bool {
	since := c.In.String("createdAfter")
	return since == "" || !at.Before(moment(since))
}

func deletePoint(c *core.Call) (any, error) {
	if _, ok := c.Get(PointType, c.In.String("RecoveryPointArn")); !ok {
		return nil, missing("Cannot find Recovery point.")
	}
	return nil, c.Delete(PointType, c.In.String("RecoveryPointArn"))
}

// startBackup makes a point of what an ARN names, whether it exists or not.
func startBackup(c *core.Call) (any, error) {
	v, err := findVault(c)
	if err != nil {
		return nil, err
	}
	point, err := keep(c, v, map[string]any{"ResourceArn": c.In.String("ResourceArn"), "CreationDate": c.Now().UTC().Format(time.RFC3339)})
	if err != nil {
		return nil, err
	}
	return core.Out{"BackupJobId": shape.ManagedKeyID(point.Account, point.Region, point.ID), "RecoveryPointArn": point.ID, "CreationDate": c.Now()}, nil
}

// startCopy makes a point of another Region of one of this: a copy keeps the date of its source, and has the key of its vault.
func startCopy(c *core.Call) (any, error) {
	source, ok := c.Get(PointType, c.In.String("RecoveryPointArn"))
	arn, named := shape.ParseARN(c.In.String("DestinationBackupVaultArn"))
	if !ok || !named {
		return nil, missing("Cannot find Recovery point or destination vault.")
	}
	v, ok := c.World.Store.Get(store.Scope{Account: arn.Account, Region: arn.Region}, VaultType, strings.TrimPrefix(arn.Resource, "backup-vault:"))
	if !ok {
		return nil, missing("Backup vault %s could not be found.", arn.Resource)
	}
	point, err := keep(c, v, shape.Pick(source.Properties, "ResourceArn", "CreationDate"))
	if err != nil {
		return nil, err
	}
	return core.Out{"CopyJobId": shape.ManagedKeyID(point.Account, point.Region, point.ID), "CreationDate": c.Now()}, nil
}

// keep puts a point into a vault of whatever Region.
func keep(c *core.Call, v store.Resource, properties map[string]any) (store.Resource, error) {
	nth := len(c.World.Store.List(v.Scope, PointType))
	properties["RecoveryPointArn"] = "arn:aws:backup:" + v.Region + ":" + v.Account + ":recovery-point:" +
		c.World.IDs.UUID(v.Account, v.Region, v.ID, wire.Text(properties["ResourceArn"]), wire.Text(nth), wire.Text(c.Now().UnixNano()))
	properties["BackupVaultName"], properties["EncryptionKeyArn"], properties["Status"] = v.ID, v.Properties["EncryptionKeyArn"], "COMPLETED"
	return c.World.Create(v.Scope, PointType, properties, core.Origin{})
}

// startRestore restores nothing, and notes that it did.
func startRestore(c *core.Call) (any, error) {
	point, ok := c.Get(PointType, c.In.String("RecoveryPointArn"))
	if !ok {
		return nil, missing("Cannot find Recovery point.")
	}
	id := c.World.IDs.UUID(point.Account, point.Region, point.ID, wire.Text(len(c.List(RestoreType))))
	job, err := c.Create(RestoreType, map[string]any{"RestoreJobId": id, "RecoveryPointArn": point.ID, "SourceResourceArn": point.Properties["ResourceArn"],
		"Status": "COMPLETED", "CreationDate": c.Now().UTC().Format(time.RFC3339)}, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"RestoreJobId": job.ID}, nil
}

func restores(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(RestoreType) {
		created := moment(r.Properties["CreationDate"])
		if !after(c, created) {
			continue
		}
		one := core.Renamed(r.Properties, "RestoreJobId", "RecoveryPointArn", "SourceResourceArn", "Status", "StatusMessage", "ValidationStatus")
		one["CreationDate"], one["CompletionDate"], one["AccountId"] = created, created, r.Account
		list = append(list, one)
	}
	return page(c, "RestoreJobs", list)
}
