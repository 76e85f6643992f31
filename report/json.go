package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

//go:embed schema/report.v1.json
var schemaV1 []byte

// JSONSchema returns the published JSON Schema (draft 2020-12) of a report.
func JSONSchema() []byte { return slices.Clone(schemaV1) }

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
		f.Primary, f.Standby = redact(f.Primary), redact(f.Standby)
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
	var r Report
	dec := json.NewDecoder(from)
	if err := dec.Decode(&r); err != nil {
		return Report{}, fmt.Errorf("read report: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return Report{}, fmt.Errorf("read report: something follows the report")
	}
	if r.Schema != Schema {
		return Report{}, fmt.Errorf("read report: schema is %q, want %q", r.Schema, Schema)
	}
	return r, nil
}
