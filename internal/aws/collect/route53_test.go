package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func TestRecordsAndHealthChecks(t *testing.T) {
	var zone string
	w := telltale(t, "route53", func(_ *world, cfg aws.Config) map[string]string {
		if zone != "" {
			return nil // a zone has no Region
		}
		out, err := route53.NewFromConfig(cfg).CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{Name: aws.String("example.com"), CallerReference: aws.String("1")})
		if err != nil {
			t.Fatal(err)
		}
		zone = (*out.HostedZone.Id)[len("/hostedzone/"):]
		return map[string]string{"Zone": zone}
	})
	snapshots := w.snapshots(w.options("app"))
	if status := factOf(t, snapshots[1], drift.FactHealthCheckStatus, "app/Check"); status["Success"] != 3.0 {
		t.Errorf("status %v", status)
	}
	check := resource(t, snapshots[1], "app/Check").ID
	change := func(record types.ResourceRecordSet) func(aws.Config, string) error {
		return func(cfg aws.Config, _ string) error {
			_, err := route53.NewFromConfig(cfg).ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{HostedZoneId: &zone,
				ChangeBatch: &types.ChangeBatch{Changes: []types.Change{{Action: "UPSERT", ResourceRecordSet: &record}}}})
			return err
		}
	}
	w.shows(
		edit{"Regional", "ResourceRecords", change(types.ResourceRecordSet{Name: aws.String("api.us-west-2.example.com"), Type: "CNAME", TTL: aws.Int64(60),
			ResourceRecords: []types.ResourceRecord{{Value: aws.String("elsewhere.example.com")}}})},
		edit{"Failover", "AliasTarget", change(types.ResourceRecordSet{Name: aws.String("*.pay.example.com"), Type: "A", SetIdentifier: aws.String("standby"), Weight: aws.Int64(100), HealthCheckId: aws.String(check),
			AliasTarget: &types.AliasTarget{DNSName: aws.String("dualstack.lb-1.us-west-2.elb.amazonaws.com"), HostedZoneId: aws.String("Z35SXDOTRQ7X7K")}})},
		edit{"Check", "HealthCheckConfig", func(cfg aws.Config, id string) error {
			_, err := route53.NewFromConfig(cfg).UpdateHealthCheck(t.Context(), &route53.UpdateHealthCheckInput{HealthCheckId: &id, ResourcePath: aws.String("/")})
			return err
		}},
	)
	w.fail(awssim.Fault{Service: "route53", Operation: "ListResourceRecordSets", Effect: fault.AccessDenied})
	for _, s := range w.snapshots(w.options("app")) {
		if len(s.Gaps) != 3 {
			t.Errorf("%s: gaps %+v", s.Region.Name, s.Gaps)
		}
	}
}
