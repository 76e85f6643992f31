package preflight

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"golang.org/x/sync/errgroup"

	"github.com/lockstep-dr/lockstep/deploy"
)

const (
	// atOnce bounds the calls of one Region that wait for an answer.
	atOnce = 8
	// mostNamed is how many missing things an error names.
	mostNamed = 5
)

// check is the look at one Region.
type check struct {
	place   Place
	sources []Source
	calls   calls
}

// Check returns the look. The configuration must be for the Region.
func Check(cfg aws.Config, place Place, sources []Source) deploy.Check {
	return check{place, sources, newCalls(cfg)}
}

// Name implements deploy.Check.
func (c check) Name() string { return "what the templates need" }

// Check implements deploy.Check: everything is looked at, and all that is
// missing is named at once.
func (c check) Check(ctx context.Context) error {
	list := needs(c.place, c.sources)
	verdicts := make([]verdict, len(list))
	group, together := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, n := range list {
		group.Go(func() error {
			var err error
			if verdicts[i], err = lookers[n.kind].look(together, c.calls, n.name); err != nil {
				return fmt.Errorf("look at %s %s, which %s names, in %s: %w", n.kind, n.name, n.from, c.place.Region, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var missing []string
	for i, n := range list {
		if verdicts[i] != fine {
			missing = append(missing, fmt.Sprintf("%s %s, which %s names, %s", n.kind, n.name, n.from, verdicts[i]))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	more := ""
	if len(missing) > mostNamed {
		more = fmt.Sprintf("; and %d more", len(missing)-mostNamed)
		missing = missing[:mostNamed]
	}
	return &deploy.Error{Kind: deploy.Refused, Reason: c.place.Region + ": " + strings.Join(missing, "; ") + more, Hint: "bring it there first"}
}
