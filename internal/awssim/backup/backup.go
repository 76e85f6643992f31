// Package backup simulates vaults, plans and selections of AWS Backup, and the recovery points that somebody asks for. It owns
// those AWS::Backup types. No plan ever runs, and a point holds no data: it says of what it is, from when, and in which vault.
package backup

import (
	"maps"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	VaultType     = "AWS::Backup::BackupVault"
	PlanType      = "AWS::Backup::BackupPlan"
	SelectionType = "AWS::Backup::BackupSelection"
)

// Service returns Backup.
func Service() core.Service {
	return core.Service{
		Name: "backup", Rest: wire.RestJSON,
		Operations: joined(map[string]core.Handler{
			"DescribeBackupVault": vault, "GetBackupVaultAccessPolicy": accessPolicy, "PutBackupVaultAccessPolicy": putAccessPolicy,
			"GetBackupVaultNotifications": notifications, "GetBackupPlan": plan, "UpdateBackupPlan": updatePlan, "GetBackupSelection": selection, "DeleteBackupSelection": deleteSelection, "ListTags": tags,
		}, recoveryOperations()),
		Routes: append([]wire.Route{
			{Operation: "DescribeBackupVault", Method: "GET", Path: "/backup-vaults/{BackupVaultName}"},
			{Operation: "GetBackupVaultAccessPolicy", Method: "GET", Path: "/backup-vaults/{BackupVaultName}/access-policy"},
			{Operation: "PutBackupVaultAccessPolicy", Method: "PUT", Path: "/backup-vaults/{BackupVaultName}/access-policy"},
			{Operation: "GetBackupVaultNotifications", Method: "GET", Path: "/backup-vaults/{BackupVaultName}/notification-configuration"},
			{Operation: "GetBackupPlan", Method: "GET", Path: "/backup/plans/{BackupPlanId}"},
			{Operation: "UpdateBackupPlan", Method: "POST", Path: "/backup/plans/{BackupPlanId}"},
			{Operation: "GetBackupSelection", Method: "GET", Path: "/backup/plans/{BackupPlanId}/selections/{SelectionId}"},
			{Operation: "DeleteBackupSelection", Method: "DELETE", Path: "/backup/plans/{BackupPlanId}/selections/{SelectionId}"},
			{Operation: "ListTags", Method: "GET", Path: "/tags/{ResourceArn}"},
		}, recoveryRoutes()...),
		Kinds: append([]core.Kind{
			{Type: VaultType, Name: core.NameRule{Property: "BackupVaultName", Max: 50}, Ref: "{BackupVaultName}", Replace: []string{"BackupVaultName", "EncryptionKeyArn"},
				Attributes: map[string]string{"BackupVaultArn": "arn:aws:backup:{Region}:{Account}:backup-vault:{BackupVaultName}"},
				Create: func(c *core.Change) error {
					r := c.Resource
					if r.Properties["EncryptionKeyArn"] == nil {
						r.Properties["EncryptionKeyArn"] = shape.ManagedKeyARN(r.Account, r.Region, "backup")
					}
					return take(r, "BackupVaultTags")
				}},
			{Type: PlanType, Identifier: []string{"BackupPlanId"}, Ref: "{BackupPlanId}", Schema: core.Schema{Required: []string{"BackupPlan"}},
				Attributes: map[string]string{"BackupPlanArn": "arn:aws:backup:{Region}:{Account}:backup-plan:{BackupPlanId}"},
				Create: func(c *core.Change) error {
					r := c.Resource
					r.Attributes["BackupPlanId"] = c.World.IDs.UUID(r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
					return take(r, "BackupPlanTags")
				}},
			{Type: SelectionType, Identifier: []string{"SelectionId", "BackupPlanId"}, Ref: "{SelectionId}_{BackupPlanId}", Replace: []string{"BackupPlanId", "BackupSelection"},
				Create: func(c *core.Change) error {
					r := c.Resource
					r.Attributes["SelectionId"] = c.World.IDs.UUID(r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
					return nil
				}},
		}, recoveryKinds()...),
	}
}

func joined(a, b map[string]core.Handler) map[string]core.Handler {
	maps.Copy(a, b)
	return a
}

// take moves tags that a type keeps as a map under a name of its own.
func take(r *store.Resource, property string) error {
	for k, v := range core.Tags(r.Properties[property]) {
		r.Tags[k] = v
	}
	return nil
}

func missing(format string, args ...any) error {
	return wire.Errorf(400, "ResourceNotFoundException", format, args...)
}

func findVault(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(VaultType, c.In.String("BackupVaultName")); ok {
		return r, nil
	}
	return store.Resource{}, missing("Backup vault %s could not be found.", c.In.String("BackupVaultName"))
}

func vault(c *core.Call) (any, error) {
	r, err := findVault(c)
	if err != nil {
		return nil, err
	}
	out := core.Renamed(r.Properties, "BackupVaultName", "EncryptionKeyArn")
	out["BackupVaultArn"], out["NumberOfRecoveryPoints"], out["CreationDate"] = r.Attributes["BackupVaultArn"], 0, r.Created
	if lock := wire.Object(r.Properties).Object("LockConfiguration"); lock != nil {
		out["Locked"], out["MinRetentionDays"], out["MaxRetentionDays"] = true, lock["MinRetentionDays"], lock["MaxRetentionDays"]
	}
	return out, nil
}

func accessPolicy(c *core.Call) (any, error) {
	r, err := findVault(c)
	if err != nil {
		return nil, err
	}
	if r.Properties["AccessPolicy"] == nil {
		return nil, missing("Backup vault %s has no access policy.", r.ID)
	}
	return core.Out{"BackupVaultName": r.ID, "BackupVaultArn": r.Attributes["BackupVaultArn"], "Policy": shape.Document(r.Properties["AccessPolicy"])}, nil
}

func putAccessPolicy(c *core.Call) (any, error) {
	doc, ok := shape.ParseDocument(c.In.String("Policy"))
	if !ok {
		return nil, wire.Errorf(400, "InvalidParameterValueException", "The policy is not valid.")
	}
	_, err := c.Update(VaultType, c.In.String("BackupVaultName"), map[string]any{"AccessPolicy": doc})
	return nil, err
}

func notifications(c *core.Call) (any, error) {
	r, err := findVault(c)
	if err != nil {
		return nil, err
	}
	n := wire.Object(r.Properties).Object("Notifications")
	if n == nil {
		return nil, missing("Backup vault %s has no notifications.", r.ID)
	}
	return core.Out{"BackupVaultName": r.ID, "BackupVaultEvents": n["BackupVaultEvents"], "SNSTopicArn": n["SNSTopicArn"]}, nil
}

func findPlan(c *core.Call) (store.Resource, error) {
	if r, ok := c.Get(PlanType, c.In.String("BackupPlanId")); ok {
		return r, nil
	}
	return store.Resource{}, missing("Cannot find Backup plan with ID %s", c.In.String("BackupPlanId"))
}

func plan(c *core.Call) (any, error) {
	r, err := findPlan(c)
	if err != nil {
		return nil, err
	}
	p := wire.Object(r.Properties).Object("BackupPlan")
	rules := []any{}
	for _, rule := range p.Objects("BackupPlanRule") {
		one := core.Renamed(rule, "RuleName", "TargetBackupVault:TargetBackupVaultName", "ScheduleExpression", "ScheduleExpressionTimezone", "Lifecycle",
			"RecoveryPointTags", "CopyActions", "EnableContinuousBackup", "StartWindowMinutes", "CompletionWindowMinutes")
		one["RuleId"] = shape.ManagedKeyID(r.ID, r.Region, rule.String("RuleName"))
		for name, def := range map[string]any{"StartWindowMinutes": 480, "CompletionWindowMinutes": 10080, "ScheduleExpression": "cron(0 5 ? * * *)",
			"ScheduleExpressionTimezone": "Etc/UTC", "EnableContinuousBackup": false} {
			if one[name] == nil {
				one[name] = def
			}
		}
		rules = append(rules, one)
	}
	return core.Out{"BackupPlanId": r.ID, "BackupPlanArn": r.Attributes["BackupPlanArn"], "VersionId": wire.Text(r.Revision), "CreationDate": r.Created,
		"BackupPlan": core.Out{"BackupPlanName": p["BackupPlanName"], "Rules": rules, "AdvancedBackupSettings": p["AdvancedBackupSettings"]}}, nil
}

func updatePlan(c *core.Call) (any, error) {
	r, err := findPlan(c)
	if err != nil {
		return nil, err
	}
	given := c.In.Object("BackupPlan")
	rules := []any{}
	for _, rule := range given.Objects("Rules") {
		one := core.Renamed(wire.AsObject(shape.Plain(rule)), "RuleName", "TargetBackupVaultName:TargetBackupVault", "ScheduleExpression", "ScheduleExpressionTimezone", "Lifecycle",
			"RecoveryPointTags", "CopyActions", "EnableContinuousBackup", "StartWindowMinutes", "CompletionWindowMinutes")
		rules = append(rules, map[string]any(one))
	}
	if _, err = c.Update(PlanType, r.ID, map[string]any{"BackupPlan": map[string]any{"BackupPlanName": given.String("BackupPlanName"), "BackupPlanRule": rules}}); err != nil {
		return nil, err
	}
	return core.Out{"BackupPlanId": r.ID, "BackupPlanArn": r.Attributes["BackupPlanArn"]}, nil
}

func deleteSelection(c *core.Call) (any, error) {
	id := c.In.String("SelectionId") + "|" + c.In.String("BackupPlanId")
	if _, ok := c.Get(SelectionType, id); !ok {
		return nil, missing("Cannot find selection with ID %s", c.In.String("SelectionId"))
	}
	return nil, c.Delete(SelectionType, id)
}

func selection(c *core.Call) (any, error) {
	r, ok := c.Get(SelectionType, c.In.String("SelectionId")+"|"+c.In.String("BackupPlanId"))
	if !ok {
		return nil, missing("Cannot find selection with ID %s", c.In.String("SelectionId"))
	}
	return core.Out{"BackupPlanId": r.Properties["BackupPlanId"], "SelectionId": r.Attributes["SelectionId"], "BackupSelection": r.Properties["BackupSelection"],
		"CreationDate": r.Created}, nil
}

func tags(c *core.Call) (any, error) {
	arn := c.In.String("ResourceArn")
	for _, typ := range []string{VaultType, PlanType} {
		for _, r := range c.List(typ) {
			if arn == wire.Text(r.Attributes["BackupVaultArn"]) || arn == wire.Text(r.Attributes["BackupPlanArn"]) {
				own := map[string]any{}
				for k, v := range r.Tags {
					if !strings.HasPrefix(k, "aws:") {
						own[k] = v
					}
				}
				return core.Out{"Tags": own}, nil
			}
		}
	}
	return nil, missing("Resource %s does not exist.", arn)
}
