package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// catalogue finds resources in the list of all there are of their kind in the
// Region. Services that describe a hundred a call answer a whole application
// that way in one or two, where asking by name would take a call each.
type catalogue[T any] struct {
	// what an item lacks when its stack gives no physical id.
	what string
	// page lists one page; next is nil on the last one.
	page func(ctx context.Context, marker *string) (list []T, next *string, err error)
	// id of a listed one, as physical ids say it; compared without case, as
	// these services do.
	id func(T) string
	// found makes the resource of a listed one. Those of a Region are made at once.
	found func(context.Context, inventory.Item, T)
}

// read answers every item. An item is gone only when the list was read to its
// end without it; a list that breaks off leaves a gap for whatever is not found.
func (c catalogue[T]) read(ctx context.Context, r *run, items []inventory.Item) {
	type pair struct {
		item inventory.Item
		one  T
	}
	wanted := map[string][]inventory.Item{}
	for _, item := range items {
		if item.ID == "" {
			r.unaddressable(item, c.what)
			continue
		}
		id := strings.ToLower(item.ID)
		wanted[id] = append(wanted[id], item)
	}
	var pairs []pair
	var failure error
	var marker *string
	for len(wanted) > 0 {
		list, next, err := c.page(ctx, marker)
		if err != nil {
			failure = err
			break
		}
		for _, one := range list {
			id := strings.ToLower(c.id(one))
			for _, item := range wanted[id] {
				pairs = append(pairs, pair{item, one})
			}
			delete(wanted, id)
		}
		if marker = next; aws.ToString(next) == "" {
			break
		}
	}
	for _, id := range keysOf(wanted) {
		for _, item := range wanted[id] {
			r.notListed(item, failure)
		}
	}
	each(ctx, pairs, func(p pair) { c.found(ctx, p.item, p.one) })
}

// notListed answers for an item that a list did not have: gone when the list is
// complete, else a gap. No error of a list means that one of its members is gone.
func (r *run) notListed(item inventory.Item, failure error) {
	if failure == nil {
		r.gone(item)
		return
	}
	p := session.Classify(failure)
	r.note(item, "", "", p.Permission, p.Reason, p.Message)
}

// byType reads items with the function of their type.
func byType(ctx context.Context, items []inventory.Item, table map[string]func([]inventory.Item)) {
	sorted := map[string][]inventory.Item{}
	for _, item := range items {
		sorted[item.Type] = append(sorted[item.Type], item)
	}
	each(ctx, keysOf(sorted), func(typ string) { table[typ](sorted[typ]) })
}
