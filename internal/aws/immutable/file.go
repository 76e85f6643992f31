package immutable

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	schema = "lockstep.immutable/1"
	// mostBytes and mostEntries bound a file; oldest is how long an entry lives that nobody asks for.
	mostBytes   = 32 << 20
	mostEntries = 50_000
	oldest      = 30 * 24 * time.Hour
)

// file is the form on disk. Digest is over everything else: it finds damage, and
// is no seal against those who may write the file (see docs/operations.md).
type file struct {
	Schema  string  `json:"schema"`
	Digest  string  `json:"digest"`
	Place   Place   `json:"place"`
	Entries []saved `json:"entries"`
}

type saved struct {
	key
	Value json.RawMessage `json:"value"`
	Used  string          `json:"used"`
}

// Open remembers across runs in a directory. The store works in any case; the
// error says why an earlier file is not used.
func Open(dir string, place Place, now time.Time) (*Store, error) {
	s := New(place, now)
	s.file = filepath.Join(dir, url.PathEscape(place.Account)+"."+url.PathEscape(place.Region)+".json")
	known, err := readFile(s.file, place)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("use cache %s: %w", s.file, err)
	}
	for _, e := range known {
		if used, err := time.Parse(time.DateOnly, e.Used); err == nil && now.Sub(used) < oldest && !used.After(now) {
			s.entries[e.key] = &entry{value: e.Value, used: e.Used}
		}
	}
	return s, nil
}

func readFile(name string, place Place) ([]saved, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return nil, err
	}
	var content file
	switch {
	case len(data) > mostBytes:
		return nil, fmt.Errorf("it is larger than %d bytes", mostBytes)
	case json.Unmarshal(data, &content) != nil:
		return nil, errors.New("it is damaged")
	case content.Schema != schema:
		return nil, fmt.Errorf("its format is %q and not %q", content.Schema, schema)
	case content.digest() != content.Digest:
		return nil, errors.New("it is damaged: its digest is another")
	case content.Place != place:
		return nil, fmt.Errorf("it is of account %s in %s", content.Place.Account, content.Place.Region)
	}
	return content.Entries, nil
}

// digest is over the file without its digest. Encoding what was decoded gives
// the same bytes: there is no map in it, and values are written compactly.
func (f file) digest() string {
	f.Digest = ""
	data, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Save writes the file of a Store that Open made, all of it or nothing.
func (s *Store) Save() error {
	if s == nil || s.file == "" {
		return nil
	}
	content := file{Schema: schema, Place: s.place, Entries: s.saved()}
	content.Digest = content.digest()
	data, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("save cache: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(s.file), 0o700); err != nil {
		return fmt.Errorf("save cache: %w", err)
	}
	temporary, err := os.CreateTemp(filepath.Dir(s.file), ".lockstep-*")
	if err != nil {
		return fmt.Errorf("save cache: %w", err)
	}
	_, err = temporary.Write(append(data, '\n'))
	err = cmp.Or(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), s.file)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
		return fmt.Errorf("save cache: %w", err)
	}
	return nil
}

// saved are the entries in one order, those used last first where there are too many.
func (s *Store) saved() []saved {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]saved, 0, len(s.entries))
	for k, e := range s.entries {
		list = append(list, saved{key: k, Value: e.value, Used: e.used})
	}
	slices.SortFunc(list, func(a, b saved) int {
		return cmp.Or(cmp.Compare(b.Used, a.Used), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(len(list), mostEntries)]
}
