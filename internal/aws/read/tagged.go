package read

import (
	"context"
	"sync"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// tagged collects what was described until its tags are asked for, many at once.
type tagged[T any] struct {
	mu    sync.Mutex
	items []inventory.Item
	found []T
}

func (t *tagged[T]) add(item inventory.Item, one T) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.items, t.found = append(t.items, item), append(t.found, one)
}

// each calls use for everything collected, with an object that has its tags, or
// after a gap that says why it has none. ask returns lists of Key and Value by
// physical id, for as many ids as balancersPerCall.
func (t *tagged[T]) each(ctx context.Context, r *run, ask func(context.Context, []string) (map[string]any, error), use func(inventory.Item, T, *object)) {
	numbers := make([]int, len(t.items))
	for i := range numbers {
		numbers[i] = i
	}
	each(ctx, chunks(numbers, balancersPerCall), func(part []int) {
		ids := make([]string, len(part))
		for i, n := range part {
			ids[i] = t.items[n].ID
		}
		tags, err := ask(ctx, ids)
		each(ctx, part, func(n int) {
			o := newObject()
			if err != nil {
				r.partial(t.items[n], "Tags", err)
			} else {
				o.tagList(tags[t.items[n].ID], "Key", "Value")
			}
			use(t.items[n], t.found[n], o)
		})
	})
}
