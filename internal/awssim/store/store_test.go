package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

var here = Scope{"111111111111", "eu-west-1"}

func queue(id string, size any) Resource {
	return Resource{Scope: here, Type: "T", ID: id, Properties: map[string]any{"Nested": map[string]any{"Size": size}}}
}

func TestNobodySharesMemoryWithTheStore(t *testing.T) {
	s := New(time.Now)
	in := queue("a", 1)
	out := s.Put(in)
	in.Properties["Nested"].(map[string]any)["Size"] = 2
	out.Properties["Nested"].(map[string]any)["Size"] = 3
	got, ok := s.Get(here, "T", "a")
	if !ok || got.Properties["Nested"].(map[string]any)["Size"] != 1 {
		t.Errorf("%v %+v", ok, got)
	}
	if _, ok := s.Get(Scope{"111111111111", "us-east-1"}, "T", "a"); ok {
		t.Error("seen in another Region")
	}
}

func TestAStaleViewSeesTheStateBeforeTheLastWrite(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := New(func() time.Time { return now })
	size := func(lag time.Duration) any {
		r, ok := s.View(lag).Get(here, "T", "a")
		if !ok {
			return nil
		}
		return r.Properties["Nested"].(map[string]any)["Size"]
	}
	s.Put(queue("a", 1))
	if got := size(time.Minute); got != nil {
		t.Errorf("a new resource is seen too early: %v", got)
	}
	now = now.Add(time.Hour)
	s.Put(queue("a", 2))
	if size(time.Minute) != 1 || size(0) != 2 || len(s.View(time.Minute).List(here, "T")) != 1 {
		t.Errorf("stale %v, fresh %v", size(time.Minute), size(0))
	}
	now = now.Add(time.Hour)
	s.Delete(here, "T", "a")
	if size(time.Minute) != 2 || size(0) != nil || len(s.List(here, "T")) != 0 {
		t.Errorf("deleted: stale %v, fresh %v", size(time.Minute), size(0))
	}
}

func TestPagesCoverEverythingOnce(t *testing.T) {
	s := New(time.Now)
	for i := range 25 {
		s.Put(queue(fmt.Sprintf("%02d", i), i))
	}
	s.Delete(here, "T", "13")
	seen, after := 0, ""
	for {
		page, next := s.Page(here, "T", after, 10)
		seen += len(page)
		if next == "" {
			break
		}
		after = next
	}
	if seen != 24 {
		t.Errorf("saw %d of 24", seen)
	}
}

func TestWritesThatCollideAreNotLost(t *testing.T) {
	s := New(time.Now)
	s.Put(queue("n", 0))
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for {
				r, _ := s.Get(here, "T", "n")
				r.Properties["N"], _ = r.Properties["N"].(int)
				r.Properties["N"] = r.Properties["N"].(int) + 1
				if _, won := s.Replace(r); won {
					return
				}
			}
		})
	}
	wg.Wait()
	if r, _ := s.Get(here, "T", "n"); r.Properties["N"] != 50 || r.Revision != 51 {
		t.Errorf("%v at revision %d", r.Properties["N"], r.Revision)
	}
	if _, found, err := s.Update(here, "T", "n", func(*Resource) error { return errors.New("no") }); !found || err == nil {
		t.Error("a refused update was written")
	}
	if r, _ := s.Get(here, "T", "n"); r.Revision != 51 {
		t.Error("a refused update counts")
	}
}

func TestIdentifiersRepeatPerSeedAndNeverWithinOne(t *testing.T) {
	a, b, c := NewIDs(1), NewIDs(1), NewIDs(2)
	one, two := a.UUID("x"), a.UUID("x")
	if one == two {
		t.Error("the same id twice")
	}
	b.UUID("y") // the order across subjects does not matter
	if b.UUID("x") != one || c.UUID("x") == one {
		t.Error("ids do not follow the seed")
	}
	if got := a.Upper(12, "z"); len(got) != 12 {
		t.Errorf("%q", got)
	}
}
