package target

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// cells is what every status must mean, written down apart from the table:
// before anything was done | while our operation is followed | on the way
// back | whether a stack in it runs a whole release | whether its Region
// could take over.
var cells = map[types.StackStatus]string{
	missing:                                        "create|settled: failed|nothing||no",
	"REVIEW_IN_PROGRESS":                           "reuse|go on|delete||no",
	"CREATE_IN_PROGRESS":                           "wait|go on|wait for it||no",
	"CREATE_FAILED":                                "refuse|settled: stuck|delete||no",
	"CREATE_COMPLETE":                              "update|settled: success|compare|usable|yes",
	"ROLLBACK_IN_PROGRESS":                         "wait|failing|wait for it||no",
	"ROLLBACK_FAILED":                              "refuse|settled: stuck|quarantine||no",
	"ROLLBACK_COMPLETE":                            "recreate|settled: failed|delete||no",
	"DELETE_IN_PROGRESS":                           "wait|failing|wait for it||no",
	"DELETE_FAILED":                                "refuse|settled: stuck|quarantine||no",
	"DELETE_COMPLETE":                              "create|settled: failed|nothing||no",
	"UPDATE_IN_PROGRESS":                           "wait|go on|wait for it||mixed",
	"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":          "wait|succeeded|wait for it|usable|yes",
	"UPDATE_COMPLETE":                              "update|settled: success|compare|usable|yes",
	"UPDATE_FAILED":                                "refuse|settled: stuck|roll back||degraded",
	"UPDATE_ROLLBACK_IN_PROGRESS":                  "wait|failing|wait for it||degraded",
	"UPDATE_ROLLBACK_FAILED":                       "refuse|settled: stuck|continue||no",
	"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "wait|failing|wait for it|usable|yes",
	"UPDATE_ROLLBACK_COMPLETE":                     "update|settled: failed|compare|usable|yes",
	"IMPORT_IN_PROGRESS":                           "wait|go on|wait for it||degraded",
	"IMPORT_COMPLETE":                              "update|settled: success|compare|usable|yes",
	"IMPORT_ROLLBACK_IN_PROGRESS":                  "wait|failing|wait for it||degraded",
	"IMPORT_ROLLBACK_FAILED":                       "refuse|settled: stuck|quarantine||no",
	"IMPORT_ROLLBACK_COMPLETE":                     "update|settled: failed|compare|usable|yes",
	// Statuses that do not exist yet.
	"TELEPORT_IN_PROGRESS": "wait|go on|wait for it||unknown",
	"TELEPORT_FAILED":      "refuse|settled: stuck|quarantine||unknown",
	"TELEPORT_COMPLETE":    "update|settled: stuck|compare||unknown",
	"SOMETHING_ELSE":       "refuse|settled: stuck|quarantine||unknown",
	"":                     "refuse|settled: stuck|quarantine||unknown",
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
		if got := strings.Join([]string{string(row.Before), string(row.While), back, usable, string(row.Serves)}, "|"); got != want {
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

func TestAStatusWithoutAWholeReleaseNeverCountsAsAbleToTakeOver(t *testing.T) {
	for status := range cells {
		row := meaning(status)
		if (row.Serves == canServe) != row.Usable {
			t.Errorf("%s: can take over: %s, holds a whole release: %v", status, row.Serves, row.Usable)
		}
		if (row.takingOver() == "") != row.Usable {
			t.Errorf("%s: a person reads %q", status, row.takingOver())
		}
	}
}
