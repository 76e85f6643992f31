package read

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// unreadParts are what Terraform makes as resources of their own and the reader
// of their owner does not show: each is a gap, as the property of a template is.
var unreadParts = []string{
	"aws_msk_scram_secret_association",
}

func TestPartsThatTerraformListsAreReadWithTheirOwners(t *testing.T) {
	for _, row := range terraform.Types() {
		if row.By == "" || row.Property == "" {
			continue
		}
		if unread := !Covers(row.CloudFormation, row.Property); unread != slices.Contains(unreadParts, row.Terraform) {
			t.Errorf("%s: %s of %s: read: %v", row.Terraform, row.Property, row.CloudFormation, !unread)
		}
	}
}

// A property that a plan changes must be one that is read, in which form the
// change is put.
func TestPropertiesThatPlansChangeAreRead(t *testing.T) {
	for _, row := range terraform.Types() {
		for _, property := range terraform.PropertiesOf(row.Terraform) {
			if property != "CodeSha256" && !Covers(row.CloudFormation, property) { // the digest is AWS's to tell
				t.Errorf("%s: %s of %s is not read", row.Terraform, property, row.CloudFormation)
			}
		}
	}
}
