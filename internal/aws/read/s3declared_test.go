package read

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// A bucket is asked for what few buckets have only where somebody set it.
func TestABucketsRarerConfigurationsAreReadWhereTheyAreDeclared(t *testing.T) {
	pages := 0
	answer := func(_, operation string, in any) (any, error) {
		switch operation {
		case "GetBucketVersioning":
			return &s3.GetBucketVersioningOutput{}, nil
		case "GetBucketNotificationConfiguration":
			return &s3.GetBucketNotificationConfigurationOutput{}, nil
		case "GetBucketLogging":
			return &s3.GetBucketLoggingOutput{}, nil
		case "GetBucketAcl":
			return &s3.GetBucketAclOutput{Owner: &types.Owner{}}, nil
		case "GetBucketRequestPayment":
			return &s3.GetBucketRequestPaymentOutput{Payer: "BucketOwner"}, nil
		case "GetBucketWebsite":
			return &s3.GetBucketWebsiteOutput{IndexDocument: &types.IndexDocument{Suffix: aws.String("i.html")}, ErrorDocument: &types.ErrorDocument{Key: aws.String("e.html")}}, nil
		case "GetBucketAccelerateConfiguration":
			return &s3.GetBucketAccelerateConfigurationOutput{Status: "Enabled"}, nil
		case "ListBucketMetricsConfigurations":
			pages++
			q := in.(*s3.ListBucketMetricsConfigurationsInput)
			if q.ContinuationToken == nil {
				return &s3.ListBucketMetricsConfigurationsOutput{IsTruncated: aws.Bool(true), NextContinuationToken: aws.String("2"),
					MetricsConfigurationList: []types.MetricsConfiguration{{Id: aws.String("a"), Filter: &types.MetricsFilterMemberPrefix{Value: "p/"}}}}, nil
			}
			return &s3.ListBucketMetricsConfigurationsOutput{MetricsConfigurationList: []types.MetricsConfiguration{{Id: aws.String("b")}}}, nil
		case "ListBucketInventoryConfigurations":
			return &s3.ListBucketInventoryConfigurationsOutput{IsTruncated: aws.Bool(true)}, nil
		case "ListBucketAnalyticsConfigurations":
			return nil, refusal("AccessDenied")
		}
		return nil, refusal("NoSuchTagSet")
	}
	plain, rich := sampleOf("AWS::S3::Bucket"), sampleOf("AWS::S3::Bucket")
	rich.Declared = map[string]any{"WebsiteConfiguration": 1, "AccelerateConfiguration": 1, "MetricsConfigurations": 1, "InventoryConfigurations": 1, "AnalyticsConfigurations": 1}
	if result := readAll(t, answer, request(plain)); len(result.Gaps) != 0 || one(t, result).Properties["WebsiteConfiguration"] != nil || pages != 0 {
		t.Errorf("a plain bucket: %+v, %d pages", result, pages)
	}
	result := readAll(t, answer, request(rich))
	have := one(t, result).Properties
	want := "map[ErrorDocument:e.html IndexDocument:i.html] map[AccelerationStatus:Enabled] [map[Id:a Prefix:p/] map[Id:b]]"
	if got := fmt.Sprint(have["WebsiteConfiguration"], have["AccelerateConfiguration"], have["MetricsConfigurations"]); got != want {
		t.Errorf("have %s, want %s", got, want)
	}
	if unread := append(result.gapsOf("InventoryConfigurations", ""), result.gapsOf("AnalyticsConfigurations", "")...); len(unread) != 2 || len(result.Gaps) != 2 || unread[1].Reason != session.AccessDenied {
		t.Errorf("gaps %+v", result.Gaps)
	}
}
