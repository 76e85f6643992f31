package accuracy

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
)

// TestOnMoto deploys what moto can create to moto. Two Regions of one source are silent there too: no finding but what the
// templates declare, and no gap but for what moto does not simulate, which is said as such.
func TestOnMoto(t *testing.T) {
	url := startMoto(t)
	for _, s := range scenarios(t) {
		if !s.Moto {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			resetMoto(t, url)
			w := &world{T: t, scenario: s, moto: url, clock: clock.NewManual(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}
			w.open()
			w.deployAll()
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

// startMoto starts the simulator that nobody here wrote. Without it the test is skipped, loudly, unless
// LOCKSTEP_REQUIRE_TOOLS=1 makes that a failure.
func startMoto(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("moto_server")
	if err != nil {
		if os.Getenv("LOCKSTEP_REQUIRE_TOOLS") == "1" {
			t.Fatal("moto_server is not on PATH and LOCKSTEP_REQUIRE_TOOLS=1")
		}
		t.Skip("SKIPPED, NOTHING WAS CHECKED AGAINST MOTO: moto_server is not on PATH")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	_ = listener.Close()
	server := exec.Command(path, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	url := fmt.Sprintf("http://127.0.0.1:%d", port)
	ready := time.NewTicker(50 * time.Millisecond)
	defer ready.Stop()
	for range 600 {
		if response, err := http.Get(url + "/moto-api/"); err == nil {
			_ = response.Body.Close()
			return url
		}
		<-ready.C
	}
	t.Fatal("moto_server did not answer within 30 seconds")
	return ""
}

func resetMoto(t *testing.T, url string) {
	t.Helper()
	response, err := http.Post(url+"/moto-api/reset", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
}
