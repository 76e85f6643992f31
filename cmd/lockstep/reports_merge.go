package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// merging is what the flags of report merge say.
type merging struct {
	expect []string
	failOn string
	maxAge time.Duration
}

func newReportMerge(g *globals) *cobra.Command {
	m := &merging{}
	cmd := &cobra.Command{
		Use:   "merge FILE|DIRECTORY...",
		Short: "Sum up the reports of many applications; fail as the worst of them",
		Long: `Read the JSON reports of many applications, one each, and print one summary: how
each of them stands, the worst first, and of those that did not pass what blocks,
what is unknown and what differs. Of a directory every file that ends in .json is
read, at any depth.

The exit code is that of the worst: 4 in doubt, then 1, then 3, then 0. A report that
is cut short, of another schema or of an application that is there already is refused
(2), and so is one of a time still to come. An application that --expect names and
that has no verdict is unknown (3): a job that died leaves no report, and that of
another command than gate or watch has none. So is one whose report shows the Regions
as they were longer than --max-age ago. In a workflow the summary goes into the step's summary, too.`,
		Example: `  lockstep report merge reports
  lockstep report merge reports --expect payments,orders --format markdown
  lockstep report merge payments.json orders.json --format html --out fleet.html`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("%s takes reports or directories of them (see %q)", cmd.CommandPath(), cmd.CommandPath()+" --help")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return g.runReportMerge(args, m) },
	}
	cmd.Flags().StringSliceVar(&m.expect, "expect", nil, "`applications` that must have a verdict, parted by commas")
	cmd.Flags().DurationVar(&m.maxAge, "max-age", 24*time.Hour, "how long ago the Regions may have been what a report shows; 0: any time")
	cmd.Flags().StringVar(&m.failOn, "fail-on", "warn", "lowest severity of a difference that fails a drift report: `"+strings.Join(failOnLevels, "|")+"`")
	return g.withReportFlags(cmd)
}

func (g *globals) runReportMerge(args []string, m *merging) error {
	if err := g.checkFormat(); err != nil {
		return err
	}
	if err := checkFailOn(m.failOn); err != nil {
		return err
	}
	if m.maxAge < 0 {
		return usageError{fmt.Errorf("--max-age %s: how old a report may be is no negative time", m.maxAge)}
	}
	files, err := g.reportFiles(args)
	if err != nil {
		return usageError{err}
	}
	if len(files) == 0 && len(m.expect) == 0 {
		return usageError{fmt.Errorf("read reports in %s: no file in it ends in .json", strings.Join(args, ", "))}
	}
	s, err := g.merge(files, m)
	if err != nil {
		return usageError{err}
	}
	if err := g.emitBy(func(w io.Writer, terminal bool) error { return g.renderSummary(w, s, terminal) }); err != nil {
		return err
	}
	if runner := g.runner(); runner.Running() {
		if err := runner.AddSummary(summaryMarkdown(s)); err != nil {
			runner.Warn(err.Error())
		}
	}
	if code := standingExits[s.Standing]; code != exitOK {
		return exitError{code}
	}
	return nil
}

// reportFiles are the files named, and of directories those that end in .json.
func (g *globals) reportFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(g.path(arg))
		if err != nil {
			return nil, fmt.Errorf("read report: %w", err)
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(g.path(arg), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".json") {
				below, _ := filepath.Rel(g.path(arg), path) // it was found below it
				files = append(files, filepath.Join(arg, below))
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read reports in %s: %w", arg, err)
		}
	}
	return files, nil
}

// merge reads every report and names all that are wrong. An application has one
// report: which of two is to be believed nobody can tell.
func (g *globals) merge(files []string, m *merging) (report.Summary, error) {
	var lines []report.Application
	var problems []error
	origin, now := map[string]string{}, g.env.now()
	for _, file := range files {
		r, err := g.readReport(file)
		earlier, known := origin[r.App]
		switch {
		case err != nil:
			problems = append(problems, err)
			continue
		case r.App == "":
			problems = append(problems, fmt.Errorf("%s: it names no application", file))
			continue
		case known:
			problems = append(problems, fmt.Errorf("%s: it is of application %q, and so is %s: one report each", file, r.App, earlier))
			continue
		case newest(r).After(now.Add(clockSkew)):
			problems = append(problems, fmt.Errorf("%s: it is of %s, which is still to come", file, minute(newest(r))))
			continue
		}
		origin[r.App] = file
		lines = append(lines, m.line(file, r, now))
	}
	if len(problems) > 0 {
		return report.Summary{}, errors.Join(problems...)
	}
	for _, app := range slices.Compact(slices.Sorted(slices.Values(m.expect))) {
		if _, known := origin[app]; !known {
			lines = append(lines, report.WithoutReport(app))
		}
	}
	s := report.Merge(lines, now)
	s.Version, s.RunURL = versionString(), g.runner().RunURL()
	return s, nil
}

// line is the line of one report, in doubt where it is no answer to what is asked.
func (m *merging) line(file string, r report.Report, now time.Time) report.Application {
	line := report.Summarise(file, r, standingOf(exitForReport(r, m.failOn)))
	if r.Verdict == "" && slices.Contains(m.expect, r.App) {
		line = line.Doubted("No verdict", "a verdict was expected, and its report is one of lockstep "+r.Command+".")
	}
	switch at := shownAt(r); {
	case m.maxAge == 0:
	case at.IsZero():
		line = line.Doubted("Of no time", "its report does not say when it was made.")
	case now.Sub(at) > m.maxAge:
		line = line.Doubted("Too old", fmt.Sprintf("its report shows the Regions of %s, longer ago than %s.", minute(at), topology.Span(m.maxAge)))
	}
	return line
}

// newest is the latest time that a report names as that of what it shows.
func newest(r report.Report) time.Time {
	at := r.EvaluatedAt
	for _, region := range r.Regions {
		if region.TakenAt.After(at) {
			at = region.TakenAt
		}
	}
	return at
}

func (g *globals) renderSummary(w io.Writer, s report.Summary, terminal bool) error {
	switch g.format {
	case "json":
		return report.SummaryJSON(w, s)
	case "markdown":
		return report.SummaryMarkdown(w, s, report.MarkdownOptions{})
	case "html":
		return report.SummaryHTML(w, s)
	default: // checked
		return report.SummaryText(w, s, g.textOptions(terminal))
	}
}

// summaryMarkdown fits the step's summary.
func summaryMarkdown(s report.Summary) string {
	var b bytes.Buffer
	if err := report.SummaryMarkdown(&b, s, report.MarkdownOptions{Limit: github.SummaryLimit - 1, FullReport: s.RunURL}); err != nil {
		return err.Error() // thousands of applications: the answer is in the log
	}
	return b.String()
}
