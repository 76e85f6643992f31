package github

import (
	"fmt"
	"os"
)

// SummaryLimit is the size in bytes of a step's summary; GitHub drops a larger
// one as a whole. Source: GitHub Docs, "Workflow commands", step limits.
const SummaryLimit = 1 << 20

// AddSummary appends Markdown to the step summary. With what is in it already
// it must fit SummaryLimit: a renderer knows what it may leave out, this does
// not. Callers treat an error as a warning.
func (r *Runner) AddSummary(markdown string) error {
	path := r.getenv("GITHUB_STEP_SUMMARY")
	size := int64(len(markdown)) + 1 // a newline follows
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		size += info.Size()
	}
	if size > SummaryLimit {
		return fmt.Errorf("write step summary: %d bytes are more than GitHub takes (%d)", size, SummaryLimit)
	}
	if err := r.toFile("GITHUB_STEP_SUMMARY", func() { r.action.AddStepSummary(markdown) }); err != nil {
		return fmt.Errorf("write step summary: %w", err)
	}
	return nil
}
