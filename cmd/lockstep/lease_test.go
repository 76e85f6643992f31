package main

import (
	"testing"
	"time"
)

func TestALeaseThatHasEndedHoldsNobodyUp(t *testing.T) {
	until := time.Date(2026, 11, 26, 19, 35, 0, 0, time.UTC)
	if have := lease(until, until.Add(-time.Second)); have != "locked until 2026-11-26T19:35:00Z" {
		t.Error(have)
	}
	if have := lease(until, until); have != "lock whose lease ended at 2026-11-26T19:35:00Z: the next run takes it over" {
		t.Error(have)
	}
}
