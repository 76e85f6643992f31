package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/spf13/cobra"
)

func newStatus(g *globals) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what every Region's ledger says it runs",
		Long: `Read the ledger of every Region: the release it runs, since when and by whom, a deploy
that has not ended, a freeze, who let a change pass by break-glass, and who holds the lock. It reads the ledgers and nothing else:
"lockstep gate" says whether what runs is what should.`,
		Example: `  lockstep status
  lockstep status --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runStatus(cmd.Context(), asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// regionStatus is one Region's ledger, or why it could not be read.
type regionStatus struct {
	Region string             `json:"region"`
	Role   string             `json:"role"`
	Ledger deploy.LedgerState `json:"ledger"`
	// Overrides are the changes that a person let pass, newest first.
	Overrides []deploy.Override `json:"overrides,omitempty"`
	// OverridesError is why these are not known: what runs is known all the same.
	OverridesError string `json:"overrides_error,omitempty"`
	Error          string `json:"error,omitempty"`
}

func (g *globals) runStatus(ctx context.Context, asJSON bool) error {
	cfg, err := g.load()
	if err != nil {
		return err
	}
	t := g.topology(cfg)
	sessions, err := session.Open(ctx, t, g.sessionOptions(cfg))
	failures := map[string]*session.Error{}
	for _, failure := range session.Failures(err) {
		failures[failure.Region] = failure
	}
	if len(failures) == len(t.Regions) {
		return setupError(err)
	}
	list := make([]regionStatus, len(t.Regions))
	var group sync.WaitGroup
	for i, region := range t.Regions {
		list[i] = regionStatus{Region: region.Name, Role: string(region.Role)}
		if sessions[i] == nil {
			list[i].Error = read.WithoutCredentials(failures[region.Name].Error())
			continue
		}
		group.Go(func() {
			book := ledger.NewReader(sessions[i].Config, cfg.App, region.Name)
			var err error
			if list[i].Ledger, err = book.Read(ctx); err != nil {
				list[i].Error = read.WithoutCredentials(err.Error())
				return
			}
			if list[i].Overrides, err = book.Overrides(ctx); err != nil {
				list[i].OverridesError = read.WithoutCredentials(err.Error())
			}
		})
	}
	group.Wait()
	sentence, code := conclude(list)
	if err := g.printStatus(cfg.App, list, sentence, asJSON); err != nil {
		return err
	}
	if code != exitOK {
		return exitError{code}
	}
	return nil
}

// conclude says what the ledgers mean together, and the exit code: 0 when all
// agree and nothing is unfinished, 3 when a ledger could not be read, 4 when
// Regions differ or a deploy has not ended.
func conclude(list []regionStatus) (string, int) {
	releases, unread, partial := map[string]bool{}, false, false
	for _, s := range list {
		switch {
		case s.Error != "":
			unread = true
		case s.Ledger.Journal != nil:
			return "A deploy has not ended: `lockstep deploy` goes forward, `lockstep recover` goes back.", exitInDoubt
		case s.Ledger.Record == nil:
			releases[""] = true
		default:
			releases[s.Ledger.Record.ID] = true
			partial = partial || len(s.Ledger.Record.LeftOut) > 0
		}
	}
	switch {
	case len(releases) > 1 && partial:
		return "The Regions run different releases, on purpose: `lockstep deploy` without --regions brings them together.", exitInDoubt
	case len(releases) > 1:
		return "The Regions run different releases: `lockstep deploy` brings them together.", exitInDoubt
	case unread:
		return "Not every ledger could be read.", exitUndetermined
	case releases[""]:
		return "No release is recorded.", exitOK
	default:
		return "Every Region runs the same release.", exitOK
	}
}

func (g *globals) printStatus(app string, list []regionStatus, sentence string, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(g.env.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(map[string]any{"schema": "lockstep.status/v1", "app": app, "conclusion": sentence, "regions": list})
	}
	for _, s := range list {
		for i, line := range statusLines(s, g.env.now()) {
			label := ""
			if i == 0 {
				label = s.Region + " (" + s.Role + ")"
			}
			if _, err := fmt.Fprintln(g.env.stdout, g.env.seen(fmt.Sprintf("%-24s %s", label, harmless(strings.Join(strings.Fields(line), " "))))); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintln(g.env.stdout, sentence)
	return err
}

// statusLines says a ledger in words.
func statusLines(s regionStatus, now time.Time) []string {
	if s.Error != "" {
		return []string{"could not be read: " + s.Error}
	}
	lines := []string{"no release recorded"}
	if r := s.Ledger.Record; r != nil {
		lines[0] = fmt.Sprintf("release %s %s since %s, %s", r.ID, r.Name, r.DeployedAt.UTC().Format(time.RFC3339), r.Outcome)
		lines = append(lines, by("deployed", r.By)...)
		lines = append(lines, circumstances(*r)...)
	}
	if j := s.Ledger.Journal; j != nil {
		lines = append(lines, unfinished(*j))
		lines = append(lines, by("started", j.By)...)
	}
	if f := s.Ledger.Freeze; f != nil {
		lines = append(lines, "deploys frozen "+f.String())
	}
	if s.OverridesError != "" {
		lines = append(lines, "who let changes pass could not be read: "+s.OverridesError)
	}
	for _, o := range s.Overrides[:min(len(s.Overrides), 3)] {
		lines = append(lines, "break-glass: "+o.String())
	}
	if l := s.Ledger.Lock; l != nil {
		lines = append(lines, lease(l.ExpiresAt, now))
		lines = append(lines, by("held", l.Owner)...)
	}
	return lines
}

// unfinished says what did not end, and why where that is known: a run that died told nobody.
func unfinished(j deploy.Journal) string {
	what := "deploy of "
	if j.Rollback {
		what = "rollback to "
	}
	line := fmt.Sprintf("UNFINISHED: %s%s, %s since %s", what, j.Release.ID, j.State, j.StartedAt.UTC().Format(time.RFC3339))
	if j.Reason != "" {
		line += ": " + j.Reason
	}
	return line
}

// lease says until when a lock holds; one whose lease has ended holds nobody up.
func lease(until, now time.Time) string {
	at := until.UTC().Format(time.RFC3339)
	if !now.Before(until) {
		return "lock whose lease ended at " + at + ": the next run takes it over"
	}
	return "locked until " + at
}

// circumstances are what was special about the deploy of a release.
func circumstances(r deploy.Record) []string {
	var lines []string
	if r.Strategy != "" && r.Strategy != deploy.Parallel {
		lines = append(lines, "strategy "+string(r.Strategy))
	}
	if len(r.LeftOut) > 0 {
		lines = append(lines, "PARTIAL: left out on purpose: "+strings.Join(r.LeftOut, ", "))
	}
	if r.IgnoredFreeze != "" {
		lines = append(lines, "freeze ignored: "+r.IgnoredFreeze)
	}
	return lines
}

func by(what string, owner deploy.Owner) []string {
	switch {
	case owner.Who != "" && owner.RunURL != "":
		return []string{what + " by " + owner.Who + ", " + owner.RunURL}
	case owner.Who != "" || owner.RunURL != "":
		return []string{what + " by " + owner.Who + owner.RunURL}
	}
	return nil
}
