package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	rdstypes "github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestDatabases(t *testing.T) {
	w := telltale(t, "rds")
	ctx := t.Context()
	state := factOf(t, w.snapshots(w.options("app"))[0], drift.FactDBInstanceState, "app/Orders")
	if state["DBInstanceStatus"] != "available" {
		t.Errorf("state %v", state)
	}
	w.shows(
		edit{"Orders", "DBInstanceClass", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyDBInstance(ctx, &rds.ModifyDBInstanceInput{DBInstanceIdentifier: &id, DBInstanceClass: aws.String("db.t4g.medium")})
			return err
		}},
		edit{"Orders", "VPCSecurityGroups", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyDBInstance(ctx, &rds.ModifyDBInstanceInput{DBInstanceIdentifier: &id, VpcSecurityGroupIds: []string{"sg-0123456789abcdef0"}})
			return err
		}},
		edit{"Tuning", "Parameters", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyDBParameterGroup(ctx, &rds.ModifyDBParameterGroupInput{DBParameterGroupName: &id,
				Parameters: []rdstypes.Parameter{{ParameterName: aws.String("max_connections"), ParameterValue: aws.String("50"), ApplyMethod: "immediate"}}})
			return err
		}},
		edit{"Cluster", "ServerlessV2ScalingConfiguration", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyDBCluster(ctx, &rds.ModifyDBClusterInput{DBClusterIdentifier: &id,
				ServerlessV2ScalingConfiguration: &rdstypes.ServerlessV2ScalingConfiguration{MinCapacity: aws.Float64(0.5), MaxCapacity: aws.Float64(2)}})
			return err
		}},
		edit{"Proxy", "RequireTLS", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyDBProxy(ctx, &rds.ModifyDBProxyInput{DBProxyName: &id, RequireTLS: aws.Bool(false)})
			return err
		}},
		edit{"Options", "OptionConfigurations", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyOptionGroup(ctx, &rds.ModifyOptionGroupInput{OptionGroupName: &id, OptionsToRemove: []string{"MARIADB_AUDIT_PLUGIN"}})
			return err
		}},
		edit{"Events", "Enabled", func(cfg aws.Config, id string) error {
			_, err := rds.NewFromConfig(cfg).ModifyEventSubscription(ctx, &rds.ModifyEventSubscriptionInput{SubscriptionName: &id, Enabled: aws.Bool(false)})
			return err
		}},
	)
}
