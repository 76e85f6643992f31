package target

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// every is how often an operation in which nothing happens is told of.
const every = 30 * time.Second

// tellWaiting says how long an operation has been under way and what it waits
// for, if nothing else was said about it for a while.
func (t *CloudFormation) tellWaiting(op *operation, stack types.Stack, news bool) {
	now := t.opts.Now()
	if news || op.told.IsZero() {
		op.told = now
		return
	}
	if now.Sub(op.told) < every {
		return
	}
	op.told = now
	t.report(op.phase, "", "waiting", fmt.Sprintf("%s so far, %s%s", now.Sub(op.started).Round(time.Second), stack.StackStatus, op.unfinished()))
}

// mostWaited is how many resources a line names.
const mostWaited = 3

// unfinished names the resources whose last event says that they are under way.
func (op *operation) unfinished() string {
	last := map[string]types.ResourceStatus{}
	for _, e := range op.events {
		if !isSelf(aws.ToString(e.PhysicalResourceId), aws.ToString(e.StackId)) {
			last[aws.ToString(e.LogicalResourceId)] = e.ResourceStatus
		}
	}
	var names []string
	for id, status := range last {
		if strings.HasSuffix(string(status), "_IN_PROGRESS") {
			names = append(names, id)
		}
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	more := ""
	if len(names) > mostWaited {
		more = fmt.Sprintf(" and %d more", len(names)-mostWaited)
		names = names[:mostWaited]
	}
	return ", for " + strings.Join(names, ", ") + more
}
