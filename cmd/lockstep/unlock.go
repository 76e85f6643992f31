package main

import (
	"context"
	"fmt"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/config"
)

// forceUnlock removes the locks of runs that give no sign of life any more. It
// refuses one whose holder has not missed a heartbeat: that run is alive as far
// as anybody can tell.
func (g *globals) forceUnlock(ctx context.Context, cfg *config.Config) error {
	sessions, err := g.open(ctx, cfg, cfg.Topology.Regions)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		book := ledger.New(session.Patient(s.Config), cfg.App, s.Region.Name, ledger.Options{})
		state, err := book.Read(ctx)
		if err != nil {
			return err
		}
		if state.Lock == nil {
			continue
		}
		if err := g.breakLock(ctx, book, s.Region.Name, *state.Lock); err != nil {
			return err
		}
	}
	return nil
}

func (g *globals) breakLock(ctx context.Context, book *ledger.Ledger, region string, lock deploy.LockInfo) error {
	silent := g.env.now().Sub(lock.RenewedAt).Round(time.Second)
	heartbeat := lock.Patience()
	held := &deploy.LockedError{Region: region, Info: lock}
	if silent < heartbeat {
		fmt.Fprintf(g.env.stderr, "lockstep: %s\n", harmless(fmt.Sprintf("%v; it gave a sign of life %s ago, so it may be alive: "+
			"stop that run, or try again in %s", held, silent, (heartbeat-silent).Round(time.Second))))
		return exitError{exitNo}
	}
	fmt.Fprintf(g.env.stderr, "warning: %s\n", harmless(fmt.Sprintf("%v; it gave no sign of life for %s, and its lock is removed. "+
		"If that run is alive after all, it stops at its next heartbeat and leaves this application to you: look at it", held, silent)))
	return book.Break(ctx, lock)
}
