package collect

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	backuptypes "github.com/aws/aws-sdk-go-v2/service/backup/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	route53types "github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	s3controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// made is a resource that moto has, and what must be read of it.
type made struct {
	id       string
	resolved map[string]any
	want     map[string]any
}

// motoMakes makes one resource per type through its service's own API.
func motoMakes() map[string]func(context.Context, aws.Config) (made, error) {
	name := aws.String("data")
	return map[string]func(context.Context, aws.Config) (made, error){
		"AWS::RDS::DBParameterGroup": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := rds.NewFromConfig(c).CreateDBParameterGroup(ctx, &rds.CreateDBParameterGroupInput{DBParameterGroupName: name, DBParameterGroupFamily: aws.String("postgres16"), Description: name})
			return made{"data", nil, map[string]any{"Family": "postgres16", "Description": "data"}}, err
		},
		"AWS::RDS::DBInstance": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := rds.NewFromConfig(c).CreateDBInstance(ctx, &rds.CreateDBInstanceInput{DBInstanceIdentifier: name, DBInstanceClass: aws.String("db.r6g.large"), Engine: aws.String("postgres"),
				AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("app"), MasterUserPassword: aws.String("not-a-real-one")})
			return made{"data", nil, map[string]any{"DBInstanceClass": "db.r6g.large", "AllocatedStorage": "20", "Engine": "postgres"}}, err
		},
		"AWS::RDS::DBCluster": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := rds.NewFromConfig(c).CreateDBCluster(ctx, &rds.CreateDBClusterInput{DBClusterIdentifier: name, Engine: aws.String("aurora-postgresql"), MasterUsername: aws.String("app"),
				MasterUserPassword: aws.String("not-a-real-one"), DeletionProtection: aws.Bool(true)})
			return made{"data", nil, map[string]any{"Engine": "aurora-postgresql", "DeletionProtection": true}}, err
		},
		"AWS::ElastiCache::ReplicationGroup": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := elasticache.NewFromConfig(c).CreateReplicationGroup(ctx, &elasticache.CreateReplicationGroupInput{ReplicationGroupId: name, ReplicationGroupDescription: name,
				CacheNodeType: aws.String("cache.r7g.large"), Engine: aws.String("redis")})
			return made{"data", nil, map[string]any{"ReplicationGroupDescription": "data", "CacheNodeType": "cache.r7g.large"}}, err
		},
		"AWS::EFS::FileSystem": func(ctx context.Context, c aws.Config) (made, error) {
			out, err := efs.NewFromConfig(c).CreateFileSystem(ctx, &efs.CreateFileSystemInput{CreationToken: name, Encrypted: aws.Bool(true)})
			if err != nil {
				return made{}, err
			}
			return made{*out.FileSystemId, nil, map[string]any{"Encrypted": true}}, nil
		},
		"AWS::CertificateManager::Certificate": func(ctx context.Context, c aws.Config) (made, error) {
			out, err := acm.NewFromConfig(c).RequestCertificate(ctx, &acm.RequestCertificateInput{DomainName: aws.String("pay.example.com"), SubjectAlternativeNames: []string{"api.example.com"}, ValidationMethod: "DNS"})
			if err != nil {
				return made{}, err
			}
			return made{*out.CertificateArn, nil, map[string]any{"DomainName": "pay.example.com", "SubjectAlternativeNames": []any{"api.example.com"}, "KeyAlgorithm": "RSA_2048"}}, nil
		},
		"AWS::Route53::RecordSet": func(ctx context.Context, c aws.Config) (made, error) {
			api := route53.NewFromConfig(c)
			zone, err := api.CreateHostedZone(ctx, &route53.CreateHostedZoneInput{Name: aws.String("data.example.com"), CallerReference: name})
			if err != nil {
				return made{}, err
			}
			id := strings.TrimPrefix(*zone.HostedZone.Id, "/hostedzone/")
			_, err = api.ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{HostedZoneId: &id, ChangeBatch: &route53types.ChangeBatch{Changes: []route53types.Change{{Action: "CREATE",
				ResourceRecordSet: &route53types.ResourceRecordSet{Name: aws.String("api.data.example.com"), Type: "CNAME", TTL: aws.Int64(60), ResourceRecords: []route53types.ResourceRecord{{Value: aws.String("x.example.com")}}}}}}})
			return made{"api.data.example.com", map[string]any{"HostedZoneId": id, "Name": "api.data.example.com", "Type": "CNAME"},
				map[string]any{"TTL": "60", "ResourceRecords": []any{"x.example.com"}, "Name": "api.data.example.com"}}, err
		},
		"AWS::Route53::HealthCheck": func(ctx context.Context, c aws.Config) (made, error) {
			out, err := route53.NewFromConfig(c).CreateHealthCheck(ctx, &route53.CreateHealthCheckInput{CallerReference: name, HealthCheckConfig: &route53types.HealthCheckConfig{Type: "HTTPS",
				FullyQualifiedDomainName: aws.String("pay.example.com"), Port: aws.Int32(443)}})
			if err != nil {
				return made{}, err
			}
			return made{*out.HealthCheck.Id, nil, map[string]any{}}, nil
		},
		"AWS::S3::Bucket": func(ctx context.Context, c aws.Config) (made, error) {
			api := s3.NewFromConfig(c, session.PathStyle(c))
			_, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name})
			if err == nil {
				_, err = api.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: name, ACL: "public-read"})
			}
			return made{"data", nil, map[string]any{"AccessControl": "PublicRead"}}, err
		},
		"AWS::WAFv2::IPSet": func(ctx context.Context, c aws.Config) (made, error) {
			out, err := wafv2.NewFromConfig(c).CreateIPSet(ctx, &wafv2.CreateIPSetInput{Name: name, Scope: "REGIONAL", IPAddressVersion: "IPV4", Addresses: []string{"192.0.2.0/24"}})
			if err != nil {
				return made{}, err
			}
			return made{"data|" + *out.Summary.Id + "|REGIONAL", nil, map[string]any{"Addresses": []any{"192.0.2.0/24"}, "Scope": "REGIONAL"}}, nil
		},
		"AWS::Backup::BackupVault": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := backup.NewFromConfig(c).CreateBackupVault(ctx, &backup.CreateBackupVaultInput{BackupVaultName: name})
			return made{"data", nil, map[string]any{"BackupVaultName": "data"}}, err
		},
		"AWS::Backup::BackupPlan": func(ctx context.Context, c aws.Config) (made, error) {
			out, err := backup.NewFromConfig(c).CreateBackupPlan(ctx, &backup.CreateBackupPlanInput{BackupPlan: &backuptypes.BackupPlanInput{BackupPlanName: name,
				Rules: []backuptypes.BackupRuleInput{{RuleName: name, TargetBackupVaultName: name}}}})
			if err != nil {
				return made{}, err
			}
			return made{*out.BackupPlanId, nil, map[string]any{}}, nil
		},
		"AWS::OpenSearchService::Domain": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := opensearch.NewFromConfig(c).CreateDomain(ctx, &opensearch.CreateDomainInput{DomainName: name, EngineVersion: aws.String("OpenSearch_2.17")})
			return made{"data", nil, map[string]any{"DomainName": "data"}}, err
		},
		"AWS::IAM::User": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := iam.NewFromConfig(c).CreateUser(ctx, &iam.CreateUserInput{UserName: name, Path: aws.String("/robots/")})
			return made{"data", nil, map[string]any{"Path": "/robots/"}}, err
		},
		"AWS::IAM::Group": func(ctx context.Context, c aws.Config) (made, error) {
			_, err := iam.NewFromConfig(c).CreateGroup(ctx, &iam.CreateGroupInput{GroupName: name})
			return made{"data", nil, map[string]any{"GroupName": "data"}}, err
		},
		"AWS::IAM::OIDCProvider": func(ctx context.Context, c aws.Config) (made, error) {
			out, err := iam.NewFromConfig(c).CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{Url: aws.String("https://id.example.com"), ClientIDList: []string{"sts.amazonaws.com"},
				ThumbprintList: []string{"0123456789012345678901234567890123456789"}})
			if err != nil {
				return made{}, err
			}
			return made{*out.OpenIDConnectProviderArn, nil, map[string]any{"Url": "https://id.example.com", "ClientIdList": []any{"sts.amazonaws.com"}}}, nil
		},
		"AWS::Logs::MetricFilter": func(ctx context.Context, c aws.Config) (made, error) {
			api := cloudwatchlogs.NewFromConfig(c)
			if _, err := api.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name}); err != nil {
				return made{}, err
			}
			_, err := api.PutMetricFilter(ctx, &cloudwatchlogs.PutMetricFilterInput{LogGroupName: name, FilterName: name, FilterPattern: aws.String("ERROR"),
				MetricTransformations: []logstypes.MetricTransformation{{MetricName: name, MetricNamespace: name, MetricValue: aws.String("1")}}})
			return made{"data", map[string]any{"LogGroupName": "data", "FilterName": "data"}, map[string]any{"FilterPattern": "ERROR", "LogGroupName": "data"}}, err
		},
	}
}

// TestReadersOnMoto holds the readers against answers that nobody here wrote:
// whatever they ask for, the resource and its properties come out.
// An account's block is asked for at the endpoint that was given, the account in a header.
func TestTheBlockOfAnAccountOnMoto(t *testing.T) {
	w := newMotoWorld(t)
	s := w.sessions[0]
	block := &s3controltypes.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true)}
	if _, err := s3control.NewFromConfig(s.Config, session.HostAsGiven(s.Config)).PutPublicAccessBlock(t.Context(), &s3control.PutPublicAccessBlockInput{AccountId: &s.Account, PublicAccessBlockConfiguration: block}); err != nil {
		t.Fatal(err)
	}
	out, err := s3control.NewFromConfig(s.ReadOnly.Config(), s.ReadOnly.S3Control).GetPublicAccessBlock(t.Context(), &s3control.GetPublicAccessBlockInput{AccountId: &s.Account})
	if err != nil || !aws.ToBool(out.PublicAccessBlockConfiguration.BlockPublicAcls) || aws.ToBool(out.PublicAccessBlockConfiguration.BlockPublicPolicy) {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestReadersOnMoto(t *testing.T) {
	w := newMotoWorld(t)
	for typ, create := range motoMakes() {
		t.Run(strings.ReplaceAll(strings.TrimPrefix(typ, "AWS::"), "::", ""), func(t *testing.T) {
			m, err := create(t.Context(), w.sessions[0].Config)
			if err != nil {
				t.Fatalf("make it: %v", err)
			}
			item := inventory.Item{Key: "app/It", Type: typ, ID: m.id, Stack: "app", Resolved: m.resolved}
			o := w.options("app")
			result, err := read.Resources(t.Context(), read.NewClients(w.sessions[0].ReadOnly), read.Request{Region: "us-east-1", Account: w.sessions[0].Account, Items: []inventory.Item{item}, Sealer: o.Sealer})
			if err != nil || len(result.Resources) != 1 {
				t.Fatalf("%v, read %+v", err, result)
			}
			for _, g := range result.Gaps { // what moto does not simulate is a gap of its property
				nodeless := typ == "AWS::ElastiCache::ReplicationGroup" && g.Operation == "elasticache:DescribeCacheClusters" // moto makes a group without nodes
				if g.Reason != session.Unsupported && !nodeless || g.Property == "" && g.Fact == "" {
					t.Errorf("gap %+v", g)
				}
			}
			for property, want := range m.want {
				if have := result.Resources[0].Properties[property]; fmt.Sprint(have) != fmt.Sprint(want) {
					t.Errorf("%s is %v, want %v", property, have, want)
				}
			}
		})
	}
}
