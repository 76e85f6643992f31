package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func TestALongScanSaysWhatItWaitsFor(t *testing.T) {
	for want, c := range map[string]session.Counts{
		"the request rates decide: 40 calls wait": {Limited: 40, Asked: 3, Answered: 100},
		"AWS's answers decide: 30 calls wait":     {Limited: 2, Asked: 30, Answered: 100},
		"100 calls answered":                      {Answered: 100},
	} {
		if have := stillReading(20*time.Second, c); !strings.Contains(have, want) || !strings.Contains(have, "after 20s") {
			t.Errorf("%+v: %q lacks %q", c, have, want)
		}
	}
	for name, test := range map[string]struct {
		takes time.Duration
		lines int
	}{"a short scan says nothing": {9 * time.Second, 0}, "a long one speaks now and then": {35 * time.Second, 3}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				g := &globals{env: environment{stderr: &out}}
				done := g.tellWhile(&session.Activity{})
				time.Sleep(test.takes)
				done()
				if lines := strings.Count(out.String(), "still reading"); lines != test.lines {
					t.Errorf("%d lines, want %d: %s", lines, test.lines, out.String())
				}
			})
		})
	}
}
