package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// History returns the releases the Region has run, newest first, as far back
// as SSM keeps versions. None is an empty list, not an error.
func (r *Reader) History(ctx context.Context) ([]deploy.Record, error) {
	return history[deploy.Record](ctx, r, "release")
}

// history is every version of an entry, newest first.
func history[T any](ctx context.Context, r *Reader, entry string) ([]T, error) {
	var versions []T
	pages := ssm.NewGetParameterHistoryPaginator(r.api, &ssm.GetParameterHistoryInput{Name: aws.String(r.name(entry))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		var absent *types.ParameterNotFound
		if errors.As(err, &absent) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read history of %s in %s (ssm:GetParameterHistory): %w", r.name(entry), r.region, err)
		}
		for _, version := range page.Parameters { // oldest first
			var one T
			if err := json.Unmarshal([]byte(aws.ToString(version.Value)), &one); err != nil {
				return nil, fmt.Errorf("read version %d of %s in %s: it is not what Lockstep wrote: %w", version.Version, r.name(entry), r.region, err)
			}
			versions = append(versions, one)
		}
	}
	slices.Reverse(versions)
	return versions, nil
}
