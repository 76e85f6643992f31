package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/spf13/cobra"
)

// formats are what --format takes.
var formats = []string{"text", "markdown", "json", "html"}

// sarifFormat is for the commands that end in findings.
const sarifFormat = "sarif"

// withReportFlags adds the flags of commands that end in a report; also are
// formats beside those that every report has.
func (g *globals) withReportFlags(cmd *cobra.Command, also ...string) *cobra.Command {
	cmd.Flags().StringVar(&g.format, "format", "text", "print the report as `"+strings.Join(append(slices.Clone(formats), also...), "|")+"`")
	cmd.Flags().StringVar(&g.out, "out", "", "write the report to this `file` instead of stdout")
	return cmd
}

// emit prints the report where and how the flags say.
func (g *globals) emit(r report.Report) error {
	return g.emitBy(func(w io.Writer, terminal bool) error { return g.render(w, r, terminal) })
}

// emitBy lets a renderer write to the file that --out names, or to standard output.
func (g *globals) emitBy(render func(w io.Writer, terminal bool) error) error {
	if g.out == "" {
		return render(g.env.stdout, g.env.terminal)
	}
	return writeFile(g.path(g.out), func(w io.Writer) error { return render(w, false) })
}

// textOptions are those of text that a person reads.
func (g *globals) textOptions(terminal bool) report.TextOptions {
	return report.TextOptions{Color: terminal && g.env.getenv("NO_COLOR") == "", Width: 80}
}

func (g *globals) render(w io.Writer, r report.Report, terminal bool) error {
	switch g.format {
	case "json":
		return report.JSON(w, r)
	case "markdown":
		return report.Markdown(w, r, report.MarkdownOptions{})
	case sarifFormat:
		return report.SARIF(w, r)
	case "html":
		return report.HTML(w, r)
	case "text", "":
		return report.Text(w, r, g.textOptions(terminal))
	default:
		return usageError{fmt.Errorf("unknown --format %q: use %s", g.format, strings.Join(formats, ", "))}
	}
}

// checkFormat refuses a bad --format before anything is done.
func (g *globals) checkFormat(also ...string) error {
	known := append(slices.Clone(formats), also...)
	if g.format == "" || slices.Contains(known, g.format) {
		return nil
	}
	return usageError{fmt.Errorf("unknown --format %q: use %s", g.format, strings.Join(known, ", "))}
}

// checkOut refuses an --out that cannot be written before anything is done: a
// deploy must not change Regions and then have nowhere to say so.
func (g *globals) checkOut() error {
	if g.out == "" {
		return nil
	}
	if isStream(g.path(g.out)) {
		return nil
	}
	dir := filepath.Dir(g.path(g.out))
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, ".lockstep-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err != nil {
		return usageError{fmt.Errorf("--out %s: %w", g.out, err)}
	}
	return nil
}

// writeFile writes a file whole or not at all: half a report must never be
// taken for a whole one.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if isStream(path) {
		return writeStream(path, write)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("write %s: it is a directory, name a file in it", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".lockstep-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	if err := write(tmp); err != nil {
		tmp.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := tmp.Chmod(0o644); err != nil {
		tmp.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Unwrap(err))
	}
	return nil
}

// isStream reports whether a path leads to a device, a pipe or a socket: it is
// written to, and never replaced by a file of that name.
func isStream(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

func writeStream(path string, write func(io.Writer) error) error {
	stream, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, errors.Unwrap(err))
	}
	if err := errors.Join(write(stream), stream.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// path resolves a file name against --directory.
func (g *globals) path(name string) string {
	if g.directory == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(g.directory, name)
}

// harmless makes untrusted text safe for a terminal and for a runner's log: no
// control characters, and no line that a runner would take for a command.
func harmless(s string) string {
	s = read.WithoutCredentials(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		line = strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 {
				return '\uFFFD'
			}
			return r
		}, line)
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "::") || strings.HasPrefix(strings.TrimLeft(line, " \t"), "##[") {
			line = "\u200b" + line
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}
