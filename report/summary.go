package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/readiness"
)

// SummarySchema names the JSON format of a Summary; fields are only ever added to a version.
const SummarySchema = "lockstep.summary/v1"

// Standing is what a report means for whoever waits for all of them.
type Standing string

// The standings, best first.
const (
	Passed       Standing = "passed"
	Undetermined Standing = "unknown"  // could not be determined, or there is no report
	Failed       Standing = "failed"   // drift, not ready, not released
	InDoubt      Standing = "in-doubt" // Regions differ, or one is in doubt
)

var standings = []Standing{Passed, Undetermined, Failed, InDoubt}

// worse is how bad a standing is; one that is not known is the worst.
func (s Standing) worse() int {
	if i := slices.Index(standings, s); i >= 0 {
		return i
	}
	return len(standings)
}

// Summary is the reports of many applications as one answer, the worst first.
type Summary struct {
	Schema       string        `json:"schema"`
	MergedAt     time.Time     `json:"merged_at"`
	Version      string        `json:"version,omitempty"`
	Standing     Standing      `json:"standing"`
	Applications []Application `json:"applications"`
	RunURL       string        `json:"run_url,omitempty"`
}

// Application is one line of a summary. Without a report it has a name and is unknown.
type Application struct {
	App      string   `json:"app"`
	Standing Standing `json:"standing"`
	// File is where its report was; empty: there was none.
	File        string            `json:"file,omitempty"`
	Command     string            `json:"command,omitempty"`
	Headline    string            `json:"headline"`
	Verdict     readiness.Verdict `json:"verdict,omitempty"`
	Counts      Counts            `json:"counts"`
	Regions     []Region          `json:"regions"`
	EvaluatedAt time.Time         `json:"evaluated_at,omitzero"`
	Commit      string            `json:"commit,omitempty"`
	RunURL      string            `json:"run_url,omitempty"`
	// Checks are those that block, or would if they could be judged.
	Checks []readiness.Check `json:"checks"`
	// Notices are what a reader must know about the report itself.
	Notices []string `json:"notices,omitempty"`

	report   Report
	answered headline
}

// Summarise is the line of one report.
func Summarise(file string, r Report, s Standing) Application {
	h := headlineOf(r)
	if r.Admitted != nil {
		h.words += ", admitted"
	}
	r = whole(r)
	return Application{
		App: r.App, Standing: s, File: file, Command: r.Command, Headline: clean(h.words + ": " + h.sentence), Verdict: r.Verdict,
		Counts: Count(r), Regions: r.Regions, EvaluatedAt: r.EvaluatedAt, Commit: r.Commit, RunURL: r.RunURL,
		Checks:  orEmpty(checksWhere(r, func(c readiness.Check) bool { return blockingCheck(c) || unknownCheck(c) })),
		Notices: notices(r), report: r, answered: h,
	}
}

// WithoutReport is the line of an application whose report was expected.
func WithoutReport(app string) Application {
	h := headline{"No report", "it was expected, and nothing is known of it.", doubtful}
	return Application{App: app, Standing: Undetermined, Headline: h.words + ": " + h.sentence, Regions: []Region{}, Checks: []readiness.Check{}, answered: h}
}

// Doubted is the line of a report that cannot be taken for an answer about now,
// whatever it says; why is untrusted text. What failed or is in doubt stays that.
func (a Application) Doubted(words, why string) Application {
	a.Notices = append(slices.Clone(a.Notices), words+": "+why)
	if a.Standing.worse() > Undetermined.worse() {
		return a
	}
	a.Standing, a.answered = Undetermined, headline{words, why, doubtful}
	a.Headline = clean(words + ": " + why)
	return a
}

// Merge puts applications together. The whole stands as its worst does; of
// nothing nothing is known.
func Merge(applications []Application, at time.Time) Summary {
	s := Summary{Schema: SummarySchema, MergedAt: at.UTC(), Standing: Undetermined, Applications: orEmpty(slices.Clone(applications))}
	slices.SortStableFunc(s.Applications, func(a, b Application) int {
		return cmp.Or(cmp.Compare(b.Standing.worse(), a.Standing.worse()), cmp.Compare(a.App, b.App))
	})
	if len(s.Applications) > 0 {
		s.Standing = s.Applications[0].Standing
	}
	return s
}

// SummaryJSON writes the summary, indented, ending in a newline.
func SummaryJSON(w io.Writer, s Summary) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode summary: %w", err)
	}
	_, err = w.Write(append(bytes.ReplaceAll(data, []byte("##["), []byte(`#\u0023[`)), '\n'))
	return err
}

// headline is the answer for all: how many stand how, and who they are.
func (s Summary) headline() headline {
	words := map[Standing]headline{
		Passed: {words: "All passed", mood: good}, Undetermined: {words: "Unknown", mood: doubtful},
		Failed: {words: "Not all passed", mood: bad}, InDoubt: {words: "In doubt", mood: bad},
	}
	h, known := words[s.Standing]
	if !known {
		h = words[InDoubt]
	}
	if len(s.Applications) == 0 {
		h.sentence = "there is no report."
		return h
	}
	var parts []string
	for _, kind := range []struct {
		standing Standing
		one, all string
	}{
		{InDoubt, "is in doubt", "are in doubt"}, {Failed, "did not pass", "did not pass"},
		{Undetermined, "could not be determined", "could not be determined"}, {Passed, "passed", "passed"},
	} {
		var names []string
		for _, a := range s.Applications {
			if a.Standing == kind.standing {
				names = append(names, a.App)
			}
		}
		if len(names) == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", len(names), verb(names, kind.one, kind.all))
		if kind.standing != Passed {
			part += " (" + someOf(names) + ")"
		}
		parts = append(parts, part)
	}
	h.sentence = fmt.Sprintf("of %s %s.", Plural(len(s.Applications), "application"), strings.Join(parts, ", "))
	return h
}

// someOf names the first of many.
func someOf(names []string) string {
	const most = 5
	if len(names) <= most {
		return and(names)
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// mood is how a line looks.
func (a Application) mood() mood {
	switch a.Standing {
	case Passed:
		return good
	case Undetermined:
		return doubtful
	default:
		return bad
	}
}

// cells are a line of the table in words.
func (a Application) cells() []string {
	if a.File == "" {
		return []string{a.App, "–", a.answered.words, "–", "–"}
	}
	found := tallyOf(a.report).parts()
	if a.report.Deploy != nil {
		found = "–" // its answer is its outcome
	}
	return []string{a.App, a.Command, a.answered.words, when(a.EvaluatedAt), found}
}

var summaryHead = []string{"Application", "Command", "Answer", "Evaluated", "Found"}

// notices are those of all applications, each once, behind the names of those it
// is about.
func (s Summary) notices() []string {
	var texts []string
	about := map[string][]string{}
	for _, a := range s.Applications {
		for _, notice := range a.Notices {
			if about[notice] == nil {
				texts = append(texts, notice)
			}
			about[notice] = append(about[notice], a.App)
		}
	}
	for i, notice := range texts {
		texts[i] = someOf(about[notice]) + ": " + notice
	}
	return texts
}

// footer is what a reader may want to know about the summary itself.
func (s Summary) footer() []string {
	return []string{"merged " + when(s.MergedAt), strings.TrimSpace("Lockstep " + s.Version)}
}

// open are the applications that somebody has to look at.
func (s Summary) open() []Application {
	return slices.DeleteFunc(slices.Clone(s.Applications), func(a Application) bool { return a.Standing == Passed })
}
