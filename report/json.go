package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

//go:embed schema/report.v1.json
var schemaV1 []byte

//go:embed schema/summary.v1.json
var summaryV1 []byte

// JSONSchema returns the published JSON Schema (draft 2020-12) of a report.
func JSONSchema() []byte { return slices.Clone(schemaV1) }

// SummaryJSONSchema returns that of a summary, which refers to that of a report.
func SummaryJSONSchema() []byte { return slices.Clone(summaryV1) }

// JSON writes the whole report, indented, ending in a newline.
func JSON(w io.Writer, r Report) error {
	data, err := json.MarshalIndent(whole(r), "", "  ")
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	// A workflow's runner would take "##[" for a command; JSON has another way to write it.
	data = bytes.ReplaceAll(data, []byte("##["), []byte(`#\u0023[`))
	_, err = w.Write(append(data, '\n'))
	return err
}

// whole fills what the schema demands and seals what must not leave.
func whole(r Report) Report {
	r.Schema = Schema
	r.Regions = orEmpty(r.Regions)
	r.Gaps = orEmpty(r.Gaps)
	r.Waivers = orEmpty(r.Waivers)
	findings := make([]drift.Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Primary, f.Standby = drift.Redact(f.Primary), drift.Redact(f.Standby)
		findings[i] = f
	}
	r.Findings = findings
	r.Checks = slices.Clone(r.Checks)
	for i := range r.Checks {
		r.Checks[i].Resources = orEmpty(r.Checks[i].Resources)
	}
	if r.Deploy != nil {
		d := *r.Deploy
		d.Regions = slices.Clone(orEmpty(d.Regions))
		for i := range d.Regions {
			d.Regions[i].Targets = orEmpty(d.Regions[i].Targets)
		}
		r.Deploy = &d
	}
	return r
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Read reads a report that JSON wrote. Fields it does not know are ignored;
// another schema is an error.
func Read(from io.Reader) (Report, error) {
	data, err := io.ReadAll(from)
	if err != nil {
		return Report{}, fmt.Errorf("read report: %w", err)
	}
	var head struct{ Schema string }
	if err := json.Unmarshal(data, &head); err != nil {
		return Report{}, fmt.Errorf("read report: %w", unreadable(data, err))
	}
	if head.Schema != Schema {
		return Report{}, fmt.Errorf("read report: schema is %q, want %q", head.Schema, Schema)
	}
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("read report: %w", err)
	}
	return r, nil
}

// unreadable says in a person's words what the decoder found.
func unreadable(data []byte, err error) error {
	var syntax *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("there is nothing in it")
	case errors.As(err, &syntax) && syntax.Offset >= int64(len(data)):
		return fmt.Errorf("it ends in the middle, after %d bytes: it was cut short", len(data))
	case errors.As(err, &syntax):
		return fmt.Errorf("it is no JSON, from byte %d on: %w", syntax.Offset, err)
	default:
		return err
	}
}
