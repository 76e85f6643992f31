package drift

import (
	"fmt"
	"testing"
)

// wide is a Region with one resource whose list has so many elements; changed
// is a value of the last one.
func wide(p testPlace, elements int, changed string) *Snapshot {
	rules := make([]any, elements)
	for i := range rules {
		value := "same"
		if i == elements-1 {
			value = changed
		}
		rules[i] = map[string]any{"Name": fmt.Sprintf("rule%05d", i), "Value": value}
	}
	return &Snapshot{Schema: SnapshotSchema, Account: p.account, Run: "run-1", Region: payments(p).Region,
		Resources: []Resource{{Key: "app/Wide", Type: "AWS::Made::Up", ID: "x", Properties: map[string]any{"Rules": rules}}}}
}

// Pairs that are alike, nearly all of them, are told by a digest, the pair's own
// or that of a part: elements are not laid side by side, which costs memory for each.
func TestEqualPairsAreNotWalked(t *testing.T) {
	const elements = 2000
	allocations := func(changed string) float64 {
		left, right := wide(east, elements, "same"), wide(west, elements, changed)
		return testing.AllocsPerRun(3, func() {
			if c := Compare(left, right, options); (len(c.Findings) > 0) != (changed != "same") || c.Coverage.Compared != 1 {
				t.Fatalf("%+v %+v", c.Coverage, c.Findings)
			}
		})
	}
	equal, different := allocations("same"), allocations("other")
	if walk := different - equal; walk < elements/2 {
		t.Errorf("%.0f allocations for an equal pair and %.0f for one that differs: either equal pairs are walked too, or a walk has become free", equal, different)
	}
}
