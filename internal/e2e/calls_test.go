package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
)

// call is one entry of the simulator's ledger.
type call struct{ Region, Service, Operation string }

// calls is the simulator's ledger.
func calls(t *testing.T, endpoint string) []call {
	t.Helper()
	response, err := http.Get(endpoint + "/_lockstep/calls")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var ledger struct{ Calls []call }
	if err := json.NewDecoder(response.Body).Decode(&ledger); err != nil {
		t.Fatal(err)
	}
	return ledger.Calls
}

// executions counts the change sets that were executed, by Region.
func executions(t *testing.T, endpoint string) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, c := range calls(t, endpoint) {
		if c.Operation == "ExecuteChangeSet" {
			count[c.Region]++
		}
	}
	return count
}
