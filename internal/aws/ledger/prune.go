package ledger

import (
	"context"

	"github.com/lockstep-dr/lockstep/deploy"
)

const (
	// keptReleases is how many releases, that of now included, a Region can go
	// back to. Each target of each costs a few standard parameters, which are free.
	keptReleases = 10
	// pruned is how many older ones are looked at in one run: those that an
	// interrupted run left behind are met again by the next.
	pruned = 3
)

// Prune implements deploy.Ledger.
func (l *Ledger) Prune(ctx context.Context) error {
	records, err := l.History(ctx)
	if err != nil {
		return err
	}
	keys := oldImages(records)
	if len(keys) == 0 {
		return nil
	}
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = l.name(imageName(key))
	}
	found, err := l.get(ctx, names...)
	if err != nil {
		return err
	}
	for _, key := range keys {
		index, err := decode[imageIndex](l.Reader, found, imageName(key))
		if err != nil {
			return err
		}
		if index == nil {
			continue
		}
		if err := l.removeImage(ctx, key, index.Chunks); err != nil {
			return err
		}
	}
	return nil
}

// removeImage removes the index last: what is left of an interrupted removal
// is still found.
func (l *Ledger) removeImage(ctx context.Context, key string, chunks int) error {
	for i := range chunks {
		if err := l.remove(ctx, chunkName(key, i)); err != nil {
			return err
		}
	}
	return l.remove(ctx, imageName(key))
}

// oldImages are the keys under which images of releases may lie that have just
// become too old. The records are newest first.
func oldImages(records []deploy.Record) []string {
	seen := map[string]bool{}
	var keys []string
	for _, record := range records {
		if seen[record.ID] {
			continue
		}
		seen[record.ID] = true
		if len(seen) <= keptReleases {
			continue
		}
		if len(seen) > keptReleases+pruned {
			break
		}
		for target := range record.Targets {
			keys = append(keys, deploy.ImageKey(target, record.ID))
		}
	}
	return keys
}
