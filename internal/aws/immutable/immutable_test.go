package immutable

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	here = Place{Account: "111111111111", Region: "us-west-2"}
	day  = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
)

// asked counts how often a question reached AWS.
type asked int

func (n *asked) of(s *Store, id, answer string, err error) (string, error) {
	return Ask(s, TaskDefinition, id, func() (string, error) { *n++; return answer, err })
}

func TestWhatWasAnsweredIsAskedOnceAndFailuresAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		store  *Store
		answer string
		err    error
		want   asked // of two times
	}{
		{"an answer", New(here, day), "sha", nil, 1},
		{"a denial", New(here, day), "", errors.New("AccessDenied"), 2},
		{"an error beside an answer", New(here, day), "sha", errors.New("truncated"), 2},
		{"an answer that says nothing", New(here, day), "", nil, 2},
		{"no store", nil, "sha", nil, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var n asked
			for range 2 {
				if answer, err := n.of(c.store, "arn:1", c.answer, c.err); answer != c.answer || !errors.Is(err, c.err) {
					t.Errorf("%q %v", answer, err)
				}
			}
			if n != c.want {
				t.Errorf("asked %d times, want %d", n, c.want)
			}
		})
	}
}

func TestARunRemembersWhatAnEarlierOneSavedUnlessTheFileIsAnyOther(t *testing.T) {
	same := func(data []byte) []byte { return data }
	for _, c := range []struct {
		name   string
		change func([]byte) []byte
		place  Place
		later  time.Duration
		known  bool
		why    string // the error's
	}{
		{name: "the same", change: same, place: here, known: true},
		{name: "used 29 days ago", change: same, place: here, later: 29 * 24 * time.Hour, known: true},
		{name: "used 31 days ago", change: same, place: here, later: 31 * 24 * time.Hour},
		{name: "used in the future", change: same, place: here, later: -48 * time.Hour},
		{name: "another account", change: same, place: Place{Account: "222222222222", Region: "us-west-2"}, why: "of account 111111111111"},
		{name: "another Region", change: same, place: Place{Account: "111111111111", Region: "eu-west-1"}, why: "in us-west-2"},
		{name: "a simulated AWS", change: same, place: Place{Account: "111111111111", Region: "us-west-2", Endpoint: "http://localhost:4566"}, why: "of account"},
		{name: "a changed value", change: func(d []byte) []byte { return bytes.Replace(d, []byte(`"sha"`), []byte(`"ahs"`), 1) }, place: here, why: "digest"},
		{name: "a changed id", change: func(d []byte) []byte { return bytes.Replace(d, []byte("arn:1"), []byte("arn:2"), 1) }, place: here, why: "digest"},
		{name: "half of it", change: func(d []byte) []byte { return d[:len(d)/2] }, place: here, why: "damaged"},
		{name: "nothing in it", change: func([]byte) []byte { return nil }, place: here, why: "damaged"},
		{name: "another format", change: func(d []byte) []byte { return bytes.Replace(d, []byte(schema), []byte("lockstep.immutable/2"), 1) }, place: here, why: "format"},
		{name: "too large", change: func(d []byte) []byte { return append(d, bytes.Repeat([]byte(" "), mostBytes)...) }, place: here, why: "larger"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			first, err := Open(dir, here, day)
			if err != nil {
				t.Fatal(err)
			}
			var n asked
			if _, err := n.of(first, "arn:1", "sha", nil); err != nil {
				t.Fatal(err)
			}
			if err := first.Save(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(first.file)
			if err != nil {
				t.Fatal(err)
			}
			now := day.Add(c.later)
			moved := New(c.place, now)
			second, _ := Open(dir, c.place, now)
			moved.file = second.file
			if err := os.WriteFile(moved.file, c.change(data), 0o600); err != nil {
				t.Fatal(err)
			}
			second, err = Open(dir, c.place, now)
			if (err != nil) != (c.why != "") || err != nil && !strings.Contains(err.Error(), c.why) {
				t.Errorf("error %v, want %q", err, c.why)
			}
			before := n
			if answer, err := n.of(second, "arn:1", "sha", nil); err != nil || answer != "sha" || (n == before) != c.known {
				t.Errorf("%q %v, asked: %v", answer, err, n != before)
			}
			if err := second.Save(); err != nil {
				t.Errorf("the file cannot be replaced: %v", err)
			}
		})
	}
}

func TestAFileStaysBoundedAndKeepsWhatWasUsedLast(t *testing.T) {
	s, err := Open(t.TempDir(), here, day)
	if err != nil {
		t.Fatal(err)
	}
	for i := range mostEntries + 10 {
		s.Tell(TaskDefinition, fmt.Sprintf("arn:%d", i), "sha")
	}
	for i := range 10 {
		s.entries[key{TaskDefinition, fmt.Sprintf("arn:%d", i)}].used = "2026-11-01"
	}
	list := s.saved()
	if len(list) != mostEntries || list[len(list)-1].Used != "2026-11-25" {
		t.Errorf("%d entries, the last used %s", len(list), list[len(list)-1].Used)
	}
}

func TestADirectoryThatCannotBeWrittenIsAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := Open(dir, here, day)
	s.Tell(TaskDefinition, "arn:1", "sha")
	if err := s.Save(); err == nil {
		t.Error("saved into a file")
	}
}

func TestEveryKindHasItsReasons(t *testing.T) {
	for _, r := range Kinds() {
		if r.Kind == "" || r.Keeps == "" || r.NeverChanges == "" || r.StillThere == "" {
			t.Errorf("%+v", r)
		}
	}
}
