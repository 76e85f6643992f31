package sqs

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func deleteQueue(c *core.Call) (any, error) {
	q, err := queue(c)
	if err != nil {
		return nil, err
	}
	return nil, c.Delete(Type, q.ID)
}

func getQueueURL(c *core.Call) (any, error) {
	scope := c.Scope
	if owner := c.In.String("QueueOwnerAWSAccountId"); owner != "" {
		scope.Account = owner
	}
	q, ok := find(c.Read(), scope, c.In.String("QueueName"))
	if !ok {
		return nil, nonExistent()
	}
	return core.Out{"QueueUrl": q.ID}, nil
}

func listQueues(c *core.Call) (any, error) {
	urls := []string{}
	for _, q := range c.List(Type) {
		if strings.HasPrefix(wire.Text(q.Properties["QueueName"]), c.In.String("QueueNamePrefix")) {
			urls = append(urls, q.ID)
		}
	}
	size := c.In.Int("MaxResults", 1000)
	page, next, err := core.Paginate(urls, c.In.String("NextToken"), size)
	if err != nil {
		return nil, err
	}
	if !c.In.Has("MaxResults") {
		next = nil // AWS returns a token only to callers that asked for pages
	}
	return core.Out{"QueueUrls": page, "NextToken": next}, nil
}

func showTags(_ *core.Call, tags map[string]string) (any, error) {
	if len(tags) == 0 {
		return core.Out{}, nil
	}
	out := wire.Map{}
	for k, v := range tags {
		out[k] = v
	}
	return core.Out{"Tags": out}, nil
}
