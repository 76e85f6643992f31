package target

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
)

// claiming is a CloudFormation whose stack claims a status from a moment on.
type claiming struct {
	stackAPI
	status types.StackStatus
	on     atomic.Bool
	// late: from the execution on; otherwise, until then.
	late bool
}

func (c *claiming) DescribeStacks(ctx context.Context, in *cloudformation.DescribeStacksInput, o ...func(*cfn)) (*cloudformation.DescribeStacksOutput, error) {
	out, err := c.stackAPI.DescribeStacks(ctx, in, o...)
	if err != nil || !c.on.Load() {
		return out, err
	}
	if c.status == missing {
		return &cloudformation.DescribeStacksOutput{}, nil
	}
	for i := range out.Stacks {
		out.Stacks[i].StackStatus = c.status
	}
	return out, nil
}

func (c *claiming) ExecuteChangeSet(ctx context.Context, in *cloudformation.ExecuteChangeSetInput, o ...func(*cfn)) (*cloudformation.ExecuteChangeSetOutput, error) {
	out, err := c.stackAPI.ExecuteChangeSet(ctx, in, o...)
	c.on.Store(c.late)
	return out, err
}

// TestEveryStatusInEitherRegionNeverLooksLikeASuccess lets the stack of one
// Region claim each status, before the deploy and while it runs, and holds the
// outcome of both Regions against the table.
func TestEveryStatusInEitherRegionNeverLooksLikeASuccess(t *testing.T) {
	regions := []string{"us-east-1", "us-west-2"}
	outcomes := map[deploy.Outcome]int{}
	for status := range cells {
		for _, bad := range regions {
			for _, late := range []bool{false, true} {
				res, changed := deployClaiming(t, regions, bad, status, late)
				outcomes[res.Outcome]++
				row := meaning(status)
				fine := row.Before == planUpdate
				if late {
					fine = row.While == succeeded
				}
				if success := res.Outcome == deploy.Done || res.Outcome == deploy.NoChange; success != fine {
					t.Errorf("%s in %s, late %v: %s (%s)", status, bad, late, res.Outcome, res.Reason)
				}
				if !late && !fine && changed {
					t.Errorf("%s in %s: refused, but a Region was touched: %s (%s)", status, bad, res.Outcome, res.Reason)
				}
				if res.Outcome != deploy.Done && res.Reason == "" {
					t.Errorf("%s in %s, late %v: nobody is told why", status, bad, late)
				}
			}
		}
	}
	t.Log(outcomes)
}

// deployClaiming deploys an update and reports whether any stack was changed.
func deployClaiming(t *testing.T, regions []string, bad string, status types.StackStatus, late bool) (deploy.Result, bool) {
	t.Helper()
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req := deploy.Request{App: "shop", Release: deploy.Release{ID: "r-2"}, Deployment: "d-2", Owner: deploy.Owner{ID: "me"}, OnCancel: deploy.DetachOnCancel}
	var mu sync.Mutex
	executed := false
	for _, region := range regions {
		build := func(opts Options, size, deployment string) *CloudFormation {
			target, err := NewStack(r.config(region), Stack{App: "shop", Release: "r-2", Deployment: deployment, Key: "app", Name: "shop", Region: region,
				Template: []byte(withSecret), Parameters: map[string]Parameter{"Size": {Literal: size}, "Token": {Literal: "hush"}}}, opts)
			if err != nil {
				t.Fatal(err)
			}
			return target
		}
		r.deployed(build(r.options(), "one", "d-1"))
		opts, sleeps := r.options(), 0
		sleep := opts.Sleep
		opts.Sleep = func(ctx context.Context, d time.Duration) error {
			if sleeps++; sleeps > 150 && region == bad { // it waits for ever
				cancel()
			}
			return sleep(ctx, d)
		}
		target := build(opts, "two", "d-2")
		if region == bad {
			claim := &claiming{stackAPI: target.stacks, status: status, late: late}
			claim.on.Store(!late)
			target.stacks = claim
		}
		target.stacks = &watching{target.stacks, func() { mu.Lock(); executed = true; mu.Unlock() }}
		req.Regions = append(req.Regions, deploy.Region{Name: region, Role: "standby", Targets: []deploy.Target{target},
			Ledger: ledger.New(r.config(region), "shop", region, ledger.Options{Now: r.clock.Now, Sleep: func(context.Context, time.Duration) error { return nil }})})
	}
	res, err := deploy.Run(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return res, executed
}

// watching tells of every execution.
type watching struct {
	stackAPI
	tell func()
}

func (w *watching) ExecuteChangeSet(ctx context.Context, in *cloudformation.ExecuteChangeSetInput, o ...func(*cfn)) (*cloudformation.ExecuteChangeSetOutput, error) {
	w.tell()
	return w.stackAPI.ExecuteChangeSet(ctx, in, o...)
}

func (w *watching) CreateStack(context.Context, *cloudformation.CreateStackInput, ...func(*cfn)) (*cloudformation.CreateStackOutput, error) {
	w.tell()
	return nil, errors.New("nobody creates a stack here")
}
