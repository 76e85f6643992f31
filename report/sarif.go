package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// fingerprint names how the identity of a result is made. It holds neither
// values nor times, so that an alert stays the same alert while it lasts.
const fingerprint = "lockstep/v1"

// SARIF writes the findings, checks and gaps of a report in the Static Analysis
// Results Interchange Format, version 2.1.0, for code scanning. What was
// accepted is a suppressed result, never absent. Places are relative to the
// root of the repository.
func SARIF(w io.Writer, r Report) error {
	r = whole(r)
	log := sarif.NewReport()
	s := &sarifLog{run: sarif.NewRunWithInformationURI("Lockstep", "https://github.com/lockstep-dr/lockstep"), report: r}
	if r.Version != "" {
		s.run.Tool.Driver.WithVersion(clean(r.Version))
	}
	s.run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID("lockstep/" + clean(r.App) + "/" + clean(r.Command) + "/"))
	s.checks()
	s.findings()
	s.gaps()
	s.fit()
	log.AddRun(s.run)
	data, err := json.MarshalIndent(log, "", "  ")
	if err != nil {
		return fmt.Errorf("encode SARIF: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// sarifLog is one run under way.
type sarifLog struct {
	run    *sarif.Run
	report Report
	judged map[string]bool // resources that a check answers for
}

// checks are the rules of the gate that did not pass.
func (s *sarifLog) checks() {
	s.judged = map[string]bool{}
	for _, c := range s.report.Checks {
		if c.Status != readiness.Fail && c.Status != readiness.Undetermined && c.Status != readiness.Waived {
			continue
		}
		rule, _ := readiness.Find(c.Rule)
		s.rule(c.Rule, cmp.Or(rule.Title, c.Title), rule.Why, rule.Fix)
		level := levels[c.Severity]
		text := c.Evidence
		if c.Status == readiness.Undetermined {
			text = "Not known: " + text
		}
		result := s.result(c.Rule, level, text, c.Fix, c.Location, append([]string{c.Region, string(c.Status)}, c.Resources...)...)
		suppress(result, c.Waived)
		for _, key := range c.Resources {
			s.judged[key] = s.judged[key] || c.Status != readiness.Undetermined
		}
	}
}

// findings are the differences that no check of the gate has told already.
func (s *sarifLog) findings() {
	for _, f := range untold(s.report) {
		if s.report.Verdict != "" && s.judged[f.Resource] {
			continue
		}
		id := "drift/" + string(f.Cause)
		if f.Property == "" {
			id = "drift/missing"
		}
		help := sarifRules[id]
		s.rule(id, help.title, help.why, help.fix)
		result := s.result(id, levels[f.Severity], f.Message, f.Fix, f.Location, f.Region, f.Resource, f.Property)
		suppress(result, f.Waived)
	}
}

// gaps are what was not compared. With checks, those that wait for them say so.
func (s *sarifLog) gaps() {
	if s.report.Verdict != "" {
		return
	}
	const id = "drift/not-compared"
	for _, g := range s.report.Gaps {
		if g.Fact != "" {
			continue // no property: the gate's concern
		}
		help := sarifRules[id]
		s.rule(id, help.title, help.why, help.fix)
		what := strings.TrimSpace(cmp.Or(g.Resource, "everything") + " " + g.Property)
		text := strings.TrimSpace(fmt.Sprintf("%s in %s was not compared: %s, %s. %s", what, g.Region, g.Operation, g.Reason, g.Message))
		s.result(id, "warning", text, cmp.Or(g.Remedy(), help.fix), nil, g.Region, g.Resource, g.Property, g.Operation, g.Reason)
	}
}

func (s *sarifLog) rule(id, title, why, fix string) {
	if s.run.GetRuleIndex(id) >= 0 {
		return
	}
	rule := s.run.AddRule(id)
	help := strings.TrimSpace(why + "\n\n" + fix)
	rule.WithName(id)
	rule.WithShortDescription(sarif.NewMultiformatMessageString().WithText(described(cmp.Or(title, id))))
	rule.WithFullDescription(sarif.NewMultiformatMessageString().WithText(described(cmp.Or(why, title, id))))
	rule.WithHelp(sarif.NewMultiformatMessageString().WithText(plainText(cmp.Or(help, title, id))))
}

// resultLimit is how many results of a run code scanning takes; it refuses a file
// with more as a whole. descriptionLimit is the length of a rule's descriptions
// in characters. Source: GitHub Docs, "SARIF support for code scanning".
const (
	resultLimit      = 25_000
	descriptionLimit = 1024
)

// fit leaves out the least of what is too much, and says how much that was.
func (s *sarifLog) fit() {
	all := s.run.Results
	if len(all) <= resultLimit {
		return
	}
	slices.SortStableFunc(all, func(a, b *sarif.Result) int { return cmp.Compare(rank(a), rank(b)) })
	s.run.Results = all[:resultLimit-1]
	const id = "lockstep/left-out"
	help := sarifRules[id]
	s.rule(id, help.title, help.why, help.fix)
	text := fmt.Sprintf("%d results are left out: code scanning takes %d. Everything is in the JSON report.", len(all)-resultLimit+1, resultLimit)
	s.result(id, levels[drift.Block], text, help.fix, nil)
}

// rank is smaller for what must not be left out.
func rank(r *sarif.Result) int {
	if len(r.Suppressions) > 0 {
		return 3
	}
	return slices.Index([]string{"error", "warning", "note"}, r.Level)
}

// levels are SARIF's words for severities.
var levels = map[drift.Severity]string{drift.Block: "error", drift.Warn: "warning", drift.Info: "note"}

func (s *sarifLog) result(rule, level, text, fix string, at *drift.Location, identity ...string) *sarif.Result {
	if fix != "" {
		text += "\nTo do: " + upper(fix)
	}
	result := s.run.CreateResultForRule(rule).WithLevel(level).WithMessage(sarif.NewTextMessage(plainText(text)))
	result.WithPartialFingerprints(map[string]string{fingerprint: digest(append([]string{s.report.App, rule}, identity...))})
	if place := s.place(at); place != nil {
		result.AddLocation(place)
	}
	return result
}

// place is where a result points: without a place of its own, the
// configuration, because code scanning shows no result that points nowhere.
func (s *sarifLog) place(at *drift.Location) *sarif.Location {
	if at == nil {
		file, _, _ := strings.Cut(s.report.Config, " ") // "lockstep.yml of commit …"
		if file == "" {
			return nil
		}
		at = &drift.Location{File: file, Line: 1}
	}
	region := sarif.NewRegion().WithStartLine(max(at.Line, 1))
	if at.Column > 0 {
		region.WithStartColumn(at.Column)
	}
	file := sarif.NewArtifactLocation().WithURI((&url.URL{Path: clean(at.File)}).String()).WithURIBaseID("%SRCROOT%")
	return sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().WithArtifactLocation(file).WithRegion(region))
}

// suppress marks what a waiver accepts.
func suppress(result *sarif.Result, w *drift.Waiver) {
	if w == nil {
		return
	}
	result.AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").
		WithJustification(plainText(fmt.Sprintf("%s (until %s)", w.Reason, w.Until))))
}

func digest(parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// plainText is text without control characters, in which nothing is a link.
func plainText(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), "](", "] (")
}

// described is text short enough to describe a rule.
func described(s string) string {
	text := []rune(plainText(s))
	if len(text) > descriptionLimit {
		text = append(text[:descriptionLimit-1], '…')
	}
	return string(text)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// sarifRules explain the kinds of differences.
var sarifRules = map[string]struct{ title, why, fix string }{
	"drift/declared":         {"The code of the Regions differs", "A template, a parameter, a mapping or a condition says something else for the standby than for the primary.", "Make them agree, or accept the difference with a reason and a last day."},
	"drift/out-of-band":      {"A Region was changed by hand", "The code of both Regions is equal and one live Region is not what it says.", "Redeploy with `lockstep deploy --revert-drift`, or bring the change into the template."},
	"drift/not-yet-deployed": {"The Regions run different releases", "What the repository has is not deployed to every Region.", "Deploy the same release to every Region with `lockstep deploy`."},
	"drift/unknown":          {"The Regions differ", "The declared side of the difference could not be evaluated.", "Make both Regions agree, or accept the difference with a reason and a last day."},
	"drift/missing":          {"A resource exists in one Region only", "A takeover would have to do without what the standby lacks.", "Deploy it to every Region, or accept its absence with a reason and a last day."},
	"drift/not-compared":     {"Something was not compared", "What could not be read or evaluated is never taken for equal.", "Grant the reads that failed."},
}
