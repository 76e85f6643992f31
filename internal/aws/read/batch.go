package read

import (
	"context"
	"strings"

	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// batch is how things are described by a list of names, in calls that fail as a
// whole when one of the names is of something that does not exist.
type batch[T any] struct {
	// most is how many names one call takes.
	most int
	// ask is the name to ask by for an item; "" when the stack does not say it.
	ask func(inventory.Item) string
	// call describes everything of the names, with all pages.
	call func(context.Context, []string) ([]T, error)
	// name is what a description is found again by.
	name func(T) string
}

// readBatched describes all items and hands each what was found for it. When a
// call fails because of a name, its halves are asked for, down to the one that
// is gone. Items of one name share a description.
func readBatched[T any](ctx context.Context, r *run, items []inventory.Item, b batch[T], use func(inventory.Item, T)) {
	wanted := map[string][]inventory.Item{}
	for _, item := range items {
		value := b.ask(item)
		if value == "" || unresolved(value) {
			r.unaddressable(item, "what it belongs to or is called")
			continue
		}
		wanted[value] = append(wanted[value], item)
	}
	each(ctx, chunks(keysOf(wanted), b.most), func(values []string) {
		b.describe(ctx, values, func(value string, one *T, err error) {
			for _, item := range wanted[value] {
				switch {
				case err != nil:
					r.failed(item, err)
				case one == nil:
					r.gone(item)
				default:
					use(item, *one)
				}
			}
		})
	})
}

// describe tells of every value what was found for it: a description, nothing,
// or an error.
func (b batch[T]) describe(ctx context.Context, values []string, tell func(string, *T, error)) {
	list, err := b.call(ctx, values)
	if err != nil && len(values) > 1 && aboutAName(err) {
		half := len(values) / 2
		b.describe(ctx, values[:half], tell)
		b.describe(ctx, values[half:], tell)
		return
	}
	found := map[string]*T{}
	for i := range list {
		found[b.name(list[i])] = &list[i]
	}
	for _, value := range values {
		tell(value, found[value], err)
	}
}

// aboutAName reports whether a call failed because of one of the names it was given.
func aboutAName(err error) bool {
	reason := session.Classify(err).Reason
	return reason == session.NotFound || strings.Contains(reason, "Malformed") || reason == "ValidationError"
}

// incomplete is the error of an answer that lacks what was asked for.
func incomplete(service, operation, what string) error {
	return &smithy.OperationError{ServiceID: service, OperationName: operation,
		Err: &smithy.GenericAPIError{Code: session.BadResponse, Message: "the answer does not hold " + what}}
}
