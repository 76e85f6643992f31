package evidence

import (
	"slices"
	"testing"
	"time"
)

// What readiness needs to find a point that counts is told, and no more.
func TestOfEachPlaceIsToldWhatMayCount(t *testing.T) {
	point := func(status, key string, hours int) recoveryPoint {
		p := recoveryPoint{from: "vault dr", status: status, complete: status != "PARTIAL", encrypted: true, key: key}
		if hours > 0 {
			at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC).Add(-time.Duration(hours) * time.Hour)
			p.at = &at
		}
		return p
	}
	for name, c := range map[string]struct {
		points []recoveryPoint
		want   []string
	}{
		"one without a time comes before one with": {[]recoveryPoint{point("dated", "k", 2), point("undated", "k", 0)}, []string{"undated", "dated"}},
		"an older one of the same key":             {[]recoveryPoint{point("old", "k", 9), point("new", "k", 2)}, []string{"new"}},
		"an older one of another key":              {[]recoveryPoint{point("old", "other", 9), point("new", "k", 2)}, []string{"new", "old"}},
		"a partial one before a complete one":      {[]recoveryPoint{point("complete", "k", 9), point("PARTIAL", "k", 2)}, []string{"PARTIAL", "complete"}},
		"a partial one after a complete one":       {[]recoveryPoint{point("complete", "k", 2), point("PARTIAL", "k", 9)}, []string{"complete"}},
	} {
		t.Run(name, func(t *testing.T) {
			var told []string
			for _, p := range telling(c.points) {
				told = append(told, p.status)
			}
			if !slices.Equal(told, c.want) {
				t.Errorf("%v, want %v", told, c.want)
			}
		})
	}
}
