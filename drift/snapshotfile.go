package drift

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// SchemaError says that a file is no snapshot this version can read.
type SchemaError struct {
	// Have is the schema the file names; empty when it names none.
	Have string
}

func (e *SchemaError) Error() string {
	if e.Have == "" {
		return fmt.Sprintf("no schema, want %q: this is no file of `lockstep snapshot`", SnapshotSchema)
	}
	return fmt.Sprintf("schema %q, want %q: use the version of lockstep that wrote it, or "+takeAgain, e.Have, SnapshotSchema)
}

// ReadSnapshot reads a file that WriteSnapshot wrote. It refuses other schemas
// (a *SchemaError), unknown fields, anything after the snapshot, and a
// snapshot that does not say which Region it is of. Callers add the file's
// name to the error.
func ReadSnapshot(r io.Reader) (*Snapshot, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, damage(data, err)
	}
	if head.Schema != SnapshotSchema {
		return nil, &SchemaError{Have: head.Schema}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var s Snapshot
	if err := decoder.Decode(&s); err != nil {
		return nil, damage(data, err)
	}
	if s.Region.Name == "" {
		return nil, errors.New("it names no Region: " + takeAgain)
	}
	return &s, nil
}

// WriteSnapshot writes a snapshot as a file that people can diff.
func WriteSnapshot(w io.Writer, s *Snapshot) error {
	written := *s
	written.Schema = SnapshotSchema
	written.Stacks = orEmpty(written.Stacks)
	written.Resources = orEmpty(written.Resources)
	written.Facts = orEmpty(written.Facts)
	written.Gaps = orEmpty(written.Gaps)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(&written); err != nil {
		return fmt.Errorf("write snapshot of %s: %w", s.Region.Name, err)
	}
	return nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
