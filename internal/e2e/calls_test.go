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

// executing says in which Regions a change set was executed.
func executing(t *testing.T, endpoint string) map[string]bool {
	t.Helper()
	regions := map[string]bool{}
	for _, c := range calls(t, endpoint) {
		if c.Operation == "ExecuteChangeSet" {
			regions[c.Region] = true
		}
	}
	return regions
}
