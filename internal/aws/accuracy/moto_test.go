package accuracy

import (
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/mototest"
)

// TestOnMoto deploys what moto can create to moto. Two Regions of one source are silent there too: no finding but what the
// templates declare, and no gap but for what moto does not simulate, which is said as such.
func TestOnMoto(t *testing.T) {
	url := mototest.Start(t)
	for _, s := range scenarios(t) {
		if !s.Moto {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			mototest.Reset(t, url)
			w := &world{T: t, scenario: s, moto: url, clock: clock.NewManual(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}
			w.open()
			w.prepare()
			w.createAll()
			snapshots := w.snapshots()
			c := w.compare(snapshots)
			found(t, s, c, s.Declared)
			for _, g := range c.Gaps {
				if g.Reason != session.Unsupported {
					t.Errorf("gap %+v", g)
				}
			}
			if c.Coverage.Compared == 0 {
				t.Errorf("nothing was compared: %+v", c.Coverage)
			}
		})
	}
}
