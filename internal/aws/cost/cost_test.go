package cost

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func config(t *testing.T, region string, cloud *awssim.Cloud) aws.Config {
	t.Helper()
	return aws.Config{Region: region, HTTPClient: cloud.HTTPClient(), Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}
}

// queues makes queues, the first of them with the tag app=shop.
func queues(t *testing.T, cfg aws.Config, names ...string) {
	t.Helper()
	for i, name := range names {
		in := &sqs.CreateQueueInput{QueueName: &name}
		if i == 0 {
			in.Tags = map[string]string{"app": "shop"}
		}
		if _, err := sqs.NewFromConfig(cfg).CreateQueue(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheCostOfARegion(t *testing.T) {
	eleventh := time.Date(2026, 11, 11, 23, 0, 0, 0, time.UTC) // ten days are over; the simulator takes 0.10 USD for each and resource
	for _, c := range []struct {
		name      string
		at        time.Time
		tag       string
		faults    []awssim.Fault
		empty     bool
		east      string
		west      string
		uncertain string
	}{
		{name: "is what the days cost that are over", at: eleventh, east: "2.00", west: "1.00"},
		{name: "is that of what has the tag", at: eleventh, tag: "app=shop", east: "1.00", west: "1.00"},
		{name: "is not known where nothing has the tag", at: eleventh, tag: "app=other", uncertain: "has to be active as a cost allocation tag"},
		{name: "is not known where Cost Explorer lists nothing", at: eleventh, empty: true, uncertain: "no figure"},
		{name: "is not known on the first of a month", at: time.Date(2026, 11, 1, 5, 0, 0, 0, time.UTC), uncertain: "no day of it is over"},
		{name: "is not known where nobody may ask", at: eleventh, faults: []awssim.Fault{{Service: "ce", Operation: "GetCostAndUsage", Effect: fault.AccessDenied}},
			uncertain: "ce:GetCostAndUsage AccessDenied"},
		{name: "is not known where the answer is cut off", at: eleventh, faults: []awssim.Fault{{Service: "ce", Operation: "GetCostAndUsage", Effect: fault.Truncate}},
			uncertain: "ce:GetCostAndUsage"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud, err := awssim.New(awssim.Options{Faults: c.faults})
			if err != nil {
				t.Fatal(err)
			}
			if !c.empty {
				queues(t, config(t, "us-east-1", cloud), "orders", "refunds")
				queues(t, config(t, "us-west-2", cloud), "orders")
			}
			tag, err := ParseTag(c.tag)
			if err != nil {
				t.Fatal(err)
			}
			month := MonthToDate(t.Context(), config(t, "us-west-2", cloud), tag, c.at)
			for region, want := range map[string]string{"us-east-1": c.east, "us-west-2": c.west} {
				got, unknown := month.Of(region)
				if got.Value != want || (unknown == "") != (c.uncertain == "") || !strings.Contains(unknown, c.uncertain) {
					t.Errorf("%s: %+v, unknown %q", region, got, unknown)
				}
			}
		})
	}
}

func TestARegionThatIsNotListedCostNothing(t *testing.T) {
	cloud, err := awssim.New(awssim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	queues(t, config(t, "us-east-1", cloud), "orders")
	month := MonthToDate(t.Context(), config(t, "us-east-1", cloud), Tag{}, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	if got, unknown := month.Of("eu-west-1"); got != (Amount{"0.00", "USD"}) || unknown != "" {
		t.Errorf("%+v, unknown %q", got, unknown)
	}
}

func TestATagIsAKeyAndAValue(t *testing.T) {
	for _, wrong := range []string{"app", "=shop", "app="} {
		if _, err := ParseTag(wrong); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
	if tag, err := ParseTag("app=a=b"); err != nil || tag != (Tag{"app", "a=b"}) {
		t.Errorf("%+v, %v", tag, err)
	}
}
