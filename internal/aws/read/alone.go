package read

import (
	"context"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// alone is a type whose resources are asked for one by one.
type alone struct {
	Spec
	read func(*run, context.Context, inventory.Item)
}

// oneByOne makes a reader of types that no call answers together. What a stack
// lists without a physical id cannot be asked for.
func oneByOne(types ...alone) reader {
	specs := make([]Spec, len(types))
	read := map[string]func(*run, context.Context, inventory.Item){}
	early := make([]string, len(types))
	for i, t := range types {
		specs[i], read[t.Type], early[i] = t.Spec, t.read, t.Type
	}
	return reader{specs: specs, early: early, read: func(ctx context.Context, r *run, items []inventory.Item) {
		each(ctx, items, func(item inventory.Item) {
			if item.ID == "" {
				r.unaddressable(item, "a physical id")
				return
			}
			read[item.Type](r, ctx, item)
		})
	}}
}

// waiting is the reader with a type that looks at what else the application
// lists, and is read when all of that is known.
func (r reader) waiting(typ string) reader {
	r.early = slices.DeleteFunc(slices.Clone(r.early), func(early string) bool { return early == typ })
	return r
}

// byMember groups items by a text that says which of them share a call. Those
// without it are reported, with the words for what is missing.
func (r *run) byMember(items []inventory.Item, missing string, member func(inventory.Item) string) map[string][]inventory.Item {
	groups := map[string][]inventory.Item{}
	for _, item := range items {
		key := member(item)
		if key == "" || unresolved(key) {
			r.unaddressable(item, missing)
			continue
		}
		groups[key] = append(groups[key], item)
	}
	return groups
}

// failedAll reports that a call for several resources failed.
func (r *run) failedAll(items []inventory.Item, err error) {
	for _, item := range items {
		r.failed(item, err)
	}
}

// empty reports that an answer, though it is no error, lacks what was asked for.
func (r *run) empty(item inventory.Item, operation, what string) {
	r.note(item, "", "", operation, session.BadResponse, "the answer holds no "+what)
}
