package target

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// cells is what every status must mean, written down apart from the table:
// before anything was done | while our operation is followed | on the way
// back | whether a stack in it runs a whole release.
var cells = map[types.StackStatus]string{
	missing:                                        "create|settled: failed|nothing|",
	"REVIEW_IN_PROGRESS":                           "reuse|go on|delete|",
	"CREATE_IN_PROGRESS":                           "wait|go on|wait for it|",
	"CREATE_FAILED":                                "refuse|settled: stuck|delete|",
	"CREATE_COMPLETE":                              "update|settled: success|compare|usable",
	"ROLLBACK_IN_PROGRESS":                         "wait|failing|wait for it|",
	"ROLLBACK_FAILED":                              "refuse|settled: stuck|quarantine|",
	"ROLLBACK_COMPLETE":                            "recreate|settled: failed|delete|",
	"DELETE_IN_PROGRESS":                           "wait|failing|wait for it|",
	"DELETE_FAILED":                                "refuse|settled: stuck|quarantine|",
	"DELETE_COMPLETE":                              "create|settled: failed|nothing|",
	"UPDATE_IN_PROGRESS":                           "wait|go on|wait for it|",
	"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":          "wait|succeeded|wait for it|usable",
	"UPDATE_COMPLETE":                              "update|settled: success|compare|usable",
	"UPDATE_FAILED":                                "refuse|settled: stuck|roll back|",
	"UPDATE_ROLLBACK_IN_PROGRESS":                  "wait|failing|wait for it|",
	"UPDATE_ROLLBACK_FAILED":                       "refuse|settled: stuck|continue|",
	"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "wait|failing|wait for it|usable",
	"UPDATE_ROLLBACK_COMPLETE":                     "update|settled: failed|compare|usable",
	"IMPORT_IN_PROGRESS":                           "wait|go on|wait for it|",
	"IMPORT_COMPLETE":                              "update|settled: success|compare|usable",
	"IMPORT_ROLLBACK_IN_PROGRESS":                  "wait|failing|wait for it|",
	"IMPORT_ROLLBACK_FAILED":                       "refuse|settled: stuck|quarantine|",
	"IMPORT_ROLLBACK_COMPLETE":                     "update|settled: failed|compare|usable",
	// Statuses that do not exist yet.
	"TELEPORT_IN_PROGRESS": "wait|go on|wait for it|",
	"TELEPORT_FAILED":      "refuse|settled: stuck|quarantine|",
	"TELEPORT_COMPLETE":    "update|settled: stuck|compare|",
	"SOMETHING_ELSE":       "refuse|settled: stuck|quarantine|",
	"":                     "refuse|settled: stuck|quarantine|",
}

func TestEveryStatusMeansWhatItMust(t *testing.T) {
	for status, want := range cells {
		row := meaning(status)
		usable := ""
		if row.Usable {
			usable = "usable"
		}
		back := string(row.Back)
		if row.Back == follow {
			back = "wait for it"
		}
		if got := strings.Join([]string{string(row.Before), string(row.While), back, usable}, "|"); got != want {
			t.Errorf("%s: got %s, want %s", status, got, want)
		}
	}
}

func TestEveryStatusOfTheAPIHasARow(t *testing.T) {
	known := map[types.StackStatus]int{}
	for _, row := range statuses {
		known[row.Status]++
	}
	for _, status := range types.StackStatus("").Values() {
		if known[status] != 1 {
			t.Errorf("%s has %d rows", status, known[status])
		}
		if _, ok := cells[status]; !ok {
			t.Errorf("%s is not tested", status)
		}
	}
	if len(statuses) != len(types.StackStatus("").Values())+1 {
		t.Errorf("%d rows for %d statuses and missing", len(statuses), len(types.StackStatus("").Values()))
	}
}

func TestWhateverAPersonMustActOnHasAHint(t *testing.T) {
	for _, row := range statuses {
		if (row.Before == refuse || row.Before == planReplace || row.Back == giveUp || row.While == leftStuck) && row.Hint == "" {
			t.Errorf("%s has no hint", row.Status)
		}
	}
}

func TestOnlyProgressIsWaitedFor(t *testing.T) {
	for _, row := range statuses {
		moving := strings.HasSuffix(string(row.Status), "_IN_PROGRESS") && row.Status != types.StackStatusReviewInProgress
		if moving != (row.Back == follow) || moving != (row.Before == waitFirst) {
			t.Errorf("%s: waited for %v/%v, moving %v", row.Status, row.Before == waitFirst, row.Back == follow, moving)
		}
	}
}
