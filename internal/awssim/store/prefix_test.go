package store

import (
	"testing"
	"time"
)

func TestAPrefixFindsItsIdsAndNoOthers(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := New(func() time.Time { return now })
	scope := Scope{Account: "1", Region: "r"}
	for _, id := range []string{"a", "a:1", "a:2", "ab:1", "b:1", "A:1"} {
		s.Put(Resource{Scope: scope, Type: "T", ID: id})
	}
	s.Delete(scope, "T", "a:2")
	ids := func(v View, prefix string) (out string) {
		for _, r := range v.Prefix(scope, "T", prefix) {
			out += r.ID + " "
		}
		return out
	}
	for prefix, want := range map[string]string{"a:": "a:1 ", "a": "a a:1 ab:1 ", "": "A:1 a a:1 ab:1 b:1 ", "c": "", "b:1": "b:1 "} {
		if got := ids(s.View(0), prefix); got != want {
			t.Errorf("%q: %q, want %q", prefix, got, want)
		}
	}
	if got := ids(s.View(time.Minute), "a:"); got != "a:2 " {
		t.Errorf("a stale reader sees %q: it still sees what was deleted and not yet what was made", got)
	}
}
