package metadata

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed types.json.gz
var compressed []byte

// Type is what the registry schema says about one resource type. Paths are
// property names joined by "/", "*" standing for any element of an array.
type Type struct {
	// Identifier are the properties that identify a resource ("id").
	Identifier []string `json:"id"`
	// ReadOnly properties are set by AWS ("ro").
	ReadOnly []string `json:"ro"`
	// WriteOnly properties are never returned by a read ("wo").
	WriteOnly []string `json:"wo"`
	// CreateOnly properties cannot change after creation ("co").
	CreateOnly []string `json:"co"`
	// Unordered arrays declare insertionOrder: false ("un").
	Unordered []string `json:"un"`
	// Tags is the property that holds the tags ("tags").
	Tags string `json:"tags"`
}

type table struct {
	Source string          `json:"source"`
	Types  map[string]Type `json:"types"`
}

// load decodes the embedded table once per process; what it yields is never changed.
var load = sync.OnceValues(func() (table, error) {
	var t table
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return t, fmt.Errorf("open type metadata: %w", err)
	}
	if err := json.NewDecoder(reader).Decode(&t); err != nil {
		return t, fmt.Errorf("decode type metadata: %w", err)
	}
	return t, nil
})

// Lookup returns what is known about a type; a type the registry does not
// know has the zero Type and false.
func Lookup(name string) (Type, bool) {
	t, err := load()
	if err != nil {
		return Type{}, false // the embedded file is checked by a test
	}
	found, ok := t.Types[name]
	return found, ok
}

// Source names where the data comes from.
func Source() string {
	t, _ := load()
	return t.Source
}
