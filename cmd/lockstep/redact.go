package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/report"
)

// withoutCredentials masks credentials in every text of a report. Values were
// sealed when they were read; what is left are messages of AWS, which may repeat
// what they were given, and snapshots from files, which anybody may have written.
func withoutCredentials(r report.Report) (report.Report, error) {
	var text bytes.Buffer
	if err := report.JSON(&text, r); err != nil {
		return r, err
	}
	if read.WithoutCredentials(text.String()) == text.String() {
		return r, nil
	}
	decoder := json.NewDecoder(&text)
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return r, fmt.Errorf("mask credentials: %w", err)
	}
	clean, err := json.Marshal(maskTexts(tree))
	if err != nil {
		return r, fmt.Errorf("mask credentials: %w", err)
	}
	return report.Read(bytes.NewReader(clean))
}

func maskTexts(v any) any {
	switch v := v.(type) {
	case string:
		return read.WithoutCredentials(v)
	case []any:
		for i, element := range v {
			v[i] = maskTexts(element)
		}
	case map[string]any:
		for key, member := range v {
			v[key] = maskTexts(member)
		}
	}
	return v
}
