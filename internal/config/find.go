package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// places are where a configuration is looked for, first match wins.
var places = []string{".github/lockstep.yml", ".github/lockstep.yaml", "lockstep.yml", "lockstep.yaml"}

// Places are where a configuration is looked for, the first match first.
func Places() []string { return slices.Clone(places) }

// Find returns the path of the configuration below dir. The error names every
// place that was looked at.
func Find(dir string) (string, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("find configuration: %s is not a directory", shown(dir))
	}
	for _, place := range places {
		path := filepath.Join(dir, filepath.FromSlash(place))
		info, err := os.Stat(path)
		switch {
		case err == nil && info.Mode().IsRegular():
			return path, nil
		case err == nil:
			return "", fmt.Errorf("find configuration: %s is not a file", path)
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("find configuration: %w", err)
		}
	}
	return "", fmt.Errorf("find configuration: neither %s exists in %s; name the file with --config",
		strings.Join(places, " nor "), shown(dir))
}

// Load reads and parses the configuration at path. Problems with its content
// are an *Errors; anything else means the file could not be read.
func Load(path string, now time.Time) (*Config, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return Parse(src, filepath.ToSlash(path), now)
}
