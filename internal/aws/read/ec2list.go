package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// listing is how the things of one kind are listed by their ids: one call for
// as many as a filter takes. T is what the call describes.
type listing[T any] struct {
	// filter is EC2's name for what is asked by.
	filter string
	// ask is the value to ask by for an item; "" when the stack does not say it.
	ask func(inventory.Item) string
	// page is one call, for one page of the answer.
	page func(ctx context.Context, filters []types.Filter, token *string) ([]T, *string, error)
	// names are the values by which a description is found again.
	names func(T) []string
}

// readListed asks for what all items need and hands each item what was found
// for it. Items that share an owner, as the routes of a table do, share one
// description; of what is not described the service says that it is gone.
func readListed[T any](ctx context.Context, r *run, items []inventory.Item, l listing[T], use func(inventory.Item, T)) {
	wanted := map[string][]inventory.Item{}
	for _, item := range items {
		value := l.ask(item)
		if value == "" || unresolved(value) {
			r.unaddressable(item, "what it belongs to or is called")
			continue
		}
		wanted[value] = append(wanted[value], item)
	}
	each(ctx, chunks(keysOf(wanted), perFilter), func(values []string) {
		found, err := l.all(ctx, values)
		for _, value := range values {
			for _, item := range wanted[value] {
				one, ok := found[value]
				switch {
				case err != nil:
					r.failed(item, err)
				case !ok:
					r.gone(item)
				default:
					use(item, one)
				}
			}
		}
	})
}

// all is everything described for the values, by the names it goes by.
func (l listing[T]) all(ctx context.Context, values []string) (map[string]T, error) {
	found := map[string]T{}
	filters := []types.Filter{{Name: aws.String(l.filter), Values: values}}
	for token := (*string)(nil); ; {
		page, next, err := l.page(ctx, filters, token)
		if err != nil {
			return nil, err
		}
		for _, one := range page {
			for _, name := range l.names(one) {
				found[name] = one
			}
		}
		if aws.ToString(next) == "" {
			return found, nil
		}
		token = next
	}
}

// physicalID asks by the physical id.
func physicalID(item inventory.Item) string { return item.ID }

// ownerNamed asks by a property that names the owner, as it was resolved.
func ownerNamed(property string) func(inventory.Item) string {
	return func(item inventory.Item) string { return text(item.Resolved, property) }
}

// firstOf asks by the first of several ways that knows a value.
func firstOf(ways ...func(inventory.Item) string) func(inventory.Item) string {
	return func(item inventory.Item) string {
		for _, way := range ways {
			if value := way(item); value != "" && !unresolved(value) {
				return value
			}
		}
		return ""
	}
}

// partOfID is the part of a composite physical id ("rtb-1|10.0.0.0/8") that
// begins with a prefix; "" if none does.
func partOfID(prefix string) func(inventory.Item) string {
	return func(item inventory.Item) string {
		for part := range strings.SplitSeq(item.ID, "|") {
			if strings.HasPrefix(part, prefix) {
				return part
			}
		}
		return ""
	}
}

// sortedByType sorts items by their type.
func sortedByType(items []inventory.Item) map[string][]inventory.Item {
	sorted := map[string][]inventory.Item{}
	for _, item := range items {
		sorted[item.Type] = append(sorted[item.Type], item)
	}
	return sorted
}
