package github

import "fmt"

// SummaryLimit is the size in bytes of a step's summary; GitHub drops a larger
// one as a whole. Source: GitHub Docs, "Workflow commands", step limits.
const SummaryLimit = 1 << 20

// AddSummary appends Markdown to the step summary. The Markdown must fit
// SummaryLimit already: a renderer knows what it may leave out, this does not.
func (r *Runner) AddSummary(markdown string) error {
	if len(markdown) >= SummaryLimit {
		return fmt.Errorf("write step summary: %d bytes are more than GitHub takes (%d)", len(markdown), SummaryLimit)
	}
	if err := writable(r.getenv("GITHUB_STEP_SUMMARY")); err != nil {
		return fmt.Errorf("write step summary: GITHUB_STEP_SUMMARY: %w", err)
	}
	r.action.AddStepSummary(markdown)
	return nil
}
