package ledger

import (
	"context"

	"github.com/lockstep-dr/lockstep/deploy"
)

// Freeze forbids deploys from now on. It needs no lock: a deploy under way
// asks once more right before it touches anything.
func (l *Ledger) Freeze(ctx context.Context, freeze deploy.Freeze) error {
	return l.write(ctx, "freeze", freeze, true)
}

// Thaw lifts the freeze; none is fine.
func (l *Ledger) Thaw(ctx context.Context) error { return l.remove(ctx, "freeze") }
