package terraform

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift/metadata"
)

func TestShapesAreSound(t *testing.T) {
	word := regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)
	types := map[string]bool{}
	for _, row := range Types() {
		types[row.Terraform] = true
	}
	seen := map[string]bool{}
	for _, s := range Shapes() {
		if !types[s.Terraform] || seen[s.Terraform] {
			t.Errorf("%s is twice in the table, or not in that of types", s.Terraform)
		}
		seen[s.Terraform] = true
		for _, f := range shapes()[s.Terraform].rows {
			kind, _, _ := strings.Cut(f.kind, "(")
			if !word.MatchString(f.attribute) || f.property == "" || !slices.Contains([]string{"", "json", "number", "text", "pairs", "sha256", "not", "each", "in", "opens", "canned"}, kind) {
				t.Errorf("%s: %+v", s.Terraform, f)
			}
			if slices.Contains(shapes()[s.Terraform].ignored, f.attribute) {
				t.Errorf("%s: %s is mapped and ignored", s.Terraform, f.attribute)
			}
		}
		for _, block := range strings.Fields(s.Computed) {
			if !shapes()[s.Terraform].leadsTo(block) {
				t.Errorf("%s: no row leads into %s", s.Terraform, block)
			}
		}
	}
}

// A part sets one property of its owner, and no other.
func TestShapesOfPartsSetTheirProperty(t *testing.T) {
	for _, row := range Types() {
		for _, f := range shapes()[row.Terraform].rows {
			if top, _, _ := strings.Cut(f.property, "."); row.By != "" && top != row.Property {
				t.Errorf("%s sets %s, and is %s of its owner", row.Terraform, top, row.Property)
			}
		}
	}
}

func TestEveryShapeIsOfATypeThatTheRegistryKnows(t *testing.T) {
	for _, s := range Shapes() {
		for _, row := range Types() {
			if _, known := metadata.Lookup(row.CloudFormation); row.Terraform == s.Terraform && !known {
				t.Errorf("%s: %s", s.Terraform, row.CloudFormation)
			}
		}
	}
}

func TestTheDocumentNamesEveryTypeThatPlansAreReadOf(t *testing.T) {
	text, err := os.ReadFile("../../docs/prediction.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(text), "The table knows ")
	list, _, _ = strings.Cut(list, "\n\n")
	for _, s := range Shapes() {
		if !strings.Contains(list, "`"+s.Terraform+"`") {
			t.Errorf("docs/prediction.md lacks %s", s.Terraform)
		}
	}
	if strings.Count(list, "`aws_") != len(Shapes()) {
		t.Error("docs/prediction.md names types that have no row")
	}
}
