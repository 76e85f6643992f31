package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	faults "github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/report"
)

// noMatter are the calls without which a verdict can still be given: tags
// decide no takeover, a log group makes itself, a deployment of an API has
// nothing that its methods and its stage do not say, and the rules about the
// throttle of APIs and about requests for quotas only warn (QTA-05, QTA-06). They
// are gaps all the same.
var noMatter = []string{
	"apigateway GetAccount", "servicequotas ListRequestedServiceQuotaChangeHistory",
	"apigateway GetDeployment", "dynamodb ListTagsOfResource", "kms ListResourceTags", "logs DescribeLogGroups", "logs ListTagsForResource",
	"s3 GetBucketTagging", "sns ListTagsForResource", "sqs ListQueueTags",
}

// factCalls tell facts alone, which the gate needs and the comparison does not.
var factCalls = []string{"apigateway GetAccount", "lambda GetAccountSettings", "monitoring GetMetricData", "s3 HeadObject", "sns ListSubscriptionsByTopic"}

// factServices tell facts alone, as factCalls do: a rule of the gate waits for the quotas.
var factServices = []string{"servicequotas"}

// headerCalls are answered by the header alone: HEAD has no body on any day, and
// "not configured" is an error that Lambda names there.
var headerCalls = []call{{"", "s3", "HeadObject"}, {"", "lambda", "GetProvisionedConcurrencyConfig"}}

// call is an operation in a Region; an empty text stands for all of them.
type call struct{ region, service, operation string }

// badDay is one way in which calls fail.
type badDay struct {
	effect string
	call
}

func (d badDay) String() string {
	return strings.Join(strings.Fields(d.effect+" "+d.service+" "+d.operation+" "+d.region), " ")
}

// TestWhatCannotBeReadIsNeitherDriftNorReady lets every call that a scan makes
// fail, in either Region and in all, in every way a call can fail. The Regions
// are equal, so every finding would be a false alarm, and every "no drift" or
// "ready" a guess.
func TestWhatCannotBeReadIsNeitherDriftNorReady(t *testing.T) {
	r := newRig(t)
	before := len(r.cloud.Calls())
	r.scan()
	calls := map[call]bool{}
	for _, c := range r.cloud.Calls()[before:] {
		calls[call{c.Region, c.Service, c.Operation}] = true
	}
	code, whole := r.judge("drift")
	if verdict, _ := r.judge("gate"); code != exitOK || verdict != exitOK || whole.Coverage.Compared < 30 || len(calls) < 100 {
		t.Fatalf("before any fault: drift %d, gate %d, %+v, %d calls", code, verdict, whole.Coverage, len(calls))
	}
	for i, day := range badDays(calls) {
		if raced && i%4 != 0 {
			continue // data races show in some days as in all; what is answered is tested without the detector
		}
		r.suffer(day, whole)
	}
}

// badDays are the days to live through: every call denied, every call answered
// with nothing in all Regions at once, and every service of the standby failing
// in all other ways.
func badDays(calls map[call]bool) []badDay {
	days := map[badDay]bool{}
	for c := range calls {
		days[badDay{faults.AccessDenied, c}] = true
		days[badDay{faults.Empty, call{"", c.service, c.operation}}] = true
		if c.region == "us-west-2" {
			for _, effect := range []string{faults.Throttle, faults.Error, faults.Truncate, faults.Reset} {
				days[badDay{effect, call{c.region, c.service, ""}}] = true
			}
		}
	}
	for _, told := range headerCalls {
		delete(days, badDay{faults.Empty, told})
	}
	return slices.SortedFunc(maps.Keys(days), func(a, b badDay) int { return strings.Compare(a.String(), b.String()) })
}

func (r *rig) suffer(day badDay, whole report.Report) {
	r.Helper()
	id, err := r.cloud.Fail(awssim.Fault{Effect: day.effect, Region: day.region, Service: day.service, Operation: day.operation})
	r.check(err)
	r.scan()
	r.cloud.Heal(id)
	operation := day.service + " " + day.operation

	code, compared := r.judge("drift")
	if len(compared.Findings) > 0 {
		r.Errorf("%s: a false alarm: %s %s", day, compared.Findings[0].Severity, compared.Findings[0].Message)
	}
	switch full := compared.Coverage.Compared == whole.Coverage.Compared && compared.Coverage.NotCompared == 0; {
	case code == exitUndetermined:
	case code != exitOK || !slices.Contains(factCalls, operation) && !slices.Contains(factServices, day.service) || !full || len(compared.Gaps) == 0:
		r.Errorf("%s: drift exits %d, %+v, %d gaps", day, code, compared.Coverage, len(compared.Gaps))
	}

	code, judged := r.judge("gate")
	want := exitUndetermined
	if slices.Contains(noMatter, operation) || day.service == "logs" {
		want = exitOK
	}
	if code != want || len(judged.Gaps) == 0 {
		r.Errorf("%s: gate exits %d, want %d; %s, %d gaps", day, code, want, judged.Verdict, len(judged.Gaps))
	}
	if day.effect == faults.AccessDenied {
		r.checkDenial(day, judged)
	}
}

// deniedAction is how the simulator, like AWS, names what is not allowed.
var deniedAction = regexp.MustCompile(`not authorized to perform: (\S+)`)

// checkDenial holds the report to naming the missing permission, in the Region
// where it is missing and nowhere else.
func (r *rig) checkDenial(day badDay, judged report.Report) {
	r.Helper()
	named := false
	for _, gap := range judged.Gaps {
		m := deniedAction.FindStringSubmatch(gap.Message)
		if day.operation == "HeadObject" { // the answer to HEAD has no words
			m = []string{"", "s3:GetObject"}
		}
		named = named || m != nil && gap.Operation == m[1] && gap.Region == day.region
		if gap.Region != day.region && gap.Reason == "AccessDenied" {
			r.Errorf("%s: a permission is said to be missing in %s: %+v", day, gap.Region, gap)
		}
	}
	if !named {
		r.Errorf("%s: no gap names the missing permission: %+v", day, judged.Gaps)
	}
	var text strings.Builder
	r.check(report.Text(&text, judged, report.TextOptions{Width: 80}))
	for _, gap := range judged.Gaps {
		if !strings.Contains(text.String(), gap.Operation) {
			r.Errorf("%s: the text of the report does not say %s", day, gap.Operation)
		}
	}
}
