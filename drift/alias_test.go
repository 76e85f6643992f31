package drift

import "testing"

func TestAComparisonSaysWhichKeysItTookForOne(t *testing.T) {
	tagged := map[string]string{pairingTag: "orders"}
	c := Compare(region(east, queue(east, "a/Queue", "orders", 0, tagged)), region(west, queue(west, "b/Other", "orders", 0, tagged)), options)
	if len(c.Aliases) != 1 || c.Aliases["b/Other"] != "a/Queue" {
		t.Errorf("aliases %v", c.Aliases)
	}
	same := Compare(region(east, queue(east, "a/Queue", "orders", 0, tagged)), region(west, queue(west, "a/Queue", "orders", 0, tagged)), options)
	if len(same.Aliases) != 0 {
		t.Errorf("resources of one key have aliases: %v", same.Aliases)
	}
}
