package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/spf13/cobra"
)

func newDriftAccept(g *globals) *cobra.Command {
	var region, reason, until string
	cmd := &cobra.Command{
		Use:   "accept KEY PATH --reason WHY --until DAY",
		Short: "Accept a difference until a day: write a waiver into the configuration",
		Long: `Add a waiver to drift.accept in the configuration file. Nothing else in the file
changes, comments included, and nothing is asked of AWS. KEY and PATH are those of
a finding; "*" as PATH accepts any difference of the resource, and that it is
missing. An accepted difference stays in every report, marked and counted, and the
waiver ends on its day. What could not be read is no difference and cannot be
accepted: it may be one.`,
		Example: `  lockstep drift accept payments/Worker MemorySize --reason "half the load" --until 2027-03-31
  lockstep drift accept payments/Cache '*' --region us-west-2 --reason "built in May" --until 2027-05-31`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("drift accept takes the key of a resource and the path of a property, got %d arguments (see %q)", len(args), cmd.CommandPath()+" --help")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			day, err := drift.ParseDate(until)
			if err != nil {
				return usageError{fmt.Errorf("--until %q: name the last day, such as 2027-03-31", until)}
			}
			return g.acceptDrift(drift.Waiver{Resource: args[0], Property: args[1], Region: region, Reason: reason, Until: day})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`why` it is accepted, for those who read the report (required)")
	cmd.Flags().StringVar(&until, "until", "", "last `day` (UTC) on which it holds (required)")
	cmd.Flags().StringVar(&region, "region", "", "standby `region` it is limited to (default: every standby)")
	return cmd
}

// acceptDrift writes a waiver into the configuration file: all of it or nothing.
func (g *globals) acceptDrift(w drift.Waiver) error {
	cfg, err := g.load()
	if err != nil {
		return err
	}
	path, err := filepath.EvalSymlinks(filepath.FromSlash(cfg.File))
	if err != nil {
		return usageError{fmt.Errorf("accept: %w", err)}
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return usageError{fmt.Errorf("accept: %w", err)}
	}
	edited, line, err := config.AcceptWaiver(src, cfg.File, w, g.env.now())
	if err != nil {
		return usageError{err}
	}
	err = writeFile(path, func(out io.Writer) error {
		_, err := out.Write(edited)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(g.env.stdout, "%s:%d: accepts %s %s until %s\n", cfg.File, line, w.Resource, w.Property, w.Until)
	return err
}
