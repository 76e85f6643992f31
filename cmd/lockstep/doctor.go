package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// diagnosis is one thing that doctor looked at.
type diagnosis struct {
	// Check is what was looked at: configuration, credentials, account, clock,
	// permission, reading, event, token.
	Check  string `json:"check"`
	Region string `json:"region,omitempty"`
	// Status is ok, warning, missing or unknown.
	Status  health `json:"status"`
	Message string `json:"message"`
	// Fix says what a person can do; empty where nothing is wrong.
	Fix string `json:"fix,omitempty"`
}

type health string

const (
	healthy  health = "ok"
	doubtful health = "warning" // works, but not everything will
	missing  health = "missing"
	unclear  health = "unknown"
)

// doctorSchema names the format of doctor's JSON.
const doctorSchema = "lockstep.doctor/v1"

func newDoctor(g *globals) *cobra.Command {
	format, quick := "text", false
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check credentials, permissions, Regions and tokens; say what is missing",
		Long: `Look at everything that gate and watch need and say what is missing and how to mend it:
the configuration, the credentials and the account in every Region, the clock, every
permission (by reading what the gate reads), the event of the run, and what the GitHub
token may do. Writes nothing to AWS, and nothing to GitHub: what the token may write is
found out by calls that GitHub has to refuse.

Exit codes: 0 nothing is missing · 1 something is · 2 usage error · 3 could not find out.`,
		Example: `  lockstep doctor
  lockstep doctor --quick                     without reading the Regions' resources
  lockstep doctor --format json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return usageError{fmt.Errorf("unknown --format %q: use text, json", format)}
			}
			return g.runDoctor(cmd.Context(), format, quick)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "print as `text|json`")
	cmd.Flags().BoolVar(&quick, "quick", false, "do not read resources: check credentials and tokens alone")
	return g.withReadFlags(cmd)
}

func (g *globals) runDoctor(ctx context.Context, format string, quick bool) error {
	found := g.examine(ctx, quick)
	print := func(w io.Writer, list []diagnosis) error { return printDiagnoses(w, list, g.env.seen) }
	if format == "json" {
		print = printDiagnosesJSON
	}
	if err := print(g.env.stdout, found); err != nil {
		return err
	}
	switch {
	case has(found, missing):
		return exitError{exitNo}
	case has(found, unclear):
		return exitError{exitUndetermined}
	}
	return nil
}

// examine looks at one thing after another; what an earlier one lacks, a later
// one does not repeat.
func (g *globals) examine(ctx context.Context, quick bool) []diagnosis {
	cfg, found := g.examineConfiguration()
	if cfg != nil {
		sessions, here := g.examineRegions(ctx, cfg)
		found = append(found, here...)
		if !quick && !slices.Contains(sessions, nil) {
			found = append(found, g.examineReading(ctx, cfg)...)
		}
	}
	return append(found, g.examineGitHub(ctx)...)
}

func has(list []diagnosis, status health) bool {
	return slices.ContainsFunc(list, func(d diagnosis) bool { return d.Status == status })
}

func printDiagnosesJSON(w io.Writer, list []diagnosis) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Schema string      `json:"schema"`
		Checks []diagnosis `json:"checks"`
	}{doctorSchema, list})
}

func printDiagnoses(w io.Writer, list []diagnosis, seen func(string) string) error {
	var b strings.Builder
	for _, d := range list {
		where := ""
		if d.Region != "" {
			where = " " + d.Region
		}
		fmt.Fprintf(&b, "%-8s %s%s: %s\n", d.Status, d.Check, where, d.Message)
		if d.Fix != "" {
			fmt.Fprintf(&b, "         To do: %s\n", d.Fix)
		}
	}
	_, err := io.WriteString(w, seen(harmless(b.String())))
	return err
}
