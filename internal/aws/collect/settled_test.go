package collect

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// during calls something as soon as a service of a Region is asked.
type during struct {
	aws.HTTPClient
	scope string // Region and service as a signature says them
	once  *sync.Once
	call  func()
}

func (d during) Do(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.Header.Get("Authorization"), d.scope) {
		d.once.Do(d.call)
	}
	return d.HTTPClient.Do(r)
}

// A deploy that begins while a Region is read leaves half of two releases in what
// was read: nothing of that stack is compared, and the report says why.
func TestAStackThatIsUpdatedWhileItIsReadIsNotCompared(t *testing.T) {
	queue := []byte(`Resources: {Queue: {Type: "AWS::SQS::Queue", Properties: {DelaySeconds: 1}}}`)
	for name, passed := range map[string]time.Duration{"the update goes on": 0, "the update ended before the reading did": time.Hour} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for _, s := range w.sessions {
				w.deploy(s.Config, "shop", queue, nil)
			}
			o := w.options("shop")
			o.Session.HTTPClient = during{o.Session.HTTPClient, "us-west-2/sqs", &sync.Once{}, func() {
				changed := strings.Replace(string(queue), "DelaySeconds: 1", "DelaySeconds: 2", 1)
				if _, err := cloudformation.NewFromConfig(w.sessions[1].Config).UpdateStack(t.Context(),
					&cloudformation.UpdateStackInput{StackName: aws.String("shop"), TemplateBody: &changed}); err != nil {
					t.Error(err)
				}
				w.clock.Advance(passed)
			}}
			c := compare(w, w.snapshots(o))
			if len(c.Findings) != 0 || c.Coverage.Compared != 0 || c.Coverage.NotCompared != 1 {
				t.Errorf("half an update was compared: %+v, %+v", c.Coverage, c.Findings)
			}
			if len(c.Gaps) != 1 || c.Gaps[0].Reason != inventory.InProgress || c.Gaps[0].Resource != "shop" || c.Gaps[0].Region != "us-west-2" {
				t.Errorf("gaps %+v", c.Gaps)
			}
			o.Session = w.sessionOptions()
			w.clock.Advance(time.Hour)
			if c := compare(w, w.snapshots(o)); len(c.Gaps) != 0 || len(c.Findings) != 1 {
				t.Errorf("when it has settled: gaps %+v, findings %+v", c.Gaps, c.Findings)
			}
		})
	}
}
