package availability

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

//go:embed types.json.gz
var compressed []byte

type table struct {
	Source  string   `json:"source"`
	Regions []string `json:"regions"`
	// Types maps a type to the positions in Regions of those that lack it.
	Types map[string][]int `json:"types"`
}

// load decodes the embedded table once per process; what it yields is never changed.
var load = sync.OnceValues(func() (table, error) {
	var t table
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return t, fmt.Errorf("open type availability: %w", err)
	}
	if err := json.NewDecoder(reader).Decode(&t); err != nil {
		return t, fmt.Errorf("decode type availability: %w", err)
	}
	return t, nil
})

// Lacks reports whether a Region is known not to offer a type. What the table
// does not know, no Region lacks.
func Lacks(region, typeName string) bool {
	t, err := load()
	if err != nil {
		return false // the embedded file is checked by a test
	}
	at := slices.Index(t.Regions, region)
	return at >= 0 && slices.Contains(t.Types[typeName], at)
}

// Source names where the data comes from.
func Source() string {
	t, _ := load()
	return t.Source
}
