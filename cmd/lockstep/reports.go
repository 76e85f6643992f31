package main

import (
	"fmt"
	"os"

	"github.com/lockstep-dr/lockstep/report"
	"github.com/spf13/cobra"
)

// newReports are the commands about reports that were written before.
func newReports(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Put reports together, or into another format",
		Example: `  lockstep gate --format json --out gate.json
  lockstep report render gate.json --format html --out gate.html
  lockstep report merge reports --expect payments,orders`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newReportMerge(g), newReportRender(g))
	return cmd
}

func newReportRender(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "render FILE",
		Short: "Print a JSON report in another format",
		Long: `Read a report that --format json wrote and print it as text, Markdown, HTML or SARIF.
Nothing is judged again: the exit code is 0 whatever the report says, and 2 if it is
none.`,
		Example: `  lockstep report render gate.json --format html --out gate.html
  lockstep report render lockstep-gate.json --format markdown`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("%s takes one report, got %d (see %q)", cmd.CommandPath(), len(args), cmd.CommandPath()+" --help")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return g.runReportRender(args[0]) },
	}
	return g.withReportFlags(cmd, sarifFormat)
}

func (g *globals) runReportRender(file string) error {
	if err := g.checkFormat(sarifFormat); err != nil {
		return err
	}
	r, err := g.readReport(file)
	if err != nil {
		return usageError{err}
	}
	return g.emit(r)
}

// readReport reads a report from a file. Anybody may have written it.
func (g *globals) readReport(name string) (report.Report, error) {
	file, err := os.Open(g.path(name))
	if err != nil {
		return report.Report{}, fmt.Errorf("read report: %w", err)
	}
	defer file.Close()
	r, err := report.Read(file)
	if err != nil {
		return report.Report{}, fmt.Errorf("%s: %w", name, err)
	}
	return withoutCredentials(r)
}
